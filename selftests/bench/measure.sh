# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Measure, and check what was measured. A line of the output is
#
#   sample KEY FIGURE...
#
# with the figures of one repeat.

FINJECT=/sys/kernel/debug/finject

fail()
{
	echo "failed: $*"
	exit 1
}

# sample KEY COMMAND...: repeat; the first repeat after a change is off, and is
# not printed.
sample()
{
	key=$1
	shift
	"$@" >/dev/null || fail "$key: $*"
	i=0
	while [ $i -lt "$REPEATS" ]; do
		said=$("$@") || fail "$key: $*"
		echo "sample $key $said"
		i=$((i + 1))
	done
}

# once KEY COMMAND...: what cannot be repeated.
once()
{
	key=$1
	shift
	said=$("$@") || fail "$key: $*"
	echo "sample $key $said"
}

# stat LINE KEY: a number of the file stats; LINE is a word, or a name of a limit.
stat()
{
	awk -v line="$1" -v key="$2" '
	$1 == line || ($1 == "limit" && $2 == "name=" line) {
		for (i = 2; i <= NF; i++)
			if (index($i, key "=") == 1) {
				print substr($i, length(key) + 2)
				exit
			}
	}' $FINJECT/stats
}

# at_least COUNT LINE KEY: see that finject counted so much.
at_least()
{
	had=$(stat "$2" "$3")
	[ "${had:-0}" -ge "$1" ] || fail "$2 $3 is ${had:-0}, less than $1"
}

# fresh: load the module again, without rules, flows and parked segments.
fresh()
{
	[ ! -d /sys/module/finject ] || rmmod finject || fail "rmmod"
	modprobe finject max_rules=20000 || fail "modprobe"
}

unload()
{
	[ ! -d /sys/module/finject ] || rmmod finject || fail "rmmod"
}

# rules LINE...: write lines as one transaction.
rules()
{
	printf '%s\n' "$@" >$FINJECT/rules || fail "rules: $*"
}

# rule_lines KIND COUNT: rules that no close here matches.
rule_lines()
{
	awk -v kind="$1" -v n="$2" '
	function words(kind, i) {
		if (kind == "ports")
			return "seg=fin1 port=" 10000 + i
		if (kind == "addresses")
			return "seg=fin1 addr=10." int(i / 256) "." i % 256 ".1"
		if (kind == "addresses6")
			return sprintf("seg=fin1 addr=fd07::%x", i + 1)
		if (i % 3 == 0)
			return "seg=fin1 dir=in iif=none" i
		return i % 3 == 1 ? "seg=fin1 mark=" i : "seg=rst nth=" i + 1
	}
	BEGIN {
		split("ports addresses neither", each)
		for (i = 0; i < n; i++)
			print "add", words(kind == "mixed" ? \
					   each[i % 3 + 1] : kind, i), "drop"
	}'
}

# write_rules KIND COUNT
write_rules()
{
	rule_lines "$1" "$2" | ./traffic write $FINJECT/rules >/dev/null
	[ "$(stat rules now)" = "$2" ] || fail "not $2 rules of $1"
}
