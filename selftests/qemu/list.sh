#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: run-list PROGRAM... runs kselftest programs one after the
# other, each with the time limit of ./settings, and says after each how it
# ended and whether the kernel complained meanwhile.
#   run-list --begin   forgets what the kernel has said so far
#   run-list --check   exits 1 and prints it if the kernel complained since

splat='BUG:|WARNING:|Oops|Kernel panic|general protection|KASAN|KCSAN|UBSAN'
splat="$splat|ODEBUG|refcount_t:|possible (circular|recursive|irq)|held lock"
splat="$splat|inconsistent lock|suspicious RCU|RCU used illegally|rcu.*stall"
splat="$splat|soft lockup|hard LOCKUP|blocked for more than|list_(add|del) corr"
splat="$splat|scheduling while atomic|sleeping function|unregister_netdevice:"
splat="$splat|kmemleak: [1-9]|[Dd]ouble free|Objects remaining|still has locks"
# What an out-of-tree, unsigned module sets: O and E.
taint_of_ours=$((1 << 12 | 1 << 13))
oopsed=$((1 << 7))

begin()
{
	dmesg -c >/run/dmesg
	: >/run/splats
	echo 0 >/run/taint
}

check()
{
	dmesg -c >/run/dmesg.new
	cat /run/dmesg.new >>/run/dmesg
	taint=$(($(cat /proc/sys/kernel/tainted) & ~taint_of_ours))
	if grep -qE "$splat" /run/dmesg.new; then
		tee -a /run/splats </run/dmesg.new
	elif [ $taint != "$(cat /run/taint)" ]; then
		echo "the kernel is tainted now: $taint" | tee -a /run/splats
	else
		return 0
	fi
	echo $taint >/run/taint
	return 1
}

run()
{
	echo "### begin $1"
	modprobe finject
	timeout -k 10 "$limit" "./$1"
	echo "### status $?"
	check || echo "### splat"
	echo "### end $1"
}

case $1 in
--begin) begin; exit ;;
--check) check; exit ;;
esac

limit=$(sed -n 's/^timeout=//p' settings 2>/dev/null)
: "${limit:=600}"
for program; do
	run "$program"
	# After an oops nothing that follows means anything.
	[ $(($(cat /proc/sys/kernel/tainted) & oopsed)) = 0 ] || break
done
