#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The control tool against the kernel: `finject run` leaves nothing behind
# however it ends, and doctor, stats, events and watch report the facts.

# Each test is called by its name; no value here holds a blank.
# shellcheck disable=SC2317,SC2086

. "$(dirname "$0")/tap.sh"

PORT=8080
work=$(mktemp -d) || exit 1
said=$work/said
a=finject-tool-a-$$ b=finject-tool-b-$$

clean()
{
	ip netns del $a 2>/dev/null
	ip netns del $b 2>/dev/null
	rm -rf "$work"
}

# check NAME: run test_NAME, which ends at the first failure, or with 4 where it
# is not possible; flush its rules before the next.
check()
{
	(set -e; "test_$1" "$2") >"$said" 2>&1
	case $? in
	4) skip "$1${2:+ $2}" "not possible here" ;;
	0) result 0 "$1${2:+ $2}" ;;
	*) result 1 "$1${2:+ $2}" ;;
	esac
	for ns in $a $b; do
		finject -n $ns flush 2>/dev/null
	done
}

# is WORDS: compare standard input, the output of a command, with WORDS
is()
{
	got=$(cat)
	[ "$got" = "$*" ] && return
	echo "wanted: $*"
	echo "got:    $got"
	return 1
}

# status N COMMAND...: expect that the command ends with that status
status()
{
	wanted=$1
	shift
	"$@" && got=0 || got=$?
	[ "$got" = "$wanted" ] && return
	echo "wanted status $wanted, got $got: $*"
	return 1
}

# soon COMMAND...: expect that the command succeeds within five seconds
soon()
{
	for _ in $(seq 100); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo "not within five seconds: $*"
	return 1
}

lines()
{
	wc -l | tr -d ' '
}

is_gone()
{
	! kill -0 "$1" 2>/dev/null
}

is_listening()
{
	ip netns exec $b ss -Hltn | grep -q ":$PORT "
}

# Start a server that reads to the end of file and closes.
serve()
{
	ip netns exec $b nc -l -p $PORT </dev/null >"$work/heard" 2>/dev/null &
	server=$!
	soon is_listening
}

connect()
{
	echo word | ip netns exec $a nc 10.77.0.2 $PORT >/dev/null &
	client=$!
}

holds()
{
	[ "$(finject -n $a held -j | grep -c '"id"')" -ge "$1" ]
}

nothing_is_left()
{
	finject -n $a list | is ''
	finject -n $a held | is 'no segment waits'
}

# The comment that names who added a rule is none for the kernel.
test_list()
{
	finject -n $a add seg=fin1 port=$PORT drop
	finject -n $a list >"$work/list"
	cat "$work/list"
	grep -qx "add id=1 seg=fin1 port=$PORT drop  # by finject\[[0-9]*\], [0-9]*s ago" \
		"$work/list"
	finject -n $a flush
	finject -n $a restore "$work/list"
	finject -n $a save | is "add id=1 seg=fin1 port=$PORT drop"
	finject -n $a run port=1 drop -- finject list | grep -c ', leased$' | is 1
	finject -n $a list -j | tr -d ' ,\n' >"$work/json"
	cat "$work/json"
	grep -q '"lease":0"pid":[1-9][0-9]*"comm":"finject""age":[1-9]' \
		"$work/json"
	unshare -fp finject -n $a list | grep -q ' # by finject\[?\], '
}

# new_netns: make a namespace that a process without a name keeps, $keeper
new_netns()
{
	unshare -n sleep 1000 &
	keeper=$!
	soon is_elsewhere $keeper
	inum=$(stat -L -c %i /proc/$keeper/ns/net)
	finject -n $keeper add id=1 port=1 drop
}

is_elsewhere()
{
	[ "$(readlink /proc/$1/ns/net)" != "$(readlink /proc/self/ns/net)" ]
}

end_keeper()
{
	kill -KILL $keeper
	wait $keeper 2>/dev/null || :
}

# kept PATTERN: expect the namespace to be kept so, and to be entered by number
kept()
{
	finject namespaces >"$work/namespaces"
	cat "$work/namespaces"
	grep -q "^$inum  1  .*$1\$" "$work/namespaces"
	finject -n $inum list | grep -c '^add id=1 ' | is 1
	finject -n "net:[$inum]" save | is 'add id=1 seg=fin,ack port=1 drop'
}

is_unlisted()
{
	! finject namespaces | grep -q "^$inum "
}

test_namespaces_name()
{
	finject -n $a add id=1 port=1 drop
	inum=$(stat -L -c %i /run/netns/$a)
	finject namespaces | grep -q "^$inum .*$a .*/run/netns/$a\$"
	finject namespaces -j | grep -q "\"name\": \"$a\""
	finject -n $inum save | is 'add id=1 seg=fin,ack port=1 drop'
}

test_namespaces_file()
{
	new_netns
	kept " $keeper  *sleep  /proc/$keeper/task/$keeper/ns/net"
	sleep 1000 7</proc/$keeper/ns/net &
	holder=$!
	soon test -e /proc/$holder/fd/7
	end_keeper
	kept " $holder  *sleep  /proc/$holder/fd/7"
	kill -KILL $holder
	soon is_unlisted
}

# In a mount namespace of its own, behind a name with a blank.
test_namespaces_mount()
{
	new_netns
	touch "$work/a place"
	unshare -m sh -c "mount --bind /proc/$keeper/ns/net '$work/a place'
		touch $work/ready; exec sleep 1000" &
	holder=$!
	soon test -e "$work/ready"
	rm "$work/ready"
	end_keeper
	kept " $holder  *sleep  /proc/$holder/root$work/a place"
	kill -KILL $holder
	soon is_unlisted
}

