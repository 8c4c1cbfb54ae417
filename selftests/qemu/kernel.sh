#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel.sh NAME [WHAT]: Debian's cloud kernel of that name, its modules and
# its headers, unpacked in the cache; nothing is installed. Prints WHAT:
# image, modules (the directory), release, or make (the command line that
# builds against it, to which M=DIR is added). Without WHAT it only fetches.
set -eu
. "$(dirname "$0")/lib.sh"

usage="usage: kernel.sh 6.1|6.12|debug|kcsan [image|modules|release|make]"

# The suites that hold a kernel; a suite whose mirror is unknown is left out.
suites()
{
	case $1 in
	6.1) echo bookworm bookworm-security ;;
	6.12) echo bookworm-backports ;;
	*) die "no kernel named '$1'; $usage" ;;
	esac
}

# What make has to be told beside the tree, see Documentation/testing.rst.
# 6.12: BTF of modules needs pahole, and without it the module is deleted.
make_flags()
{
	case $1 in
	6.12) echo CONFIG_DEBUG_INFO_BTF_MODULES= ;;
	esac
}

fetch()
{
	tmp=$CACHE/kernels/.$name.tmp
	rm -rf "$tmp"
	mkdir -p "$tmp/root"
	# shellcheck disable=SC2046
	apt_begin "$tmp/apt" $(suites "$name")

	image=$(apt_needs linux-image-cloud-amd64 'linux-image-.*')
	headers=$(apt_needs linux-headers-cloud-amd64 'linux-headers-.*')
	# shellcheck disable=SC2046
	apt_fetch "$image" "$headers" \
		$(apt_needs "$headers" 'linux-(headers|kbuild)-.*')
	for deb in "$tmp"/apt/deb/*.deb; do
		say "unpacking $(basename "$deb")"
		dpkg-deb -x "$deb" "$tmp/root"
	done

	release=${headers#linux-headers-}
	[ -e "$tmp/root/boot/vmlinuz-$release" ] ||
		die "$image holds no kernel named $release"
	/sbin/depmod -b "$tmp/root" "$release"
	echo "$release" >"$tmp/release"
	rm -rf "$tmp/apt"
	publish "$tmp" "$dir"
	say "linux $release is in $dir"
}

[ $# -ge 1 ] || die "$usage"
case $1 in
debug | kcsan) exec "$HERE/debug.sh" "$@" ;;
esac
name=$1
suites "$name" >/dev/null
dir=$CACHE/kernels/$name
mkdir -p "$CACHE/kernels"
if ! [ -e "$dir/release" ]; then
	lock "kernel-$name"
	[ -e "$dir/release" ] || fetch
fi

release=$(cat "$dir/release")
src=$dir/root/usr/src
case ${2-} in
"") ;;
image) echo "$dir/root/boot/vmlinuz-$release" ;;
modules) echo "$dir/root/lib/modules/$release" ;;
release) echo "$release" ;;
make)
	echo "make -C $src/linux-headers-${release%-cloud-*}-common" \
	     "O=$src/linux-headers-$release $(make_flags "$name")"
	;;
*) die "$usage" ;;
esac
