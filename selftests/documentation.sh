#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run each example of Documentation/*.rst, and compare its result.
#
# An example is the literal block after one of these comments:
#   .. test: rules     rule text; one write, all of it accepted; the rules as
#                      read back are accepted again and read the same
#   .. test: refused   an entry of error_log; its line is refused with it
#   .. test: shell     a session as root; one sh runs the lines with "# ", the
#                      others are its output: blanks do not count, "..." stands
#                      for anything
# Each is run in its own network namespace.

FILES=/sys/kernel/debug/finject
cd "$(dirname "$0")" || exit 1
. ./tap.sh

# split FILE: write its examples to $work/FILE:LINE.KIND, without indentation.
split()
{
	awk -v out="$work/$(basename "$1")" '
	function indent(s) { match(s, /^ */); return RLENGTH }
	function end() { if (name) close(name); name = kind = "" }
	/^ *\.\. test: [a-z]+$/ { end(); kind = $3; next }
	kind && !name && /^ *::$/ {
		name = sprintf("%s:%04d.%s", out, NR, kind)
		at = -1
		next
	}
	!name { next }
	/^ *$/ { blank = blank "\n"; next }
	at < 0 { at = indent($0); blank = "" }
	indent($0) < at { end(); next }
	{ printf "%s%s\n", blank, substr($0, at + 1) >name; blank = "" }
	' "$1"
}

# submit FILE: write it as one write
submit()
{
	dd bs=64k if="$1" of="$FILES"/rules 2>/dev/null
}

try_rules()
{
	if ! submit "$1"; then
		cat "$FILES"/error_log
		return 1
	fi
	cat "$FILES"/rules >"$work/first"
	{ echo flush; cat "$work/first"; } >"$work/again"
	submit "$work/again" && diff "$work/first" "$FILES"/rules
}

try_refused()
{
	sed -n '2s/^  //p' "$1" >"$work/line"
	if submit "$work/line"; then
		echo "accepted"
		return 1
	fi
	diff "$1" "$FILES"/error_log
}

# as_pattern: convert a line of output to a pattern of sh
as_pattern()
{
	sed 's/[][*?\\]/\\&/g; s/\.\.\./*/g; s/[ 	][ 	]*/ /g; s/^ //; s/ $//'
}

try_shell()
{
	ip link set lo up
	# Each command is echoed as it stands in the session, then run.
	sed -n 's/^# //p' "$1" | while IFS= read -r line; do
		printf "cat <<'END'\n# %s\nEND\n%s\n" "$line" "$line"
	done >"$work/script"
	sh "$work/script" >"$work/output" 2>&1 </dev/null
	sed 's/[ 	][ 	]*/ /g; s/^ //; s/ $//' "$work/output" >"$work/got"
	as_pattern <"$1" >"$work/want"

	exec 3<"$work/want" 4<"$work/got"
	while IFS= read -r want <&3; do
		got=''
		IFS= read -r got <&4 || got='(no more output)'
		# shellcheck disable=SC2254 # it is a pattern
		case $got in
		$want) ;;
		*)
			echo "wanted: $want"
			echo "got:    $got"
			return 1
			;;
		esac
	done
	if IFS= read -r got <&4; then
		echo "too much: $got"
		return 1
	fi
}

# This script runs itself in a namespace: documentation.sh KIND FILE
if [ $# = 2 ]; then
	work=$(dirname "$2")
	case $1 in
	rules) try_rules "$2" ;;
	refused) try_refused "$2" ;;
	shell) try_shell "$2" ;;
	esac
	exit
fi

docs=''
for dir in Documentation ../Documentation; do
	[ -z "$docs" ] && [ -e "$dir/rules.rst" ] && docs=$dir
done
[ "$docs" ] || skip_all "there is no Documentation here"
[ -d "$FILES" ] || skip_all "the module is not loaded, or debugfs not mounted"
unshare -n true 2>/dev/null || skip_all "no network namespaces, or not root"

work=$(mktemp -d) || exit 1
said=$work/said
trap 'rm -rf "$work"' EXIT
for rst in "$docs"/*.rst; do
	split "$rst"
done
set -- "$work"/*.rules "$work"/*.refused "$work"/*.shell
echo "TAP version 13"
echo "1..$#"
for example; do
	name=$(basename "$example")
	expect "$name" unshare -n sh "./$(basename "$0")" "${name##*.}" "$example"
done
[ "$failed" = 0 ]
