#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fleet.sh [PART...]: the Ansible collection on three guests, which ssh reaches over
# forwarded ports of the loopback. One of them is killed in the middle of an
# experiment, then the controller in the middle of another. OUT=DIR keeps what
# the playbooks said and collected. PARTs, of those at the end of this file, are
# run in their order.
set -u
cd "$(dirname "$0")/.." || exit
exec </dev/null
top=$PWD
. selftests/qemu/disks.sh
. selftests/qemu/lib.sh
. selftests/tap.sh
unset PORT OUT_SIZE
work=$(mktemp -d)
guests=(a b c)
declare -A guest port

cleanup()
{
	local name

	for name in "${!guest[@]}"; do
		kill "${guest[$name]}" 2>/dev/null
	done
	wait
	[ -z "${OUT-}" ] || { mkdir -p "$OUT" && cp -R "$work/results" \
		"$work"/*.said "$work"/*.console "$OUT" 2>/dev/null; }
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# a_port: print a port of the loopback that is free
a_port()
{
	/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# a_root: make the root of the guests, a Debian with Python and an ssh server.
a_root()
{
	local tree=$work/tree

	selftests/qemu/tree.sh "$tree" python3 dropbear-bin iproute2 kmod \
		procps libjson-c5 libpcap0.8 || exit
	mkdir -p "$tree/root/.ssh" "$tree/etc/dropbear" "$tree/var/tmp"
	cp "$work/key.pub" "$tree/root/.ssh/authorized_keys"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$tree/etc/passwd"
	echo 'root:x:0:' >"$tree/etc/group"
	cat >"$work/host.sh" <<-'END'
		# what a host is, before finject comes to it
		chown -R 0:0 /root && chmod 700 /root /root/.ssh
		mkdir -p /lib/modules
		mount --bind /guest/lib/modules /lib/modules || exit
		rm -f /lib/modules/*/finject.ko
		depmod
		modprobe virtio_pci; modprobe virtio_net
		for card in /sys/class/net/*; do
			card=${card##*/}
			[ "$card" = lo ] && continue
			ip link set "$card" up
			ip address add 10.0.2.15/24 dev "$card"
		done
		mount -t debugfs none /sys/kernel/debug 2>/dev/null
		dropbear -R -F -E -s -p 22
	END
	pack_root "$tree" "$work/root.img"
	truncate -s %2M "$work/root.img"
}

# boot NAME: begin a guest
boot()
{
	port[$1]=$(a_port)
	MODULES_TOO="virtio_pci virtio_net" \
		selftests/qemu/guest.sh -m real -M -e -t 1800 -s 512M -n "${port[$1]}" \
		-r "$work/root.img" -f tools/finject -f "$work/host.sh" \
		'sh host.sh' >"$work/$1.console" 2>&1 &
	guest[$1]=$!
}

# on NAME COMMAND: run it on a host
on()
{
	local name=$1

	shift
	timeout 60 ssh -F "$work/ssh" "$name" \
		"PATH=\$PATH:/usr/local/sbin:/usr/sbin:/sbin; $*"
}

# inventory: write how the hosts are reached
inventory()
{
	local name

	for name in "${guests[@]}"; do
		cat <<-END
			Host $name
				HostName 127.0.0.1
				Port ${port[$name]}
		END
	done >"$work/ssh"
	cat >>"$work/ssh" <<-END
		Host *
			User root
			IdentityFile $work/key
			IdentitiesOnly yes
			StrictHostKeyChecking no
			UserKnownHostsFile $work/known
			LogLevel ERROR
			ConnectTimeout 20
			ServerAliveInterval 5
			ServerAliveCountMax 3
			ControlMaster auto
			ControlPath $work/%n.ctl
			ControlPersist 300
	END
	printf '%s\n' '[fleet]' "${guests[@]}" >"$work/hosts"
	cat >"$work/ansible.cfg" <<-END
		[defaults]
		collections_path = $work/collections
		host_key_checking = false
		retry_files_enabled = false
		interpreter_python = /usr/bin/python3
		localhost_warning = false
		nocows = true
		timeout = 30
		[ssh_connection]
		ssh_args = -F $work/ssh
		pipelining = true
		transfer_method = piped
	END
	cat >"$work/experiment.yml" <<-END
		finject_install: copy
		finject_module_file: $ko
		finject_tool_file: $top/tools/finject
		finject_parameters: {max_flows: 5000}
		finject_name: fleet
		finject_rules: [seg=fin1 nth=1 dport=8080 drop]
		finject_results: $work/results
	END
}

# play STATUS NAME WORD...: run a playbook, which ends with this status
play()
{
	local wanted=$1 status=0

	said=$work/$2.said
	shift 2
	ANSIBLE_CONFIG=$work/ansible.cfg ANSIBLE_NOCOLOR=1 HOME=$work \
		timeout 500 ansible-playbook -i "$work/hosts" \
		-e "@$work/experiment.yml" "$@" >"$said" 2>&1 </dev/null || status=$?
	[ "$status" = "$wanted" ] || {
		echo "exit $status, not $wanted" >>"$said"
		return 1
	}
}

