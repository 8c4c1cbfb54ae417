# SPDX-License-Identifier: GPL-2.0-only
#
# completion.zsh WORD...: print the completions of the last word, one a line, as
# completion/finject.zsh adds them.

compadd()
{
	while [[ $1 == -* ]]; do
		[[ $1 == -S ]] && shift
		[[ $1 == -- ]] && { shift; break }
		shift
	done
	for word; do
		[[ $word == $PREFIX* ]] && print -r -- $word
	done
	return 0
}

compset()
{
	[[ $1 == -P && $PREFIX == ${~2}* ]] && PREFIX=${PREFIX##${~2}}
}

_normal() { print command }
_files() { print files }

words=(finject "$@")
CURRENT=${#words}
PREFIX=${words[CURRENT]}
source ${0:h}/../completion/finject.zsh
