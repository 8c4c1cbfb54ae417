#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# debian.sh build|test: make Debian packages of what is committed, into
# build/packages; or also install, upgrade and purge them in a Debian of its own,
# which is unpacked in the cache, with the headers of two kernels. The upgrades
# are from an older version, and from an older revision.
set -eu
. "$(dirname "$0")/../selftests/qemu/lib.sh"
. "$(dirname "$0")/../selftests/tap.sh"
TOP=$(cd "$(dirname "$0")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
version=$(sed -n 's/^FINJECT_VERSION := //p' "$TOP/Kbuild")
out=$TOP/build/packages
older=0.0.1

tmp=$(mktemp -d)
said=$tmp/said
trap 'umount_all; rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM

# What a root has mounted goes before the root does.
umount_all()
{
	[ ! -e "$tmp/root/proc/version" ] || umount "$tmp/root/proc"
}

# changelog VERSION: print the one entry that a package has.
changelog()
{
	echo "finject ($1) unstable; urgency=medium"
	echo
	echo "  * See /usr/share/doc/finject/changelog.gz."
	echo
	git -C "$TOP" log -1 --format=' -- finject developers <finject@localhost.invalid>  %aD'
}

# make_source VERSION: make the source of a version in $tmp/build; of another one
# than that of Kbuild only the number is another.
make_source()
{
	tar -xzf "$TOP/build/finject-$version.tar.gz" -C "$tmp/build"
	if [ "$1" = "$version" ]; then
		cp "$TOP/build/finject-$version.tar.gz" \
			"$tmp/build/finject_$version.orig.tar.gz"
		return
	fi
	mv "$tmp/build/finject-$version" "$tmp/build/finject-$1"
	sed -i "s/^FINJECT_VERSION := .*/FINJECT_VERSION := $1/" \
		"$tmp/build/finject-$1/Kbuild"
	tar -czf "$tmp/build/finject_$1.orig.tar.gz" -C "$tmp/build" "finject-$1"
}

# build VERSION REVISION DIR: build packages into DIR.
build()
{
	rm -rf "$tmp/build"
	mkdir -p "$tmp/build" "$3"
	make_source "$1"
	(
		cd "$tmp/build/finject-$1"
		cp -a packaging/debian debian
		changelog "$1-$2" >debian/changelog
		dpkg-buildpackage -us -uc >"$tmp/log" 2>&1 ||
			{ tail -n 40 "$tmp/log" >&2; die "dpkg-buildpackage failed"; }
	)
	cp "$tmp/build"/*.deb "$tmp/build"/*.dsc "$tmp/build"/*.changes "$tmp/build"/*.buildinfo \
		"$tmp/build"/*.tar.* "$3"
}

# install_version VERSION: install or upgrade both packages in the root, without
# what others recommend: that leaves users and files behind.
install_version()
{
	inside sh -c "apt-get -qq -y --no-install-recommends install \
		/new/finject_$1_*.deb /new/finject-dkms_$1_*.deb"
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

# hardened: each file was compiled with the flags of Debian.
hardened()
{
	grep '^gcc .* -c ' "$tmp/log" >"$tmp/compiled" || return
	! grep -v -- '-D_FORTIFY_SOURCE=2 .*-fstack-protector-strong' \
		"$tmp/compiled"
}

# built_for_both VERSION: this version alone is there, for both kernels; Debian's
# own hook may have compressed the module.
built_for_both()
{
	inside dkms status finject | tee "$tmp/status"
	(cd "$tmp/root" && find usr/src/finject-* -maxdepth 0 &&
	 find lib/modules -name 'finject.ko*') | tee "$tmp/there"
	[ "$(grep -c "finject/$1,.*: installed" "$tmp/status")" = 2 ] &&
	[ "$(wc -l <"$tmp/status")" = 2 ] &&
	[ "$(grep usr/src "$tmp/there")" = "usr/src/finject-$1" ] &&
	[ "$(grep -c '^lib/modules/' "$tmp/there")" = 2 ] || return
	grep '^lib/modules/' "$tmp/there" | while read -r module; do
		inside modinfo -F version "/$module" | grep -qx "$1" || return
	done
}

# What these keep of their own, as patterns of paths.
kept=$(tr '\n' '|' <<'END' | sed 's/|$//'
./var/lib/dpkg/status(-old)?
./var/lib/apt/extended_states
./var/cache/apt/.*
./var/log/dpkg\.log
./var/log/apt/.*
./etc/ld\.so\.cache
./var/cache/ldconfig/.*
./usr/lib/modules/[^/]*/modules\.[a-z.]*
./var/cache/man/.*
END
)

# files: list all that the root has, with what is in it, but for the packages
# themselves and what dpkg, apt, ldconfig, depmod and man-db keep.
files()
{
	(
		cd "$tmp/root"
		find . -xdev -path ./new -prune -o -printf '%p %M %U:%G %l\n'
		find . -xdev -path ./new -prune -o -type f -print0 |
			xargs -0 md5sum | awk '{ print $2, $1 }'
	) | grep -vE "^($kept) " | sort
}

# nothing_left: the root has what it had before.
nothing_left()
{
	files >"$tmp/after"
	! diff "$tmp/before" "$tmp/after" | grep '^[<>]'
}

test_packages()
{
	set +e
	mkdir "$tmp/root/new"
	cp "$tmp"/old/*.deb "$tmp"/1/*.deb "$out"/*.deb "$tmp/root/new"
	expect "lintian" lintian --fail-on error,warning --pedantic \
		"$out/finject_$version-2_amd64.changes"
	expect "compiled with the flags of Debian" hardened
	expect "apt-get update" inside apt-get -qq update
	files >"$tmp/before"
	expect "install version $older" install_version "$older-1"
	expect "built for both kernels" built_for_both "$older"
	expect "finject help" inside finject help
	expect "finject-run(8)" inside man -P cat finject-run
	expect "upgrade to version $version" install_version "$version-1"
	expect "that alone is built for both kernels" built_for_both "$version"
	expect "upgrade to revision 2" install_version "$version-2"
	expect "again for both kernels" built_for_both "$version"
	expect "purge" inside apt-get -qq -y purge --auto-remove finject finject-dkms
	expect "nothing is left" nothing_left
	set -e
	plan
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
	build "$version" 1 "$out"
	ls "$out"/*.deb
	exit
fi
build "$older" 1 "$tmp/old"
build "$version" 1 "$tmp/1"
build "$version" 2 "$out"
make_root
test_packages
