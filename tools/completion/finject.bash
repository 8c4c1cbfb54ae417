# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash

_finject_rule()
{
	case $cur in
	*=*)
		;;
	*)
		mapfile -t COMPREPLY < <(compgen -W "
			seg= pure nth= by= simultaneous dir= hook= family=
			src= dst= addr= sport= dport= port= iif= oif= mark=
			pass drop delay= jitter= dist= duplicate= gap= hold=
			gather= max= reset= release= probability= interval=
			times= skip= per=flow seed= timeout=" -- "$cur")
		[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
		;;
	esac
}

_finject_value()
{
	local values

	case $1 in
	seg) values="fin1 ack1 fin2 ack2 rst data syn fin ack all" ;;
	by) values="active passive" ;;
	dir) values="in out" ;;
	hook) values="prerouting input forward output postrouting" ;;
	dist) values="uniform normal pareto" ;;
	reset) values="sender receiver both" ;;
	iif | oif) values=$(cd /sys/class/net && echo *) ;;
	*) return ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
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
	_finject_rule
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
	local verbs="add del flush list save restore stats flows held release"
	local verb

	verbs+=" drop events watch run namespaces doctor check report demo"
	COMPREPLY=()
	[[ $cur == = ]] && { before=$prev prev='='; cur=''; }
	verb=$(_finject_verb "$verbs")
	case $prev in
	'=') _finject_value "$before"; return ;;
	-n | --netns | -p | --peer) _finject_namespaces; return ;;
	--between) _finject_pair; return ;;
	-e | --end) mapfile -t COMPREPLY < <(compgen -W "A B" -- "$cur"); return ;;
	-o | --log | -r | --rules) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "--netns --json --force
			--ascii --end --log --peer --rules --prometheus --svg
			--between --address --loopback --help --version" -- "$cur")
		return
	fi
	case $verb in
	'') mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$cur") ;;
	add | demo) _finject_rule ;;
	run) _finject_run ;;
	events | watch)
		mapfile -t COMPREPLY < <(compgen -W "port= addr= flow=" -- "$cur")
		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		;;
	del) mapfile -t COMPREPLY < <(compgen -W "$(finject list 2>/dev/null |
		sed -n 's/^add id=\([0-9]*\).*/\1/p')" -- "$cur") ;;
	release | drop)
		mapfile -t COMPREPLY < <(compgen -W "all tag= id=" -- "$cur")
		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		;;
	save | restore | check | report) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}

complete -F _finject finject