has_orphan()
{
	finject -n $keeper flows -j | grep -q '"\(closing\|simultaneous\)"'
}

# A namespace that only a socket without a process keeps: its FIN is dropped.
new_orphan()
{
	new_netns
	nsenter -t $keeper -n ip link set lo up
	finject -n $keeper flush
	finject -n $keeper add id=1 port=$PORT drop
	nsenter -t $keeper -n sh -c "sleep 1000 | exec nc -l -p $PORT" &
	server=$!
	sleep 0.5
	nsenter -t $keeper -n sh -c "sleep 1000 | exec nc 127.0.0.1 $PORT" &
	client=$!
	sleep 0.5
	for pid in $(cd /proc && echo [0-9]*); do
		[ "$(readlink /proc/$pid/ns/net)" != "net:[$inum]" ] ||
			[ $pid = $keeper ] || kill -KILL $pid
	done
	soon has_orphan
	end_keeper
	wait $server $client 2>/dev/null || :
}

test_namespaces_orphan()
{
	new_orphan
	finject namespaces >"$work/namespaces"
	cat "$work/namespaces"
	grep -q "^$inum  1  .*  -  *-  *-  *-\$" "$work/namespaces"
	status 1 finject -n $inum list 2>"$work/refused"
	cat "$work/refused"
	grep -q "finject -n $inum flush" "$work/refused"
	finject -n $inum flush
	soon is_unlisted
}

test_flush_everywhere()
{
	new_orphan
	finject -n $a add seg=fin1 drop
	finject -n $b add seg=fin1 drop
	finject -n $b add seg=fin2 drop
	status 1 finject -n $a flush --everywhere
	ip netns exec $a finject flush --everywhere >"$work/flushed"
	cat "$work/flushed"
	grep -q "^[0-9]* ($a): 1 rules removed" "$work/flushed"
	grep -q "^[0-9]* ($b): 2 rules removed" "$work/flushed"
	grep -q "^$inum: 1 rules removed" "$work/flushed"
	finject -n $a list | is ''
	finject -n $b list | is ''
	soon is_unlisted
	finject flush --everywhere | is 'no namespace has rules'
}

# closes_within N: make that many closes within $b, each of which loses its first FIN
closes_within()
{
	for _ in $(seq "$1"); do
		serve
		echo word | ip netns exec $b nc 10.77.0.2 $PORT >/dev/null
		wait $server 2>/dev/null
		sleep 0.5
	done
}

# sent_again: the segments that TCP of $b sent again, as the kernel counts them
# shellcheck disable=SC2016 # it is awk's
sent_again()
{
	ip netns exec $b awk '/^Tcp: [0-9]/ { print $13 }' /proc/net/snmp
}

# rows NAME: what each look says of a namespace
rows()
{
	sed 's/{"inum"/\n&/g' "$work/looks" | grep -F "\"name\":\"$1\","
}

# summed COUNTER: how many that were, by the rates of all looks at $b
summed()
{
	rows $b | sed 's/.*"t":\([0-9]*\),/\1 /' |
		sed "s/ .*\"rates\":{.*\"$1\":\([0-9.]*\).*/ \1/" | awk '
		NR > 1 { sum += $2 * ($1 - last) / 1e9 }
		{ last = $1 }
		END { printf "%.0f\n", sum }'
}

# Rules in two namespaces, closes in one. What top says of them is what TCP sent
# again, since each lost a FIN; that the counters began anew is no negative rate.
test_top()
{
	ip -n $b link set lo up
	finject -n $a add port=1 drop
	finject -n $b add seg=fin1 nth=1 dir=out port=$PORT drop
	sent=$(sent_again)
	finject top -j -d 2 --count 8 >"$work/looks" &
	top=$!
	soon test -s "$work/looks"
	closes_within 3
	sleep 2.5
	nsenter --net=/run/netns/$b sh -c \
		'echo zero >/sys/kernel/debug/finject/stats'
	closes_within 3
	wait $top
	cat "$work/looks"
	lines <"$work/looks" | is 8
	sent=$(($(sent_again) - sent))
	echo $sent | is 6
	summed dropped | is 6
	rows $b | grep -c '"rates":null' | is 1
	rows $b | grep -c '"rates":{.*:-' | is 0
	rows $a | grep -c '"rates":{"seen":0.0,"dropped":0.0,' | is 7
	ip -n $b link set lo down
}

# Tables: the busiest first; some that come, and go without being kept.
test_top_table()
{
	finject -n $b add seg=fin1 nth=1 port=$PORT hold=x max=300s
	finject top -d 1 --count 7 >"$work/top" &
	top=$!
	soon test -s "$work/top"
	serve
	connect
	soon held_in $b
	finject -n $a add port=1 drop
	new_netns
	sleep 2.5
	finject -n $a flush
	end_keeper
	soon is_unlisted
	wait $top
	finject -n $b release all
	wait $server $client 2>/dev/null
	cat "$work/top"
	grep -c '^namespace  *rules  *flows  *parked ' "$work/top" | is 7
	grep -c '^$' "$work/top" | is 6
	head -n 2 "$work/top" | grep -c "^$b  *1  *[0-9]*  *0  *0  *-  *-  *-  *-  *-  *-\$" | is 1
	grep -q "^$b  *1  *[0-9]*  *1  *0  *[0-9.]*  *0.0  *1.0 " "$work/top"
	grep -q "^$a  *1  *0  *0  *0  *0.0 " "$work/top"
	grep -q "^$inum  *1  *0  *0  *0  *0.0 " "$work/top"
	tail -n 2 "$work/top" | grep -c "^\($a\|$inum\) " | is 0
}

