#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Netfilter hooks are registered in a namespace only while it has rules or a
# reader of events. The witness is the kernel's own list of hooks.

. "$(dirname "$0")/tap.sh"

FILES=/sys/kernel/debug/finject

there()
{
	nsenter --net=/run/netns/hooks "$@"
}

rules()
{
	echo "$1" | there tee $FILES/rules >/dev/null
}

# registered env|there: print the hooks of finject, as "ip prerouting ..."
registered()
{
	"$1" nft list hooks |
		awk '/^family/ { family = $2 }
		     /hook (prerouting|input|forward|output|postrouting)/ {
			hook = $2
		     }
		     /finject/ { print family, hook }' | sort | tr '\n' ' '
}

# lists NAME WANTED env|there: the kernel lists these hooks.
lists()
{
	seen=$(registered "$3")
	[ "$seen" = "$2" ]
	good=$?
	[ $good = 0 ] || echo "# $1: expected '$2', the kernel lists '$seen'"
	result $good "$1"
}

watched="ip postrouting ip prerouting ip6 postrouting ip6 prerouting "
input="ip input ip output ip postrouting ip prerouting \
ip6 input ip6 output ip6 postrouting ip6 prerouting "

[ -d $FILES ] || skip_all "finject is not loaded, or debugfs not mounted"
ip netns add hooks || skip_all "no network namespaces, or not root"
trap 'ip netns del hooks' EXIT
nft add table inet probe
nft 'add chain inet probe pre { type filter hook prerouting priority 0; }'
nft list hooks 2>/dev/null | grep -q prerouting ||
	skip_all "the kernel does not list hooks (CONFIG_NETFILTER_NETLINK_HOOK)"
nft delete table inet probe

echo "TAP version 13"
echo "1..8"
lists loaded_without_rules '' env
rules 'add seg=fin1 drop'
lists one_rule "$watched" there
lists not_elsewhere '' env
rules 'add id=2 seg=fin1 hook=input drop'
lists rule_at_input "$input" there
rules 'del id=2'
lists rule_at_input_gone "$watched" there
rules flush
lists flushed '' there

nsenter --net=/run/netns/hooks cat $FILES/events >/dev/null &
reader=$!
tries=0
while [ -z "$(registered there)" ] && [ $tries -lt 100 ]; do
	tries=$((tries + 1))
done
lists reader_of_events "$watched" there
kill $reader
wait $reader 2>/dev/null
lists reader_gone '' there
[ "$failed" = 0 ]
