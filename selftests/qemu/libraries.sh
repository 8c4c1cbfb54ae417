#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libraries.sh: unpack the libraries that the tool is linked with, for 32 bit,
# in the cache. Print the directory that has usr/.
set -eu
. "$(dirname "$0")/lib.sh"

# The last are those that libpcap needs.
wanted="libjson-c-dev libjson-c5 libpcap0.8-dev libpcap0.8 libdbus-1-3
	libsystemd0 libcap2 libgcrypt20 libgpg-error0 liblz4-1 liblzma5 libzstd1"
dir=$CACHE/libraries/i386-pcap
mkdir -p "$CACHE/libraries"
if ! [ -d "$dir" ]; then
	lock libraries
	[ -d "$dir" ] || {
		ARCH=i386
		tmp=$CACHE/libraries/.tmp
		rm -rf "$tmp"
		apt_begin "$tmp/apt" bookworm
		# shellcheck disable=SC2086 # a list
		apt_fetch $wanted
		for deb in "$tmp"/apt/deb/*.deb; do
			dpkg-deb -x "$deb" "$tmp/root"
		done
		publish "$tmp/root" "$dir"
		rm -rf "$tmp"
	}
fi
echo "$dir"
