#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The tracepoints have the same content as events, and the one-liners of
# events.rst for trace-cmd, perf and bpftrace work, where those tools exist.

. "$(dirname "$0")/tap.sh"

TRACING=/sys/kernel/tracing

# need PROGRAM TEST
need()
{
	command -v "$1" >/dev/null && return
	skip "$2" "no $1 here"
	return 1
}

# as_events FILE: convert the tracepoints' lines to those of events, without t=
as_events()
{
	sed -n 's/.*finject_segment: /seg /p
		s/.*finject_socket: /sk /p
		s/.*finject_outcome: /outcome /p' "$1" |
	sed 's/ nth={[^}]*}//; s/ rule=0 / rule=- /; s/ partial=0$//
		s/ conn=$//; s/ conn= / /' | sort
}

tracefs_says_what_events_say()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/finject/enable
	"$closes" >"$said"
	echo 0 >$TRACING/events/finject/enable
	cat $TRACING/trace >"$work/trace"
	as_events "$work/trace" | sed '/^seg /s/ parked=0 copy=0//' >"$work/traced"
	grep -E '^(seg|outcome|sk) ' "$TMPDIR/trace.log" | grep -v ' flow=0 ' |
		sed 's/ t=[0-9]*//; s/ nth=[0-9,]*//; s/ netns=[^ ]*//' |
		sort >"$work/events"
	[ -s "$work/events" ] || return 1
	diff "$work/events" "$work/traced" >"$said"
}

# The router of this scenario translates what A sends.
tracefs_says_the_connection()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/finject/enable
	finject scenario run half-close-outlives-nat >"$said"
	echo 0 >$TRACING/events/finject/enable
	grep 'finject_segment: .*hook=' $TRACING/trace >"$work/trace"
	conn='conn=[0-9.]*:[0-9]*-[0-9.]*:[0-9]*'
	grep -q "seg=fin1 .* conn= partial=0\$" "$work/trace" &&
		grep -q "seg=fin1 .* $conn partial=0\$" "$work/trace"
}

trace_cmd()
{
	cd "$work" || return 1
	trace-cmd record -e finject "$closes" >"$said" 2>&1
	trace-cmd report >"$work/report" 2>>"$said"
	grep -q 'finject_verdict:.*verdict=delay' "$work/report" &&
		grep -q 'finject_outcome:.*verdict=released' "$work/report"
}

perf_record()
{
	cd "$work" || return 1
	perf record -a -e 'finject:*' -o perf.data "$closes" >"$said" 2>&1
	perf script -i perf.data >"$work/report" 2>>"$said"
	grep -q 'finject:finject_verdict.*verdict=delay' "$work/report" &&
		grep -q 'finject:finject_outcome.*verdict=released' "$work/report"
}

bpftrace_count()
{
	bpftrace -c "/bin/sh $closes" -e '
tracepoint:finject:finject_verdict { @fired[args->rule] = count(); }
tracepoint:finject:finject_outcome { @parked_ms = hist(args->parked / 1000000); }
' >"$said" 2>&1
	grep -q '@fired\[1\]: 1' "$said" &&
		grep -q '@parked_ms:' "$said"
}

[ -d $TRACING/events/finject ] ||
	skip_all "no finject tracepoints: not loaded, or tracefs not mounted"
command -v finject >/dev/null || skip_all "no finject tool here"
: "${TMPDIR:=/tmp}"
closes=$TMPDIR/trace-close
work=$(mktemp -d) || exit 1
said=$work/said
trap 'rm -rf "$work" "$closes" "$TMPDIR/trace.log"' EXIT
cat >"$closes" <<END
#!/bin/sh
exec finject demo -o $TMPDIR/trace.log seg=fin2 nth=1 delay=300ms
END
chmod +x "$closes"
echo "TAP version 13"
echo "1..5"
tracefs_says_what_events_say
result $? tracefs_says_what_events_say
tracefs_says_the_connection
result $? tracefs_says_the_connection
if need trace-cmd trace_cmd; then trace_cmd; result $? trace_cmd; fi
if need perf perf_record; then perf_record; result $? perf_record; fi
if need bpftrace bpftrace_count; then
	bpftrace_count
	result $? bpftrace_count
fi
[ "$failed" = 0 ]
