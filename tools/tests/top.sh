#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# top.sh FINJECT: finject top and other hosts, which a script stands in for:
# those that answer, end, cannot be reached, are silent, say too much or what is
# no look. Each is shown as what it is, none stops the others, none is left.
# shellcheck disable=SC2317 # functions are called by name
set -u
. "$(dirname "$0")/cases.sh"
tool=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FINJECT_SSH=$work/ssh

cat >"$work/ssh" <<'END'
#!/bin/bash
work=${0%/*}
echo "$*" >>"$work/asked"
echo $$ >>"$work/pids"
for host; do [ "$before" != -- ] || break; before=$host; done
row='"rules":1,"parked":0,"readers":0'
counted='"flows":2,"total":{"seen":4},"trouble":{}'
look()
{
	echo "{\"host\":\"there\",\"namespaces\":[{\"inum\":5,\"name\":\"$1\",$row,$counted,\"rates\":$2}]}"
}
case $host in
good*)
	look net-"$host" null
	while sleep 0.1; do look net-"$host" "{\"seen\":${host#good}.0}"; done ;;
banner)
	echo "Welcome"
	echo "Warning: the key was added" >&2
	look net-banner null
	echo "bye"
	exec sleep 1000 ;;
ends)
	look net-ends null
	echo "first complaint" >&2
	printf 'Connection lost\r\n' >&2
	exit 3 ;;
unfinished) printf 'no newline' >&2; exit 3 ;;
mute) exit 7 ;;
killed) kill -KILL $$ ;;
refused) echo "ssh: connect to host refused port 22: Connection refused" >&2; exit 255 ;;
escape) printf '\033[2Jgarbage\n'; exit 1 ;;
long) look net-long null; echo complaint >&2; head -c 400000 /dev/zero | tr '\0' x; exec sleep 1000 ;;
complains) look net-complains null; head -c 400000 /dev/zero | tr '\0' x >&2; exec sleep 1000 ;;
many) echo "{\"namespaces\":[0$(printf ',0%.0s' {1..512})]}"; exec sleep 1000 ;;
silent) exec sleep 1000 ;;
stubborn) trap '' TERM; look net-stubborn null; sleep 1000 & while :; do wait; done ;;
*) echo "no such host" >&2; exit 1 ;;
esac
END
chmod +x "$work/ssh"

# left: those of the groups of all that was started that do not end
left()
{
	for _ in {1..20}; do
		running >"$work/running" || return 0
		sleep 0.1
	done
	cat "$work/running"
}

running()
{
	sed 's/^\([0-9]*\) .*) \([A-Z]\) [0-9]* \([0-9]*\) .*/\3 \2 \1/' \
		/proc/[0-9]*/stat 2>/dev/null | grep -v ' Z ' |
		grep -Ee "^($(paste -sd '|' "$work/pids")) "
}

# top STATUS WORD...: run it; what it prints goes to $work/out and $work/err
top()
{
	wanted=$1
	shift
	: >"$work/asked"
	: >"$work/pids"
	timeout 60 "$tool" top "$@" >"$work/out" 2>"$work/err" </dev/null
	is "status of top $*" "$wanted" $?
	is "left behind by top $*" '' "$([ ! -s "$work/pids" ] || left)"
}

# has LINE: a line of the output, its blanks squeezed; none WORD: no such text
has()
{
	is "a line" "$1" "$(tr -s ' ' <"$work/out" | sed 's/ $//' | grep -xFm 1 -e "$1" ||
		cat "$work/out" "$work/err")"
}

none()
{
	is "lines with $1" '' "$(grep -aF -e "$1" "$work/out")"
}

# said WORDS: the first line of standard error
said()
{
	is "what is said" "finject: $*" "$(head -n 1 "$work/err")"
}

columns='host namespace rules flows parked readers seen/s dropped/s parked/s reset/s copies/s note'

top 0 --count 1 good1
has "$columns"
has 'good1 net-good1 1 2 0 0 - - - - - -'
is "lines of one look" 2 "$(wc -l <"$work/out" | tr -d ' ')"
is "what ssh is asked" '-oBatchMode=yes -oConnectTimeout=10 -- good1 finject top --json --delay 1.000' \
	"$(<"$work/asked")"