held_in()
{
	finject -n $1 held -j | grep -q '"id"'
}

# A namespace that nobody can enter is listed, and the search for it is no end.
test_top_orphan()
{
	new_orphan
	finject top --count 1 >"$work/top"
	cat "$work/top"
	grep -q "^$inum  *1  *-  *[0-9]*  *0  *- .* unreachable\$" "$work/top"
	finject -n $inum flush
	soon is_unlisted
	kill -KILL $keeper 2>/dev/null || :
}

# Two hosts, which are this one by another name, and one that does not answer;
# q ends them all, and gives the terminal back.
test_top_hosts()
{
	command -v script >/dev/null || exit 4
	cat >"$work/ssh" <<-'END'
	#!/bin/sh
	[ "$4" != gone ] || { echo "no route to $4" >&2; exit 255; }
	shift 4
	exec "$@"
	END
	chmod +x "$work/ssh"
	finject -n $a add port=1 drop
	export FINJECT_SSH="$work/ssh"
	status 1 finject top --count 2 -d 0.5 localhost one gone >"$work/top"
	cat "$work/top"
	for host in localhost one; do
		grep -c "^$host  *$a  *1 " "$work/top" | is 2
	done
	grep -c '^gone: ended: no route to gone$' "$work/top" | is 2
	{ sleep 4; printf q; sleep 1; } |
		on_terminal "finject top one two; stty -a"
	grep -q "one  *$a  *1  *0  *0  *0  *0.0 " "$work/screen"
	grep -q "two  *$a  *1  *0  *0  *0  *0.0 " "$work/screen"
	grep -q 'every 1 s; q ends' "$work/screen"
	grep -q "$(printf '\033')\[?1049l" "$work/screen"
	tail -n 20 "$work/screen" | grep -q ' icanon'
	! pgrep -f 'finject top' || return 1
}

# It keeps no module, and says when that is gone.
test_top_unloaded()
{
	rmmod finject 2>/dev/null || return 4
	status 1 finject top 2>"$work/refused"
	grep -q 'the module is not loaded; ' "$work/refused"
	modprobe finject
	finject -n $a add port=1 drop
	rm "$work/top"
	finject top -d 0.2 >"$work/top" 2>"$work/refused" &
	top=$!
	soon test -s "$work/top"
	rmmod finject
	status 1 wait $top
	modprobe finject
	is 'finject: the module was unloaded' <"$work/refused"
}

uses()
{
	finject users | grep -q "^$1  *$2  *$3  *[0-9]*\$"
}

test_users()
{
	finject users | is "nobody uses the module: \`rmmod finject' can unload it"
	finject doctor | grep -q '^ok .*users '
	finject -n $a events >/dev/null &
	reader=$!
	soon uses events $reader finject
	finject -n $a run port=1 drop -- sleep 1000 &
	runner=$!
	soon uses rules $runner finject
	finject users -j | grep -q '"references": 2,'
	finject doctor | grep -q '^note .*users .*2 files in all'
	kill -KILL $reader $runner
	wait $reader $runner 2>/dev/null || :
	finject users | grep -q '^nobody'
}

test_run_status()
{
	status 3 finject run port=$PORT drop -- sh -c 'exit 3'
	status 143 finject run port=$PORT drop -- sh -c 'kill $$'
	status 127 finject run port=$PORT drop -- /no/such/command
	status 126 finject run port=$PORT drop -- /
	status 125 finject run port=$PORT drip -- touch "$work/ran"
	status 125 finject run drop -- touch "$work/ran"
	status 125 finject run -- touch "$work/ran"
	status 2 finject run port=$PORT drop
	[ ! -e "$work/ran" ]
}

test_run_rules()
{
	cat >"$work/rules" <<-END
	# two
	seg=fin1 port=1 drop
	add seg=fin2 port=2 drop
	END
	finject run -r "$work/rules" -- finject list | lines | is 2
	finject run -r - -- finject list <"$work/rules" | lines | is 2
	finject run port=1 seg=fin1 drop -- finject save | sed 's/ id=[0-9]*//' |
		is 'add seg=fin1 port=1 drop'
	finject run 'port=1 drop' 'port=2 drop' -- finject list | lines | is 2
	finject list | is ''
	finject add port=9 pass
	finject run port=1 drop -- finject list | lines | is 2
	finject list | grep -c 'port=9 pass' | is 1
	finject flush
}

test_run_netns()
{
	ip netns exec $a stat -L -c %i /proc/self/ns/net >"$work/inum"
	finject -n $a run seg=fin1 drop -- stat -L -c %i /proc/self/ns/net |
		is "$(cat "$work/inum")"
	finject -n $a run seg=fin1 drop -- finject list | lines | is 1
	finject -n $a list | is ''
}

test_run_descriptor()
{
	finject run port=1 drop -- ls -l /proc/self/fd >"$work/fds"
	grep -c finject "$work/fds" | is 0
}

test_run_forwards()
{
	# shellcheck disable=SC2016 # the command expands it
	finject run port=1 drop -- sh -c 'trap "exit 7" '"$1"'
		touch '"$work/ready"'
		while :; do sleep 0.05; done' &
	tool=$!
	soon test -e "$work/ready"
	rm "$work/ready"
	kill -"$1" $tool
	status 7 wait $tool
	finject list | is ''
}

