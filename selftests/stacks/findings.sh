#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# findings.sh [NAME...]: the findings of Documentation/findings.rst, or these of
# them, made again; in the guest, called by selftests/stacks.sh. Of each /out gets
# NAME.log (events of the namespace that talks to the stack under test),
# NAME.pcap (its device), NAME.far.pcap (the other side of pasta and slirp4netns)
# and NAME.txt (the rule, and how finject check judges the log).
#
#   namespace in            the guest's own              namespace far
#   rules, linux_peer  tap  pasta or slirp4netns  veth   linux_peer
#   rules, linux_peer  tap  lwip_peer
set -eu
# shellcheck source=selftests/tap.sh
. "$(dirname "$0")/tap.sh"
wanted=" ${*:-all} " said=/tmp/said

# make_bed: namespaces, and the link to the far one.
make_bed()
{
	modprobe veth
	modprobe tun
	# pasta does not start before the kernel has random numbers
	dd if=/dev/random of=/dev/null bs=32 count=1 2>/dev/null
	ip link set lo up
	ip netns add far
	ip link add v type veth peer name v netns far
	ip addr add 192.0.2.1/24 dev v
	ip link set v up
	ip -n far addr add 192.0.2.2/24 dev v
	ip -n far link set v up
	ip route add default via 192.0.2.2
	mkdir -p /mnt/pasta
	sleep 2
}

# up STACK: a new namespace `in`, connected by this stack.
up()
{
	ip netns add in
	ip -n in link set lo up
	case $1 in
	pasta)
		# it wants to pivot its root, which an initramfs cannot
		# shellcheck disable=SC2016
		unshare -m sh -c 'mount --rbind / /mnt/pasta &&
			exec chroot /mnt/pasta "$@"' - \
			/test/pasta -f -q --config-net --no-map-gw \
			--netns-only --runas 0:0 -I tap0 -t none -T none \
			-u none -U none --netns /run/netns/in 2>/tmp/stack &
		;;
	slirp)
		/test/slirp4netns -c --netns-type=path --disable-dns \
			/run/netns/in tap0 >/tmp/stack 2>&1 &
		;;
	lwip)
		ip -n in tuntap add dev tap0 mode tap
		ip -n in addr add 10.9.0.1/24 dev tap0
		ip -n in link set tap0 up
		;;
	esac
	stack=$1 server=${!:-}
	sleep 3
	ip -n in addr show dev tap0 | grep -q 'inet ' || {
		echo "Bail out! $1 has not come up"
		cat /tmp/stack
		exit 1
	}
}

# down: end the stack and its namespace.
down()
{
	[ "$stack" = lwip ] || { kill "$server"; wait "$server" || :; } 2>/dev/null
	ip netns del in
	sleep 1
}

# connect SERVER CLIENT: begin a connection; each is a list of steps.
connect()
{
	# shellcheck disable=SC2086
	if [ "$stack" = lwip ]; then
		PRECONFIGURED_TAPIF=tap0 ip netns exec in ./lwip_peer 10.9.0.2 \
			10.9.0.1 listen 10.9.0.2:80 $1 wait=200000 &
		passive=$!
		sleep 3
		ip netns exec in ./linux_peer connect - 10.9.0.2:80 $2 &
	else
		ip netns exec far ./linux_peer listen 192.0.2.2:80 $1 &
		passive=$!
		sleep 1
		ip netns exec in ./linux_peer connect - 192.0.2.2:80 $2 &
	fi
	active=$!
}

# end PID...: end processes that may have ended.
end()
{
	for pid; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
}