# changed NAME N: so much was changed there in the last play
changed()
{
	grep -qE "^$1 .* changed=$2 .* failed=0 " "$said"
}

# clean NAME: nothing of finject is at work on a host
clean()
{
	on "$1" '[ ! -e /sys/module/finject ] && [ ! -e /var/lib/finject/fleet ] &&
		! pgrep -x finject' || { echo "$1 is not clean" >>"$said"; return 1; }
}

# A close on a host, with one end in each of two processes.
cat >"$work/closes.py" <<'END'
import os, socket, time
def rises():
    lines = [line.split() for line in open('/proc/net/snmp') if line.startswith('Tcp:')]
    return int(dict(zip(*lines))['RetransSegs'])
before = rises()
server = socket.create_server(('127.0.0.1', 8080))
if not os.fork():
    client = socket.create_connection(('127.0.0.1', 8080))
    client.shutdown(socket.SHUT_WR)
    client.recv(1)
    os._exit(0)
end = server.accept()[0]
began = time.monotonic()
end.recv(1)
end.close()
os.wait()
print('retransmitted', rises() - before)
END

# parts of plays that the collection's own playbook has not
cat >"$work/begin.yml" <<'END'
- hosts: all
  gather_facts: false
  tasks:
    - include_role: {name: finject.finject.host}
    - include_role: {name: finject.finject.experiment, tasks_from: begin}
END
cat >"$work/end.yml" <<'END'
- hosts: all
  gather_facts: false
  tasks:
    - include_role: {name: finject.finject.experiment, tasks_from: end}
    - finject.finject.load: {state: absent}
END
cat >"$work/build.yml" <<'END'
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - include_role: {name: finject.finject.host, tasks_from: build}
END

# The archive is what the README says how to make.
test_collection()
{
	said=$work/collection.said
	(cd "$work" && ansible-galaxy collection build "$top/packaging/ansible" &&
	 ansible-galaxy collection install -p "$work/collections" \
		finject-finject-*.tar.gz) >"$said" 2>&1 &&
	(cd packaging && yamllint -s ansible) >>"$said" 2>&1 &&
	for name in load experiment; do
		ANSIBLE_COLLECTIONS_PATH=$work/collections HOME=$work \
			ansible-doc -t module finject.finject.$name >>"$said" 2>&1 ||
			return
	done
}

# Of sources, on a host with the headers of a kernel: this one.
test_build()
{
	git archive -o "$work/finject.tar" HEAD &&
	play 0 build "$work/build.yml" -e "{finject_source: $work/finject.tar,
		finject_build_directory: $work/built, finject_make: [
		'KDIR=$kdir', 'KBUILD_OUTPUT=${kbuild[3]#O=}',
		'INSTALL_MOD_PATH=$work/installed',
		'DESTDIR=$work/installed', 'DEPMOD=true']}" &&
	changed localhost '[1-9]' &&
	find "$work/installed" -name 'finject.ko*' | grep -q . &&
	[ -x "$work/installed/usr/local/sbin/finject" ]
}

# They are reached by ssh.
test_hosts()
{
	local name i

	said=$work/ssh.said
	for name in "${guests[@]}"; do
		for i in $(seq 60); do
			on "$name" true 2>"$said" && break
			sleep 2
		done
		[ "$i" != 60 ] || return 1
	done
}

# Nothing of a play in check mode is done.
test_check_mode()
{
	play 0 check "$work/begin.yml" --check &&
	for name in "${guests[@]}"; do
		changed "$name" '[1-9]' && clean "$name" || return
	done
}

test_begin()
{
	play 0 begin "$work/begin.yml" &&
	for name in "${guests[@]}"; do
		on "$name" finject list >>"$said" &&
		on "$name" cat /sys/module/finject/parameters/max_flows |
			grep -qx 5000 || return
	done
	[ "$(grep -c 'seg=fin1 .*timeout=' "$said")" = 3 ]
}

# The same again changes nothing, other words are refused.
test_idempotent()
{
	play 0 again "$work/begin.yml" &&
	for name in "${guests[@]}"; do
		changed "$name" 0 || return
	done
	play 2 other "$work/begin.yml" -e finject_install=present \
		-e finject_deadline=30 &&
	[ "$(grep -c 'runs with other words' "$said")" -ge 3 ]
}

# What happened on each host comes to the controller, and hosts are clean.
test_end()
{
	local name

	for name in "${guests[@]}"; do
		on "$name" python3 - <"$work/closes.py" >"$work/$name.closed" 2>&1
	done
	play 0 end "$work/end.yml" || return
	for name in "${guests[@]}"; do
		kept "$name" && clean "$name" || return
	done
	play 0 ended "$work/end.yml" || return
	for name in "${guests[@]}"; do
		changed "$name" 0 || return
	done
}

