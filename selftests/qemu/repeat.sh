#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# repeat.sh: make the same closes under the same seeds, in two warp guests one
# after the other: the events, with their times, ports and sequence numbers, and
# the stats are the same to the last byte. The output is TAP.
#
# QEMU runs a guest and its timers in two threads. On a busy host one may advance
# the clock to the next timer before the other has counted the instructions since
# that timer was set: this timer is then some ns late, and all that follows with
# it. So up to four guests are asked for two that are the same.
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

# make_closes RUN: in a guest of its own
make_closes()
{
	"$HERE/guest.sh" -m warp -f "$TOP/tools/finject" "$closes" \
		>"$work/$1" 2>"$work/$1.err"
}

# is_repeated RUN: test whether one of the runs before it was the same.
is_repeated()
{
	earlier=1
	while [ "$earlier" -lt "$1" ]; do
		! cmp -s "$work/$earlier" "$work/$1" || return 0
		earlier=$((earlier + 1))
	done
	return 1
}

echo "TAP version 13"
echo "1..2"
make_closes 1
cat "$work/1" "$work/1.err" >"$said"
[ "$(grep -c '^outcome ' "$work/1")" -gt 10 ]
result $? faults_happened
: >"$said"
for run in 2 3 4; do
	make_closes "$run"
	! is_repeated "$run" || break
	diff "$work/1" "$work/$run" | head -n 20 >>"$said"
done
is_repeated "$run"
result $? identical
[ "$failed" = 0 ]
