#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libraries.sh [ARCH [WHAT]]: unpack in the cache what Debian has for an
# architecture (i386): the libraries that the tool is linked with ("build"), or
# the programs that a guest of it needs, with their libraries and those of the
# tool ("guest"). Print the directory that has usr/.
set -eu
. "$(dirname "$0")/lib.sh"

FINJECT_ARCH=${1-i386}
what=${2-build}

# wanted: list the packages.
wanted()
{
	case $what in
	build)
		# The last are those that libpcap needs.
		echo libjson-c-dev libjson-c5 libpcap0.8-dev libpcap0.8 \
			libdbus-1-3 libsystemd0 libcap2 libgcrypt20 \
			libgpg-error0 liblz4-1 liblzma5 libzstd1
		;;
	guest)
		echo busybox-static conntrack dash ethtool iproute2 nftables
		apt_own apt-cache depends --recurse --important conntrack dash \
			ethtool iproute2 nftables libjson-c5 libpcap0.8 |
		grep -xE '(lib|zlib)[a-z0-9.+-]+' | sort -u
		;;
	esac
}

case $what in
build) dir=$CACHE/libraries/$FINJECT_ARCH-pcap ;;
guest) dir=$CACHE/libraries/$FINJECT_ARCH-guest ;;
*) die "usage: libraries.sh [ARCH [build|guest]]" ;;
esac
mkdir -p "$CACHE/libraries"
if ! [ -d "$dir" ]; then
	lock libraries
	[ -d "$dir" ] || {
		tmp=$CACHE/libraries/.tmp
		rm -rf "$tmp"
		apt_begin "$tmp/apt" bookworm
		# shellcheck disable=SC2046 # a list
		apt_fetch $(wanted)
		for deb in "$tmp"/apt/deb/*.deb; do
			dpkg-deb -x "$deb" "$tmp/root"
		done
		publish "$tmp/root" "$dir"
		rm -rf "$tmp"
	}
fi
echo "$dir"
