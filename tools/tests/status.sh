#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# status.sh FINJECT: finject(8) and tool.rst list the exit statuses of status.h,
# no more and no fewer, and the tool exits with those that need no kernel.
set -u
. "$(dirname "$0")/cases.sh"
tool=$1
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# exits STATUS WORD...
exits()
{
	wanted=$1
	shift
	"$tool" "$@" >"$work/out" 2>"$work/err" </dev/null
	is "finject $*" "$wanted" $?
}

# list: numbers, one a line, as one line
list()
{
	sort -n | grep . | tr '\n' ' '
}

statuses=$(sed -n 's/^	[A-Z_]* = \([0-9]*\),$/\1/p' common/status.h | list)
# shellcheck disable=SC2016 # the backquotes are those of reStructuredText
is tool.rst "$statuses" "$(sed -n 's/^``\([0-9][0-9]*\).*``  .*/\1/p' \
	../Documentation/tool.rst | list)"
is finject.8 "$statuses" "$(sed -n '/^\.SH EXIT STATUS/,/^\.SH SEE/s/^\.B \([0-9]*\).*/\1/p' \
	man/finject.8 | list)"

good=tests/ladder/fin1-lost.log
exits 0 check $good
exits 0 check --strict $good
: >"$work/empty"
exits 0 check "$work/empty"
exits 1 check --strict "$work/empty"
# what is lost may be anything
{ cat $good; echo lost=1; } >"$work/undecided"
exits 0 check "$work/undecided"
grep -q '^undecided' "$work/out" || is "a log with losses" undecided ok
exits 1 check --strict "$work/undecided"
exits 1 check -j --strict "$work/undecided"
echo word >"$work/none"
exits 2 check "$work/none"
exits 2 no-such-verb
exits 2 run port=1 drop
for bad in 5 5x 0s -1s 1.2.3s ms 1e3s 600000min; do
	exits 2 run --timeout $bad port=1 drop -- true
done
exits 2 run --expect departs port=1 drop -- true
exits 2 run --strict port=1 drop -- true
exits 2 run --peer 1 port=1 drop -- true
exits 2 run --log "$work/log" -p 1 -p 1 -p 1 -p 1 -p 1 -p 1 -p 1 -p 1 -p 1 \
	port=1 drop -- true
exits 125 run -- true
exits 125 run --must-fire --log "$work/log" -- true

# Without the module it is said once, by whoever asks.
if [ ! -d /sys/kernel/debug/finject ]; then
	for words in demo 'demo port=1 drop' list top 'top localhost' 'run port=1 drop -- true' \
		"run --log $work/log port=1 drop -- true"; do
		status=1
		case $words in run*) status=125 ;; esac
		# shellcheck disable=SC2086 # words
		exits $status $words
		is "lines of finject $words" 1 "$(wc -l <"$work/err" | tr -d ' ')"
	done
fi

cases_end
