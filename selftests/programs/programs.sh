#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# programs.sh [NAME...]: finject explore on the programs of cases.sh, or these of
# them, in a guest; print the table of Documentation/explore.rst. `programs.sh
# write' writes it to Documentation/explore.list. KERNEL=6.1|6.12|... chooses the
# kernel; OUT=DIR keeps results and pages.
set -eu
cd "$(dirname "$0")/../.."

all="nginx lighttpd haproxy busybox python redis memcached socat rsync iperf3
	stunnel openssh postgresql"
list=/dev/stdout
[ "${1-}" != write ] || {
	list=Documentation/explore.list
	shift
}
# shellcheck disable=SC2086 # a list
[ $# -gt 0 ] || set -- $all
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=${OUT:-$work/out}
mkdir -p "$out"
rm -f "$out"/*.json "$out"/*.html
root=$(selftests/programs/root.sh)
make -s -C tools

selftests/qemu/guest.sh -k "${KERNEL:-6.12}" -m warp -c -e -t 5400 -s 1536M \
	-r "$root" -O "$out" -f tools/finject -f selftests/programs/cases.sh \
	-f selftests/programs/explore.sh "sh explore.sh $*" >&2
selftests/programs/table.py "$out" >"$work/list"
cat "$work/list" >"$list"
