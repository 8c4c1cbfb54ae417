# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# TAP of the tests that are scripts. Where a script sets said=FILE, that is what
# its last test said: it comes before the line of one that failed.

number=0 failed=0 skipped=0

# skip_all REASON...: end; nothing can be tested here.
skip_all()
{
	echo "1..0 # SKIP $*"
	exit 4
}

# skip NAME REASON
skip()
{
	number=$((number + 1)) skipped=$((skipped + 1))
	echo "ok $number $1 # SKIP $2"
}

# result STATUS NAME
result()
{
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number $2"
		return
	fi
	failed=$((failed + 1))
	[ ! -s "${said-}" ] || tail -n 60 "$said" | sed 's/^/# /'
	echo "not ok $number $2"
}

# expect NAME COMMAND...: expect that the command succeeds.
expect()
{
	name=$1
	shift
	"$@" >"$said" 2>&1
	result $? "$name"
}

# plan: print the plan; return whether none failed.
plan()
{
	echo "1..$number"
	[ "$failed" = 0 ]
}

# total: print the last line as a suite does; return whether none failed.
total()
{
	echo "$((number - failed - skipped)) passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
