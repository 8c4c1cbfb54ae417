#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# finject explore on a program with planted faults, closer.c: each is found, and
# none in the one without. And what is left of an exploration that was killed.

here=$(cd "$(dirname "$0")" && pwd)
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
said=$work/said
closer=$here/closer
[ -x "$closer" ] || closer=$here/build/closer

finject stats >/dev/null 2>&1 || skip_all "no tool, or no module"

# explore STATUS WORD...: explore, and compare the exit status
explore()
{
	wanted=$1
	shift
	finject explore --isolate "$@" >"$said" 2>&1
	[ $? = "$wanted" ]
}

# finds KIND FOUND FAULT: with FAULT at one of the FINs FOUND comes out
finds()
{
	explore 1 --jobs 4 --same-output -j --only "seg=fin1,fin2 fault=$3" \
		-- "$closer" "$1" &&
		grep -q "\"outcome\":\"found\".*\"found\":\[[^]]*\"$2\"" "$said"
	result $? "closer $1: $2 after $3"
}

explore 0 --jobs 8 --same-output -- "$closer" none &&
	grep -q ' 0 found, 0 unsure' "$said"
result $? "closer none: nothing is found"

# The server gives up waiting, and closes as well: then it waits, too.
explore 1 --who-waits --only 'seg=fin1 fault=drop,drop-all' -- "$closer" none &&
	grep -q 'drop-all: the other end waits in TIME_WAIT' "$said" &&
	grep -q ' 1 found' "$said"
result $? "closer none: with --who-waits, the server after drop-all"

finds unread exit reset-both
finds leak sockets drop
finds forever timeout drop-all
finds rst output reset-sender
finds double exit reset-sender
finds abort signal reset-both

# What is told does the same once more, without explore.
explore 1 --only 'seg=fin2 fault=drop-all' -- "$closer" forever
line=$(sed -n 's/^ *again: //p' "$said" | head -n 1)
ip link set lo up
sh -c "$line" >"$said" 2>&1
[ $? = 124 ]
result $? "the line that repeats it: ${line:-none}"
[ -z "$(finject list)" ]
result $? "no rule is left of that"
killall closer 2>/dev/null

# A router between both ends: it has the rules, and each end its sockets.
# through FAULT: the command
through()
{
	echo "ip netns exec server $closer $1 server 198.51.100.2 & sleep 0.3
		$closer $1 client 198.51.100.2"
}
explore 1 --bed router --only 'seg=fin1 fault=drop,duplicate' -- \
	sh -c "$(through leak)" &&
	grep -q 'fin1 #1 dport=7000, drop: left a socket: CLOSE_WAIT 198.51.100.2 port 7000' \
		"$said" && grep -q ' 1 found' "$said"
