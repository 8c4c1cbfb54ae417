#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build.sh: builds finject.ko afresh at W=1 for each kernel of KERNELS= (left
# out: all that are supported) with gcc and with clang; a warning is a failure.
# It says so in TAP.
set -u
. "$(dirname "$0")/lib.sh"

unset KDIR
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0 count=0
for kernel in ${KERNELS:-$SUPPORTED}; do
	"$HERE/kernel.sh" "$kernel" || exit
	for COMPILER in gcc clang; do
		export COMPILER
		count=$((count + 1))
		label="$count linux $kernel with $COMPILER"
		if FRESH=1 "$HERE/module.sh" "$kernel" W=1 \
			>/dev/null 2>"$log" && ! [ -s "$log" ]; then
			echo "ok $label"
		else
			echo "not ok $label"
			sed 's/^/# /' "$log"
			failed=1
		fi
	done
done
echo "1..$count"
exit $failed
