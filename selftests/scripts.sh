#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts.sh [-k "KIND..."] [FIRST-LAST]: in a guest, play the scripts of
# selftests/stacks/scripts.list, or these of them, against the kernel's TCP, and judge
# each close by its log and by a capture of it: Linux departs in none, and the
# scripted end as the list says. A KIND is 4 or 6, for IPv4 or IPv6, and .1 or .0,
# with or without TCP timestamps. KERNEL=6.1|6.12|... chooses the kernel, OUT=DIR
# keeps logs and captures.
set -u
cd "$(dirname "$0")/.." || exit
. selftests/tap.sh

kinds="4.1 4.0 6.1 6.0"
if [ "${1-}" = -k ]; then
	kinds=$2
	shift 2
fi
lines=${1:-1-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
said=$work/said
out=${OUT:-$work/out}
build=selftests/build/stacks
mkdir -p "$out"
grep -v '^#' selftests/stacks/scripts.list |
	sed -n "${lines%-*},${lines#*-}p" >"$work/list"
make -s -C tools
make -s -C selftests/stacks OUTPUT="$PWD/$build" "$PWD/$build/linux_peer" \
	"$PWD/$build/raw_peer"
# shellcheck disable=SC2086
selftests/qemu/guest.sh -m warp -t 1500 -O "$out" -f tools/finject \
	-f $build/linux_peer -f $build/raw_peer -f "$(command -v tcpdump)" \
	-f selftests/stacks/scripts.sh -f "$work/list" \
	"sh scripts.sh list $kinds" >"$work/ran"

# words FILE: for each end of each close its address, RESULT and RULE
words()
{
	tools/finject check -j "$1" | awk '
		function value() { sub(/^[^:]*: /, ""); gsub(/[",]/, "")
				   return $0 }
		/"end": "/ { end = value() }
		/"result":/ { result = value() }
		/"rule":/ { rule = value()
			    print end, result (rule == "null" ? "" : ":" rule) }'
}

# is_said FILE PATTERN: Linux does not depart, and the other end is judged so
is_said()
{
	words "$1" | tee "$said" >"$work/words"
	[ -s "$work/words" ] || return
	! grep -E '^\[?(192\.0\.2\.1|2001:db8::1)\]?:' "$work/words" |
		grep -q ' departs' || return
	grep -E '^\[?(192\.0\.2\.2|2001:db8::2)\]?:' "$work/words" |
		grep -qE " ($2)(:.*)?\$"
}

echo "TAP version 13"
closes=0 ok=0 undecided=0 departs=0

# judged STATUS TEXT LOG: a result, with all that is said of the log of a failure
judged()
{
	[ "$1" = 0 ] || tools/finject check -a "$3" >>"$said"
	result "$1" "$2"
}

# count FILE: add up the verdicts on the ends
count()
{
	closes=$((closes + 1))
	words "$1" >"$work/words"
	ok=$((ok + $(grep -c ' ok' "$work/words")))
	undecided=$((undecided + $(grep -c ' undecided' "$work/words")))
	departs=$((departs + $(grep -c ' departs' "$work/words")))
}

while IFS='|' read -r name linux raw expected; do
	for kind in $kinds; do
		file=$out/$name.$kind
		grep -q "^ran $name.$kind\$" "$work/ran"
		status=$?
		[ $status = 0 ] || cat "$file.txt" >"$said"
		[ $status != 0 ] || is_said "$file.log" "$expected" || status=1
		judged $status "$name.$kind: $linux; $raw" "$file.log"
		status=0
		is_said "$file.pcap" 'ok|undecided|departs' || status=1
		judged $status "$name.$kind, captured" "$file.pcap"
		count "$file.log"
	done
done <"$work/list"
echo "# $closes scripts; the ends: $ok ok, $undecided undecided, $departs depart"
plan
