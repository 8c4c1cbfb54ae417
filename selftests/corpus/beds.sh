# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
#
# beds.sh: the networks in which the logs of tools/tests/corpus are recorded; to
# be sourced in the guest.

# link A DEVICE B DEVICE: a veth pair, up at both ends.
link()
{
	ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
	ip -n "$1" link set dev "$2" up
	ip -n "$3" link set dev "$4" up
}

# spaces NAME...: new namespaces.
spaces()
{
	for space; do
		ip netns add "$space"
		ip -n "$space" link set dev lo up
	done
}

# two_nets: A and B, with R between them.
two_nets()
{
	spaces A R B
	link A v R a
	link B v R b
	ip -n A addr add 10.0.1.1/24 dev v
	ip -n R addr add 10.0.1.254/24 dev a
	ip -n R addr add 10.0.2.254/24 dev b
	ip -n B addr add 10.0.2.1/24 dev v
	ip -n A route add default via 10.0.1.254
	ip -n B route add default via 10.0.2.254
	ip netns exec R sysctl -qw net.ipv4.ip_forward=1
	at=10.0.2.1
}

# bed NAME: make it, and set: spaces of both ends ($client, $server), the address
# that the server listens on ($at:$port) and the one to connect to ($to), and the
# namespaces whose events are recorded ($witnesses).
bed()
{
	client=A server=B port=80 to='' witnesses="A B" device=''
	case $1 in
	pair | redirect | vrf)
		spaces A B
		link A v B v
		ip -n A addr add 10.0.0.1/24 dev v
		ip -n A addr add fd00::1/64 dev v nodad
		[ "$1" != vrf ] || {
			ip -n B link add red type vrf table 10
			ip -n B link set dev red up
			ip -n B link set dev v master red
			device=red
		}
		ip -n B addr add 10.0.0.2/24 dev v
		ip -n B addr add fd00::2/64 dev v nodad
		at=10.0.0.2
		;;
	loopback)
		spaces A
		server=A witnesses=A at=127.0.0.1
		;;
	router)
		two_nets
		;;
	nat)
		two_nets
		to=10.0.1.254:80
		ip netns exec R nft -f - <<-END
			table ip nat {
				chain pre {
					type nat hook prerouting priority -100
					iif a tcp dport 80 dnat to 10.0.2.1:80
				}
				chain post {
					type nat hook postrouting priority 100
					oif b masquerade
				}
			}
		END
		;;
	bridge)
		spaces A R B
		link A v R a
		link B v R b
		ip -n R link add br0 type bridge
		ip -n R link set dev br0 up
		ip -n R link set dev a master br0
		ip -n R link set dev b master br0
		ip -n A addr add 10.0.0.1/24 dev v
		ip -n B addr add 10.0.0.2/24 dev v
		ip netns exec R sysctl -qw net.bridge.bridge-nf-call-iptables=1
		at=10.0.0.2
		;;
	esac
	[ "$1" != redirect ] || {
		port=8080 to=10.0.0.2:80
		ip netns exec B nft -f - <<-END
			table ip nat {
				chain pre {
					type nat hook prerouting priority -100
					tcp dport 80 redirect to :8080
				}
			}
		END
	}
	: "${to:=$at:$port}"
	ip netns exec A sysctl -qw net.ipv4.ip_local_port_range="40000 49999"
	sleep 2.5
}

# clear: end the namespaces of the bed.
clear()
{
	for space in A B R; do
		[ ! -e /run/netns/$space ] || ip netns del $space
	done
	sleep 0.5
}
