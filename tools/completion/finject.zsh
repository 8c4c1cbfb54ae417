#compdef finject
# SPDX-License-Identifier: GPL-2.0-only

# The tool itself says its words; no blank follows one that takes a value.
_finject_words()
{
	local -a said

	said=(${(f)"$(finject words $1 2>/dev/null)"})
	compadd -S '' -- ${(M)said:#*=}
	compadd -- ${said:#*=}
}

_finject_value()
{
	case $1 in
	iif | oif) compadd -- /sys/class/net/*(N:t) ;;
	*) _finject_words $1 ;;
	esac
}

_finject_verb()
{
	local -a verbs=(${(f)"$(finject words verbs 2>/dev/null)"})

	echo ${words[(r)(${(j:|:)~verbs})]}
}

# Rules up to `--', then a command.
_finject_run()
{
	local at=${words[(i)--]}

	if ((at < CURRENT)); then
		shift at words
		((CURRENT -= at))
		_normal
	else
		_finject_words rule
	fi
}

# A word KEY=VALUE; what is before the value stays.
_finject_assignment()
{
	local key=${PREFIX%%=*}

	compset -P '*[=,]'
	[[ $1 == matrix ]] && key=matrix-$key
	_finject_value $key
}

_finject_option()
{
	case $1 in
	-n | --netns | -p | --peer) compadd -- /run/netns/*(N:t) ;;
	--between) compset -P '*,' || compset -S ',*'
		compadd -S '' -- /run/netns/*(N:t) ;;
	-e | --end) compadd A B ;;
	--expect) compadd ok ;;
	-o | --log | --page | --pcap | -r | --rules | --junit | --resume) _files ;;
	*) return 1 ;;
	esac
}

_finject()
{
	local verb=$(_finject_verb)

	_finject_option ${words[CURRENT - 1]} && return
	if [[ $PREFIX == -* ]]; then
		_finject_words options
		return
	fi
	if [[ $PREFIX == *=* && ${words[(i)--]} -ge CURRENT ]]; then
		_finject_assignment $verb
		return
	fi
	case $verb in
	'') _finject_words verbs ;;
	add | demo) _finject_words rule ;;
	scenario) compadd list show run all
		_finject_words scenarios ;;
	matrix) _finject_words matrix ;;
	run | explore) _finject_run ;;
	events | watch) compadd -S '' port= addr= flow= ;;
	help) _finject_words verbs
		compadd -- ${${(f)"$(finject words rule 2>/dev/null)"}%=} ;;
	del | why) compadd -- ${(f)"$(finject list 2>/dev/null |
		sed -n 's/^add id=\([0-9]*\).*/\1/p')"} ;;
	top) _hosts ;;
	release | drop) compadd all
		compadd -S '' tag= id= ;;
	save | restore | check | report | rules-from) _files ;;
	esac
}

_finject "$@"
