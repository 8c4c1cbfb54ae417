#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# hostile.sh FINJECT: read files that no finject wrote. Each is refused with a
# sentence or judged and drawn; none ends the tool by a signal or a sanitizer,
# and none sends control characters to the terminal.
set -u
. "$(dirname "$0")/cases.sh"
finject=$1
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

wrong()
{
	wrong=$((wrong + 1))
	echo "hostile: $*"
	head -n 20 "$work/err"
}

# try WANT WORD...: WANT is a pattern of exit statuses
try()
{
	want=$1
	shift
	cases=$((cases + 1))
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 timeout 60 \
		"$finject" "$@" <"$work/in" >"$work/out" 2>"$work/err"
	status=$?
	# shellcheck disable=SC2254 # it is a pattern
	case $status in
	$want) ;;
	*) wrong "$* exits with $status, not $want" ;;
	esac
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" \
		"$work/out" "$work/err" &&
		wrong "$* lets control characters through"
}

# every WANT NAME: pass the file "in" to every command that reads logs
every()
{
	cp "$work/in" "$work/$2"
	try "$1" check "$work/$2"
	try "$1" check -j -
	try "$1" report "$work/$2"
	try "$1" report --svg 1 -
}

good=$here/ladder/fin1-lost.log

# Cut off a log anywhere: the last line is left out, and that is said.
size=$(wc -c <"$good")
cut=0
while [ "$cut" -lt "$size" ]; do
	head -c "$cut" "$good" >"$work/in"
	try '[01]' check -
	case $cut,$(tail -c 1 "$work/in") in
	0,* | *,) ;;
	*) grep -q 'cut off' "$work/err" || wrong "a cut is not said" ;;
	esac
	try 0 report -
	cut=$((cut + 97))
done

{ cat "$good"; printf 'seg t=\0001 flow=1\n'; } >"$work/in"
every 2 nul
grep -q NUL "$work/err" || wrong "a NUL is not named"

printf 'sk t=1 flow=1 src=\033[2J dst=b from=A to=B\n' >"$work/in"
every 2 escape

head -c 300000 /dev/zero | tr '\0' 'x' >"$work/in"
every 2 one-word
{ printf seg; head -c 300000 /dev/zero | sed 's/\x0/ a=b/g'; } >"$work/in"
every 2 many-words
{ printf 'sk t=1 src='; head -c 300000 /dev/zero | tr '\0' 'x'; } >"$work/in"
every 2 long-value

printf '%s' "$(cat "$good")" >"$work/in"
every '[01]' no-newline
tr '\n' '\r' <"$good" >"$work/in"
every '[012]' carriage-returns
: >"$work/in"
every '[012]' empty
seq 20000 | sed 's/.*/lost=18446744073709551615/' >"$work/in"
every '[012]' lost
sed 's/\(t\|seq\|ack\|len\)=[0-9]*/\1=18446744073709551615/g' "$good" \
	>"$work/in"
every '[012]' greatest
sed 's/\(t\|seq\|ack\|len\)=[0-9]*/\1=-1/g' "$good" >"$work/in"
every '[012]' below-zero
sed 's/=[^ ]*//g' "$good" >"$work/in"
every '[012]' no-values

# JSON that no finject wrote.
for text in '{' '{}' '[]' '{"record":7,"t":1}' '{"record":"sk","t":1.5}' \
	'{"record":"sk","t":{"a":1}}' '{"record":"sk","src":"a b"}' \
	'{"record":"sk","src":"\u001b[2J","dst":"b"}' '{"record":"seg","seg":[]}' \
	'{"record":"seg","seg":[["fin1"]]}' '{"record":"sk"} {"record":"sk"}' \
	'{"record":"sk\nlost=7"}' '{"record":"","t":1}' '{"a b":1,"record":"sk"}'; do
	printf '%s\n' "$text" >"$work/in"
	every 2 json
done
{ printf '{"record":"sk","t":'; head -c 100000 /dev/zero | tr '\0' '['; echo; } \
	>"$work/in"
every 2 nested

# What is no log at all is no log that was cut off either.
printf 'word' >"$work/in"
every 2 word
printf '{"closes":[]}' >"$work/in"
every 2 object

# A verdict of a later module is drawn by its name, and not judged.
sed 's/verdict=drop/verdict=mangle/' "$good" >"$work/in"
every 0 verdict
try 0 check -
grep -q '^undecided' "$work/out" || wrong "a strange verdict is judged"

try 2 check "$work"
try 2 check "$work/none"

# The kernel checks rules, but a NUL would hide the text behind it.
printf 'add seg=fin1 port=1 drop\0\nadd seg=fin2 port=2 drop\n' >"$work/in"
try '[12]' restore -
grep -q NUL "$work/err" || wrong "restore takes a NUL"

cases_end