# A rule of `run` holds the close; `run` ends in the way of $1.
test_run_killed()
{
	serve
	rm -f "$work/pid"
	finject -n $a run seg=fin1 port=$PORT hold=x max=300s -- \
		sh -c 'echo $$ >'"$work/pid; exec sleep 1000" &
	tool=$!
	soon test -s "$work/pid"
	command=$(cat "$work/pid")
	connect
	soon holds 1
	case $1 in
	tool) kill -KILL $tool ;;
	command) kill -KILL "$command" ;;
	both) kill -KILL $tool "$command" ;;
	esac
	case $1 in
	command) status 137 wait $tool ;;
	*) status 137 wait $tool 2>/dev/null ;;
	esac
	nothing_is_left
	soon is_gone $server
	soon is_gone $client
	is word <"$work/heard"
	kill -KILL "$command" 2>/dev/null || :
}

# A server in $b that closes half a second after the client, whose close the
# command makes.
run_close()
{
	ip netns exec $b sh -c "sleep 0.8 | nc -l -p $PORT" >/dev/null &
	server=$!
	soon is_listening
	finject -n $a run "$@" -- nc 10.77.0.2 $PORT
}

# All files, and both ends in the log; the judge agrees with `check` on either
# form of it.
test_run_log()
{
	mkdir "$work/log"
	echo old >"$work/log/run.json"
	status 0 run_close -p $b --log "$work/log" --must-fire --expect ok \
		--strict --junit "$work/junit.xml" "seg=fin1 nth=1 drop" \
		"seg=ack1 nth=1 dir=in delay=150ms"
	cd "$work/log"
	for file in events.log events.json rules.txt rules.json stats.txt \
		stats.json check.txt check.json report.html events.pcapng \
		run.json; do
		[ -s $file ]
	done
	grep -q 'verdict=drop' events.log
	grep -q 'src=10.77.0.2.*from=LAST_ACK to=CLOSE' events.log
	grep -c "\"netns\":\"\($a\|$b\)\"}\$" events.json |
		is "$(lines <events.log)"
	finject check --strict events.log | is "$(cat check.txt)"
	finject check --strict events.json | is "$(cat check.txt)"
	finject check -j events.json | is "$(cat check.json)"
	finject check -j events.pcapng | is "$(cat check.json)"
	tail -n 1 check.txt | is '1 close: 1 ok, 0 departs, 0 undecided'
	grep -q '"exit": 0,' run.json
	grep -q '"settled": true,' run.json
	grep -c '"fired": 1,' run.json | is 2
	grep -c 'seg=fin1 nth=1 drop' rules.txt | is 1
	awk '$1 == 1 { exit $3 != 1 }' stats.txt
	grep -c '<testcase' "$work/junit.xml" | is 4
	grep -q 'tests="4" failures="0" errors="0" skipped="0"' \
		"$work/junit.xml"
	nothing_is_left
}

# One directory has all of a run, also of one that fails.
test_run_artifacts()
{
	status 122 run_close -p $b --artifacts "$work/artifacts" --must-fire \
		"seg=fin1 nth=1 drop" "seg=fin1 dport=1 drop"
	cd "$work/artifacts"
	grep -q 'tests="4" failures="1"' junit.xml
	grep -c '^ok\|^not ok' results.tap | is 4
	grep -c '^not ok 3 - id=[0-9]* seg=fin1 dport=1 drop$' results.tap | is 1
	sed -n 2p results.tap | is 1..4
	finject check -j events.pcapng | is "$(cat check.json)"
	[ -s report.html ] && [ -s run.json ]
	status 2 finject -n $a run --artifacts out --log out seg=fin1 drop -- true
}

# packets FILE: the number of Enhanced Packet Blocks in it
packets()
{
	hexdump -v -e '1/4 "%u\n"' "$1" |
		awk 'NR == at + 1 { if ($1 == 6) n++ }
		     NR == at + 2 { at += $1 / 4 }
		     END { print n + 0 }'
}

# As packets, live or of a demonstration: the same records as the text.
test_pcap()
{
	finject -n $a events >"$work/text" &
	text=$!
	finject -n $a events --pcap >"$work/packets" &
	pcap=$!
	run_close "seg=fin1 nth=1 drop"
	sleep 1
	kill $text $pcap
	wait $text $pcap || :
	packets "$work/packets" | is "$(grep -c '^seg' "$work/text")"
	finject check -j "$work/packets" | is "$(finject check -j "$work/text")"
	status 2 finject -n $a events --pcap -j >"$work/none"
	finject demo -o "$work/log" --pcap "$work/demo" \
		seg=fin2 nth=1 delay=1s >/dev/null
	packets "$work/demo" | is "$(grep -c -e '^seg' -e '^outcome' "$work/log")"
	finject check -j "$work/demo" | is "$(finject check -j "$work/log")"
	grep -q 'B\.postrouting' "$work/demo"
}

# A rule that did not fire is said, with the reason; a command that failed is
# worse.
test_run_must_fire()
{
	status 122 run_close --must-fire --junit "$work/j.xml" \
		"seg=fin1 nth=1 dport=1 drop" \
		"seg=fin1 dport=$PORT skip=5 drop" \
		"seg=fin2 port=$PORT pass" 2>"$work/why"
	cat "$work/why"
	grep -c '^finject: rule' "$work/why" | is 2
	grep -q "rule [0-9]*: never matched: .*\`dport=1' was never true\$" "$work/why"
	grep -q "rule [0-9]*: never fired: .*\`skip=5' kept it\$" "$work/why"
	grep -q 'tests="5" failures="2"' "$work/j.xml"
	status 3 finject -n $a run --must-fire port=1 drop -- sh -c 'exit 3'
	# without the word it is told, and no failure
	status 0 finject -n $a run --junit "$work/j.xml" port=1 drop -- true
	grep -q 'failures="0" errors="0" skipped="1"' "$work/j.xml"
}

