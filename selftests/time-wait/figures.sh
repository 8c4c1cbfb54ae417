#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# figures.sh [check]: run the scenarios that Documentation/time-wait.rst is about,
# in the warp guest, and write the page's figures into Documentation/time-wait/;
# with `check' hold those that are there against the run instead, and see that
# the tour shows its seven closes. The kernel is 6.1; what needs 7.2 is not run
# for a check.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
figures=selftests/time-wait/figures.py
make -s -C tools

# guest KERNEL COMMANDS
guest()
{
	selftests/qemu/guest.sh -k "$1" -m warp -t 500 -f tools/finject \
		-f tools/lab/tour.sh "$2"
}

guest 6.1 "finject scenario run -j $($figures scenarios)
	for name in $($figures ladders); do
		echo \"### \$name\"
		finject scenario run -a \$name
	done
	echo '### tour'
	./tour.sh" >"$work/runs" || {
	cat "$work/runs"
	exit 1
}
if [ "${1-}" = check ]; then
	$figures check "$work/runs"
	exit
fi
guest 7.2 "finject scenario run -j $($figures newer)" >"$work/newer"
$figures write "$work/runs" "$work/newer"
