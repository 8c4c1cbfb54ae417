#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stacks.sh [NAME...]: make the findings of Documentation/findings.rst again, in
# a guest, or these of them. KERNEL=6.1|6.12|... chooses the kernel, OUT=DIR
# keeps logs and captures.
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build=selftests/build/stacks
make -s -C tools
make -s -C selftests/stacks
status=0
selftests/qemu/guest.sh -m warp -t 580 -O "${OUT:-$work}" -f tools/finject \
	-f $build/linux_peer -f $build/lwip_peer -f "$(command -v pasta)" \
	-f "$(command -v slirp4netns)" -f "$(command -v tcpdump)" \
	-f selftests/tap.sh -f selftests/stacks/findings.sh "sh findings.sh $*" || status=$?
exit "$status"
