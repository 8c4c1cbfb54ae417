#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# names.sh: the documentation against the tree. Every function, structure, member
# and variable of finject that a page names is in the code, and every file that
# the pages on its inside name is there.
# shellcheck disable=SC2016 # the backquotes are those of reStructuredText
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/missing"

# The code, a word a line; that of packaging has variables of Ansible.
find module tools packaging -name build -prune -o \
	\( -name '*.[ch]' -o -name '*.yml' \) -exec cat {} + |
	tr -cs 'A-Za-z0-9_' '\n' | sort -u >"$work/code"
find module selftests tools -name build -prune -o -type f -print |
	sed 's|^|/|' >"$work/files"

# literals PAGE: what it has between double backquotes, a line each
literals()
{
	grep -oE '``[^`]+``' "$1" | tr -d '`' || :
}

for page in Documentation/*.rst; do
	literals "$page" | grep -oE '\bfinject_[a-z_]+(\.[a-z_]+)?' |
		tr '.' '\n' | sort -u >"$work/named" || :
	grep -vxFf "$work/code" "$work/named" |
		sed "s|.*|${page##*/}: no '&' in the code|" >>"$work/missing"
done
for page in lifetime testing files judging stages rules; do
	literals Documentation/$page.rst |
		grep -oE '[A-Za-z0-9_/-]+\.(sh|[ch])\b' |
		grep -v '^kselftest' | sort -u |
		while read -r file; do
			grep -q "/$file\$" "$work/files" ||
				echo "$page.rst: no file '$file'"
		done >>"$work/missing"
done
! grep . "$work/missing"
