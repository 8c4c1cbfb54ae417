#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# round-trip.sh LIST: in the guest, make a close under each line of faults.list,
# derive rules from the log of the observer alone, and make a close under these:
# the observer must see the same.
cd /tmp || exit
say()
{
	printf '%s\n' "$*"
}

# seen PLACES LOG: the records of these namespaces
seen()
{
	sed -n "s/ netns=[$1]\$//p" "$2"
}

n=0 wrong=0
while IFS='|' read -r end observer rule; do
	case $end in '#'*) continue ;; esac
	n=$((n + 1))
	finject demo -a -e "$end" -o first.log "$rule" >first 2>&1
	case $observer in
	AB) cp first.log one.log ;;
	*) seen "$observer" first.log >one.log ;;
	esac
	finject rules-from one.log >rules 2>why || cat why
	grep -q ^add rules || say 'add seg=syn pass' >>rules
	finject demo -a -o second.log "$(cat rules)" >second 2>&1
	[ "$observer" != AB ] || observer=A
	seen "$observer" first.log >one.log
	seen "$observer" second.log >two.log
	derived=$(sed -n 's/^add //p' rules | paste -sd ';')
	if what=$(same_close one.log two.log); then
		say "ok $n $end $rule | seen at $observer | $derived"
		continue
	fi
	wrong=$((wrong + 1))
	say "not ok $n $end $rule | seen at $observer | $derived | $what"
	sed 's/^/# /' first rules second
done <"$1"
say "1..$n"
exit $((wrong != 0))
