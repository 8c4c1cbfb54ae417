#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# words.sh: the documentation against module/vocabulary.h. Every word stands in
# the man page, in the ABI page, and on the page that explains it; the table of
# words.rst agrees on range, default and need. Names word and page if not.
set -eu
cd "$(dirname "$0")/../.."

docs=Documentation
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${CC:-gcc} -Wall -Imodule -o "$work/print" selftests/static/vocabulary.c
"$work/print" >"$work/lists"
: >"$work/missing"

# words LIST...: the words of those lists
words()
{
	for list; do
		sed -n "s/^$list //p" "$work/lists"
	done | tr ' ' '\n'
}

rule_words()
{
	sed -n 's/^word	\([a-z]*\)	.*/\1/p' "$work/lists"
}

# missing PAGE FORM: of the words on standard input, those that the text
# $work/text does not have in that form, an extended regex in which @ is the word
missing()
{
	while read -r word; do
		pattern=$(echo "$2" | sed "s/@/$word/g")
		grep -Eq -e "$pattern" "$work/text" ||
			echo "$1: no '$word'" >>"$work/missing"
	done
}

# man_section NAME: of the man page as it is read
man_section()
{
	mandoc -Tascii -Owidth=200 tools/man/finject.8 | sed 's/.\x08//g' |
		awk -v name="$1" '/^[A-Z]/ { on = $0 == name } on' >"$work/text"
}

# abi_entry FILE: what the ABI page says of a file
abi_entry()
{
	awk -v file="$1" '/^What:/ { on = $2 ~ "/" file "$" } on' \
		$docs/ABI/testing/debugfs-finject >"$work/text"
}

# page NAME
page()
{
	cp "$docs/$1" "$work/text"
}

# forms: the rule words as they are written, values of a list included
forms()
{
	awk -F'\t' '
	$1 != "word" { n = split($0, word, " ")
		       values = word[2]
		       for (i = 3; i <= n; i++)
			       values = values "\\|" word[i]
		       list[word[1]] = values
		       next }
	$4 == "FLAG" || $4 == "BARE" { print $2; next }
	$4 in list { print $2 "=" list[$4]; next }
	{ print $2 "=" }' "$work/lists"
}

# Language: a row in the man page and in the ABI page, an entry in rules.rst.
alone='(^|[[:space:]"(|=,`])@([[:space:]"`)|,.;:]|$)'
man_section RULES
forms | missing "finject.8, RULES" '^ +@( |$|[A-Z])'
words verb class group | tr ',' '\n' | missing "finject.8, RULES" "$alone"
abi_entry rules
forms | missing "debugfs-finject, rules" '^		@(	|$|[A-Z])'
words verb class group | tr ',' '\n' | missing "debugfs-finject, rules" "$alone"
page rules.rst
rule_words | missing rules.rst '^``(.*[ [`])?@(=.*)?``'
words verb | missing rules.rst '^``(.*)?@( .*)?``'
words class group HOOK BY DIR FAMILY DIST RESET PER | tr ',' '\n' |
	missing rules.rst "$alone"
page words.rst
words verb | missing words.rst '^``@( .*)?``'

# Records: record, keys, and what words can be their values.
man_section RECORDS
words record | missing "finject.8, RECORDS" '^ +@ '
words key | missing "finject.8, RECORDS" ' @=|^ +@='
words counter tally | missing "finject.8, RECORDS" ' @='
words verdict shape state limit HOOK | missing "finject.8, RECORDS" "$alone"
words flag | missing "finject.8, RECORDS" '[FSRPAUEC]*@[FSRPAUEC]*'
cp $docs/ABI/testing/debugfs-finject "$work/text"
words key | missing debugfs-finject '[ 	]@='
abi_entry stats
words counter tally | missing "debugfs-finject, stats" '[ 	]@='
words counter | missing "debugfs-finject, stats" '^		@ '
words limit | missing "debugfs-finject, stats" "$alone"
abi_entry flows
words shape | missing "debugfs-finject, flows" '^		@ '
words HOOK | missing "debugfs-finject, flows" '[ 	]@='
abi_entry events
words record | missing "debugfs-finject, events" '^		@ '
words verdict state HOOK | missing "debugfs-finject, events" "$alone"

