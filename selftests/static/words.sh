#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# words.sh: the documentation against module/vocabulary.h. Every word stands in
# the man page, in the ABI page, and on the page that explains it; the table of
# words.rst agrees on range, default and need. Names word and page if not.
# shellcheck disable=SC2016 # the backquotes are those of reStructuredText
set -eu
cd "$(dirname "$0")/../.."

docs=Documentation
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${CC:-gcc} -Wall -Imodule -o "$work/print" selftests/static/vocabulary.c
"$work/print" >"$work/lists"
: >"$work/missing"

# words LIST...: the words of those lists. No page has the name of a list that is
# not there.
words()
{
	for list; do
		sed -n "s/^$list //p" "$work/lists" | grep . ||
			echo "a-list-of-$list"
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
	form=$2 awk -v page="$1" '
	!words { line[++lines] = $0; next }
	{
		form = ENVIRON["form"]
		gsub(/@/, $0, form)
		for (i = 1; i <= lines && line[i] !~ form; i++)
			;
		if (i > lines)
			printf "%s: no \047%s\047\n", page, $0
	}' "$work/text" words=1 - | sed 's/\[|\]/|/g' >>"$work/missing"
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
			       values = values "[|]" word[i]
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
words verdict shape state socket cause limit HOOK |
	missing "finject.8, RECORDS" "$alone"
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
words verdict state socket cause HOOK |
	missing "debugfs-finject, events" "$alone"

# The keys of events are those of its records in the ABI page.
keys=$(grep -E '^		([a-z]+ )?[a-z]+=([ N]|$)' "$work/text" | tr -s ' \t' '\n' |
	sed -n 's/=.*//p' | sort -u)
page events.rst
echo "$keys" | missing events.rst '^``@``'
words record | missing events.rst '^``@``'
words verdict socket cause HOOK | missing events.rst '``@``'
words numbered | sed 's/_/ /' | missing "events.rst, tracepoints" '[ :]@(,|$)'
words state | missing events.rst "$alone"
sed -n '/^JSON$/,/^``finject watch/p' $docs/events.rst >"$work/text"
echo "$keys" | missing "events.rst, JSON" '``([a-z ]* )?@( [a-z ]*)?``'

page stages.rst
words class | missing stages.rst '^``@`` '
words shape | missing stages.rst '^@$'
page files.rst
words counter | missing files.rst '^``@``'
words limit | missing files.rst '- ``@``'

# The table of words.rst.
awk -F'\t' -f selftests/static/words.awk "$work/lists" $docs/words.rst \
	>>"$work/missing"

! grep . "$work/missing"
