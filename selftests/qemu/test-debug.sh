#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-debug.sh [PROGRAM...]: on kernels that check themselves, built if need
# be. On "debug" (KASAN, lockdep, kmemleak and more) all kselftests in warp time,
# and those programs whose order or races matter on two CPUs; on "kcsan" (data
# races) those again. And that planted faults are found.
#
# A CPU is a third as fast there, and each test still has its 400 s: SCALE=N
# parks so many segments (100,000 on other kernels), COUNT=N is the share of the
# hostile programs, STORM=N that of the storms.
set -u
export STORM="${STORM:-1}"
. "$(dirname "$0")/suite.sh"

"$HERE/kernel.sh" debug || exit
"$HERE/kernel.sh" kcsan || exit
smp=''
[ $# -gt 0 ] || smp=$(selftests list-smp)
all=${*:-$(all_programs)}
# shellcheck disable=SC2086
build $all $smp

: "${LIMIT:=3600}"
# shellcheck disable=SC2154 # of suite.sh
variables="$variables SCALE=${SCALE:-10000} COUNT=${COUNT:-3000}"
# shellcheck disable=SC2086
beside debug in_guest debug warp $all
# shellcheck disable=SC2086
[ -z "$smp" ] || beside kcsan in_guest kcsan smp $smp
all_said
# shellcheck disable=SC2086
[ -z "$smp" ] || in_guest debug smp $smp
if [ $# -eq 0 ]; then
	on_host kunit env KERNEL=debug "$HERE/kunit.sh"
	on_host planted "$HERE/planted.sh"
fi

total
