#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh PART...: in the guest, measure these parts of the benchmark and print
# samples. The module is installed, but not loaded. It exits 1 when something was
# measured that is not what it says.

cd "$(dirname "$0")" || exit 1
. ./measure.sh
. ./peers.sh

REPEATS=5 PACKETS=1000 CLOSES=200
FLOWS=60000

# foreign KEY [FAMILY...]
foreign()
{
	name=$1
	shift
	for family in "${@:-4}"; do
		sample "foreign.$name.v$family" ./traffic bulk "$family" $PACKETS
	done
}

# what costs nothing, or little: the marks
part_quick()
{
	unload
	foreign none 4 6
	begin_peer nft-linear 0
	foreign nft-0 4 6
	end_peer
	fresh
	foreign loaded 4 6
	rules 'add seg=fin1 port=9 drop'
	foreign armed 4 6
	[ "$(stat flows now)" = 0 ] || fail "armed: there are flows"
	for flows in 1 $FLOWS; do
		fresh
		rules 'add seg=fin1 dport=9 pass'
		./traffic strays "$flows"
		# the table of flows grows in the background
		sleep 10
		foreign "tracked-$flows" 4 6
		[ "$(stat flows now)" = "$flows" ] || fail "not $flows flows"
	done
	unload
}

part_foreign()
{
	for count in 1 100 1000; do
		begin_peer nft-linear $count
		foreign nft-$count 4 6
		end_peer
		begin_peer iptables $count
		foreign iptables-$count
		end_peer
		begin_peer flower $count
		foreign flower-$count
		end_peer
		begin_peer u32 $count
		foreign u32-$count
		end_peer
	done
	begin_peer nft-set 1000
	foreign nft-set-1000 4 6
	end_peer
}

# closes_of COUNT: fewer closes beside many rules that are asked one by one
closes_of()
{
	[ "$1" -lt 1000 ] && echo $CLOSES || echo $((CLOSES / 10))
}

part_closes()
{
	unload
	sample closes.none ./traffic closes 4 $CLOSES
	for count in 1 100 1000 10000; do
		for kind in ports addresses neither mixed; do
			fresh
			write_rules $kind $count
			sample "closes.$kind-$count" ./traffic closes 4 $CLOSES
			unmatched $kind $((2 * CLOSES * (REPEATS + 1)))
		done
	done
	unload
	sample closes.none6 ./traffic closes 6 $CLOSES
	for count in 1 100 1000 10000; do
		fresh
		write_rules addresses6 $count
		sample "closes.addresses6-$count" ./traffic closes 6 $CLOSES
		unmatched addresses6 $((2 * CLOSES * (REPEATS + 1)))
	done
	unload
	for peer in nft-linear iptables flower u32; do
		for count in 1 100 1000; do
			begin_peer "$peer" $count
			sample "closes.$peer-$count" \
				./traffic closes 4 "$(closes_of $count)"
			end_peer
		done
	done
	for count in 1 100 1000 10000; do
		begin_peer nft-set $count
		sample closes.nft-set-$count ./traffic closes 4 $CLOSES
		end_peer
	done
}

# unmatched KIND FINS: see that these were looked at, and no rule fired.
unmatched()
{
	looked=$(($(stat skipped others) + $(stat total seen)))
	[ $looked -ge "$2" ] || fail "$looked segments were looked at, not $2"
	! grep '^rule' $FINJECT/stats | grep -qv ' fired=0 ' ||
		fail "a rule of $1 fired"
}

part_own()
{
	unload
	sample own.none ./traffic closes 4 $CLOSES
	fresh
	rules 'add seg=fin1 port=5001 nth=9 drop'
	sample own.finject ./traffic closes 4 $CLOSES
	at_least $((6 * CLOSES * (REPEATS + 1))) total seen
	at_least $((CLOSES * (REPEATS + 1))) flows now
	[ "$(stat rule fired)" = 0 ] || fail "the rule fired"
	unload
	nft_chains
	for chain in pre post; do
		nft "add rule inet bench $chain tcp dport 5001 tcp flags & fin == fin counter"
	done
	sample own.nft ./traffic closes 4 $CLOSES
	[ "$(nft list table inet bench |
	     grep -c "counter packets $((CLOSES * (REPEATS + 1)))")" = 2 ] ||
		fail "nft did not count the FINs"
	nft delete table inet bench
}

