#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# debug.sh NAME [WHAT]: build a small debug kernel from Debian's linux-source
# with the options of guest.config and NAME.config, and keep it in the cache by
# version and configuration. Print WHAT, as kernel.sh does, which knows these
# kernels by name through this script.
set -eu
. "$(dirname "$0")/lib.sh"

usage="usage: debug.sh NAME [image|modules|release|make]
NAME is one of $CHECKED"

# configure DIR: apply exactly the fragments, or print the difference.
configure()
{
	# shellcheck disable=SC2086
	(cd "$source" && scripts/kconfig/merge_config.sh -n -O "$1" $fragments) \
		>"$1/merge.log" 2>&1 || {
		cat "$1/merge.log" >&2
		die "linux $name cannot be configured"
	}
	! grep -A 2 '^Value requested' "$1/merge.log" >&2 ||
		die "linux $version does not take this configuration"
}

build()
{
	tmp=$CACHE/kernels/.$key.tmp
	rm -rf "$tmp"
	mkdir -p "$tmp/build"
	say "building linux $version '$name' (some minutes, once)"
	configure "$tmp/build"
	{
		make -s -C "$source" O="$tmp/build" -j"$(nproc)" \
			bzImage modules &&
		make -s -C "$source" O="$tmp/build" \
			INSTALL_MOD_PATH="$tmp/root" INSTALL_MOD_STRIP=1 \
			modules_install
	} >"$tmp/build.log" 2>&1 || {
		tail -n 30 "$tmp/build.log" >&2
		die "linux '$name' does not build"
	}
	cp "$tmp/build/include/config/kernel.release" "$tmp/release"
	# Keep what modules are built with; the objects are half a gigabyte.
	find "$tmp/build" -path "$tmp/build/scripts" -prune -o \
		-path "$tmp/build/tools" -prune -o \
		\( -name '*.o' -o -name '*.a' -o -name '*.ko' -o -name '.*.cmd' \
		-o -name vmlinux.bin -o -name 'vmlinux.bin.*' \) \
		-exec rm {} +
	publish "$tmp" "$dir"
	say "linux $(cat "$dir/release") is in $dir"
}

[ $# -ge 1 ] || die "$usage"
name=$1
[ -e "$HERE/$name.config" ] || die "no debug kernel '$name'; $usage"
# kasan is the newest kernel: 6.1 lacks some of its options.
series=6.1
[ "$name" != kasan ] || series=7.2
source=$("$HERE/source.sh" whole "$series")
version=$(cat "$source/.version.debian")
fragments="$TOP/selftests/config $HERE/guest.config $HERE/$name.config"
# shellcheck disable=SC2086
key=$name-$version-$({ cat $fragments; gcc --version; } | cksum | cut -d' ' -f1)
dir=$CACHE/kernels/$key
mkdir -p "$CACHE/kernels"
if ! [ -e "$dir/release" ]; then
	lock "kernel-$name"
	[ -e "$dir/release" ] || build
fi

release=$(cat "$dir/release")
case ${2-} in
"") ;;
image) echo "$dir/build/arch/x86/boot/bzImage" ;;
modules) echo "$dir/root/lib/modules/$release" ;;
release) echo "$release" ;;
make) echo "make -C $source O=$dir/build" ;;
*) die "$usage" ;;
esac
