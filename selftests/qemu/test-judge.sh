#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-judge.sh: closes of all kinds on six beds, scripted ends, and rules-from on
# captures, with the figures of each; the last line has the totals.
# KERNEL=6.1|6.12|... chooses the kernel.
set -u
. "$(dirname "$0")/suite.sh"

# part NAME COMMAND...: run a part, and print its figures
part()
{
	on_host "$@"
	grep -E '^# .*(closes of|scripts;)' "$work/host.$1"
}

part calm "$HERE/judge.sh" 1 300 calm
part rules "$HERE/judge.sh" 2 600
for bed in router nat router6 nat6; do
	part $bed "$HERE/judge.sh" 3 200 $bed
done
part scripts "$TOP/selftests/scripts.sh"
for lines in 1-14 15-28 29-41; do
	on_host "captures-$lines" "$HERE/rules-from.sh" -c $lines
done

total
