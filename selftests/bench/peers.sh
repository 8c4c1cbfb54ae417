# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The peers: each is set up for the same crossings as finject, and says afterwards
# whether the packets came to the end of its rules. A port of a rule is nobody's.

PEER_PORT=10000

# begin_peer PEER COUNT: a rule for each of COUNT ports, where finject has hooks.
begin_peer()
{
	peer=$1
	case $peer in
	nft*) nft_chains && nft_"${peer#nft-}" "$2" ;;
	iptables) iptables_rules "$2" | iptables-legacy-restore ;;
	flower | u32)
		tc qdisc add dev lo clsact
		tc_filters "$peer" "$2" | tc -b -
		;;
	esac || fail "$peer was not set up"
}

# end_peer: see that packets came to the end of the rules, and remove them.
end_peer()
{
	case $peer in
	nft*) nft_reached ;;
	iptables) iptables_reached ;;
	flower | u32) tc_reached ;;
	esac || fail "$peer: packets did not come to the end of its rules"
	case $peer in
	nft*) nft delete table inet bench ;;
	iptables) iptables-legacy -t mangle -F ;;
	*) tc qdisc del dev lo clsact ;;
	esac
	[ "$peer" != iptables ] || rmmod iptable_mangle
}

nft_chains()
{
	nft add table inet bench
	nft 'add chain inet bench pre { type filter hook prerouting priority -300; }'
	nft 'add chain inet bench post { type filter hook postrouting priority 300; }'
}

# nft_rules COUNT: as text
nft_rules()
{
	awk -v n="$1" -v p=$PEER_PORT 'BEGIN {
		for (i = 0; i < n; i++) {
			print "add rule inet bench pre tcp dport", p + i, "drop"
			print "add rule inet bench post tcp dport", p + i, "drop"
		}
	}'
}

nft_linear()
{
	nft_rules "$1" | nft -f -
}

nft_set()
{
	nft 'add set inet bench ports { type inet_service; }'
	awk -v n="$1" -v p=$PEER_PORT 'BEGIN {
		for (i = 0; i < n; i++)
			print "add element inet bench ports {", p + i, "}"
	}' | nft -f -
	nft add rule inet bench pre tcp dport @ports drop
	nft add rule inet bench post tcp dport @ports drop
}

nft_reached()
{
	nft add rule inet bench pre tcp dport 5001 counter
	nft add rule inet bench post tcp dport 5001 counter
	./traffic closes 4 1 >/dev/null
	[ "$(nft list table inet bench | grep -c 'counter packets [1-9]')" = 2 ]
}

# iptables_rules COUNT: as text; the policies count from 0
iptables_rules()
{
	echo '*mangle'
	echo ':PREROUTING ACCEPT [0:0]'
	echo ':POSTROUTING ACCEPT [0:0]'
	awk -v n="$1" -v p=$PEER_PORT 'BEGIN {
		for (i = 0; i < n; i++) {
			print "-A PREROUTING -p tcp --dport", p + i, "-j DROP"
			print "-A POSTROUTING -p tcp --dport", p + i, "-j DROP"
		}
	}'
	echo COMMIT
}

iptables_reached()
{
	[ "$(iptables-legacy -t mangle -L -v -x |
	     grep -cE '^Chain (PRE|POST)ROUTING \(policy ACCEPT [1-9]')" = 2 ]
}

# tc_filter KIND PORT ACTION: the words of one filter
tc_filter()
{
	case $1 in
	flower) echo "flower ip_proto tcp dst_port $2 action $3" ;;
	u32) echo "u32 match ip protocol 6 0xff match ip dport $2 0xffff action $3" ;;
	esac
}

# tc_filters KIND COUNT: as text
tc_filters()
{
	awk -v n="$2" -v p=$PEER_PORT -v form="$(tc_filter "$1" PORT drop)" '
	BEGIN {
		for (i = 0; i < n; i++) {
			words = form
			sub("PORT", p + i, words)
			print "filter add dev lo ingress protocol ip pref 1", words
			print "filter add dev lo egress protocol ip pref 1", words
		}
	}'
}

tc_reached()
{
	for side in ingress egress; do
		# shellcheck disable=SC2046
		tc filter add dev lo $side protocol ip pref 2 \
			$(tc_filter "$peer" 5001 pass)
	done
	./traffic closes 4 1 >/dev/null
	for side in ingress egress; do
		tc -s filter show dev lo $side pref 2 |
			grep -q 'Sent [1-9][0-9]* bytes' || return
	done
}

# begin_netem KIND WORD...: FINs to port 5001 pass netem with these words, chosen
# by a filter of that kind.
begin_netem()
{
	kind=$1
	shift
	tc qdisc add dev lo root handle 1: prio bands 3 \
		priomap 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
	tc qdisc add dev lo parent 1:3 handle 30: netem "$@"
	case $kind in
	flower)
		tc filter add dev lo parent 1: protocol ip flower ip_proto tcp \
			dst_port 5001 tcp_flags 0x1/0x1 classid 1:3
		;;
	u32)
		tc filter add dev lo parent 1: protocol ip u32 \
			match ip protocol 6 0xff match ip dport 5001 0xffff \
			match u8 0x01 0x01 at 33 classid 1:3
		;;
	esac || fail "netem behind $kind was not set up"
}

# end_netem COUNT: see that netem had so many packets, and remove it.
end_netem()
{
	sent=$(tc -s qdisc show dev lo |
		awk '/netem/ { on = 1 } on && $1 == "Sent" { print $4; exit }')
	[ "${sent:-0}" -ge "$1" ] ||
		fail "netem had ${sent:-0} packets, not $1"
	tc qdisc del dev lo root
}
