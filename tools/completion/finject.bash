# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash

# The tool itself says its words.
_finject_words()
{
	mapfile -t COMPREPLY < <(compgen -W \
		"$("${COMP_WORDS[0]}" words "$1" 2>/dev/null)" -- "$cur")
	[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
}

_finject_value()
{
	case $1 in
	iif | oif) mapfile -t COMPREPLY < <(compgen -W \
		"$(cd /sys/class/net && echo *)" -- "$cur") ;;
	*) _finject_words "$1" ;;
	esac
}

# Rules up to `--', then a command.
_finject_run()
{
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -- ]] || continue
		if ((i + 1 == COMP_CWORD)); then
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		return
	done
	_finject_words rule
}

_finject_namespaces()
{
	[[ -d /run/netns ]] || return
	mapfile -t COMPREPLY < <(compgen -W "$(cd /run/netns && echo *)" \
		-- "$cur")
}

# A,B: the second name goes behind the first.
_finject_pair()
{
	local first=''

	[[ $cur == *,* ]] && first=${cur%%,*}, cur=${cur#*,}
	_finject_namespaces
	COMPREPLY=("${COMPREPLY[@]/#/$first}")
	[[ $first ]] || compopt -o nospace
}

_finject_verb()
{
	local word

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case " $1 " in
		*" $word "*)
			echo "$word"
			return
			;;
		esac
	done
}

_finject()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]}
	local before=${COMP_WORDS[COMP_CWORD - 2]-}
	local verbs verb

	verbs=$("${COMP_WORDS[0]}" words verbs 2>/dev/null)
	COMPREPLY=()
	[[ $cur == = ]] && { before=$prev prev='='; cur=''; }
	verb=$(_finject_verb "${verbs//$'\n'/ }")
	case $prev in
	'=')
		[[ $verb == matrix ]] && before=matrix-$before
		_finject_value "$before"
		return
		;;
	-n | --netns | -p | --peer) _finject_namespaces; return ;;
	--between) _finject_pair; return ;;
	-e | --end) mapfile -t COMPREPLY < <(compgen -W "A B" -- "$cur"); return ;;
	--expect) mapfile -t COMPREPLY < <(compgen -W "ok" -- "$cur"); return ;;
	--bed) mapfile -t COMPREPLY < <(compgen -W "router nat" -- "$cur"); return ;;
	--pairs)
		if [[ $verb == matrix ]]; then
			mapfile -t COMPREPLY < <(compgen -W "all" -- "$cur")
			return
		fi ;;
	-o | --log | --page | --pcap | -r | --rules | --junit | --artifacts | --resume) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	esac
	if [[ $cur == -* ]]; then
		_finject_words options
		return
	fi
	case $verb in
	'') _finject_words verbs ;;
	add | demo) _finject_words rule ;;
	scenario)
		mapfile -t COMPREPLY < <(compgen -W "list show run all $(
			"${COMP_WORDS[0]}" words scenarios 2>/dev/null)" -- "$cur") ;;
	matrix) _finject_words matrix ;;
	run) _finject_run ;;
	explore)
		if [[ " ${COMP_WORDS[*]} " == *" --compare "* ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		else
			_finject_run
		fi ;;
	events | watch)
		mapfile -t COMPREPLY < <(compgen -W "port= addr= flow=" -- "$cur")
		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		;;
	help) mapfile -t COMPREPLY < <(compgen -W \
		"$verbs $("${COMP_WORDS[0]}" words rule 2>/dev/null | tr -d =)" \
		-- "$cur") ;;
	del | why) mapfile -t COMPREPLY < <(compgen -W "$(finject list 2>/dev/null |
		sed -n 's/^add id=\([0-9]*\).*/\1/p')" -- "$cur") ;;
	top) mapfile -t COMPREPLY < <(compgen -A hostname -- "$cur") ;;
	release | drop)
		mapfile -t COMPREPLY < <(compgen -W "all tag= id=" -- "$cur")
		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		;;
	save | restore | check | report | rules-from) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}

complete -F _finject finject