part_actions()
{
	unload
	sample actions.none ./traffic closes 4 $CLOSES
	for action in delay=0s delay=1us duplicate=1; do
		fresh
		rules "add seg=fin1 dport=5001 $action"
		sample "actions.finject-$action" ./traffic closes 4 $CLOSES
		at_least $((CLOSES * (REPEATS + 1))) rule fired
	done
	unload
	for kind in flower u32; do
		netem_action "$kind" delay=0s delay 0
		netem_action "$kind" delay=1us delay 1us
		netem_action "$kind" duplicate=1 duplicate 100%
	done
}

# netem_action KIND NAME WORD...
netem_action()
{
	kind=$1 name=$2
	shift 2
	begin_netem "$kind" "$@"
	sample "actions.netem-$kind-$name" ./traffic closes 4 $CLOSES
	end_netem $((CLOSES * (REPEATS + 1)))
}

# reader NAME LEAST COMMAND...: measure closes beside a reader, and see that it
# wrote so many bytes of each.
reader()
{
	name=$1 least=$(($2 * CLOSES * (REPEATS + 1)))
	shift 2
	"$@" >/dev/null 2>/tmp/bench.said &
	reader=$!
	sleep 2
	sample "readers.$name" ./traffic busy 4 $CLOSES
	wrote=$(sed -n 's/^wchar: //p' /proc/$reader/io)
	[ "${wrote:-0}" -ge $least ] ||
		fail "$name wrote ${wrote:-0} bytes, not $least: $(cat /tmp/bench.said)"
	kill $reader
	wait $reader 2>/dev/null
}

part_readers()
{
	unload
	sample readers.none ./traffic busy 4 $CLOSES
	fresh
	reader unread 0 sleep 1000 <$FINJECT/events
	at_least $((6 * CLOSES * (REPEATS + 1))) total seen
	at_least $((6 * CLOSES * (REPEATS + 1))) events peak
	fresh
	# a record has more than 100 bytes, six of a close at least
	reader cat 600 cat $FINJECT/events
	fresh
	reader events 100 ./finject events
	fresh
	reader events-j 600 ./finject events -j
	unload
	# six packets of 60 bytes
	reader tcpdump 360 tcpdump -i lo -Z root -U -w - tcp
	reader tcpdump-text 360 tcpdump -i lo -Z root -l -n tcp
	nft_chains
	nft add rule inet bench pre ct state invalid counter
	reader conntrack 100 conntrack -E -o timestamp
	nft delete table inet bench
}

# late NAME COUNT TOGETHER
late()
{
	sample "late.$1" ./traffic late "$2" "$3"
}

# beside COMMAND LATE-ARGUMENT...: measure while a command runs in a loop.
beside()
{
	rm -f /tmp/bench.stop /tmp/bench.rounds
	while [ ! -e /tmp/bench.stop ]; do
		sh -c "$1" >/dev/null || exit
		echo >>/tmp/bench.rounds
	done &
	loop=$!
	shift
	late "$@"
	[ -s /tmp/bench.rounds ] || fail "$1: no round of the loop has ended"
	: >/tmp/bench.stop
	wait $loop || fail "what ran in a loop failed"
}

DELAY='add seg=fin1 dport=5001 dir=out delay'

part_late()
{
	fresh
	rules "$DELAY=1ms"
	late finject-1ms 100 1
	rules flush "$DELAY=10ms"
	late finject-10ms 100 1
	late finject-10ms-1000 1000 1000
	at_least $((1200 * (REPEATS + 1))) total released
	fresh
	rules 'add seg=fin1 dport=9 pass' "$DELAY=1ms"
	./traffic strays 12600
	beside "cat $FINJECT/flows" flows-12600 200 1
	at_least 12600 flows now
	fresh
	hold_copies
	rules "$DELAY=1ms"
	beside "cat $FINJECT/held" held-100000 300 1
	at_least 100000 total copies_parked
	unload
	begin_netem flower delay 1ms
	late netem-1ms 100 1
	nft_chains
	nft_rules 500 >/tmp/bench.nft
	beside "nft flush table inet bench; nft -f /tmp/bench.nft" nft-1000 200 1
	nft delete table inet bench
	end_netem $((300 * (REPEATS + 1)))
	begin_netem flower delay 10ms limit 10000
	late netem-10ms 100 1
	late netem-10ms-1000 1000 1000
	end_netem $((1100 * (REPEATS + 1)))
}

