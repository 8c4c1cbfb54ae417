# SPDX-License-Identifier: GPL-2.0-only
#
# words.awk: the table of Documentation/words.rst against the words of a rule, as
# vocabulary.c prints them: unit, range, default, need. Usage:
#
#	awk -F'\t' -f words.awk LISTS words.rst

function wrong(word, column, says, wanted)
{
	printf "words.rst: %s of '%s' is '%s', not '%s'\n", column, word, says,
	       wanted
}
# same: the same words, in any order
function same(a, b,	n, i, wanted, have)
{
	n = split(a, wanted, " ")
	if (n != split(b, have, " "))
		return 0
	for (i = 1; i <= n; i++)
		if (index(" " b " ", " " wanted[i] " ") == 0)
			return 0
	return 1
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
	unit["TIME"] = "ns us ms s min"
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
			printf "words.rst: no '%s' in the table\n", word
			continue
		}
		want[2] = kind[word] in unit ? unit[kind[word]] : "-"
		want[3] = range(kind[word], least[word], most[word])
		want[4] = fallback[word] == "" ? "-" : fallback[word]
		want[5] = needs[word] == "NONE" ? "-" : id[needs[word]]
		for (c = 2; c <= 5; c++)
			if (!same(cell[word, c], want[c]))
				wrong(word, cell["Word", c], cell[word, c], want[c])
	}
}
