#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A part of the matrix: closes under one fault and under two, chosen by a fixed
# seed. Also that it notices a case that is not as it should be.

. "$(dirname "$0")/tap.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

finject matrix -h >/dev/null 2>&1 || skip_all "no tool"

# Print what is not as it should be.
finject matrix --sample 120 --pairs 240 --tap --page "$work/page.html" \
	>"$work/tap" 2>"$work/progress"
result $? "no case is bad"
grep -A 40 "^not ok" "$work/tap" | sed 's/^not ok/# not ok/'

grep -qc "^ok .* v6 both linger0$" "$work/tap" &&
	[ "$(grep -c '^ok' "$work/tap")" -gt 300 ]
result $? "more than 300 cases"

# A fault whose rule is not met says so; most are met.
[ "$(grep -c '^# not-met' "$work/tap")" -lt 100 ] &&
	[ "$(grep -c '^# undecided' "$work/tap")" -lt 10 ]
result $? "most faults are met, and most cases decided"

grep -q '<td class=ok' "$work/page.html" && grep -q '</html>' "$work/page.html"
result $? "the page"

# The second transmission of a FIN that is never sent again.
finject matrix family=v4 first=A how=close fin1.2.drop -j 2>/dev/null |
	grep -q '"faults":\["fin1.2.drop"\],"result":"not-met"'
result $? "a fault that is not met"

# What was observed is a log for `check'.
finject matrix family=v4 first=A how=close fin1.1.drop -o "$work/log" \
	>/dev/null 2>&1 && finject check "$work/log" | grep -q '1 ok'
result $? "the log of a case"

finject namespaces | grep -q '^no namespace'
result $? "nothing stays behind"

plan
