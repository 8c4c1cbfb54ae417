#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# All scenarios of the tool; scenarios that are altered, each of which must fail,
# and say what was seen instead; what is printed; and what a runner that was
# killed leaves behind.

. "$(dirname "$0")/tap.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
said=$work/said

finject scenario list >/dev/null 2>&1 || skip_all "no tool"

# altered NAME SCRIPT SAID: edit a scenario with sed, and run it: it fails, and
# says what the pattern SAID describes.
altered()
{
	finject scenario show "$1" | sed "$2" >"$work/$1.scenario"
	finject scenario run "$work/$1.scenario" >"$said" 2>&1
	[ $? -eq 1 ] && grep -q "$3" "$said"
	result $? "altered: $1, $2"
}

# says STATUS NAME PATTERN...: the last run ended with that status, and printed
# each pattern.
says()
{
	ended=$? status=0 name=$2
	[ "$ended" = "$1" ] || status=1
	shift 2
	for pattern; do
		grep -q "$pattern" "$said" || {
			echo "# it does not say: $pattern"
			status=1
		}
	done
	result $status "$name"
}

# left: print what finject has in this guest: its processes and their files,
# namespaces with rules, devices and rules of nft in the first namespace
left()
{
	for comm in /proc/[0-9]*/comm; do
		[ "$(cat "$comm" 2>/dev/null)" != finject ] || echo "$comm"
	done
	finject namespaces 2>&1
	ip -o link | sed 's/:.*//'
	nft list ruleset
	iptables-save 2>/dev/null
}

# killed SIGNAL NAME: kill a run in its middle; nothing of it stays behind
killed()
{
	left >"$work/before"
	{ sleep 3; left >"$work/during"; } &
	# not in the background, where sh has SIGINT ignored
	timeout -s "$1" 5 finject scenario run "$2" >"$said" 2>&1
	wait
	sleep 1
	left >"$work/after"
	! cmp -s "$work/before" "$work/during" &&
		diff "$work/before" "$work/after" >"$said"
	result $? "nothing stays behind $2 after SIG$1"
}

mkfifo "$work/all" || exit 1
finject scenario run all >"$work/all" 2>&1 &
while read -r line; do
	case $line in
	"ok "*"# SKIP "*)
		name=${line#*- }
		skip "${name%% # SKIP *}" "${name#* # SKIP }"
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

altered proxy-half-close 's/read 5000 in/read 6000 in/' 'bytes are missing'
altered conntrack-last-ack-expires 's/last_ack=2/last_ack=300/' \
	'`B wait CLOSED in=2s..10s.: after .* it is LAST_ACK'

# A line for another kernel is not run; a scenario for another one is skipped.
finject scenario show fin1-lost-once >"$work/kernel.scenario"
echo 'kernel ..4.0 expect A counter RetransSegs 7' >>"$work/kernel.scenario"
finject scenario run "$work/kernel.scenario" >"$said" 2>&1
says 0 "a line for another kernel" '^# 2 ok, 0 failed, 0 skipped'
echo 'kernel 4.0.. expect A counter RetransSegs 7' >>"$work/kernel.scenario"
finject scenario run "$work/kernel.scenario" >"$said" 2>&1
says 1 "a line for this kernel" 'RetransSegs rose by 1'
sed 's/^A connect$/needs kernel ..4.0/' "$work/kernel.scenario" \
	>"$work/none.scenario"
finject scenario run "$work/none.scenario" >"$said" 2>&1
says 0 "a scenario for another kernel" '^ok 1 - none v4 # SKIP it is for Linux \.\.4\.0'

# States come from inet_diag; without nft there is no NAT, which is no failure.
tool=$(command -v finject)
PATH=/nowhere "$tool" scenario run last-ack-lost-once >"$said" 2>&1
says 0 "no ss is needed" '^# 2 ok, 0 failed, 0 skipped'
PATH=/nowhere "$tool" scenario run nat-fin2-delayed >"$said" 2>&1
says 0 "no nft: a skip" '^ok 1 - .* # SKIP there is no NAT (nft, nf_nat) here' \
	'^# 0 ok, 0 failed, 2 skipped'

finject scenario run --kernel-notes dup-fin2-storm >"$said" 2>&1
says 0 "--kernel-notes" '^TAP version 13' \
	'^# tcp_invalid_ratelimit is no limit here' '^ok 1 - dup-fin2-storm v4' \
	'^1\.\.1$'
! finject scenario run dup-fin2-storm 2>&1 | grep tcp_invalid_ratelimit
result $? "no notes without --kernel-notes"

finject scenario run -j --junit "$work/junit.xml" "$work/kernel.scenario" \
	"$work/none.scenario" fin2-lost-once >"$said" 2>/dev/null
says 1 "JSON" '"name": *"kernel"' '"result": *"failed"' \
	'"why": *".*RetransSegs rose by 1' '"result": *"skipped"' \
	'"why": *"it is for Linux' '"result": *"ok"' '"family": *"v6"'
cp "$work/junit.xml" "$said"
says 0 "JUnit" '<testsuite .*tests="6" failures="2"' 'skipped="2"' \
	'name="kernel v4"' '<failure ' 'RetransSegs rose by 1' '<skipped'

finject scenario run --artifacts "$work/kept" "$work/kernel.scenario" \
	"$work/none.scenario" fin2-lost-once >"$work/tap" 2>/dev/null
cat "$work/kept/results.tap" "$work/kept/junit.xml" >"$said"
says 0 "--artifacts: results" '^1\.\.6$' '^not ok 1 - kernel v4$' \
	'^ok 5 - fin2-lost-once v4$' '<testsuite .*tests="6" failures="2"'
log=$work/kept/fin2-lost-once.v6
finject check "$log.log" >"$said"
finject check "$log.pcapng" | cmp - "$said" &&
	grep -q 'verdict=drop' "$log.log" && grep -q '</html>' "$log.html"
result $? "--artifacts: the log as text, as pcapng and as a page"

# Killed in its middle it leaves nothing.
killed KILL fw2-open-fd-forever
killed INT fw2-open-fd-forever
killed KILL proxy-half-close
killed INT proxy-half-close
killed KILL nat-fin2-delayed
killed TERM late-fin-behind-redirect

plan
