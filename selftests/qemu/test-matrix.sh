#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-matrix.sh [WORD...]: run the matrix of closes and faults, see
# `finject matrix -h`, in a warp guest. KERNEL= chooses another kernel than 6.1;
# 12000 pairs of faults are chosen; PAIRS=N runs so many, PAIRS=all all, PAIRS=0
# none. OUT= keeps the table as text and as a page.
set -u
. "$(dirname "$0")/suite.sh"

kernel=${KERNEL:-6.1}
out=${OUT:-$logs/matrix-$(basename "$kernel")}
pairs="--pairs ${PAIRS:-12000}"
[ "${PAIRS-}" != 0 ] || pairs=''

make -s -C "$TOP/tools" || exit
mkdir -p "$out"
say "the matrix on linux $(basename "$kernel"); results in $out"
"$HERE/guest.sh" -k "$kernel" -m warp -t "${LIMIT:-7200}" -O "$out" \
	-f "$TOP/tools/finject" \
	"finject matrix $* $pairs --page /out/matrix.html >/out/matrix.txt"
status=$?
cat "$out/matrix.txt"
exit $status
