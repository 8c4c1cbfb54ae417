#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh: "make setup" wants the packages of each target of the Makefile but
# test-arch.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
selftests/qemu/setup.sh -n >"$work/all"
status=0
# shellcheck disable=SC2013 # words
for target in $(sed -n 's/^\([a-z -]*\):\( .*\)\{0,1\}$/\1/p' Makefile); do
	[ "$target" != test-arch ] || continue
	selftests/qemu/setup.sh -n "$target" >"$work/one" 2>/dev/null || continue
	echo "$target" >>"$work/known"
	missing=$(grep -vxFf "$work/all" "$work/one" | tr '\n' ' ') || :
	[ ! "$missing" ] || {
		echo "make setup leaves out what make $target needs: $missing"
		status=1
	}
done
[ "$(wc -l <"$work/known")" -gt 20 ] || {
	echo "setup.sh knows no targets"
	status=1
}
exit $status
