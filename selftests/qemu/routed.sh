#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# routed.sh [nat]: in the guest, make the network namespaces A, R and B; R is a
# router between the other two. With nat it translates the addresses and the
# ports of both: A reaches B, 10.0.2.1:8080, as 10.0.1.254, and B, [fd00:2::1]:8080,
# as fd00:1::254.
set -eu

for ns in A R B; do
	ip netns add $ns
	ip -n $ns link set lo up
done
ip -n A link add v type veth peer name a netns R
ip -n B link add v type veth peer name b netns R
ip -n A addr add 10.0.1.1/24 dev v
ip -n R addr add 10.0.1.254/24 dev a
ip -n R addr add 10.0.2.254/24 dev b
ip -n B addr add 10.0.2.1/24 dev v
ip -n A addr add fd00:1::1/64 dev v nodad
ip -n R addr add fd00:1::254/64 dev a nodad
ip -n R addr add fd00:2::254/64 dev b nodad
ip -n B addr add fd00:2::1/64 dev v nodad
for device in A:v R:a R:b B:v; do
	ip -n ${device%:*} link set dev ${device#*:} up
done
ip -n A route add default via 10.0.1.254
ip -n B route add default via 10.0.2.254
ip -n A route add default via fd00:1::254
ip -n B route add default via fd00:2::254
ip netns exec R sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
[ "${1-}" != nat ] || ip netns exec R nft '
table ip nat {
	chain pre {
		type nat hook prerouting priority -100;
		iif "a" tcp dport 8080 dnat to 10.0.2.1
	}
	chain post {
		type nat hook postrouting priority 100;
		oif "b" meta l4proto tcp masquerade to :20000-29999
	}
}
table ip6 nat {
	chain pre {
		type nat hook prerouting priority -100;
		iif "a" tcp dport 8080 dnat to fd00:2::1
	}
	chain post {
		type nat hook postrouting priority 100;
		oif "b" meta l4proto tcp masquerade to :20000-29999
	}
}'
sleep 2