result $? "--bed router: the server leaks, in a namespace of its own"
line=$(sed -n '/again:/,$p' "$said" | sed 's/^ *again: //; /^$/,$d')
sh -c "$line" >"$said" 2>&1
[ $? = 1 ] && grep -q '^1 of 1 faults.* 1 found' "$said"
result $? "--bed router: the line that repeats it"
for bed in router:192.0.2.1 nat:198.51.100.254; do
	explore 0 --bed ${bed%:*} -j --jobs 2 --only 'seg=fin1,fin2 fault=drop,reset-both' -- \
		sh -c "$(through none)" &&
		[ "$(grep -c '"output":"from '"${bed#*:}"'\\n' "$said")" = 4 ]
	result $? "--bed $bed is the client for the server"
done
[ ! -e /run/netns/client ]
result $? "no name of a namespace is left"

# Words that go with each rule, in the namespace that is there.
finject add id=77 seg=fin1 port=9 drop
finject explore dport=7000 --only 'seg=fin1 fault=drop,duplicate' -- \
	"$closer" none >"$said" 2>&1 &&
	grep -q '^2 of 2 faults' "$said" &&
	[ "$(finject list | wc -l)" = 1 ]
result $? "without --isolate, beside a rule that is there"
finject flush

# Two at once, and a walk: harmless alone and together.
explore 0 --jobs 8 --pairs --only 'seg=fin1,fin2 fault=drop,duplicate' -- \
	"$closer" none && grep -q '^8 of 8 faults' "$said"
result $? "pairs: four alone, four together"
explore 0 --jobs 8 --random 1,20s --only 'fault=drop,duplicate' -- \
	"$closer" none && grep -q ' 0 found' "$said" &&
	[ "$(sed -n 's/^\([0-9]*\) of .*/\1/p' "$said")" -gt 6 ]
result $? "a random walk"

# A fault of the user's own.
explore 1 --only 'fault=reset=receiver' --fault reset=receiver -- \
	"$closer" unread
result $? "a fault as words of a rule"

# A file of results is gone on with, also from half a line.
explore 0 --only fault=drop --resume "$work/a.json" -- "$closer" none
lines=$(wc -l <"$work/a.json")
printf '{"outcome":"surv' >>"$work/a.json"
explore 0 --only fault=drop,duplicate --resume "$work/a.json" -- "$closer" none
[ "$lines" -gt 2 ] && [ "$(wc -l <"$work/a.json")" = $((2 * lines - 1)) ]
result $? "--resume: $lines lines, then as many more"
explore 125 --resume "$work/a.json" -- "$closer" leak &&
	grep -q 'of another command' "$said"
result $? "--resume: not with the results of another command"

# Two programs, one with a fault, as two versions of one.
explore 1 --only 'fault=drop,duplicate' --resume "$work/b.json" -- \
	"$closer" leak
finject explore --compare "$work/a.json" "$work/a.json" >"$said" 2>&1 &&
	grep -q '^new: 0, gone: 0, ' "$said"
result $? "--compare: a file is like itself"
finject explore --compare --page "$work/y.html" "$work/a.json" \
	"$work/b.json" >"$said" 2>&1
[ $? = 1 ] && grep -q '^NEW fin1 #1 dport=7000, drop' "$said" &&
	grep -q '"change":"new"' "$work/y.html"
result $? "--compare: what a version with a fault has is new, on a page, too"
finject explore --compare "$work/b.json" "$work/a.json" >"$said" 2>&1 &&
	grep -q '^gone fin1 #1 dport=7000, drop' "$said"
result $? "--compare: and gone from one without"

# Two connections of one port: each is a point.
explore 1 --jobs 4 -j --only 'seg=fin1 fault=reset-sender,hold' -- \
	"$closer" double &&
	grep -q '"outcome":"found","rules":"seg=fin1 dport=7000 flow=1 nth=1 reset=sender times=1"' "$said" &&
	grep -q '"outcome":"survived","rules":"seg=fin1 dport=7000 flow=2 nth=1 reset=sender times=1"' "$said" &&
	[ "$(wc -l <"$said")" = 4 ]
result $? "each of two connections by itself: the first reset is what harms"
explore 0 --jobs 4 --pairs -j --only 'seg=fin1 fault=drop' -- \
	"$closer" double &&
	grep '"rules":"seg=fin1 dport=7000 flow=2.*flow=1' "$said" | grep -q '"fired":\[1,1\]'
result $? "a pair of two connections: both rules fire"

explore 1 --tap --junit "$work/x.xml" --page "$work/x.html" \
	--only 'seg=fin1 fault=drop,drop-all' -- "$closer" leak &&
	grep -q '^not ok 1 fin1 #1 dport=7000, drop' "$said" &&
	grep -q '^1\.\.2$' "$said" &&
	grep -q 'tests="2" failures="2"' "$work/x.xml" &&
	grep -q '"outcome":"found"' "$work/x.html"
result $? "TAP, JUnit, a page"

explore 1 --artifacts "$work/kept" --only 'seg=fin1 fault=drop,drop-all' \
	-- "$closer" leak &&
	[ "$(grep -c '^not ok' "$work/kept/results.tap")" = 2 ] &&
	grep -q 'tests="2" failures="2"' "$work/kept/junit.xml" &&
	grep -q '</html>' "$work/kept/explore.html" &&
	grep -q '"artifact":"found-2"' "$work/kept/explore.json" &&
	finject check "$work/kept/found-1.log" >"$work/a" &&
	finject check "$work/kept/found-1.pcapng" >"$work/b" &&
	cmp "$work/a" "$work/b" && grep -q 'verdict=drop' "$work/kept/found-2.log"
result $? "--artifacts: results, page, and logs of what was found"
explore 1 --artifacts "$work/kept" --only 'seg=fin1 fault=drop' \
	-- "$closer" leak &&
	[ -e "$work/kept/found-1.log" ] && [ ! -e "$work/kept/found-2.log" ] &&
	[ "$(wc -l <"$work/kept/explore.json")" = 2 ]
result $? "--artifacts: nothing of an earlier exploration stays"

explore 2 --jobs 0 -- true && explore 2 --jobs 65 -- true &&
	explore 2 --only colour=red -- true && explore 2 --random 1 -- true &&
	explore 2 --timeout 3 -- true && explore 2
result $? "bad words are refused"
explore 125 -- "$work/nothing"
result $? "a command that is not there"
explore 125 --fault 'nth=%n frobnicate' -- "$closer" none &&
	grep -q "unknown word 'frobnicate'" "$said" &&
	grep -q '^0 of ' "$said"
result $? "a fault that is no rule is refused before any is tried"

# clean: no rule, parked segment, namespace or process of it is there
clean()
{
	sleep 1
	finject namespaces >"$said"
	! grep -lxE 'closer|sleep' /proc/[0-9]*/comm 2>/dev/null >>"$said" &&
		grep -q '^no namespace' "$said"
}

for number_of_signal in 9 2; do
	finject explore --isolate --jobs 4 --only fault=hold -- \
		sh -c "$closer none; sleep 4" >"$work/all" 2>&1 &
	pid=$!
	sleep 12
	finject namespaces | grep -q '^[0-9]'
	result $? "it was at work before signal $number_of_signal"
	kill -$number_of_signal $pid
	wait $pid
	status=$?
	clean
	result $? "nothing stays after signal $number_of_signal"
	[ $status = $((128 + number_of_signal)) ]
	result $? "exit status $status"
done
grep -q '^ended before its time' "$work/all"
result $? "after SIGINT there is what was found so far"

plan
