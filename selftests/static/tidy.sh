#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tidy.sh: clang-tidy, with clang's static analyzer, over the userspace C and
# over those files of the module that also compile on the host. .clang-tidy
# says what for, and why not more. Programs on the kselftest harness are left
# out: the analyzer walks its macros for minutes.
set -eu
. "$(dirname "$0")/../qemu/lib.sh"

kselftest=$("$HERE/../qemu/source.sh")/tools/testing/selftests
cd "$HERE/../.."

tidy()
{
	xargs -P"$(nproc)" -I{} clang-tidy --quiet {} -- -std=gnu11 \
		-D_GNU_SOURCE '-DFINJECT_VERSION="0"' "$@" \
		-isystem "$kselftest" 2>/dev/null
}

printf '%s\n' tools/*/*.c |
	tidy -Itools/bed -Itools/common -Itools/kernel -Itools/close \
		-Itools/doctor -Itools/lab -Itools/control \
		-Itools/explore -Itools/tests -Imodule
printf '%s\n' module/names.c module/text.c module/lang/*.c module/stage.c \
	module/schedule.c | tidy -Imodule
printf '%s\n' selftests/lib/*.c selftests/bench/*.c |
	tidy -DFAIL_ENDS -Iselftests/lib -Itools/bed -Imodule
