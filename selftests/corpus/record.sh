#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# record.sh KERNEL [PART]: record the logs of tools/tests/corpus, or those that one
# function below makes, in the guest, called by selftests/corpus.sh. /out gets KERNEL-BED-CLOSE[-RULE].log, with a comment that
# says how it was made.
set -eu
# shellcheck source=beds.sh
. ./beds.sh
kernel=$1 pause=0

# rebase: let the time of a log begin at 1 s.
rebase()
{
	awk '{
		for (i = 2; i <= NF; i++)
			if ($i ~ /^t=/) {
				t = substr($i, 3)
				if (!begin)
					begin = t
				$i = sprintf("t=%.0f", 1e9 + t - begin)
			}
		print
	}'
}

# close NAME [SPACE RULE]...: make the close that $passive (the server's steps)
# and $active (the client's) say, under these rules.
close()
{
	name=$kernel-$bed-$1
	shift
	note=
	logs=
	for space in $witnesses; do
		finject -n "$space" events >"/tmp/$space.log" &
		logs="$logs $!"
	done
	while [ $# -gt 1 ]; do
		# shellcheck disable=SC2086
		finject -n "$1" add $2 >/dev/null
		note="$note; $1: $2"
		shift 2
	done
	sleep 0.3
	# shellcheck disable=SC2086
	DEVICE=$device ip netns exec "$server" ./linux_peer \
		listen "$at:$port" $passive >/dev/null 2>&1 &
	ends=$!
	sleep 0.3
	# shellcheck disable=SC2086
	ip netns exec "$client" ./linux_peer \
		connect "${from:--}" "$to" $active >/dev/null 2>&1 &
	ends="$ends $!"
	during
	sleep "${span:-75}"
	# shellcheck disable=SC2086
	finish $logs $ends
	{
		echo "# Linux $kernel, $bed${note:-, no rule}"
		echo "# server: $passive; client: $active${what:+; $what}"
		for space in $witnesses; do
			cat "/tmp/$space.log"
		done | sort -s -t= -k2,2n | rebase
	} >"/out/$name.log"
	for space in A B R; do
		[ ! -e /run/netns/$space ] || finject -n $space flush >/dev/null
	done
}

# finish PID...: end what may have ended.
finish()
{
	for pid; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
}

# What happens while a close goes on.
during() { :; }

# shape NAME: the steps of both ends.
shape()
{
	what='' span=''
	case $1 in
	four) passive='eof wait=500 close' active='send=10 close' ;;
	three) passive='eof close' active='send=10 shut eof close' ;;
	served) passive='read=10 send=700 close' active='send=10 eof close' ;;
	half)
		passive='eof wait=50 send=900 wait=300 send=100 wait=400 close'
		active='send=10 shut eof close'
		;;
	together) passive='read=10 wait=200 close' active='send=10 wait=200 close' ;;
	abort) passive='eof close' active='send=10 wait=100 abort' ;;
	abort-late) passive='eof wait=300 abort' active='send=10 shut eof close' ;;
	unread) passive='wait=300 close' active='send=10 eof close' ;;
	late-data) passive='eof wait=300 send=10 wait=500 close' active='send=10 close' ;;
	esac
}

# word TEXT: TEXT as a part of a file name.
word()
{
	echo "$*" | sed 's/seg=//; s/nth=//; s/dir=//; s/[ =]/./g'
}

# faults: each class with each action, at either end.
faults()
{
	for class in fin1 ack1 fin2 ack2; do
		shape four
		# B's first ACK must not be its FIN, nor A's the last
		for rule in "nth=1 drop" "nth=1-3 drop" "nth=1 delay=250ms" \
			"nth=1 delay=3s" "nth=1 duplicate=1" \
			"nth=1 duplicate=2 gap=700ms" \
			"nth=1 hold=x max=1500ms" "nth=1 reset=sender" \
			"nth=1 reset=receiver" "nth=1 reset=both"; do
			for side in A B; do
				close "four-$(word "$class $rule")-$side" \
					$side "seg=$class $rule"
			done
		done
	done
}

# shapes: closes without faults, and two faults for each.
shapes()
{
	for kind in four three served half abort abort-late unread late-data; do
		shape "$kind"
		close "$kind"
		close "$kind-fin1.drop-A" A "seg=fin1 nth=1 drop"
		close "$kind-ack.drop-B" B "seg=ack times=1 drop"
	done
	shape together
	close together-gather A "seg=fin nth=1 hold=both gather=2 max=5s"
	close together A "seg=fin nth=1 dir=out delay=60ms" \
		B "seg=fin nth=1 dir=out delay=60ms"
	close together-lost A "seg=fin nth=1 dir=out delay=60ms" \
		B "seg=fin nth=1 dir=out drop"
	shape abort
	close abort-rst.drop A "seg=rst drop times=1"
	close abort-rst.duplicate A "seg=rst duplicate=1"
	shape half
	close half-data.drop B "seg=data nth=1 drop"
	close half-data.duplicate B "seg=data nth=1 duplicate=2 gap=100ms"
	close half-data.delay A "seg=data nth=1 dir=in delay=500ms"
}

# set A B NAME=VALUE: a sysctl at both ends.
knob()
{
	for space in A B; do
		ip netns exec $space sysctl -qw "$1"
	done
}

# kill_at STATE: ss -K at that end, which is in this state.
kill_at()
{
	sleep 0.25
	ip netns exec "$space" ss -K state "$state" >/dev/null 2>&1
}

