#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kunit.sh [GUEST-OPTION...]: run the KUnit suites of module/tests, in a guest
# whose finject.ko includes them and runs them when it is loaded. The output is
# TAP. Skip if the kernel (KERNEL=, KDIR=, as for guest.sh) has no KUnit.
set -u
. "$(dirname "$0")/lib.sh"

# build_tree: print the directory of the kernel's configuration.
build_tree()
{
	case ${KERNEL:-6.1} in
	*/*) echo "${KDIR-}" ;;
	*)
		"$HERE/kernel.sh" "${KERNEL:-6.1}" make |
		sed -n 's/.* O=\([^ ]*\).*/\1/p; t; s/.* -C \([^ ]*\).*/\1/p'
		;;
	esac
}

echo "TAP version 13"
if ! grep -q '^CONFIG_KUNIT=[ym]' "$(build_tree)/.config"; then
	echo "1..0 # SKIP linux ${KERNEL:-6.1} has no KUnit (CONFIG_KUNIT)"
	exit 4
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

suites=$(sed -n 's/^\t\.name = "\(finject_[a-z_]*\)",$/\1/p' \
	"$TOP"/module/tests/*_test.c)
# shellcheck disable=SC2016 # it is the guest that expands it
"$HERE/guest.sh" -M -b CONFIG_FINJECT_KUNIT_TEST=y -a kunit.enable=1 "$@" \
	'modprobe finject; status=$?; dmesg; exit $status' >"$work/log"
status=$?
awk -v EXPECT="$suites" -f "$HERE/ktap.awk" "$work/log" | tee "$work/tap"
[ "$status" = 0 ] || echo "# the guest's exit status: $status"
! grep -q '^not ok' "$work/tap" && [ "$status" = 0 ]
