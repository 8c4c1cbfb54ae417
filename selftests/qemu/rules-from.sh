#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# rules-from.sh [-c] [FIRST-LAST]: make the closes of faults.list, or of these lines
# of it, in the guest; derive rules from what one end saw of each; and make a close
# under these. That end must see the same. With -c it saw them with tcpdump, over
# IPv4 and IPv6; else they are in its log. KERNEL=6.1|6.12|... chooses the kernel.
set -eu
cd "$(dirname "$0")/../.."

script=round-trip.sh capture=''
if [ "${1-}" = -c ]; then
	shift
	script=capture-trip.sh capture="-f $(command -v tcpdump)"
fi
lines=${1:-1-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -v '^#' selftests/qemu/faults.list |
	sed -n "${lines%-*},${lines#*-}p" >"$work/faults"
make -s -C tools all build/tests/same_close
echo "TAP version 13"
# shellcheck disable=SC2086
selftests/qemu/guest.sh -k "${KERNEL:-6.1}" -m warp -t 1200 -f tools/finject \
	$capture -f tools/build/tests/same_close -f "selftests/qemu/$script" \
	-f "$work/faults" "PATH=/test:\$PATH ./$script /test/faults"
