#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: run-list PROGRAM... runs kselftest programs one after the
# other, each with the time limit of ./settings, and prints after each how it
# ended and whether the kernel complained meanwhile.
#   run-list --begin   forgets the kernel's messages so far
#   run-list --check   exits 1 and prints them if the kernel complained since
#   run-list --leaks   does the same, also if memory has leaked

splat='BUG:|WARNING:|Oops|Kernel panic|general protection|KASAN|KCSAN|UBSAN'
splat="$splat|ODEBUG|refcount_t:|possible (circular|recursive|irq)|held lock"
splat="$splat|inconsistent lock|suspicious RCU|RCU used illegally|rcu.*stall"
splat="$splat|soft lockup|hard LOCKUP|blocked for more than|list_(add|del) corr"
splat="$splat|scheduling while atomic|sleeping function|unregister_netdevice:"
splat="$splat|unreferenced object|[Dd]ouble free|Objects remaining|still has locks"
splat="$splat|leaked reference|[Ii]nvalid wait context"
# The taints of an out-of-tree, unsigned module: O and E; and of KUnit: N.
taint_of_ours=$((1 << 12 | 1 << 13 | 1 << 18))
# S is that of clearcpuid=, for guest.sh -c.
! grep -q clearcpuid= /proc/cmdline || taint_of_ours=$((taint_of_ours | 1 << 2))
oopsed=$((1 << 7))
kmemleak=/sys/kernel/debug/kmemleak
kcsan=/sys/kernel/debug/kcsan

begin()
{
	[ ! -e $kcsan ] || echo on >$kcsan
	dmesg -c >/run/dmesg
	: >/run/splats
	echo 0 >/run/taint
}

# leaks: print the reports of kmemleak. It reports nothing younger than 5 s, and
# only what two scans agree on. Leaks of the kernel itself are left out: those
# from before there was a process (in ACPI), and, before 6.2, the name of a slab
# cache for which there was no memory.
leaks()
{
	[ -e $kmemleak ] || return 0
	sleep 6
	if echo scan >$kmemleak && echo scan >$kmemleak; then
		awk '
		function flush()
		{
			if (report && report !~ /comm "swapper\/|sysfs_slab_add/)
				printf "%s", report
			report = ""
		}
		/^unreferenced object/ { flush() }
		{ report = report $0 "\n" }
		END { flush() }' $kmemleak
	else
		echo "BUG: kmemleak has stopped"
	fi
}

# ours: omit the first lines of KCSAN's reports in which finject takes no part;
# the kernel has its own races. Interrupted code takes no part in what the
# interrupt does.
ours()
{
	awk '
	function flush(    i) {
		for (i = 1; i <= n; i++)
			if (i > 1 || mine) print line[i]
		n = mine = 0
	}
	/BUG: KCSAN: / { flush(); n = 1; line[1] = $0; mine = /finject/; next }
	n && /====*$/ { flush() }
	n && /:$/ { below = 0 }
	n && / asm_(sysvec_|common_interrupt)/ { below = 1 }
	n { line[++n] = $0; if (/\[finject/ && !below) mine = 1; next }
	{ print }
	END { flush() }'
}

check()
{
	dmesg -c | ours >/run/dmesg.new
	[ "${1-}" != leaks ] || leaks >>/run/dmesg.new
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
--leaks) check leaks; exit ;;
esac

limit=$(sed -n 's/^timeout=//p' settings 2>/dev/null)
: "${limit:=600}"
for program; do
	run "$program"
	# After an oops later results are meaningless.
	[ $(($(cat /proc/sys/kernel/tainted) & oopsed)) = 0 ] || break
done