# kept NAME: the files of a host are there, and tell of a lost FIN
kept()
{
	local dir=$work/results/$1/fleet

	for file in events.log events.pcapng report.html results.tap junit.xml \
		run.json output; do
		[ -e "$dir/$file" ] || { echo "$1: no $file" >>"$said"; return 1; }
	done
	grep -q 'verdict=drop' "$dir/events.log" &&
		grep -q ' failures="0"' "$dir/junit.xml" &&
		tools/finject check "$dir/events.log" >>"$said"
}

# until_rules SEG NAME...: wait until the experiment has begun there
until_rules()
{
	local name i seg=$1

	shift
	for name; do
		for i in $(seq 60); do
			on "$name" 'finject list' 2>/dev/null | grep -q "$seg" && break
			sleep 2
		done
		[ "$i" != 60 ] || return 1
	done
}

# The experiment that the collection has as an example, on one host.
test_example()
{
	local status=0

	play 0 example finject.finject.experiment -l a -e '{"finject_rules": []}' \
		-e @packaging/ansible/playbooks/last-ack.yml -e finject_duration=40 &
	player=$!
	until_rules ack2 a || return
	on a python3 - <"$work/closes.py" >"$work/a.closed" 2>&1
	wait "$player" || status=1
	said=$work/example.said
	[ "$status" = 0 ] && clean a &&
		grep -q 'seg=ack2.*verdict=drop' \
			"$work/results/a/last-ack/events.log" &&
		grep -q '^ok .* seg=ack2 ' "$work/results/a/last-ack/results.tap"
}

# A host dies in the middle of the collection's own playbook: the others are
# collected, and clean.
test_dead_host()
{
	local status=0

	rm -rf "$work/results"
	play 4 dead finject.finject.experiment -e finject_install=present \
		-e finject_command='sleep 90' &
	player=$!
	until_rules fin1 a b c || return
	on a python3 - <"$work/closes.py" >"$work/a.closed" 2>&1
	on b python3 - <"$work/closes.py" >"$work/b.closed" 2>&1
	kill "${guest[c]}"
	wait "${guest[c]}"
	unset "guest[c]"
	wait "$player" || status=1
	said=$work/dead.said
	[ "$status" = 0 ] && kept a && kept b && clean a && clean b &&
		grep -q '^c .* unreachable=1' "$said" &&
		[ ! -e "$work/results/c/fleet" ]
}

# The controller dies: each host ends its experiment by itself; the kernel does
# where the process is stopped.
test_dead_controller()
{
	local began ended

	guests=(a b)
	printf '%s\n' '[fleet]' a b >"$work/hosts"
	(
		ANSIBLE_CONFIG=$work/ansible.cfg HOME=$work exec setsid \
			ansible-playbook -i "$work/hosts" -e "@$work/experiment.yml" \
			-e finject_install=present -e finject_deadline=60 -e finject_command='sleep 400' \
			finject.finject.experiment
	) >"$work/controller.said" 2>&1 </dev/null &
	player=$!
	said=$work/controller.said
	until_rules fin1 a b || return
	# setsid gave it a process group of its own
	kill -KILL -- "-$player"
	wait "$player" 2>/dev/null
	began=$SECONDS
	for name in a b; do
		on "$name" finject list | grep -q fin1 || return
	done
	on b pkill -STOP -x finject
	while on a finject list | grep -q fin1 || on b finject list | grep -q fin1; do
		[ $((SECONDS - began)) -lt 240 ] || return
		sleep 2
	done
	ended=$((SECONDS - began))
	echo "the rules ended $ended s after the controller" >>"$said"
	on a '! pgrep -x finject' && on b pgrep -x finject &&
	on a python3 - <"$work/closes.py" | tee -a "$said" | grep -qx 'retransmitted 0' &&
	# what was kept waits for whoever comes next
	play 0 collect "$work/end.yml" && clean a && clean b &&
		[ -e "$work/results/a/fleet/run.json" ] &&
		grep -q '"timed_out": true' "$work/results/a/fleet/run.json"
}

began=$SECONDS
ssh-keygen -q -t ed25519 -N '' -f "$work/key" || exit
make -s -C tools || exit
ko=$(selftests/qemu/module.sh "${KERNEL:-6.1}")/finject.ko || exit
# "make -C KDIR WORD..."
read -ra kbuild < <(selftests/qemu/kernel.sh "${KERNEL:-6.1}" make)
kdir=${kbuild[2]}
a_root
for name in "${guests[@]}"; do
	boot "$name"
done
inventory
[ $# -gt 0 ] || set -- collection hosts check_mode begin idempotent end example \
	dead_host dead_controller build
for part; do
	start=$SECONDS
	"test_$part"
	result $? "$part ($((SECONDS - start)) s)"
done
echo "took $((SECONDS - began)) s"
total