# The keys of events are those of its records in the ABI page.
keys=$(grep -E '^		([a-z]+ )?[a-z]+=([ N]|$)' "$work/text" | tr ' ' '\n' |
	sed -n 's/=.*//p' | sort -u)
page events.rst
echo "$keys" | missing events.rst '^``@``'
words record | missing events.rst '^``@``'
words verdict HOOK | missing events.rst '``@``|[0-9] @[,. ]|[0-9] @$'
words state | missing events.rst "$alone"
sed -n '/^JSON$/,/^``finject watch/p' $docs/events.rst >"$work/text"
echo "$keys" | missing "events.rst, JSON" '``([a-z ]* )?@( [a-z ]*)?``'

page stages.rst
words class | missing stages.rst '^``@`` '
words shape | missing stages.rst '^@$'
page files.rst
words counter | missing files.rst '^``@``'
words limit | missing files.rst '- ``@``'

# The table: columns are where its first line has them.
awk -F'\t' -v page="words.rst" '
function wrong(word, column, says, wanted)
{
	printf "%s: %s of \"%s\" is \"%s\", not \"%s\"\n", page, column, word,
	       says, wanted
}
function trim(s) { gsub(/^ +| +$|`/, "", s); return s }
function range(kind, least, most)
{
	if (kind == "FLAG" || kind == "BARE")
		return "-"
	if (kind == "TIME")
		return (least > 0 ? "1ns" : "0s") " to 365 days"
	if (kind in fixed)
		return fixed[kind]
	if (kind in list)
		return list[kind]
	return least " to " most (kind == "TIMES" ? ", -1" : "")
}
BEGIN {
	fixed["SEED"] = "0 to 18446744073709551615"
	fixed["CHANCE"] = "0% to 100%"
	fixed["TAG"] = "1 to 31 characters"
	fixed["DEVICE"] = "1 to 15 characters"
	fixed["CIDR"] = "IPv4 or IPv6"
	unit["TIME"] = "ns us ms s"
	unit["CHANCE"] = "%"
}
FNR == NR && $1 != "word" {
	name = $0
	sub(/ .*/, "", name)
	sub(/^[^ ]* /, "")
	list[name] = $0
	next
}
FNR == NR {
	if (!ordered++) {
		gsub(/ [a-z]+,[a-z]+/, "", list["group"])
		fixed["CLASSES"] = list["class"] " " list["group"]
	}
	order[++count] = $2
	id[$3] = $2; kind[$2] = $4; least[$2] = $5; most[$2] = $6
	needs[$2] = $7; fallback[$2] = $8
	next
}
# A table begins with a rule of several parts.
/^==+ +==/ {
	columns = 0
	for (at = 1; match(substr($0, at), /=+/); at += RSTART + RLENGTH - 1) {
		start[++columns] = at + RSTART - 1
	}
	start[columns + 1] = length($0) + 3
	word = ""
	next
}
!NF { columns = 0 }
columns == 6 {
	first = trim(substr($0, start[1], start[2] - start[1]))
	sub(/=.*/, "", first)
	if (first != "")
		word = first
	for (i = 2; i <= columns; i++)
		cell[word, i] = trim(cell[word, i] " " trim(substr($0, start[i],
					start[i + 1] - start[i])))
}
END {
	for (i = 1; i <= count; i++) {
		word = order[i]
		if (!((word, 2) in cell)) {
			printf "%s: no \"%s\" in the table\n", page, word
			continue
		}
		want[2] = kind[word] in unit ? unit[kind[word]] : "-"
		want[3] = range(kind[word], least[word], most[word])
		want[4] = fallback[word] == "" ? "-" : fallback[word]
		want[5] = needs[word] == "NONE" ? "-" : id[needs[word]]
		for (c = 2; c <= 5; c++)
			if (cell[word, c] != want[c])
				wrong(word, cell["Word", c], cell[word, c], want[c])
	}
}' "$work/lists" $docs/words.rst >>"$work/missing"

! cat "$work/missing" | grep .