# The rules stay until the close is over, though the command left it behind: the
# second FIN is lost once after it. A rule that timeout= ended has fired. Seconds,
# for a guest may take long to start a program for the first time.
test_run_after()
{
	ip netns exec $b sh -c "nc -l -p $PORT -e sleep 4" >/dev/null &
	server=$!
	soon is_listening
	status 0 finject -n $a run --log "$work/after" --must-fire \
		"seg=fin2 nth=1 dir=in drop" "seg=fin1 nth=1 pass timeout=2s" \
		-- sh -c "nc 10.77.0.2 $PORT & sleep 3"
	cat "$work/after/run.json"
	grep -q '"matched": null' "$work/after/run.json"
	grep -q 'seg=[a-z0-9,]*fin2 nth=[0-9,]*2 ' "$work/after/events.log"
	tail -n 1 "$work/after/check.txt" | grep -q '^1 close: 1 ok'
}

# What is held at the end goes on with the rules, and is in the log.
test_run_held()
{
	status 0 run_close --log "$work/held" --must-fire \
		"seg=fin1 nth=1 dir=out hold=x max=300s"
	grep -q 'verdict=released' "$work/held/events.log"
	nothing_is_left
}

test_run_expect()
{
	status 123 finject -n $a run --expect ok -- true
	status 0 finject -n $a run --log "$work/empty" -- true
	status 0 run_close --expect ok --strict
}

# A command that does not want to end, and what it left in its group.
test_run_timeout()
{
	status 124 finject run --timeout 200ms port=1 drop -- \
		sh -c 'echo $$ >'"$work/pid"'; sleep 1000 & exec sleep 1000'
	pid=$(cat "$work/pid")
	is_gone -"$pid"
	status 124 finject run --timeout 200ms --log "$work/late" port=1 drop \
		-- sh -c 'trap "" TERM; sleep 1000 & sleep 1000' 2>"$work/why"
	grep -q 'longer than 200ms.*SIGKILL' "$work/why"
	grep -q '"command_exit": 137' "$work/late/run.json"
	grep -q '"timed_out": true' "$work/late/run.json"
	status 7 finject run --timeout 1min port=1 drop -- sh -c 'exit 7'
	finject list | is ''
}

test_run_id()
{
	finject -n $a add id=7 seg=fin1 port=1 drop
	status 125 finject -n $a run 'port=2 drop' 'id=7 port=3 drop' -- \
		touch "$work/ran" 2>"$work/why"
	[ ! -e "$work/ran" ]
	grep -q "^finject: id=7 is another rule's: add id=7 .*port=1" \
		"$work/why"
	finject -n $a save | is 'add id=7 seg=fin1 port=1 drop'
	finject -n $a run --force id=7 port=3 drop -- finject list |
		grep -q '^add id=7 .*port=3'
	finject -n $a list | is ''
	finject -n $a add id=7 seg=fin1 port=1 drop
	status 1 finject demo --between $a,$b id=7 seg=fin1 nth=1 drop
	finject -n $a save | is 'add id=7 seg=fin1 port=1 drop'
}

# A full disk ends no command, and is no success.
test_run_full()
{
	mkdir "$work/full"
	mount -t tmpfs -o size=64k none "$work/full"
	dd if=/dev/zero of="$work/full/zero" bs=4k count=16 2>/dev/null || :
	rm -f "$work/ran"
	status 125 finject -n $a run --log "$work/full/log" -- touch "$work/ran"
	rm "$work/full/zero"
	status 121 finject -n $a run --log "$work/full/log" -- sh -c \
		"dd if=/dev/zero of=$work/full/zero bs=4k count=16; : >$work/ran" \
		2>/dev/null
	[ -e "$work/ran" ]
	[ ! -e "$work/full/log/run.json" ]
	umount "$work/full"
}

# Who is killed leaves the events that there were.
test_run_log_killed()
{
	ip netns exec $b sh -c "sleep 0.8 | nc -l -p $PORT" >/dev/null &
	soon is_listening
	finject -n $a run --log "$work/killed" "seg=fin1 nth=1 drop" -- \
		sh -c "nc 10.77.0.2 $PORT; sleep 1000" &
	tool=$!
	soon grep -q verdict=drop "$work/killed/events.log"
	sleep 0.3
	kill -KILL $tool
	status 137 wait $tool 2>/dev/null
	grep -q 'seg=fin1 nth=2' "$work/killed/events.log"
	grep -q '"record":"seg".*"nth":\[2\]' "$work/killed/events.json"
	grep -q 'seg=fin1' "$work/killed/rules.txt"
	[ ! -e "$work/killed/run.json" ]
	finject check "$work/killed/events.log" | tail -n 1 | grep -q '^1 close'
}

test_interrupted()
{
	status 130 timeout -s INT 1 finject -n $a watch >/dev/null
	status 130 timeout -s INT 1 finject -n $a events
	status 130 timeout -s INT 1 finject demo seg=fin1 drop >/dev/null
	status 130 timeout -s INT 1 finject run port=1 drop -- sleep 1000
	status 130 timeout -s INT 1 finject -n $a run --log "$work/int" -- \
		sleep 1000
	grep -q '"command_exit": 130' "$work/int/run.json"
	status 143 timeout 1 finject -n $a watch >/dev/null
}

