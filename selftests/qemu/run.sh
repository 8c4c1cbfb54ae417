#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [run|shell|explore]: what the targets of make of these names do, with
# guest.sh: CMD, a shell on this terminal, or finject explore on CMD, in a guest
# with the tool. Of the environment:
#   GUEST_CMD, or CMD   the command, a line of sh
#   PORT=               (explore) the port of the connections
#   FILES=              files and directories for its directory, /test
#   OUT=DIR             where what it leaves in /out comes to
#   ROOT=               its root file system: a directory, an image of ext4
#   KERNEL= MODE= MEM= TIMEOUT= VTIMEOUT=    guest.sh's -k -m -s -t -T
set -eu
. "$(dirname "$0")/lib.sh"

# A directory has no blank in its name, as everywhere in make.
what=${1:-run} cmd=${GUEST_CMD:-${CMD-}} files=${FILES-} out=${OUT-}
root=${ROOT-} mode=${MODE-} memory=${MEM-} limit=${TIMEOUT-}
virtual=${VTIMEOUT-} port=${PORT-}
# They are no one else's: a make that is called below has such names, too.
unset PORT CMD GUEST_CMD FILES OUT ROOT MODE MEM TIMEOUT VTIMEOUT

# lay DIR: fill the part of the guest's root that only a person needs.
lay()
{
	mkdir -p "$1/bin" "$1/etc" "$1/usr/lib/locale" "$1/usr/share/terminfo"
	make -s -C "$TOP/tools" install DESTDIR="$1" PREFIX=/usr SBINDIR=/tmp
	rm "$1/tmp/finject" # guest.sh brings it, with its libraries
	cp "$HERE/bashrc" "$1/etc/bashrc"
	# mandoc is man when it has this name
	ln -s mandoc "$1/bin/mman"
	printf '#!/bin/sh\nexec mman "$@"\n' >"$1/bin/man"
	chmod +x "$1/bin/man"
	makewhatis "$1/usr/share/man"
	[ ! -d /usr/lib/locale/C.utf8 ] ||
		cp -R /usr/lib/locale/C.utf8 "$1/usr/lib/locale"
	for term in "${TERM-}" xterm xterm-256color screen screen-256color \
		tmux tmux-256color linux vt100; do
		infocmp -x "$term" 2>/dev/null
	done >"$1.terms"
	tic -x -o "$1/usr/share/terminfo" "$1.terms" 2>/dev/null || :
}

set -- -e -f "$TOP/tools/finject" ${memory:+-s "$memory"} ${limit:+-t "$limit"} \
	${root:+-r "$root"} ${out:+-O "$out"}
for file in $files; do
	[ -e "$file" ] || die "there is no $file (FILES=)"
	set -- "$@" -f "$file"
done
make -s -C "$TOP/tools"

case $what in
run)
	[ "$cmd" ] || die "run what? make run CMD='finject demo | cat'"
	: "${mode:=warp}"
	# Virtual hours are free: what hangs for one is ended, in seconds.
	[ "$mode" != warp ] || : "${virtual:=3600}"
	exec "$HERE/guest.sh" -m "$mode" ${virtual:+-T "$virtual"} "$@" "$cmd"
	;;
explore)
	[ "$cmd" ] || die "explore what? make explore CMD='./test' FILES=test"
	# quoted once more, for the sh in the guest
	cmd=$(printf '%s\n' "$cmd" | sed "s/'/'\\\\''/g")
	[ -z "$out" ] || set -- "$@" -T "${virtual:-86400}"
	keep=''
	[ -z "$out" ] || keep='--page /out/explore.html --resume /out/explore.json'
	exec "$HERE/guest.sh" -m "${mode:-warp}" "$@" \
		"finject explore --isolate --jobs 8 $keep ${port:+port=$port} \
			-- sh -c '$cmd'"
	;;
shell)
	layer=$(mktemp -d)
	trap 'rm -rf "$layer" "$layer.terms"' EXIT
	lay "$layer"
	[ "${mode:=real}" != warp ] ||
		say "in warp time the clock runs ahead while you think"
	# What the last command of the shell said is not the guest's failure.
	PROGRAMS="bash mandoc less tmux tcpdump strace" \
		"$HERE/guest.sh" -i -m "$mode" -l "$layer" \
		${virtual:+-T "$virtual"} "$@" \
		'bash --rcfile /etc/bashrc -i || :'
	;;
*) die "usage: run.sh [run|shell|explore]" ;;
esac
