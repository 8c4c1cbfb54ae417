#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel.sh NAME [WHAT]: fetch Debian's cloud kernel of that name (or its
# PREEMPT_RT kernel, "rt"), its modules and its headers, and unpack them in the
# cache; nothing is installed. Print WHAT: image, modules (the directory),
# release, or make (the command line that builds against it with the compiler
# COMPILER=gcc|clang, to which M=DIR is added; with IPV6=n against 6.1 as if it
# had none). Without WHAT only fetch. FINJECT_ARCH= is its architecture, 6.1's
# only (see arch.sh); of one that is not booted there are only the headers.
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/arch.sh"

usage="usage: kernel.sh NAME [image|modules|release|make]
NAME is one of $SUPPORTED, $CHECKED"

# newest: print the newest release of this series and flavour, or, if Debian has
# dropped the series, the newest of all.
newest()
{
	apt_own apt-cache pkgnames linux-headers- |
	sed -n "s/^linux-headers-\([0-9].*-$flavour\)\$/\1/p" |
	if [ "$name" = rt ]; then cat; else grep -v -e -rt-; fi |
	sort -V >"$tmp/releases"
	grep -E "^${series}[.+-]" "$tmp/releases" | tail -n 1 | grep . || {
		say "Debian has no linux $series any more: taking its newest"
		tail -n 1 "$tmp/releases" | grep . ||
			die "no kernel headers in $(suites "$name")"
	}
}

