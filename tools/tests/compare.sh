#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# compare.sh FINJECT: finject explore --compare tells what is new, gone, of
# another outcome or time, and tried in one file alone.
set -u
. "$(dirname "$0")/cases.sh"
finject=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# record FAULT OUTCOME MS FOUND [SENTENCE]: print a result, a line
record()
{
	printf '{"outcome":"%s","rules":"seg=fin1 %s %s","points":["fin1 #1 dport=80"],' \
		"$2" "$RANDOM" "$1"
	printf '"faults":["%s"],"found":[%s],"sentence":"%s",' "$1" "$4" "${5-}"
	printf '"repeat":"finject run %s","took":%s000000,"tries":2,"exit":0,' \
		"$1" "$3"
	printf '"left":[],"ladder":"</script>","output":"a\\nb"}\n'
}

head='{"explore":"1","command":"sh -c <b>","match":"","kernel":"6.1"}'
{
	echo "$head"
	record drop survived 100 ''
	record hold found 9000 '"timeout"' 'did not end'
	record delay survived 200 ''
	record duplicate survived 100 ''
	record reset found 100 '"exit"' 'exit status 1'
	record same survived 100 ''
	record old survived 100 ''
} >a
{
	echo "${head/6.1/6.12}"
	record drop found 100 '"exit"' 'exit status 7'
	record hold survived 8000 ''
	record delay slower 2000 ''
	record duplicate unreached 120 ''
	record reset found 110 '"exit", "sockets"' 'left a socket'
	record same survived 150 ''
	record young found 100 '"exit"' 'exit status 8'
} >b

finject()
{
	"$finject" explore --compare "$@" 2>&1
}

said=$(finject a b)
is "something new" 1 $?
is "the numbers" "new: 3, gone: 1, other outcome: 1, other time: 1, tried in one alone: 1, the same: 1" \
	"$(tail -n 1 <<<"$said")"
is "what changed" "NEW fin1 #1 dport=80, drop;NEW fin1 #1 dport=80, reset;NEW fin1 #1 dport=80, young;gone fin1 #1 dport=80, hold;outcome fin1 #1 dport=80, duplicate;time fin1 #1 dport=80, delay;missing fin1 #1 dport=80, old;" \
	"$(grep '^[A-Za-z]* fin1' <<<"$said" | tr '\n' ';')"
is "both sides" "NEW fin1 #1 dport=80, drop;  a: survived in 0.100 s;  b: found in 0.100 s: exit status 7;  again: finject run drop;" \
	"$(grep -A3 'port=80, drop' <<<"$said" | tr '\n' ';')"
is "tried in one" "  a: not tried" "$(grep -A1 'NEW.*young' <<<"$said" | tail -n 1)"
said=$(finject b a)
is "the other way round" 1 $?
is "one new" "NEW fin1 #1 dport=80, hold" "$(grep ^NEW <<<"$said")"
said=$(finject a a)
is "like itself" "0 the same: 7" "$? ${said##*, }"
grep -v '"hold"' a >c
finject a c >/dev/null
is "nothing new in less" 0 $?
is "as JSON" "7 new gone" \
	"$(finject -j a b | wc -l) $(finject -j a b | sed -n '1s/.*"change":"\([a-z]*\)".*/\1/p;2s/.*"change":"\([a-z]*\)".*/\1/p' | tr '\n' ' ' | sed 's/ $//')"
finject --page page.html a b >/dev/null
is "a page all the same" 1 $?
is "text stays text" "0 14" \
	"$(grep -c '<b>\|{{' page.html) $(grep -oF 'u003c\/script>' page.html | wc -l)"
is "a page that needs nothing" "" "$(grep -o 'https\?://[^"]*' page.html)"
finject --page /nowhere/page.html a a >/dev/null
is "no page" 121 $?

# refused WHAT WORD...: exit status 2, and a sentence
refused()
{
	what=$1
	shift
	said=$(finject "$@")
	is "$what" 2 $?
	is "$what: a sentence" "finject: " "${said:0:9}"
}

refused "one file" a
refused "three files" a b c
refused "a command" a b -- true
refused "TAP" --tap a b
refused "no such file" a nowhere
echo '{"a":1}' >d
refused "other JSON" a d
head -c 100000 /dev/urandom >e
refused "no JSON" a e

cases_end
