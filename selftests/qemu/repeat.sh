#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# repeat.sh: make the same closes under the same seeds, in two warp guests one
# after the other: the events, with their times, ports and sequence numbers, and
# the stats are the same to the last byte. The output is TAP.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
said=$work/said

closes="for seed in 1 2 3; do
	for end in A B; do
		finject demo -e \$end -o log seg=all delay=150ms jitter=140ms \
			probability=60% seed=\$seed
		cat log
	done
done"

echo "TAP version 13"
echo "1..2"
for run in 1 2; do
	"$HERE/guest.sh" -m warp -f "$TOP/tools/finject" "$closes" \
		>"$work/$run" 2>"$work/$run.err"
done
cat "$work/1" "$work/1.err" >"$said"
[ "$(grep -c '^outcome ' "$work/1")" -gt 10 ]
result $? faults_happened
diff "$work/1" "$work/2" | head -n 20 >"$said"
cmp "$work/1" "$work/2" >>"$said"
result $? identical
[ "$failed" = 0 ]
