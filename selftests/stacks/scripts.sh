#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts.sh LIST KIND...: in the guest, called by selftests/scripts.sh: run each
# script of scripts.list, once for each KIND: 4 or 6 for IPv4 or IPv6, .1 or .0
# with or without TCP timestamps. /out gets NAME.KIND.log, the events of the
# namespace with the Linux end, .pcap, its device, and .txt, what both ends said.
set -eu

# make_bed: Linux is in A; in B nothing but raw_peer uses 192.0.2.2 and 2001:db8::2
make_bed()
{
	ip netns add A
	ip netns add B
	ip -n A link set lo up
	ip -n A link add v address 02:00:00:00:00:0a type veth peer name v \
		address 02:00:00:00:00:0b netns B
	ip -n A addr add 192.0.2.1/24 dev v
	ip -n A addr add 2001:db8::1/64 dev v nodad
	ip -n A link set v up
	ip -n B link set v up
	for address in 192.0.2.2 2001:db8::2; do
		ip -n A neigh add "$address" lladdr 02:00:00:00:00:0b dev v \
			nud permanent
	done
	sleep 2
}

# linux STEPS: run the Linux end, once more for each "then" between its steps
linux()
{
	rest="$1 then "
	while [ "$rest" ]; do
		steps=${rest%%" then "*} rest=${rest#*" then "}
		where="connect $here:$port $there:8080"
		[ "${steps%% *}" = connect ] || where="listen $here:8080"
		# shellcheck disable=SC2086
		ip netns exec A ./linux_peer $where ${steps#* } || :
	done
}

# raw STEPS: run the other end.
raw()
{
	# shellcheck disable=SC2086
	ip netns exec B ./raw_peer v "$far" "$near" "$ports" $1
}

# both STEPS STEPS: run both ends; who listens begins
both()
{
	if [ "${1%% *}" = listen ]; then
		linux "$1" &
		sleep 1
		raw "$2"
		return
	fi
	{ sleep 1; linux "$1"; } &
	raw "$2"
}

# script NAME STEPS STEPS KIND: run a script, and follow what is left of it
script()
{
	file=/out/$1.$4
	port=$((port + 1))
	far=192.0.2.2 near=192.0.2.1 ports=8080,$port
	[ "${2%% *}" = connect ] || ports=$port,8080
	here=$near there=$far
	if [ "${4%.*}" = 6 ]; then
		far=2001:db8::2 near=2001:db8::1
		here="[$near]" there="[$far]"
	fi
	ip netns exec A sh -c "echo ${4#*.} >/proc/sys/net/ipv4/tcp_timestamps"
	finject -n A events >"$file.log" &
	events=$!
	ip netns exec A ./tcpdump -Z root -U --immediate-mode -i v \
		-w "$file.pcap" tcp 2>/dev/null &
	sleep 1
	said=ran
	both "$2" "$3" >"$file.txt" 2>&1 || said=broke
	sleep 100
	ip netns pids A | xargs -r kill
	kill $events
	wait
	echo "$said $1.$4"
}

list=$1 port=20000
shift
make_bed
while IFS='|' read -r name linux raw _; do
	for kind; do
		script "$name" "$linux" "$raw" "$kind" </dev/null
	done
done <"$list"
