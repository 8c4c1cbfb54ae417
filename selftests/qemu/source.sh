#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# source.sh: the few parts of the kernel's own source that the tests and
# checks are made with (kselftest, checkpatch), from Debian's linux-source
# package, unpacked in the cache. Prints the directory.
set -eu
. "$(dirname "$0")/lib.sh"

version=6.1
dir=$CACHE/source/$version

fetch()
{
	tmp=$CACHE/source/.$version.tmp
	rm -rf "$tmp"
	mkdir -p "$tmp/tree"
	apt_begin "$tmp/apt" bookworm bookworm-security
	apt_fetch "linux-source-$version"

	say "unpacking kselftest and checkpatch (about 20 s)"
	top=linux-source-$version
	dpkg-deb --fsys-tarfile "$tmp"/apt/deb/*.deb |
	tar -xO "./usr/src/$top.tar.xz" |
	tar -xJ -C "$tmp/tree" --strip-components=1 \
		"$top/COPYING" "$top/Documentation/dev-tools/checkpatch.rst" \
		"$top/include/uapi" "$top/tools/include" \
		"$top/scripts/checkpatch.pl" "$top/scripts/spelling.txt" \
		"$top/scripts/const_structs.checkpatch" \
		"$top/scripts/kernel-doc" \
		"$top/tools/testing/selftests/kselftest" \
		"$top/tools/testing/selftests/kselftest.h" \
		"$top/tools/testing/selftests/kselftest_harness.h" \
		"$top/tools/testing/selftests/kselftest_install.sh" \
		"$top/tools/testing/selftests/lib.mk" \
		"$top/tools/testing/selftests/run_kselftest.sh"
	publish "$tmp/tree" "$dir"
	rm -rf "$tmp"
	say "kselftest and checkpatch of linux $version are in $dir"
}

mkdir -p "$CACHE/source"
if ! [ -d "$dir" ]; then
	lock "source-$version"
	[ -d "$dir" ] || fetch
fi
echo "$dir"
