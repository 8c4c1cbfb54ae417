#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make real closes of many kinds under random rules, in the guest: the judge
# must find no fault in any.
#
#   selftests/qemu/judge.sh [SEED [COUNT [calm]]]
#
# With calm there are no rules. KERNEL=6.1|6.12|... chooses the kernel,
# KEEP=DIR keeps the logs.
set -eu
cd "$(dirname "$0")/../.."

seed=${1:-1} count=${2:-200} calm=${3:-}
objects=tools/build
work=$(mktemp -d)
logs=${KEEP:-$work/logs}
trap 'rm -rf "$work"' EXIT
mkdir -p "$logs"

make -s -C tools all build/tests/closes
selftests/qemu/guest.sh -k "${KERNEL:-6.1}" -t $((500 + count)) -f "$objects/tests/closes" \
	"closes $seed $count $calm" >"$work/all"
tail -n 1 "$work/all" | grep -q '^# end' || {
	echo "not ok - the guest did not make all closes"
	exit 1
}
awk -v dir="$logs" '
	/^# end/ { next }
	/^# / { close(file); file = sprintf("%s/%04d-%s.log", dir, $2, $3) }
	{ sub(/\r$/, ""); print > file }' "$work/all"

failed=0
made=0
for log in "$logs"/*.log; do
	made=$((made + 1))
	tools/finject check -a "$log" >"$work/verdict" && continue
	failed=$((failed + 1))
	echo "# $log"
	sed 's/^/# /' "$work/verdict"
done
echo "TAP version 13"
echo "1..1"
[ "$failed" -eq 0 ] || { echo "not ok 1 $failed of $made closes accused"; exit 1; }
echo "ok 1 $made closes, none accused"