test_demo_unfired()
{
	status 122 finject demo seg=fin1 nth=7 drop >/dev/null
	status 122 finject demo --between $a,$b 'seg=fin1 nth=1 dport=8080 drop' \
		'seg=fin1 nth=9 dport=8080 drop' >/dev/null 2>"$work/why"
	sed 's/[0-9][0-9]*/N/' "$work/why" | is 'finject: rule N never fired'
}

test_doctor()
{
	finject doctor >"$work/doctor"
	grep -c '^NOT OK' "$work/doctor" | is 0
	finject doctor -j | grep -q '"ready": true'
	finject -n $a add port=1 drop
	finject doctor | grep -q "^note .*namespaces .*$a (1 rules, 0 parked)"
	finject -n $a flush
}

test_doctor_tc()
{
	ip netns exec $a tc qdisc add dev a0 root netem delay 1ms 2>/dev/null ||
		return 4
	finject -n $a doctor | grep -q '^note .*tc .*a0:netem'
	ip netns exec $a tc qdisc del dev a0 root
}

test_doctor_flowtable()
{
	ip netns exec $a nft -f - <<-END 2>/dev/null || return 4
	table inet t {
		flowtable f { hook ingress priority 0; devices = { a0 }; }
	}
	END
	finject -n $a doctor | grep -q '^note .*flowtable .*t/f'
	ip netns exec $a nft delete table inet t
}

test_doctor_ipvs()
{
	modprobe ip_vs_rr 2>/dev/null || return 4
	ip netns exec $a ipvsadm -A -t 10.77.0.1:80 -s rr
	finject -n $a doctor | grep -q '^note .*ipvs .*input'
	ip netns exec $a ipvsadm -C
	finject -n $a doctor | grep -q '^ok .*ipvs '
}

test_doctor_sockets()
{
	finject -n $a add port=1 hook=output drop
	finject -n $a add port=1 delay=1s
	finject -n $a doctor | grep -q '^ok .*sockets '
	finject -n $a add port=1 delay=1s hook=output
	finject -n $a doctor | grep -q '^note .*sockets .*1 rules park'
}

# The next hop is another netfilter hook, which drops the released segment.
test_doctor_refused()
{
	ip netns exec $b nft -f - <<-END 2>/dev/null || return 4
	table inet t {
		chain c {
			type filter hook prerouting priority 0;
			tcp dport $PORT tcp flags fin drop
		}
	}
	END
	finject -n $b add seg=fin dport=$PORT dir=in delay=1ms
	serve
	connect
	soon counts_refused $b || refused=no
	ip netns exec $b nft delete table inet t
	soon is_gone $server
	soon is_gone $client
	[ -z "${refused-}" ]
	finject -n $b doctor | grep -q '^note .*refused .*did not take'
}

counts_refused()
{
	[ "$(finject -n $1 stats -j | sed -n 's/.*"refused": \([1-9]\).*/\1/p' |
		head -n 1)" ]
}

test_doctor_unloaded()
{
	rmmod finject 2>/dev/null || return 4
	finject doctor >"$work/doctor" && got=0 || got=$?
	finject list 2>"$work/list" || :
	finject demo 2>"$work/demo" >&2 || :
	modprobe finject
	cat "$work/doctor" "$work/list" "$work/demo"
	lines <"$work/demo" | is 1
	echo "$got" | is 1
	grep -q '^NOT OK  module .*modprobe finject' "$work/doctor"
	grep -q 'modprobe finject' "$work/list"
}

# What was saved comes back, also that there was nothing; a full disk leaves the
# file as it was, and nothing beside it.
test_save()
{
	finject -n $a save "$work/saved"
	is '# no rules' <"$work/saved"
	finject -n $a restore "$work/saved"
	: >"$work/nothing"
	finject -n $a add seg=fin1 port=$PORT drop
	status 1 finject -n $a restore "$work/nothing"
	finject -n $a save | is "add id=1 seg=fin1 port=$PORT drop"
	mkdir "$work/disk"
	mount -t tmpfs -o size=8k none "$work/disk"
	echo old >"$work/disk/saved"
	dd if=/dev/zero of="$work/disk/full" bs=4k count=2 2>/dev/null || :
	status 1 finject -n $a save "$work/disk/saved"
	is old <"$work/disk/saved"
	find "$work/disk" -type f | wc -l | is 2
	rm "$work/disk/full"
	finject -n $a save "$work/disk/saved"
	is "add id=1 seg=fin1 port=$PORT drop" <"$work/disk/saved"
	umount "$work/disk"
	finject -n $a restore --force "$work/nothing"
	finject -n $a list | is ''
}

# Make one close under a rule that fires.
close_once()
{
	serve
	connect
	wait $client $server 2>/dev/null
}

# why tells the word that was never true, here and by the namespace where the
# closes were; ID and -j tell the same.
test_why()
{
	finject -n $a add id=3 seg=fin1 port=1,2 drop
	finject -n $a add id=4 seg=fin1 sport=7 drop
	finject -n $a add id=5 seg=fin1 port=$PORT skip=9 drop
	finject -n $a why | grep -q 'never looked at: no close came here'
	close_once
	finject -n $a why >"$work/why"
	grep -q "port=1,2  *never true, of " "$work/why"
	grep -q "never matched: .*; .sport=7' was never true" "$work/why"
	grep -q "never fired: 1 of .* matched; .skip=9' kept it" "$work/why"
	finject -n $a why 5 | grep -c '^rule' | is 1
	status 1 finject -n $a why 6
	finject -n $a why 4 -j | grep -q '"text": "sport=7"'
	finject flush
	finject why | grep -q "closes were seen in network namespace $a: "
}

