#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build.sh: build finject.ko afresh at W=1 for each kernel of KERNELS= (by
# default all supported ones) with gcc and with clang, and for a 6.1 without
# IPv6; a warning is a failure. The output is TAP.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../tap.sh"

unset KDIR
kernels=${KERNELS:-$SUPPORTED}
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# build KERNEL WORD...: build for a kernel, and print the result
build()
{
	kernel=$1
	shift
	FRESH=1 "$HERE/module.sh" "$kernel" W=1 >/dev/null 2>"$said" &&
		[ ! -s "$said" ]
	result $? "linux $kernel $*"
}

export COMPILER IPV6=y
for kernel in $kernels; do
	"$HERE/kernel.sh" "$kernel" || exit
	for COMPILER in gcc clang; do
		build "$kernel" "with $COMPILER"
	done
done
case " $kernels " in
*" 6.1 "*)
	COMPILER=gcc IPV6=n
	build 6.1 "without IPv6"
	;;
esac
plan
