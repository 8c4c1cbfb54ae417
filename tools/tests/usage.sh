#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage.sh FINJECT: verbs and options are those that help names, and no message
# names another; the completion offers exactly these.
set -u
PATH=$(dirname "$1"):$PATH
here=$(dirname "$0")
cases=0 wrong=0

# is WHAT WANTED FOUND
is()
{
	cases=$((cases + 1))
	[ "$2" = "$3" ] && return
	wrong=$((wrong + 1))
	printf "usage: %s:\n  not %s\n  but %s\n" "$1" "$2" "$3"
}

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

options=$(finject words options)
for verb in $(finject words verbs); do
	known=$(finject "$verb" -h | sed -n 's/^  \(-.,\|   \) \(--[a-z]*\) .*/\2/p')
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
}

offers "stats" st
offers "seg= seed=" add se
offers "pure" add pu
offers "prerouting" add hook = pre
offers "sender" run reset = s
offers "--prometheus" stats --pr

echo "usage: $cases cases, $wrong wrong"
[ "$wrong" = 0 ]