# A close that no rule concerns is named, with the word at which it failed.
test_why_others()
{
	finject -n $a add id=3 seg=fin1 dport=79 drop
	close_once
	finject -n $a why >"$work/why"
	grep -q 'FINs and RSTs were of connections that no rule' "$work/why"
	grep -q "for 10.77.0.*:$PORT.* .dport=79' is not true" "$work/why"
}

# The text format: samples below their TYPE, no series twice.
test_prometheus()
{
	finject -n $a add seg=fin1 nth=1 port=$PORT delay=10ms
	close_once
	sleep 0.1
	finject -n $a stats --prometheus >"$work/prom"
	awk '
	/^# HELP [a-z_]+ ./ { help = $3; next }
	/^# TYPE [a-z_]+ (counter|gauge)$/ {
		if ($3 != help || typed[$3]++) exit 1
		type = $3; next
	}
	{ name = $1; sub(/\{.*/, "", name) }
	name != type || !match($0, / [0-9]+$/) { print; exit 1 }
	seen[substr($0, 1, RSTART)]++ { print "twice: " $0; exit 1 }
	{ samples++ }
	END { exit samples < 20 }' "$work/prom"
	seen=$(finject -n $a stats | awk '$1 == "seen" { print $2 }')
	grep "^finject_segments_seen_total{netns=\"$a\"} $seen\$" "$work/prom"
	grep '^finject_rule_fired_total{.*rule="seg=fin1 .*port=8080.*} 1$' \
		"$work/prom"
	finject -n $a flush
}

test_events()
{
	finject -n $a events >"$work/all" &
	all=$!
	finject -n $a events port=$PORT addr=10.77.0.0/24 -j >"$work/json" &
	json=$!
	finject -n $a events port=1-79 >"$work/none" &
	none=$!
	sleep 0.2
	close_once
	sleep 0.2
	kill $all $json $none
	[ -s "$work/all" ] && [ ! -s "$work/none" ]
	lines <"$work/json" | is "$(lines <"$work/all")"
	grep -c '^{"record":"\(seg\|sk\)","t":[0-9]*,"flow":[0-9]*,.*}$' \
		"$work/json" | is "$(lines <"$work/json")"
	status 1 finject -n $a events port=x
	status 1 finject -n $a events colour=red
}

# In a pipe each close is printed once, when it is over or when watch ends.
test_watch()
{
	finject -n $a watch -p $b port=$PORT >"$work/drawn" &
	watch=$!
	sleep 0.2
	close_once
	sleep 10
	is '' <"$work/drawn"
	sleep 60
	cp "$work/drawn" "$work/first"
	close_once
	sleep 2
	kill -INT $watch
	status 130 wait $watch
	cat "$work/drawn"
	for word in 'fin1 #1' ack1 'fin2 #1' ack2 FIN_WAIT1 LAST_ACK \
		TIME_WAIT CLOSED; do
		grep -q "$word" "$work/first"
	done
	grep -c '^flow [0-9]*: ok, ' "$work/first" | is 1
	grep -c '^flow [0-9]*: under way, ' "$work/drawn" | is 1
	tail -n 1 "$work/drawn" |
		is '1 under way; finished: 1 ok, 0 departs, 0 undecided'
	head -n "$(lines <"$work/first")" "$work/drawn" | cmp - "$work/first"
	grep -c "$(printf '\033')" "$work/drawn" | is 0
	LC_ALL=C awk 'length > 80 { exit 1 }' "$work/drawn"
}

# on_terminal COMMAND: run a shell's command on a terminal of 40 lines of 80
# columns that gets standard input as keys; keep what it shows.
on_terminal()
{
	NO_COLOR=1 TERM=xterm script -qec "stty rows 40 cols 80; $1" \
		"$work/screen" >/dev/null
}

# Begin ten closes, and hold the first FIN of each.
ten_closes()
{
	for port in $(seq 8081 8090); do
		ip netns exec $b nc -l -p $port </dev/null >/dev/null 2>&1 &
		servers="${servers-} $!"
	done
	sleep 0.5
	for port in $(seq 8081 8090); do
		echo word | ip netns exec $a nc 10.77.0.2 $port >/dev/null &
	done
	sleep 1
}

