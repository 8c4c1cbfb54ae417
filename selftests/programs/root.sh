#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# root.sh: unpack the programs of cases.sh, Debian 12's packages and what they
# depend on, as a root file system in the cache. Print the directory.
set -eu
. "$(dirname "$0")/../qemu/lib.sh"

wanted="bash coreutils curl dash grep haproxy iperf3 libc-bin lighttpd memcached
	nginx-light openssh-client openssh-server openssl postgresql-15
	postgresql-client-15 python3 redis-server redis-tools rsync sed socat
	stunnel4 util-linux"
# Of no use to a server that a client asks one thing, and large.
unused="usr/share/doc usr/share/man usr/share/locale usr/share/perl
	usr/lib/x86_64-linux-gnu/perl usr/lib/x86_64-linux-gnu/libLLVM-14.so.1
	usr/lib/postgresql/15/lib/bitcode usr/share/i18n"

# unpack DEB...: as on a machine where /bin is /usr/bin
unpack()
{
	for place in bin sbin lib lib64; do
		mkdir -p "$tmp/root/usr/$place"
		ln -s "usr/$place" "$tmp/root/$place"
	done
	for deb; do
		dpkg-deb --fsys-tarfile "$deb" |
		tar -x --keep-directory-symlink --no-same-owner -C "$tmp/root"
	done
	# shellcheck disable=SC2086 # a list
	(cd "$tmp/root" && rm -rf $unused)
}

# people: the users that servers become
people()
{
	for name in root:0 sshd:101 postgres:102 www-data:33 nobody:65534; do
		id=${name#*:} name=${name%:*}
		echo "$name:x:$id:$id:$name:/:/bin/sh" >>"$1/passwd"
		echo "$name:x:$id:" >>"$1/group"
	done
	echo "nogroup:x:65533:" >>"$1/group"
	echo '127.0.0.1 localhost' >"$1/hosts"
}

dir=$CACHE/programs/$(echo "$wanted $unused" | cksum | cut -d ' ' -f 1)
mkdir -p "$CACHE/programs"
if ! [ -d "$dir" ]; then
	lock programs
	[ -d "$dir" ] || {
		tmp=$CACHE/programs/.tmp
		rm -rf "$tmp"
		apt_begin "$tmp/apt" bookworm bookworm-security
		say "downloading the programs"
		# shellcheck disable=SC2086 # a list
		apt_own apt-get -qq -y --no-install-recommends --download-only \
			install $wanted >/dev/null
		unpack "$tmp"/apt/archives/*.deb
		people "$tmp/root/etc"
		publish "$tmp/root" "$dir"
		rm -rf "$tmp"
	}
fi
echo "$dir"
