#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# debian.sh build|test: make Debian packages of what is committed, into
# build/packages; or also install, upgrade and purge them in a Debian of its own,
# which is unpacked in the cache, with the headers of two kernels.
set -eu
. "$(dirname "$0")/../selftests/qemu/lib.sh"
TOP=$(cd "$(dirname "$0")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
version=$(sed -n 's/^FINJECT_VERSION := //p' "$TOP/Kbuild")
out=$TOP/build/packages

tmp=$(mktemp -d)
trap 'umount_all; rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM

# What a root has mounted goes before the root does.
umount_all()
{
	[ ! -e "$tmp/root/proc/version" ] || umount "$tmp/root/proc"
}

# changelog VERSION: the only version of a package is that of Kbuild.
changelog()
{
	echo "finject ($1) unstable; urgency=medium"
	echo
	echo "  * See /usr/share/doc/finject/changelog.gz."
	echo
	git -C "$TOP" log -1 --format=' -- finject developers <finject@localhost.invalid>  %aD'
}

# build REVISION DIR: build packages of this revision into DIR.
build()
{
	rm -rf "$tmp/build"
	mkdir -p "$tmp/build" "$2"
	cp "$TOP/build/finject-$version.tar.gz" \
		"$tmp/build/finject_$version.orig.tar.gz"
	tar -xzf "$tmp/build/finject_$version.orig.tar.gz" -C "$tmp/build"
	(
		cd "$tmp/build/finject-$version"
		cp -a packaging/debian debian
		changelog "$version-$1" >debian/changelog
		dpkg-buildpackage -us -uc >"$tmp/log" 2>&1 ||
			{ tail -n 40 "$tmp/log" >&2; die "dpkg-buildpackage failed"; }
	)
	cp "$tmp/build"/*.deb "$tmp/build"/*.dsc "$tmp/build"/*.changes "$tmp/build"/*.buildinfo \
		"$tmp/build"/*.tar.* "$2"
}

# make_root: unpack Debian with DKMS and the headers of two kernels, once.
make_root()
{
	root=$CACHE/packages-root.tar
	lock packages-root
	if ! [ -e "$root" ]; then
		say "unpacking a Debian with two kernels' headers"
		main=$(mirrors | sed -n 's/^main //p')
		[ "$main" ] || die "apt knows no Debian mirror here"
		apt_begin "$tmp/apt" bookworm-backports
		newer=$(apt_own apt-cache pkgnames linux-headers-6.12 |
			grep -E '^linux-headers-6\.12[0-9.+a-z]*-amd64$' |
			sort -V | tail -n 1)
		mmdebstrap --quiet --variant=apt --format=tar \
			"--include=dkms,man-db,linux-headers-amd64,$newer" \
			bookworm "$root.tmp" \
			"deb $main bookworm main" "deb $main bookworm-backports main"
		mv "$root.tmp" "$root"
	fi
	mkdir "$tmp/root"
	tar -xf "$root" -C "$tmp/root"
	mount -t proc proc "$tmp/root/proc"
	exec 9>&-
}

# inside COMMAND...: run it in the root.
inside()
{
	env -i PATH="$PATH" HOME=/root DEBIAN_FRONTEND=noninteractive \
		chroot "$tmp/root" "$@"
}

# result STATUS NAME: one line of TAP.
number=0 failed=0
result()
{
	number=$((number + 1))
	[ "$1" = 0 ] || { failed=$((failed + 1)); printf 'not '; }
	echo "ok $number $2"
}

# check NAME COMMAND...
check()
{
	name=$1
	shift
	"$@" >"$tmp/said" 2>&1
	status=$?
	[ $status = 0 ] || sed 's/^/# /' "$tmp/said"
	result $status "$name"
}

# hardened: each file was compiled with the flags of Debian.
hardened()
{
	grep '^gcc .* -c ' "$tmp/log" >"$tmp/compiled" || return
	! grep -v -- '-D_FORTIFY_SOURCE=2 .*-fstack-protector-strong' \
		"$tmp/compiled"
}

built_for_both()
{
	inside dkms status finject
	[ "$(inside dkms status finject | grep -c "$1.*: installed")" = 2 ] &&
		[ "$(find "$tmp/root/lib/modules" -name 'finject.ko*' | wc -l)" = 2 ]
}

# Debian's own hook may have compressed the module.
names_its_version()
{
	for module in $(cd "$tmp/root" && find lib/modules -name 'finject.ko*'); do
		inside modinfo -F version "/$module" | grep -qx "$version" ||
			return
	done
}

nothing_left()
{
	left=$(find "$tmp/root" -xdev -path "$tmp/root/new" -prune -o \
		-path "$tmp/root/var/cache/man" -prune -o \
		-iname '*finject*' -print)
	echo "$left"
	[ ! "$left" ]
}

test_packages()
{
	set +e
	mkdir "$tmp/root/new"
	check "lintian" lintian --fail-on error,warning --pedantic \
		"$out/finject_$version-2_amd64.changes"
	check "compiled with the flags of Debian" hardened
	cp "$tmp"/1/*.deb "$tmp/root/new"
	check "install revision 1" inside sh -c \
		"apt-get -qq update; apt-get -qq -y install /new/*-1_*.deb"
	check "built for both kernels" built_for_both "$version"
	check "the modules name the version" names_its_version
	check "finject help" inside finject help
	check "finject-run(8)" inside man -P cat finject-run
	cp "$out"/*.deb "$tmp/root/new"
	check "upgrade to revision 2" inside sh -c \
		"apt-get -qq -y install /new/*-2_*.deb"
	check "again for both kernels" built_for_both "$version"
	check "purge" inside apt-get -qq -y purge finject finject-dkms
	check "nothing is left" nothing_left
	set -e
	echo "1..$number"
	[ $failed = 0 ]
}

case ${1-} in
build | test) ;;
*) die "usage: debian.sh build|test" ;;
esac
make -s -C "$TOP" dist >/dev/null
git -C "$TOP" diff --quiet HEAD ||
	say "what is not committed is not in the packages"
rm -rf "$out"
if [ "$1" = build ]; then
	build 1 "$out"
	ls "$out"/*.deb
	exit
fi
build 1 "$tmp/1"
build 2 "$out"
make_root
test_packages
