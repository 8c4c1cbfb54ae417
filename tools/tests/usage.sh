#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage.sh FINJECT: verbs and options are those that help names, and no message
# names another; the completion offers exactly these.
set -u
. "$(dirname "$0")/cases.sh"
PATH=$(dirname "$1"):$PATH
here=$(dirname "$0")

# refused VERB OPTION
refused()
{
	is "$1 $2" "finject: \`$1' has no option $2" \
		"$(finject "$1" "$2" x 2>&1 | head -n 1)"
}

refused list --prometheus
refused flush --js
refused del -j
is "-n without a name" "finject: --netns wants an argument: NAME|PID|INUM" \
	"$(finject list -n 2>&1 | head -n 1)"
is "an argument too many" "finject: --json has no argument" \
	"$(finject list --json=1 2>&1 | head -n 1)"

# said WANTED WORD...: the first line that finject says of those words
said()
{
	wanted=$1
	shift
	is "$*" "$wanted" "$(finject "$@" 2>&1 | head -n 1)"
}

said "finject: there is no verb \`ls'; did you mean \`list'?" ls
said "finject: there is no verb \`lst'; did you mean \`list'?" lst
said "finject: there is no verb \`rm'; did you mean \`del'?" rm 3
said "finject: there is no verb \`restroe'; did you mean \`restore'?" restroe
said "finject: there is no verb \`xyzzy'" xyzzy
said "finject: there is no verb \`port=80'; a rule begins with \`add': finject add port=80 ..." \
	port=80 drop
said "finject: there is no verb and no word \`prob'; did you mean \`probability'?" \
	help prob
said "finject: there is no word \`loss'; did you mean 'drop' with 'probability='?" \
	help loss
said "finject: --only: there is no segment \`fin'" explore --only seg=fin -- true
said "finject: --only: there is no fault \`dro'" explore --only fault=hold,dro -- true
said "finject: --only knows seg=, nth=, flow=, port= and fault=, not \`colour=red'" \
	explore --only "seg=fin1 colour=red" -- true
said "finject: --bed knows router and nat, not \`vrf'" \
	explore --isolate --bed vrf -- true
said "finject: --bed goes with --isolate" explore --bed nat -- true
said "finject: there is no verb \`tpo'; did you mean \`top'?" tpo
is "help is -h" "$(finject -h)" "$(finject help)"
is "help add is add -h" "$(finject add -h)" "$(finject help add)"
finject help nothing >/dev/null 2>&1
is "help nothing" 1 $?

# Help of each word names its default; of one that is a verb too, both.
for word in $(finject words rule | tr -d =); do
	is "example of $word" 1 \
		"$(finject help "$word" | grep -c "^  example .*add .*$word")"
	is "$word in add -h" 1 "$(finject add -h | grep -cE "^  $word(=| |\$)")"
done
is "default of max" "  default  60s" "$(finject help max | grep default)"
is "range of times" "  value    1 to 2147483647, or -1 for no limit" \
	"$(finject help times | grep value)"
is "need of gap" "  needs    duplicate" "$(finject help gap | grep needs)"
is "help drop" "usage: finject drop" "$(finject help drop | head -c 19)"

options=$(finject words options)
for verb in $(finject words verbs); do
	known=$(finject "$verb" -h | sed -n 's/^  \(-.,\|   \) \(--[a-z-]*\) .*/\2/p')
	is "$verb -h" 0 $?
	for option in $options; do
		if [ "$verb" != run ] && ! grep -qxe "$option" <<<"$known"; then
			refused "$verb" "$option"
		fi
	done
	is "options of $verb" "" "$(grep -vxFe "$options" <<<"$known")"
done

# shellcheck source=/dev/null
. "$here/../completion/finject.bash"
compopt() { :; }

# offers WANTED WORD...: compare the completions of the last word with WANTED
offers()
{
	wanted=$1
	shift
	COMP_WORDS=(finject "$@")
	COMP_CWORD=$#
	_finject
	is "completion of $*" "$wanted" "${COMPREPLY[*]}"
	offered_elsewhere "$@"
}

# sorted WORDS: one a line
sorted()
{
	tr ' ' '\n' <<<"$1" | LC_ALL=C sort
}

# offered_elsewhere WORD...: the same in zsh and fish, where they are installed;
# fish completes all of KEY=VALUE.
offered_elsewhere()
{
	local line="$*" said

	line=${line// = /=}
	if command -v zsh >/dev/null; then
		said=$(PATH=$here/..:$PATH timeout 60 \
			zsh -f "$here/completion.zsh" "finject $line")
		is "completion of $line in zsh" "$(sorted "$wanted")" \
			"$(sorted "$said")"
	fi
	if command -v fish >/dev/null; then
		said=$(PATH=$here/..:$PATH fish --no-config -c "
			source $here/../completion/finject.fish
			complete -C 'finject $line'" | cut -f1 | sed 's/^[a-z]*=\(.\)/\1/')
		is "completion of $line in fish" "$(sorted "$wanted")" \
			"$(sorted "$said")"
	fi
}

offers "stats" st
offers "seg= seed=" add se
offers "pure" add pu
offers "prerouting" add hook = pre
offers "sender" run reset = s
offers "--prometheus" stats --pr
offers "--must-fire" run --mu
offers "ok" run --expect ''
offers "probability=" add prob
offers "probability" help prob
offers "why" help wh
offers "localhost" top localhos
offers "--delay" top --de

cases_end