top 0 -d 0.5 --count 3 good2 good30 good4
is "what ssh is asked" 3 "$(grep -c -- ' finject top --json --delay 0.500$' "$work/asked")"
is "the order at first" 'good2 good30 good4 ' \
	"$(sed -n '2,4s/ .*//p' "$work/out" | tr '\n' ' ')"
is "an empty line between looks" 2 "$(grep -c '^$' "$work/out")"
is "the busiest first" 'good30 good4 good2 ' \
	"$(tail -n 3 "$work/out" | sed 's/ .*//' | tr '\n' ' ')"
has 'good30 net-good30 1 2 0 0 30.0 - - - - -'

top 1 --count 2 -d 0.2 good1 ends refused mute killed unfinished escape banner
has 'good1 net-good1 1 2 0 0 - - - - - -'
has 'banner net-banner 1 2 0 0 - - - - - -'
has 'ends: ended: Connection lost'
has 'refused: ended: ssh: connect to host refused port 22: Connection refused'
has 'mute: ended: exit status 7'
has 'killed: ended: exit status 137'
has 'unfinished: ended: no newline'
has 'escape: ended: ?[2Jgarbage'
none "$(printf '\033')"
none 'banner:'

top 1 --count 2 -d 2 good1 long many complains
has 'long: ended: a line of more than 262144 bytes'
is "a line that is no look" 2 "$(grep -c '^many: no answer yet: {"namespaces":\[0,0,' "$work/out")"
has 'complains net-complains 1 2 0 0 - - - - - -'
has 'good1 net-good1 1 2 0 0 1.0 - - - - -'
is "the longest line" 1 "$(awk 'length > 200 { long++ } END { print !long }' "$work/out")"

# It goes on without those that are silent, and ends when none is left.
top 0 --count 1 silent good1
has 'silent: no answer yet'
has 'good1 net-good1 1 2 0 0 1.0 - - - - -'
top 1 ends refused
top 0 --count 1 stubborn

# JSON: a line for each look and host
top 1 -j --count 2 -d 0.2 good1 refused
is "lines of JSON" 4 "$(grep -c '^{"time":[0-9]*\.[0-9]*,"host":".*}$' "$work/out")"
is "a host's namespaces" 2 \
	"$(grep -c '"host":"good1","namespaces":\[{"inum":5,"name":"net-good1",.*"rates":{*[^}]*}*}\]}$' "$work/out")"
is "a host's end" 2 \
	"$(grep -c '"host":"refused","error":"ended: ssh: .*","namespaces":\[\]}$' "$work/out")"

# However it ends, they do.
for number in INT TERM HUP KILL; do
	: >"$work/pids"
	"$tool" top good1 silent >/dev/null 2>&1 &
	shown=$!
	until [ "$(wc -l <"$work/pids")" = 2 ]; do sleep 0.05; done
	sleep 0.3
	# a shell ignores SIGINT for what it runs in the background
	kill -$number $shown
	wait $shown 2>/dev/null
	status=$?
	is "status after $number" $((128 + $(kill -l $number))) $status
	is "left behind after $number" '' "$(left)"
done

top 2 --delay 0 good1
said "--delay wants seconds, 0.1 to 3600, not \`0'"
for bad in 0.01 3601 -1 x 1x nan inf 1e1 '' 1.5.2; do
	top 2 --delay "$bad" good1
	said "--delay wants seconds, 0.1 to 3600, not \`$bad'"
done
for bad in 0 -1 x '' 1.5 99999999999999999999999; do
	top 2 --count "$bad" good1
	said "--count wants a number of looks, 1 or more, not \`$bad'"
done
top 0 --count 1 --delay 500ms good1
top 1 ''
said "\`' is no host"
top 1 good1 -- -oProxyCommand=touch
said "\`-oProxyCommand=touch' is no host"
# shellcheck disable=SC2046 # numbers
top 1 $(seq 33)
said "there are at most 32 hosts: \`33' is one too many"
FINJECT_SSH=/no/such/program top 1 --count 1 good1
has 'good1: ended: /no/such/program: No such file or directory'

cases_end
