# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2086,SC2154
#
# Part of test.sh, with its functions: what runs on the debug kernels. On
# "debug" (KASAN, lockdep, kmemleak and more) all kselftests in warp time, the
# KUnit suites, and those programs whose order or races matter on two CPUs; on
# "kcsan" (data races) those again. And that planted faults are found.
#
# A CPU is a third as fast there, and each test still has its 400 s: SCALE=N
# parks so many segments (100,000 on other kernels).
. "$HERE/lib.sh"

"$HERE/kernel.sh" debug || exit
"$HERE/kernel.sh" kcsan || exit
if [ $# -eq 0 ]; then
	all=$(all_programs)
	smp=$(selftests list-smp)
else
	all=$*
	smp=
fi
build $all $smp

variables="$variables SCALE=${SCALE:-10000}"
beside debug in_guest debug warp $all
[ -z "$smp" ] || beside kcsan in_guest kcsan smp $smp
all_said
[ -z "$smp" ] || in_guest debug smp $smp
[ $# -gt 0 ] || on_host planted "$HERE/planted.sh"