# rare: what a kernel does only when it is told to, or runs short.
rare()
{
	shape four
	knob net.ipv4.tcp_fin_timeout=3
	passive='eof wait=10000 close'
	what='tcp_fin_timeout=3' close four-fin-timeout
	knob net.ipv4.tcp_fin_timeout=60
	knob net.ipv4.tcp_orphan_retries=1
	shape four
	what='tcp_orphan_retries=1' close four-orphan A "seg=fin1 drop"
	knob net.ipv4.tcp_orphan_retries=0
	knob net.ipv4.tcp_max_tw_buckets=0
	shape four
	what='tcp_max_tw_buckets=0' close four-no-wait
	shape three
	what='tcp_max_tw_buckets=0' close three-no-wait
	knob net.ipv4.tcp_max_tw_buckets=4096
	# ss -K ends no orphan and no timewait socket
	space=B state=close-wait
	during() { kill_at; }
	shape four
	what="ss -K at B" close four-kill-close-wait
	state=last-ack
	during() { sleep 1; kill_at; }
	what="ss -K at B" close four-kill-last-ack B "seg=ack2 dir=in drop"
	what=''
	# shellcheck disable=SC2317 # called by close
	during() { :; }
	close four-fin1.drop.all-A A "seg=fin1 drop"
}

# again: a second connection from the same port.
again()
{
	shape served
	passive='read=10 close'
	from=10.0.0.1:45000
	during()
	{
		sleep "$pause"
		ip netns exec B ./linux_peer listen 10.0.0.2:80 eof close \
			>/dev/null 2>&1 &
		sleep 0.2
		ip netns exec A ./linux_peer connect 10.0.0.1:45000 10.0.0.2:80 \
			send=10 shut eof close >/dev/null 2>&1 &
	}
	pause=2 what='again after 2 s' close served-reused
	pause=20 what='again after 20 s' close served-reused-ghost \
		A "seg=fin2 nth=1 duplicate=1 gap=21s"
	pause=1 what='again in LAST_ACK' close served-reused-last-ack \
		A "seg=ack2 dir=in drop times=3"
	from=
	# shellcheck disable=SC2317 # called by close
	during() { :; }
}

# partial: logs that do not show all.
partial()
{
	shape four
	witnesses=A
	close four-A-alone
	close four-A-alone-fin1.drop A "seg=fin1 nth=1 drop"
	close four-A-alone-ack2.drop A "seg=ack2 nth=1 drop"
	witnesses=B
	close four-B-alone
	close four-B-alone-fin2.drop B "seg=fin2 nth=1-2 drop"
	close four-B-alone-ack1.delay B "seg=ack1 nth=1 delay=300ms"
	witnesses="A B"
}

# middle WITNESSES: faults at the host between the ends.
middle()
{
	for rule in "fin1 nth=1 drop" "ack1 nth=1 drop" "fin2 nth=1-2 drop" \
		"ack2 nth=1 drop" "fin2 nth=1 delay=700ms" "fin1 nth=1 duplicate=1"; do
		shape four
		close "four-$(word "$rule")-R" R "seg=$rule"
	done
}

# each_bed: some closes in each bed but the pair.
each_bed()
{
	for bed in loopback redirect vrf router nat bridge; do
		bed "$bed"
		for kind in $1; do
			shape "$kind"
			close "$kind"
		done
		shape four
		for rule in "fin1 nth=1 drop" "ack2 nth=1 drop"; do
			close "four-$(word "$rule")-A" A "seg=$rule"
		done
		case $bed in
		router | nat | bridge) middle ;;
		esac
		clear
	done
}

# onlooker: what the host between the ends sees, alone and with both of them.
onlooker()
{
	for bed in router nat bridge; do
		bed "$bed"
		for witnesses in R "A B R"; do
			seen=$(word "$witnesses")
			for kind in four served half; do
				shape "$kind"
				close "$kind-seen-$seen"
			done
			shape four
			close "four-fin1.drop-R-seen-$seen" R "seg=fin1 nth=1 drop"
			close "four-fin2.delay-R-seen-$seen" R \
				"seg=fin2 nth=1 delay=700ms"
			close "four-ack2.drop-R-seen-$seen" R "seg=ack2 nth=1 drop"
		done
		clear
	done
}

# six: the pair over IPv6.
six()
{
	at='[fd00::2]' to='[fd00::2]:80' bed=pair6
	for kind in four served half abort; do
		shape "$kind"
		close "$kind"
	done
	shape four
	for class in fin1 ack1 fin2 ack2; do
		close "four-$class.drop-A" A "seg=$class nth=1 drop"
	done
}

# pair PART...: these parts, in the pair.
pair()
{
	bed=pair
	bed pair
	for part; do
		$part
	done
	clear
}

# few: what every kernel gets.
few()
{
	for kind in four three served half abort unread; do
		shape "$kind"
		close "$kind"
	done
	shape four
	for class in fin1 ack1 fin2 ack2; do
		close "four-$class.drop-B" B "seg=$class nth=1 drop"
	done
	close four-fin2.duplicate-A A "seg=fin2 nth=1 duplicate=1 gap=500ms"
	close four-fin1.reset-A A "seg=fin1 nth=1 reset=both"
}

modprobe veth
modprobe br_netfilter
case $kernel-${2:-all} in
6.1-all)
	pair faults shapes rare again partial six
	each_bed "four served half"
	onlooker
	;;
*-all)
	pair few
	each_bed four
	;;
*) $2 ;;
esac
echo recorded
