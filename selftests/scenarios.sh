#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# All scenarios of the tool, and scenarios that are altered: each of those must
# fail, and say what was seen instead.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0 failed=0

finject scenario list >/dev/null 2>&1 || {
	echo "1..0 # SKIP no tool"
	exit 4
}

result()
{
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number $2"
	else
		failed=1
		echo "not ok $number $2"
	fi
}

# altered NAME SCRIPT SAID: edit a scenario with sed, and run it: it fails, and
# says what the pattern SAID describes.
altered()
{
	finject scenario show "$1" | sed "$2" >"$work/$1.scenario"
	finject scenario run "$work/$1.scenario" >"$work/said" 2>&1
	[ $? -eq 1 ] && grep -q "$3" "$work/said"
	status=$?
	[ $status = 0 ] || sed 's/^/# /' "$work/said"
	result $status "altered: $1, $2"
}

mkfifo "$work/all" || exit 1
finject scenario run all >"$work/all" 2>&1 &
while read -r line; do
	case $line in
	"ok "*"# SKIP "*)
		number=$((number + 1))
		echo "ok $number ${line#*- }"
		;;
	"ok "*) result 0 "${line#*- }" ;;
	"not ok "*) result 1 "${line#*- }" ;;
	"# "*) echo "$line" ;;
	esac
done <"$work/all"

altered fin1-lost-once 's/RetransSegs 1/RetransSegs 3/' \
	'expect A counter RetransSegs 3.: RetransSegs rose by 1'
altered last-ack-lost-once '/rule/d' \
	'`B wait LAST_ACK.: after .* it is CLOSED'
altered fw2-orphan-timeout 's/tcp_fin_timeout=3/tcp_fin_timeout=30/' \
	'`A is FIN_WAIT2 timer=.*its timer has [23]'
altered simultaneous-close 's/path FIN_WAIT1 CLOSING/path FIN_WAIT1 FIN_WAIT2/' \
	'its states were FIN_WAIT1 CLOSING TIME_WAIT'
altered ports-tw-buckets 's/sockets TIME_WAIT 10/sockets TIME_WAIT 11/' \
	'10 are in TIME_WAIT'
altered ports-server-first 's/ first=B/ error=EADDRNOTAVAIL/' \
	'number 51 is EADDRNOTAVAIL'
altered listen-into-time-wait 's/ reuseaddr=0//' 'the result is success'
altered half-close-data 's/send 5000/send 4000/' 'bytes are missing'
altered fin2-lost-once 's/judge ok/judge departs/' 'it says ok'

# What the lines saw is in the JSON, also of those that expect nothing.
finject scenario run -j ports-linger0 | grep -A 1 '"A churn 60 reset=1"' |
	grep -q '"seen":"60"'
result $? "-j has what a line saw"

# Killed in its middle it leaves no namespace, rule or segment behind.
finject scenario run fw2-open-fd-forever >/dev/null 2>&1 &
sleep 5
kill -9 $!
wait $! 2>/dev/null
sleep 1
finject namespaces | grep -q '^no namespace'
result $? "nothing stays behind a scenario that was killed"

echo "1..$number"
exit $failed
