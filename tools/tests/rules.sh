#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# rules.sh TOOL: a file of rules that its user did not mean is refused before
# anything is asked of the kernel: one without a rule, with a byte order mark,
# or with CR LF.
set -u
. "$(dirname "$0")/cases.sh"
tool=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refused VERB STATUS REASON: of the file $work/rules
refused()
{
	case $1 in
	run) said=$("$tool" run -r "$work/rules" -- true 2>&1) ;;
	*) said=$("$tool" restore "$work/rules" 2>&1) ;;
	esac
	got=$?
	found="$got $said"
	case $found in
	"$2 "*"$work/rules: $3"*) found="$2 $3" ;;
	esac
	is "$1" "$2 $3" "$found"
}

both()
{
	refused restore 1 "$1"
	refused run 125 "$1"
}

: >"$work/rules"
both "there is no rule in it"
printf '# a comment\n\n \t\n' >"$work/rules"
both "there is no rule in it"
printf '\357\273\277seg=fin1 port=1 drop\n' >"$work/rules"
both "it begins with a byte order mark"
printf '# one\nseg=fin1 port=1 drop\r\n' >"$work/rules"
both "line 2 ends in CR LF"
# what save writes where there is no rule: restore takes it, run does not
printf '# no rules\n' >"$work/rules"
refused run 125 "there is no rule in it"
cases_end
