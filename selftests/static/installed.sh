#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# installed.sh: what is installed refers to nothing that is not, whether the man
# pages of section 7 could be made or not.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/missing"

# install NAME MAKE-ARG...: into $work/NAME
install()
{
	root=$work/$1
	shift
	make -s -C tools install DESTDIR="$root" PREFIX=/usr "$@" >"$work/log" 2>&1 ||
		{ cat "$work/log"; exit 1; }
}

# text FILE: what a reader sees of it
text()
{
	case $1 in
	*.[1-8]) mandoc -Tascii -Owidth=200 "$1" | sed 's/.\x08//g' ;;
	*) tr -c '[:print:]\n' '\n' <"$1" ;;
	esac
}

# refers: the files of the documentation and the man pages of finject that the
# text on standard input names, a line each
refers()
{
	grep -oE 'Documentation/[A-Za-z./-]+|\<[a-z-]+\.rst\>|\<finject[a-z-]*\([1-8]\)' |
		sort -u || :
}

# look NAME: at all files of $work/NAME
look()
{
	find "$work/$1" -type f | sort | tee "$work/each" >"$work/files"
	while read -r file; do
		text "$file" | refers | while read -r what; do
			page=$(echo "$what" | sed 's/(\(.\))/.\1/')
			# other documentation is that of the kernel
			[ "$page" != "$what" ] || [ -e "$what" ] ||
				[ -e "Documentation/$what" ] || continue
			grep -q "/$page\$" "$work/files" ||
				echo "$1: ${file#"$work/$1"} refers to $what"
		done
	done <"$work/each" >>"$work/missing"
	sed "s|$work/||" "$work/files"
}

install with SPHINXOPTS=-W
look with >"$work/list"
for page in rules events files; do
	grep -q "/man7/finject-$page.7\$" "$work/list" ||
		echo "with: no man page finject-$page(7)" >>"$work/missing"
done
install without SPHINXBUILD=no-such-program
look without >"$work/list"
! grep man7 "$work/list" >>"$work/missing" || :
! grep . "$work/missing"
