#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-debug.sh [PROGRAM...]: test on debug kernels, built if need be. PARTS=
# chooses some of these:
#   warp     all kselftests (or PROGRAMs) in warp time on "debug": KASAN,
#            lockdep, kmemleak and more
#   kunit    the KUnit suites there
#   smp      programs whose order or races matter, there on two CPUs
#   kcsan    the same programs on "kcsan": data races
#   kasan    hostile programs on "kasan": the newest kernel with nothing but
#            KASAN and failing allocations, in warp time
#   planted  planted faults, which must be found; PLANTED= names some
#
# A CPU is a third as fast there, and each test still has its 400 s: SCALE=N
# parks so many segments (100,000 on other kernels), BURST=N releases so many at
# once, COUNT=N is the share of the hostile programs, STORM=N that of the storms.
set -u
export STORM="${STORM:-1}"
. "$(dirname "$0")/suite.sh"

parts=${PARTS:-warp kunit smp kcsan kasan planted}
[ $# -eq 0 ] || parts=${PARTS:-warp}
all=${*:-$(all_programs)}
smp=$(selftests list-smp)
hostile=$(selftests list-hostile)
: "${LIMIT:=3600}"
# shellcheck disable=SC2154 # of suite.sh
variables="$variables SCALE=${SCALE:-10000} BURST=${BURST:-2000}"
variables="$variables COUNT=${COUNT:-3000}"

# wanted PART
wanted()
{
	case " $parts " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

"$HERE/kernel.sh" debug || exit
# shellcheck disable=SC2086
build $all $smp $hostile

# shellcheck disable=SC2086
! wanted warp || beside debug in_guest debug warp $all
# shellcheck disable=SC2086
! wanted kasan || beside kasan in_guest kasan warp $hostile
! wanted kunit || beside kunit on_host kunit env KERNEL=debug "$HERE/kunit.sh"
# shellcheck disable=SC2086
! wanted planted ||
	beside planted on_host planted "$HERE/planted.sh" ${PLANTED-}
all_said
# shellcheck disable=SC2086
! wanted smp || in_guest debug smp $smp
# shellcheck disable=SC2086
! wanted kcsan || in_guest kcsan smp $smp

total
