# SPDX-License-Identifier: GPL-2.0-only

# The words before the cursor, without the tool's own name.
function __finject_before
	commandline -opc | tail -n +2
end

# The verb that was given, if any.
function __finject_verb
	set -l verbs (finject words verbs 2>/dev/null)
	for word in (__finject_before)
		if contains -- $word $verbs
			echo $word
			return
		end
	end
end

function __finject_is
	contains -- "$(__finject_verb)" $argv
end

function __finject_in_command
	contains -- -- (__finject_before)
end

# Words, and for one that has a value and a `=', its values.
function __finject_words
	set -l token (commandline -ct)
	set -l key (string replace -r '=.*' '' -- $token)
	if string match -q -- '*=*' $token
		set -l kind $key
		test "$argv[1]" = matrix; and set kind matrix-$key
		set -l front (string replace -r '[^=,]*$' '' -- $token)
		switch $key
			case iif oif
				printf "$front%s\n" (path basename /sys/class/net/* 2>/dev/null; or ls /sys/class/net)
			case '*'
				for value in (finject words $kind 2>/dev/null)
					echo $front$value
				end
		end
	else
		finject words $argv[1] 2>/dev/null
	end
end

# Complete the command behind the `--'.
function __finject_command
	set -l words (commandline -opc)
	set -l at (contains -i -- -- $words)
	set -l command (commandline -ct)
	if test $at -lt (count $words)
		set -p command $words[(math $at + 1)..-1]
	end
	complete -C "$command"
end

function __finject_namespaces
	test -d /run/netns; and ls /run/netns
end

function __finject_ids
	finject list 2>/dev/null | string replace -rf '^add id=([0-9]+).*' '$1'
end

complete -c finject -f
complete -c finject -n 'not __finject_in_command; and string match -q -- "-*" (commandline -ct)' -a '(finject words options 2>/dev/null)'
complete -c finject -n '__finject_is ""' -a '(finject words verbs 2>/dev/null)'
complete -c finject -n '__finject_is add demo' -a '(__finject_words rule)'
complete -c finject -n '__finject_is run explore; and not __finject_in_command' -a '(__finject_words rule)'
complete -c finject -n '__finject_is run explore; and __finject_in_command' -a '(__finject_command)' -F
complete -c finject -n '__finject_is scenario' -a 'list show run all (finject words scenarios 2>/dev/null)'
complete -c finject -n '__finject_is matrix' -a '(__finject_words matrix)'
complete -c finject -n '__finject_is events watch' -a 'port= addr= flow='
complete -c finject -n '__finject_is help' -a '(finject words verbs; finject words rule | string replace "=" "")'
complete -c finject -n '__finject_is del why' -a '(__finject_ids)'
complete -c finject -n '__finject_is top' -a 'localhost (__fish_print_hostnames)'
complete -c finject -n '__finject_is release drop' -a 'all tag= id='
complete -c finject -n '__finject_is save restore check report rules-from' -F
complete -c finject -s n -l netns -x -a '(__finject_namespaces)'
complete -c finject -s p -l peer -x -a '(__finject_namespaces)'
complete -c finject -s e -l end -x -a 'A B'
complete -c finject -l expect -x -a ok
complete -c finject -s o -l log -r -F
complete -c finject -s r -l rules -r -F
complete -c finject -l page -r -F
complete -c finject -l pcap -r -F
complete -c finject -l junit -r -F
complete -c finject -l resume -r -F
