# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The cases of one test that is a script, counted, as cases.h does for the
# programs.

script=${0##*/} cases=0 wrong=0

# is WHAT WANTED FOUND
is()
{
	cases=$((cases + 1))
	[ "$2" != "$3" ] || return 0
	wrong=$((wrong + 1))
	printf '%s: %s:\n  not %s\n  but %s\n' "${script%.sh}" "$1" "$2" "$3"
}

# cases_end: print how many there were; return whether none was wrong.
cases_end()
{
	echo "${script%.sh}: $cases cases, $wrong wrong"
	[ "$wrong" = 0 ]
}
