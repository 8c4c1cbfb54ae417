#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libraries.sh: unpack the libraries that the tool is linked with, for 32 bit,
# in the cache. Print the directory that has usr/.
set -eu
. "$(dirname "$0")/lib.sh"

dir=$CACHE/libraries/i386
mkdir -p "$CACHE/libraries"
if ! [ -d "$dir" ]; then
	lock libraries
	[ -d "$dir" ] || {
		ARCH=i386
		tmp=$CACHE/libraries/.tmp
		rm -rf "$tmp"
		apt_begin "$tmp/apt" bookworm
		apt_fetch libjson-c-dev libjson-c5
		for deb in "$tmp"/apt/deb/*.deb; do
			dpkg-deb -x "$deb" "$tmp/root"
		done
		publish "$tmp/root" "$dir"
		rm -rf "$tmp"
	}
fi
echo "$dir"