# finding NAME RULE SERVER CLIENT SECONDS PATTERN COUNT WORD: make a close under the
# rule. It departs if COUNT lines of the log, or in COUNT a range like 10-, have the
# pattern, and finject check names WORD; it has nothing to say if that is -.
finding()
{
	name=$stack-$1
	case $wanted in
	*" all "* | *" $name "*) ;;
	*) return ;;
	esac
	finject -n in events >"/out/$name.log" &
	events=$!
	ip netns exec in ./tcpdump -Z root -U -i tap0 -w "/out/$name.pcap" tcp \
		2>/dev/null &
	dump=$!
	./tcpdump -Z root -U -i v -w "/out/$name.far.pcap" tcp 2>/dev/null &
	far=$!
	sleep 1
	# shellcheck disable=SC2086
	finject -n in add id=1 $2
	connect "$3" "$4" >"/out/$name.txt"
	sleep "$5"
	end "$events" "$dump" "$far" "$active" "$passive"
	{
		finject -n in list
		finject check -a "/out/$name.log" || :
	} >>"/out/$name.txt"
	finject -n in flush >/dev/null
	[ "$stack" != lwip ] || rm "/out/$name.far.pcap"
	report "$name" "$(grep -cE "$6" "/out/$name.log" || :)" "$7" \
		"$(sed -n 's/.*(RFC 9293, .*; \(.*\))$/\1/p' "/out/$name.txt" |
			head -n 1)" "$8"
}

# report NAME FOUND COUNT WORD EXPECTED: print a line of TAP.
report()
{
	least=${3%-} word=${4:--} status=1
	if [ "$word" = "$5" ] && { [ "$2" = "$3" ] ||
		{ [ "$least" != "$3" ] && [ "$2" -ge "$least" ]; }; }
	then
		status=0
	fi
	echo "expected: $3, $5" >"$said"
	result $status "$1: $2 segments tell, judge: $word"
}

echo "TAP version 13"
make_bed

up pasta
# its FIN is lost: not sent again, and a RST 16 s later
finding fin-lost "seg=fin1 nth=1 dir=in drop" \
	"read=10 wait=300 close" "send=10 eof close" 150 \
	'hook=prerouting seg=fin1' 1 rtx-missing
# the ACK of a FIN is lost: the FINs that follow are not acknowledged
finding fin-repeated "seg=ack1 nth=1 dir=in drop" \
	"eof wait=20000 close" "send=10 shut eof close" 150 \
	'hook=prerouting seg=ack1 ' 1 fin-repeated
# behind a half-close data come again and again, each time as new octets
finding half-close "seg=ack1 nth=1 dir=in pass" \
	"eof wait=300 send=100 wait=1000 close" "send=10 shut eof close" 150 \
	'hook=prerouting seg=ack1,data .* len=100 ' 20- -
# a FIN behind lost data is never sent
finding data-lost "seg=data dir=in nth=1 drop" \
	"eof wait=300 send=100 wait=1000 close" "send=10 shut eof close" 150 \
	'hook=prerouting .* flags=[^ ]*F' 0 -
down

up slirp
# a RST that meets no connection is answered
finding rst-answered "seg=fin1 dir=out reset=receiver times=2" \
	"eof wait=300 close" "send=10 shut eof close" 150 \
	'hook=prerouting seg=rst .* flags=RA seq=0 ' 1 rst-answered
# a FIN 15 s after the last ACK finds TIME_WAIT over
finding wait-short "seg=fin2 dir=out nth=1 duplicate=1 gap=15s" \
	"read=10 wait=300 close" "send=10 eof close" 150 \
	'hook=prerouting seg=rst ' 1 no-wait
# the same without a copy: the passive closer is reset 13 s after its FIN
finding wait-reset "seg=ack2 dir=in drop" \
	"read=10 wait=300 close" "send=10 eof close" 150 \
	'from=LAST_ACK to=CLOSE socket=full cause=rst' 1 no-wait
down

up lwip
# a copy of the last ACK meets no connection: the RST has an ACK
finding rst-ack "seg=ack2 dir=out nth=1 duplicate=1 gap=1s" \
	"eof wait=300 close" "send=10 shut eof close" 150 \
	'hook=prerouting seg=rst .* flags=RA ' 1 rst-ack
# a RST in TIME_WAIT: the FINs that follow are acknowledged
finding wait-reset "seg=ack2 dir=in nth=1 reset=sender" \
	"read=10 wait=300 close" "send=10 eof close" 150 \
	'hook=prerouting seg=ack2 nth=2 ' 1 rst-in-wait
down

plan