# hold_copies: park 100,000 copies for an hour.
hold_copies()
{
	rules 'add id=19999 seg=fin1 dport=9 duplicate=1000 gap=3600s'
	./traffic strays 100
	[ "$(stat total copies_parked)" = 100000 ] || fail "not 100000 copies"
}

# lines KEY COUNT COMMAND...: measure a read, and see that it had so many lines.
lines()
{
	key=$1 count=$2
	shift 2
	said=$("$@")
	[ "${said#* }" -ge "$count" ] || fail "$key: $said lines, not $count"
	echo "sample $key ${said% *}"
}

part_tables()
{
	fresh
	rules 'add seg=fin1 dport=9 pass'
	./traffic strays 65000
	lines tables.flows 65000 ./traffic read $FINJECT/flows
	fresh
	hold_copies
	lines tables.held 100000 ./traffic read $FINJECT/held
	echo 'add id=19998 seg=fin1 port=7 drop' >$FINJECT/rules
	once tables.remove echo_timed 'del id=19998'
	at_least 100000 total copies_parked
	fresh
	rule_lines ports 10000 >/tmp/bench.rules
	once tables.write ./traffic write $FINJECT/rules </tmp/bench.rules
	[ "$(stat rules now)" = 10000 ] || fail "not 10000 rules"
	lines tables.rules 10000 ./traffic read $FINJECT/rules
	once tables.one-more echo_timed 'add seg=fin1 port=9 drop'
	[ "$(stat rules now)" = 10001 ] || fail "not 10001 rules"
	unload
	table_peers
}

# echo_timed LINE: write a line to rules; print ns
echo_timed()
{
	echo "$1" | ./traffic write $FINJECT/rules
}

table_peers()
{
	nft_chains
	nft_rules 5000 >/tmp/bench.nft
	once tables.nft ./traffic run nft -f /tmp/bench.nft
	[ "$(nft list table inet bench | grep -c dport)" = 10000 ] ||
		fail "nft has not 10000 rules"
	once tables.nft-one-more ./traffic run \
		nft add rule inet bench pre tcp dport 9 drop
	nft delete table inet bench
	iptables_rules 5000 >/tmp/bench.iptables
	once tables.iptables ./traffic run iptables-legacy-restore \
		/tmp/bench.iptables
	[ "$(iptables-legacy -t mangle -S | grep -c dport)" = 10000 ] ||
		fail "iptables has not 10000 rules"
	once tables.iptables-one-more ./traffic run \
		iptables-legacy -t mangle -A PREROUTING -p tcp --dport 9 -j DROP
	iptables-legacy -t mangle -F
	rmmod iptable_mangle
	nft_chains
	nft add rule inet bench pre ct state invalid counter
	sysctl -qw net.netfilter.nf_conntrack_max=200000
	./traffic datagrams 65000
	[ "$(conntrack -C)" -ge 65000 ] || fail "conntrack has $(conntrack -C)"
	once tables.conntrack ./traffic run conntrack -L
	nft delete table inet bench
}

# Two CPUs against one, in alternating rounds; in real time.
part_cpus()
{
	[ "$(nproc)" = 2 ] || fail "there is one CPU"
	round=0
	while [ $round -lt 5 ]; do
		unload
		cpus_round none
		fresh
		write_rules ports 1000
		cpus_round finject-1000
		at_least 12000 skipped others
		rules 'add seg=fin1 port=5001-5002 nth=9 drop'
		cpus_round finject-own-1000
		at_least 36000 total seen
		fresh
		rules 'add seg=fin1 port=5001-5002 nth=9 drop'
		cpus_round finject-own
		at_least 36000 total seen
		unload
		begin_peer nft-set 1000
		cpus_round nft-set-1000
		end_peer
		round=$((round + 1))
	done
}

cpus_round()
{
	for used in 1 2; do
		once "cpus.$1.$used" ./traffic cpus 2000 $used
	done
}

# Until the kernel's random numbers are seeded each costs thousands: a connection
# 50,000. They are when a read returns.
dd if=/dev/random of=/dev/null bs=1 count=1 2>/dev/null
# shellcheck disable=SC3045 # dash has it
ulimit -n 8192
trap 'rm -f /tmp/bench.*' EXIT
export XTABLES_LIBDIR=/test/xtables
sysctl -qw net.ipv4.tcp_max_tw_buckets=0
ip link add fj0 type dummy
ip addr add 10.7.9.1/24 dev fj0
ip link set fj0 up
for part; do
	part_"$part"
	echo "part $part $(cut -d' ' -f1 /proc/uptime)"
done
