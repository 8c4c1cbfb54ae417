#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: run-hung [PID...] prints the processes that are there, each with
# its state, the time it took, where it waits in the kernel and its stack there:
# what hung when a command's time is over. The kernel's own threads, init and
# the PIDs are left out.

most=40 # processes

# words PID: print the command line, cut off.
words()
{
	tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | cut -c-200
}

# cpu_time PID: print the processor's time that a process took, in seconds.
cpu_time()
{
	# the name, in parentheses, may contain blanks
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null |
	awk '{ printf "%.2f", ($12 + $13) / 100 }'
}

# threads PID: print the state, place and stack of each thread.
threads()
{
	for task in "/proc/$1/task"/*; do
		state=$(sed -n 's/^State:[ \t]*//p' "$task/status" 2>/dev/null)
		at=$(cat "$task/wchan" 2>/dev/null)
		[ "$at" != 0 ] || at=
		echo "    thread ${task##*/}: $state${at:+, waits in $at}"
		sed 's/^/      /' "$task/stack" 2>/dev/null | head -n 20
	done | head -n 100
}

init=$(words 1)
shown=0
for at in /proc/[0-9]*; do
	pid=${at#/proc/}
	line=$(words "$pid")
	case " $* $$ " in
	*" $pid "*) line= ;;
	esac
	case $line in
	"" | "$init") continue ;;
	esac
	shown=$((shown + 1))
	[ "$shown" -le $most ] || continue
	echo "  pid $pid: $line($(cpu_time "$pid") s of CPU)"
	threads "$pid"
done
[ "$shown" -le $most ] || echo "  and $((shown - most)) more processes"
