#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# capture-trip.sh LIST: in the guest, make a close under each line of faults.list
# whose rules are at one end and whose observer is the other, over IPv4 and over
# IPv6. tcpdump captures it at the observer. Derive rules from the capture, and make
# a close under these: a capture there must show the same.
cd /tmp || exit

say()
{
	printf '%s\n' "$*"
}

# make_bed: the namespaces A and B, with a cable between them
make_bed()
{
	for ns in A B; do
		ip netns add $ns
		ip -n $ns link set lo up
	done
	ip -n A link add v type veth peer name v netns B
	ip -n A addr add 192.0.2.1/24 dev v
	ip -n B addr add 192.0.2.2/24 dev v
	ip -n A addr add 2001:db8::1/64 dev v nodad
	ip -n B addr add 2001:db8::2/64 dev v nodad
	ip -n A link set v up
	ip -n B link set v up
	sleep 3
}

# captured FILE END RULES: make a close under the rules, captured at $observer
captured()
{
	ip netns exec "$observer" tcpdump -Z root -U --immediate-mode -i v \
		-w "$1" tcp 2>/dev/null &
	dump=$!
	sleep 1
	finject demo -a -e "$2" --between A,B --address "$to" "$3" >drawn 2>&1
	sleep 1
	kill $dump
	wait $dump
}

# trip END RULE: there and back again
trip()
{
	n=$((n + 1))
	captured first.pcap "$1" "$2"
	cp drawn first
	finject rules-from first.pcap >rules 2>why || cat why
	grep -q ^add rules || say 'add seg=syn pass' >>rules
	captured second.pcap "$1" "$(cat rules)"
	cp drawn second
	derived=$(sed -n 's/^add //p' rules | paste -sd ';')
	if what=$(same_close first.pcap second.pcap "$at"); then
		say "ok $n $1 $2 | captured at $at | $derived"
		return
	fi
	wrong=$((wrong + 1))
	say "not ok $n $1 $2 | captured at $at | $derived | $what"
	sed 's/^/# /' first rules second
}

make_bed
n=0 wrong=0
for net in 192.0.2. 2001:db8::; do
	to=${net}2
	while IFS='|' read -r end observer rule; do
		case $end$observer in
		AB) at=${net}2 ;;
		BA) at=${net}1 ;;
		*) continue ;;
		esac
		case $rule in
		"seg=fin2 drop")
			n=$((n + 1))
			say "ok $n $rule # SKIP a capture ends with a segment"
			;;
		*) trip "$end" "$rule" ;;
		esac
	done <"$1"
done
say "1..$n"
exit $((wrong != 0))
