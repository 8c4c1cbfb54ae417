#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dist.sh: "make dist" writes the same bytes in two clones, whatever their users
# have set, and what it writes is whole: without git the module and the tool are
# built of it, and all is installed that a clone installs.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kernel=$(selftests/qemu/kernel.sh "${KERNEL:-6.1}" make)
mkdir "$work/here" "$work/a" "$work/elsewhere"
status=0

complain()
{
	echo "dist: $*"
	status=1
}

# installs TREE LIST: build and install what a tree has; write a list of it.
installs()
{
	make -s -C "$1" install "DESTDIR=$work/root" >"$work/said" 2>&1 || {
		cat "$work/said"
		exit 1
	}
	(cd "$work/root" && find . -type f | sort) >"$2"
	rm -rf "$work/root"
}

git clone -q . "$work/a/clone"
git clone -q . "$work/elsewhere/b"
make -s -C "$work/a/clone" dist >/dev/null
(
	umask 077
	cd "$work/elsewhere/b"
	git config tar.umask user
	git config core.autocrlf true
	make -s dist >/dev/null
)
one=$(echo "$work/a/clone/build"/finject-*.tar.gz)
other=$(echo "$work/elsewhere/b/build"/finject-*.tar.gz)
cmp "$one" "$other" || complain "two clones differ"

tar -xzf "$one" -C "$work/here"
tree=$(echo "$work/here"/finject-*)
[ "$(basename "$tree").tar.gz" = "$(basename "$one")" ] ||
	complain "$(basename "$one") has ${tree##*/}"
installs "$work/a/clone" "$work/of-clone"
# no git here, and no repository above
GIT_DIR=/nowhere installs "$tree" "$work/of-dist"
diff "$work/of-clone" "$work/of-dist" || complain "it installs something else"
grep -q sbin/finject "$work/of-dist" || complain "it installs no tool"
$kernel "M=$tree" -s modules >"$work/said" 2>&1 || cat "$work/said"
[ -e "$tree/finject.ko" ] || complain "the module does not build of it"
exit $status
