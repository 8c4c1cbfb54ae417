#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tree.sh DIR PACKAGE...: unpack Debian packages and all that they depend on in
# a new directory, a root file system for a guest (make run ROOT=DIR). Nothing
# is installed: no package's scripts run. SUITE=bookworm is Debian's suite.
set -eu
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || die "usage: tree.sh DIR PACKAGE..."
dir=$1
shift
[ ! -e "$dir" ] || die "$dir is there already"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

suite=${SUITE:-bookworm}
apt_begin "$tmp/apt" "$suite"
say "downloading $* and what they depend on"
# A root has a shell, and the programs that each package takes for granted.
apt_own apt-get -qq -y --no-install-recommends --download-only install \
	"$@" dash coreutils base-files >/dev/null
mkdir -p "$dir"
for deb in "$tmp"/apt/archives/*.deb; do
	dpkg-deb -x "$deb" "$dir"
done
say "$dir holds $(find "$tmp/apt/archives" -name '*.deb' | wc -l) packages," \
	"$(du -sm "$dir" | cut -f1) MB"
