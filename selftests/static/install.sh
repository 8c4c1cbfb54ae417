#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# "make install" puts the tool, a manual page for each verb, the pages that
# finject.8 names and the completions where DESTDIR and PREFIX say; "make
# uninstall" removes just these.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
status=0

complain()
{
	echo "install: $*"
	status=1
}

make -s install "DESTDIR=$root" PREFIX=/opt >/dev/null || exit
"$root/opt/sbin/finject" --version >/dev/null || complain "no tool"
man=$root/opt/share/man
for verb in $("$root/opt/sbin/finject" words verbs); do
	mandoc -Tlint -Wwarning "$man/man8/finject-$verb.8" || status=1
	grep -q "^finject\\\\-$verb \\\\- ." "$man/man8/finject-$verb.8" ||
		complain "the page of $verb has no name"
done
sed -n 's/\\//g; s/^\.BR \(finject-[a-z-]*\) (\([78])\),$/\1.\2/p' \
	"$man/man8/finject.8" | tr -d ')' >"$root/named"
[ -s "$root/named" ] || complain "finject.8 names no other page"
while read -r page; do
	[ -e "$man/man${page##*.}/$page" ] || complain "there is no $page"
done <"$root/named"
rm "$root/named"
# pages of others
touch "$man/man8/finject-other.8" "$man/man7/finject-other.7"
make -s uninstall "DESTDIR=$root" PREFIX=/opt >/dev/null || exit
left=$(cd "$root" && find . ! -type d | sort | tr '\n' ' ')
others="./opt/share/man/man7/finject-other.7 ./opt/share/man/man8/finject-other.8 "
[ "$left" = "$others" ] || complain "uninstall leaves $left"
exit $status
