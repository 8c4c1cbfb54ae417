#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Netfilter hooks are registered in a namespace only while it has rules or a
# reader of events. The witness is the kernel's own list of hooks.

FILES=/sys/kernel/debug/finject
number=0 status=0

skip()
{
	echo "1..0 # SKIP $*"
	exit 4
}

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

# expect NAME WANTED env|there
expect()
{
	name=$1 wanted=$2
	number=$((number + 1))
	seen=$(registered "$3")
	if [ "$seen" = "$wanted" ]; then
		echo "ok $number $name"
	else
		echo "# $name: expected '$wanted', the kernel lists '$seen'"
		echo "not ok $number $name"
		status=1
	fi
}

watched="ip postrouting ip prerouting ip6 postrouting ip6 prerouting "
input="ip input ip output ip postrouting ip prerouting \
ip6 input ip6 output ip6 postrouting ip6 prerouting "

[ -d $FILES ] || skip "finject is not loaded, or debugfs not mounted"
ip netns add hooks || skip "no network namespaces, or not root"
trap 'ip netns del hooks' EXIT
nft add table inet probe
nft 'add chain inet probe pre { type filter hook prerouting priority 0; }'
nft list hooks 2>/dev/null | grep -q prerouting ||
	skip "the kernel does not list hooks (CONFIG_NETFILTER_NETLINK_HOOK)"
nft delete table inet probe

echo "TAP version 13"
echo "1..8"
expect loaded_without_rules '' env
rules 'add seg=fin1 drop'
expect one_rule "$watched" there
expect not_elsewhere '' env
rules 'add id=2 seg=fin1 hook=input drop'
expect rule_at_input "$input" there
rules 'del id=2'
expect rule_at_input_gone "$watched" there
rules flush
expect flushed '' there

nsenter --net=/run/netns/hooks cat $FILES/events >/dev/null &
reader=$!
tries=0
while [ -z "$(registered there)" ] && [ $tries -lt 100 ]; do
	tries=$((tries + 1))
done
expect reader_of_events "$watched" there
kill $reader
wait $reader 2>/dev/null
expect reader_gone '' there
exit $status
