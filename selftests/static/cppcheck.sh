#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cppcheck.sh: cppcheck over the userspace C. The kselftests themselves are
# left out: they are made of the harness's macros, which it cannot follow.
# Not for portability: this is gnu11 for Linux, with arithmetic on void *.
set -eu
. "$(dirname "$0")/../qemu/lib.sh"

cd "$HERE/../.."
check()
{
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
		-j"$(nproc)" --enable=warning,performance -D_GNU_SOURCE "$@"
}

check -Itools/bed -Itools/common -Itools/kernel -Itools/close -Itools/doctor \
	-Itools/lab -Itools/control -Imodule tools/*/*.c
check -Imodule module/names.c module/text.c module/lang/*.c module/stage.c \
	module/schedule.c
check -DFAIL_ENDS -Iselftests/lib -Itools/bed -Imodule selftests/lib/*.c \
	selftests/bench/*.c