# lend_libraries KBUILD: let the programs in KBUILD that need a newer libc than
# this machine's run with that of their own suite.
lend_libraries()
{
	find "$tmp/root/usr/lib/$1" -type f -perm -u+x |
	while read -r program; do
		! ldd "$program" 2>&1 | grep -q 'GLIBC_.* not found' ||
			echo "$program"
	done >"$tmp/strangers"
	[ -s "$tmp/strangers" ] || return 0

	# shellcheck disable=SC2046
	unpack $(apt_own apt-cache depends --recurse --important "$1" |
		 grep -xE 'libc6|libelf1.*|zlib1g|libzstd1' |
		 sort -u)
	while read -r program; do
		up=$(echo "${program#"$tmp/root/"}" | sed 's|[^/]*$||; s|[^/]*/|../|g')
		mv "$program" "$program.elf"
		cat >"$program" <<-END
			#!/bin/sh
			root=\${0%/*}/$up
			libs=\$root/usr/lib/x86_64-linux-gnu
			exec "\$libs/ld-linux-x86-64.so.2" --argv0 "\$0" \\
				--library-path "\$libs" "\$0.elf" "\$@"
		END
		chmod +x "$program"
	done <"$tmp/strangers"
}

unpack()
{
	apt_fetch "$@"
	for deb in "$tmp"/apt/deb/*.deb; do
		say "unpacking $(basename "$deb")"
		dpkg-deb -x "$deb" "$tmp/root"
		rm "$deb"
	done
}

# borrow_programs KBUILD: the programs of KBUILD are of the other architecture;
# those of this one's kernel of the same name take their place.
borrow_programs()
{
	mkdir -p "$tmp/root/usr/lib"
	cp -a "$CACHE/kernels/$name/root/usr/lib/$1" "$tmp/root/usr/lib"
}

# unpack_image: unpack the kernel and its modules.
unpack_image()
{
	# shellcheck disable=SC2046
	unpack "$image" \
		$(apt_needs "$image" 'linux-(base|binary|modules)-[0-9].*')
	[ -e "$tmp/root/lib" ] || ln -s usr/lib "$tmp/root/lib"
	mkdir -p "$tmp/root/boot"
	[ -e "$tmp/root/boot/vmlinuz-$release" ] ||
		ln "$tmp/root/lib/modules/$release/vmlinuz" \
			"$tmp/root/boot/vmlinuz-$release" ||
		die "$image holds no kernel named $release"
	/sbin/depmod -b "$tmp/root" "$release"
}

fetch()
{
	! is_foreign || FINJECT_ARCH=amd64 "$0" "$name"
	tmp=$CACHE/kernels/.$(basename "$dir").tmp
	rm -rf "$tmp"
	mkdir -p "$tmp/root"
	if is_foreign; then
		# Late security updates are only for some architectures.
		apt_begin "$tmp/apt" bookworm
	else
		# shellcheck disable=SC2046
		apt_begin "$tmp/apt" $(suites "$name")
	fi

	release=$(newest)
	image=linux-image-$release headers=linux-headers-$release
	kbuild=$(apt_needs "$headers" 'linux-kbuild-.*')
	# shellcheck disable=SC2046
	unpack "$headers" $(apt_needs "$headers" 'linux-headers-.*')
	if is_foreign; then
		borrow_programs "$kbuild"
	else
		unpack "$kbuild"
		lend_libraries "$kbuild"
	fi
	[ -z "$machine" ] || unpack_image
	echo "$release" >"$tmp/release"
	rm -rf "$tmp/apt" "$tmp/releases" "$tmp/strangers"
	publish "$tmp" "$dir"
	say "linux $release is in $dir"
}

# flags: print make's arguments beside the tree; Documentation/testing.rst says
# why.
flags()
{
	! is_foreign ||
		echo "ARCH=$karch CROSS_COMPILE=$triplet- CC=$triplet-gcc"
	case $name in
	6.12) echo CONFIG_DEBUG_INFO_BTF_MODULES= ;;
	7.*) echo CONFIG_DEBUG_INFO_BTF_MODULES= \
		CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT= \
		PAHOLE_VERSION=0 CONFIG_PAHOLE_VERSION=0 ;;
	esac
	case ${COMPILER:-gcc}-$name in
	clang-*) clang_flags ;;
	gcc-5.10) echo CC=gcc ;;
	gcc-7.*) echo CC=gcc KCFLAGS=-Wno-attributes ;;
	esac
}

# clang_flags: print the options that Kconfig would have chosen for clang where
# the configuration, which is gcc's, has others.
clang_flags()
{
	version=$("$CLANG" -dumpversion | awk -F. '
		NF == 3 { printf "%d%02d%02d", $1, $2, $3 }')
	[ "$version" ] || die "there is no $CLANG here"
	echo "CC=$CLANG" CONFIG_CC_IS_GCC= CONFIG_CC_IS_CLANG=y \
		CONFIG_GCC_VERSION=0 "CONFIG_CLANG_VERSION=$version" \
		CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough \
		CONFIG_FTRACE_MCOUNT_USE_CC= CONFIG_UBSAN_BOUNDS_STRICT=
	! grep -q '^CONFIG_HAVE_OBJTOOL_MCOUNT=y' "$headers/.config" ||
		echo CONFIG_FTRACE_MCOUNT_USE_OBJTOOL=y
}

# clang_tree: copy the build tree, with headers that know clang from gcc.
clang_tree()
{
	tree=$headers-clang
	lock "kernel-$name"
	if ! [ -e "$tree" ]; then
		cp -a "$headers" "$tree.tmp"
		sed -i -E '/CONFIG_(CC_IS_GCC|CC_HAS_NAMED_AS|USE_X86_SEG_SUPPORT) /d' \
			"$tree.tmp/include/generated/autoconf.h"
		echo '#define CONFIG_CC_IS_CLANG 1' \
			>>"$tree.tmp/include/generated/autoconf.h"
		mv "$tree.tmp" "$tree"
	fi
	echo "$tree"
}

[ $# -ge 1 ] || die "$usage"
case " $CHECKED " in
*" $1 "*) exec "$HERE/debug.sh" "$@" ;;
esac
name=$1
suites "$name" >/dev/null
know_arch "$FINJECT_ARCH"
series=$name
[ "$name" != rt ] || series=6.1 flavour=rt-amd64
dir=$CACHE/kernels/$name
if is_foreign; then
	[ "$name ${COMPILER:-gcc}" = "6.1 gcc" ] ||
		die "only 6.1, by gcc, is built for $FINJECT_ARCH"
	dir=$dir-$FINJECT_ARCH
fi
mkdir -p "$CACHE/kernels"
if ! [ -e "$dir/release" ]; then
	lock "kernel-$(basename "$dir")"
	[ -e "$dir/release" ] || fetch
fi

release=$(cat "$dir/release")
src=$dir/root/usr/src
case ${machine:+booted}${2-} in
image | modules) die "no kernel of $FINJECT_ARCH is booted" ;;
esac
case ${2-} in
"") ;;
image) echo "$dir/root/boot/vmlinuz-$release" ;;
modules) echo "$dir/root/lib/modules/$release" ;;
release) echo "$release" ;;
make)
	headers=$src/linux-headers-$release
	common=$(echo "$src"/linux-headers-*-common*)
	tree=$headers
	[ "${COMPILER:-gcc}" = gcc ] || tree=$(clang_tree)
	[ "${IPV6:-y}" = y ] || tree=$("$HERE/no-ipv6.sh" "$tree")
	# shellcheck disable=SC2046
	echo make -C "$common" "O=$tree" $(flags)
	;;
*) die "$usage" ;;
esac
