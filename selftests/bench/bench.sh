#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Measure the cost of finject for unrelated traffic, compared with nftables. It
# runs in the warp guest, where 1 ns is 1 instruction, and starts without the
# module. It exits 1 if a mark is missed.

RULES=/sys/kernel/debug/finject/rules
REPEATS=5
NOISE=6		# instructions; the spread of a repeat is below 0.1 %

cd "$(dirname "$0")" || exit 1
trap 'rm -f /tmp/bench.*' EXIT

median() {
	i=0
	"$@" >/dev/null		# the first repeat after a change is off
	while [ $i -lt $REPEATS ]; do
		"$@"
		i=$((i + 1))
	done | sort -n | sed -n "$(((REPEATS + 1) / 2))p"
}

measure() {	# NAME: one line "name bulk connection"
	echo "$1 $(median ./traffic bulk 2000) $(median ./traffic connection 200)" \
		>>/tmp/bench.all
}

nft_chains() {	# RULE: a chain at each of the two hooks that finject uses
	nft add table inet bench
	nft 'add chain inet bench pre { type filter hook prerouting priority -300; }'
	nft 'add chain inet bench post { type filter hook postrouting priority 300; }'
	[ -z "$1" ] || for chain in pre post; do
		nft "add rule inet bench $chain $1"
	done
}

ip link set lo up
sysctl -qw net.ipv4.tcp_max_tw_buckets=0
measure none

nft_chains ''
measure nft-empty
nft delete table inet bench
nft_chains 'tcp dport 9 tcp flags fin counter'
measure nft-rule
nft delete table inet bench

modprobe finject || exit 1
measure loaded
echo 'add seg=fin1 port=9 drop' >$RULES || exit 1
measure armed
echo 'flush' >$RULES
echo 'add seg=fin1 port=5001 nth=9 drop' >$RULES || exit 1
measure tracking
echo 'flush' >$RULES

awk -v noise=$NOISE '
{ bulk[$1] = $2; connection[$1] = $3 }
function row(name, text) {
	printf "%-44s %+8.1f %+12.1f\n", text, bulk[name] - bulk["none"],
		connection[name] - connection["none"]
}
function mark(ok, text) {
	printf "%s  %s\n", ok ? "met   " : "MISSED", text
	missed += !ok
}
END {
	printf "instructions added to                        a packet  a connection\n"
	row("loaded", "finject loaded, no rules")
	row("armed", "finject armed for another port")
	row("tracking", "finject tracking these closes")
	row("nft-empty", "nftables, an empty chain at each hook")
	row("nft-rule", "nftables, one rule at each hook")
	printf "without any of them: %.1f a packet, %.1f a connection\n\n",
		bulk["none"], connection["none"]
	d = bulk["loaded"] - bulk["none"]
	mark(d < noise && d > -noise, "loaded without rules, a packet costs nothing")
	mark(bulk["armed"] <= bulk["nft-empty"],
	     "armed for another port, a packet costs no more than an empty chain")
	exit missed != 0
}' /tmp/bench.all
