#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# source.sh [whole|tree VERSION]: unpack the few parts of the kernel's own source
# that the tests and checks use (kselftest, checkpatch, net), from Debian's
# linux-source package, in the cache; or all of it that an x86 kernel of that
# VERSION is built from ("whole"), or that and what a change to it touches
# besides: documentation and selftests ("tree"). Print the directory.
set -eu
. "$(dirname "$0")/lib.sh"

usage="usage: source.sh [whole|tree VERSION]"
version=${2-6.1}
top=linux-source-$version

# unpack TAR-ARGUMENT...: unpack that part of the source as DIR.
unpack()
{
	tmp=$CACHE/source/.$name.tmp
	rm -rf "$tmp"
	mkdir -p "$tmp/tree"
	# shellcheck disable=SC2046
	apt_begin "$tmp/apt" $(suites "$version")
	apt_fetch "linux-source-$version"

	say "unpacking $what (about 20 s)"
	dpkg-deb -f "$tmp"/apt/deb/*.deb Version >"$tmp/tree/.version.debian"
	dpkg-deb --fsys-tarfile "$tmp"/apt/deb/*.deb |
	tar -xO "./usr/src/$top.tar.xz" |
	tar -xJ -C "$tmp/tree" --strip-components=1 "$@"
	publish "$tmp/tree" "$dir"
	rm -rf "$tmp"
	say "$dir holds $what of linux $version"
}

# Omit other architectures' code, and the largest parts that no guest needs.
fetch_whole()
{
	unpack --exclude="$top/arch/[a-wyz]*.[chS]" --exclude='*.dts*' \
		--exclude="$top/drivers/gpu/drm/amd/*.[ch]" \
		--exclude="$top/Documentation/*.rst" \
		--exclude="$top/tools/testing" "$top"
}

fetch_tree()
{
	unpack --exclude="$top/arch/[a-wyz]*.[chS]" --exclude='*.dts*' \
		--exclude="$top/drivers/gpu/drm/amd/*.[ch]" "$top"
}

fetch_part()
{
	unpack "$top/COPYING" "$top/Documentation/dev-tools/checkpatch.rst" \
		"$top/include/uapi" "$top/tools/include" \
		"$top/scripts/checkpatch.pl" "$top/scripts/spelling.txt" \
		"$top/scripts/const_structs.checkpatch" \
		"$top/scripts/kernel-doc" "$top/scripts/coccinelle" \
		"$top/tools/testing/selftests/kselftest" \
		"$top/tools/testing/selftests/kselftest.h" \
		"$top/tools/testing/selftests/kselftest_harness.h" \
		"$top/tools/testing/selftests/kselftest_install.sh" \
		"$top/tools/testing/selftests/lib.mk" \
		"$top/tools/testing/selftests/run_kselftest.sh" "$top/net"
}

case ${1-} in
# the number counts the lists of parts above
"") part=part what="kselftest, checkpatch, net" name=$version-3 ;;
whole) part=whole what="the source" name=linux-$version ;;
tree) part=tree what="the tree" name=tree-$version ;;
*) die "$usage" ;;
esac
dir=$CACHE/source/$name
mkdir -p "$CACHE/source"
if ! [ -d "$dir" ]; then
	lock "source-$name"
	[ -d "$dir" ] || fetch_$part
fi
echo "$dir"
