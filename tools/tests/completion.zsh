# SPDX-License-Identifier: GPL-2.0-only
#
# completion.zsh LINE: print what Tab offers for a command line, one a line: in an
# interactive zsh on a terminal of its own, which finds finject.zsh where
# functions are installed. Its own compadd completes; what that takes is written
# to a file besides.

zmodload zsh/zpty
work=$(mktemp -d)
mkdir $work/functions
ln -s ${0:A:h}/../completion/finject.zsh $work/functions/_finject

cat >$work/begin <<END
fpath=($work/functions \$fpath)
autoload -Uz compinit
compinit -u -D
compadd()
{
	local -a taken

	builtin compadd -O taken "\$@"
	((! \$#taken)) || print -rl -- \$taken >>$work/taken
	builtin compadd "\$@"
}
ended()
{
	print -n '<ended>'
}
comppostfuncs=(ended)
print '<begun>'
END

TERM=dumb zpty tab zsh -f -i
# the terminal's shell has no such trap
trap 'rm -rf $work' EXIT
zpty -w tab "source $work/begin"
zpty -r tab said '*<begun>*'
zpty -w -n tab $1$'\t'
zpty -r tab said '*<ended>*'
[[ ! -e $work/taken ]] || sort -u $work/taken
zpty -d tab