# all_shown PATTERN: expect a picture with that in it, and the ten closes.
all_shown()
{
	awk -v pattern="$1" 'BEGIN { RS = "\033\\[H|\033\\[\\?7h" }
	{
		gsub(/\033\[[0-9?]*[A-Za-z]|\r/, "")
		last = $0
		if ($0 !~ pattern)
			next
		count = split($0, line, "\n")
		missing = 0
		for (port = 8081; port <= 8090; port++)
			missing += $0 !~ (":" port " ")
		for (i = 1; i <= count; i++)
			long += length(line[i]) > 80
		if (count <= 40 && !missing)
			found++
	}
	END {
		print found + 0 " pictures, " long + 0 " long lines, the last:"
		print last
		exit !found || long
	}' "$work/screen"
}

test_watch_ten()
{
	command -v script >/dev/null || exit 4
	finject -n $a add seg=fin1 nth=1 port=8081-8090 hold=ten max=300s
	{
		sleep 6
		printf '?'
		sleep 2
		printf kk
		sleep 90
		printf q
	} | on_terminal "finject -n $a watch -p $b; stty -a" &
	terminal=$!
	sleep 1
	ten_closes
	soon holds 10
	sleep 10
	finject -n $a release all
	wait $terminal
	all_shown '^10 under way; finished: 0 ok'
	all_shown 'j/k or arrows choose'
	all_shown '\n> [^\n]*\n [^\n]*\n [^\n]*\nflow '
	all_shown '^0 under way; finished: 10 ok, 0 departs, 0 undecided'
	grep -q 'flow [0-9]*: ok, ' "$work/screen"
	grep -q "$(printf '\033')\[?1049l" "$work/screen"
	tail -n 20 "$work/screen" | grep -q ' icanon'
	tail -n 20 "$work/screen" | grep -q ' echo '
}

test_watch_killed()
{
	command -v script >/dev/null || exit 4
	on_terminal "sh -c 'echo \$\$ >$work/pid; exec finject -n $a watch'" &
	terminal=$!
	sleep 1
	kill "$(cat "$work/pid")"
	wait $terminal || [ $? = 143 ]
	grep -q "$(printf '\033')\[?1049h" "$work/screen"
	grep -q "$(printf '\033')\[?1049l" "$work/screen"
	grep -q "$(printf '\033')\[?1049l0 under way" "$work/screen"
}

# drawn WORD...: expect each of them in the demonstration's drawing
drawn()
{
	cat "$work/demo"
	for word; do
		grep -q -- "$word" "$work/demo"
	done
}

demo_between()
{
	timeout 100 finject demo --between $a,$b "$@" >"$work/demo"
	drawn 'fin1 #2' 'fin2 #1' FIN_WAIT1 TIME_WAIT LAST_ACK CLOSED \
		'at A: .*seg=fin1 nth=1 .*drop' 'the rule fired 1 time$'
	nothing_is_left
}

test_demo_between()
{
	demo_between seg=fin1 nth=1 dport=8080 drop
	drawn 10.77.0.2:8080
	demo_between --address 2001:db8:77::2 seg=fin1 nth=1 family=ipv6 drop
	drawn '\[2001:db8:77::2\]:8080'
}

# Others have rules, and a server where the demonstration would have its own.
test_demo_guest()
{
	finject -n $a add port=9 pass
	finject -n $a save >"$work/rules"
	serve
	timeout 100 finject demo --between $a,$b -e B 'seg=fin1 nth=1 drop' \
		'seg=fin2 nth=1 delay=10ms' >"$work/demo"
	drawn "at A: others' rules, 1" 'at B: .*fin1' 'at B: .*fin2' \
		'the rules fired 2 times'
	finject -n $a save | is "$(cat "$work/rules")"
	finject -n $b list | is ''
	is_listening
	kill $server
	finject -n $a flush
}

test_demo_killed()
{
	finject demo --between $a,$b seg=fin1 hold=x max=300s >"$work/demo" &
	demo=$!
	soon holds 1
	kill -KILL $demo
	status 137 wait $demo 2>/dev/null
	nothing_is_left
}

test_demo_refused()
{
	status 2 finject demo --between $a
	status 2 finject demo --between $a,$b --loopback
	status 2 finject demo --address 192.0.2.1
	status 1 finject demo --between $a,no-such
	status 1 finject demo --between $a,$b --address nowhere
	status 1 finject demo --between $a,$b seg=fin1 drip
	ip link set lo up
	status 1 finject demo --between 1,1 --address 127.0.0.1 drop \
		2>"$work/demo"
	drawn --force
	finject list | is ''
	nothing_is_left
}

test_demo_loopback()
{
	timeout 100 finject demo --loopback 'seg=fin1 nth=1 drop' \
		'seg=ack2 nth=1 drop' >"$work/demo"
	drawn 127.0.0.1:8080 'fin1 #2' 'fin2 #2' 'ack2 #2' TIME_WAIT LAST_ACK \
		'the rules fired 2 times'
	grep -c 'fin1 #1' "$work/demo" | is 1
}

trap clean EXIT
[ "$(id -u)" = 0 ] || skip_all "not root"
[ -d /sys/kernel/debug/finject ] ||
	skip_all "the module is not loaded, or debugfs not mounted"
for program in finject ip ss nc; do
	command -v $program >/dev/null || skip_all "there is no $program"
done
{
	ip netns add $a
	ip netns add $b
	ip link add a0 netns $a type veth peer name b0 netns $b
} || skip_all "no network namespaces, or no veth"
ip -n $a addr add 10.77.0.1/24 dev a0
ip -n $b addr add 10.77.0.2/24 dev b0
ip -n $a addr add 2001:db8:77::1/64 dev a0 nodad
ip -n $b addr add 2001:db8:77::2/64 dev b0 nodad
ip -n $a link set a0 up
ip -n $b link set b0 up
sleep 1
unset LC_ALL LC_CTYPE LANG

echo "TAP version 13"
check list
check namespaces_name
check namespaces_file
check namespaces_mount
check namespaces_orphan
check flush_everywhere
check top
check top_table
check top_orphan
check top_hosts
check top_unloaded
check users
check run_status
check run_rules
check run_netns
check run_descriptor
check run_forwards TERM
check run_forwards HUP
check run_killed tool
check run_killed command
check run_killed both
check run_log
check run_artifacts
check run_must_fire
check run_after
check run_held
check run_expect
check run_timeout
check run_id
check run_full
check run_log_killed
check interrupted
check demo_unfired
check doctor
check doctor_tc
check doctor_flowtable
check doctor_ipvs
check doctor_sockets
check doctor_refused
check doctor_unloaded
check save
check why
check why_others
check prometheus
check events
check watch
check watch_ten
check watch_killed
check demo_between
check demo_guest
check demo_killed
check demo_refused
check demo_loopback
plan
