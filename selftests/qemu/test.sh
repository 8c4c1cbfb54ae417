#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test.sh [PROGRAM...]: run the unit tests on the host, and the kselftests in
# guests: in warp time on two kernels, all but those in TEST_FIRST and
# TEST_SECOND (in selftests/Makefile), which run on one of them; those in
# TEST_SMP on two CPUs as well. With PROGRAMs run only those, in warp time, on
# both. KERNEL= chooses one kernel, which runs all; STORM= is the percentage of
# a storm.
set -u
. "$(dirname "$0")/suite.sh"

# tracers PROGRAM...: run programs with the tracing tools, which are not in
# every guest: with their libraries they are 250 MB.
tracers()
{
	extra='' part=tracers
	for tracer in trace-cmd perf bpftrace; do
		extra="$extra -f $(command -v $tracer)"
	done
	in_guest "${KERNEL:-6.1}" warp "$@"
}

if [ $# -eq 0 ]; then
	make -s -C "$TOP/tools" || exit # once, for the tests and for the guests
	beside module-units on_host module-units make -s -C "$TOP/module/tests" run
	beside tool-units on_host tool-units make -s -C "$TOP/tools" check
	smp=$(selftests list-smp)
	all=$(all_programs)
else
	all=$*
	smp=''
fi
# shellcheck disable=SC2086
build $all $smp

# less LIST: print $all without those in LIST
less()
{
	# shellcheck disable=SC2086
	printf '%s\n' $all | grep -vxE "$(echo "$1" | tr -s ' ' '|')"
}

first=$all second=$all
if [ $# -eq 0 ]; then
	first=$(less "$(selftests list-second)")
	second=$(less "$(selftests list-first)")
fi
# A guest of two CPUs has real time, of which it waits for the most; the others have
# time of their own, and do with what it leaves. QEMU's TCG is not sound for two
# CPUs on kernels after 6.1.
if [ "$smp" ]; then
	most=$((most + 1))
	# shellcheck disable=SC2086
	beside smp in_guest "${KERNEL:-6.1}" smp $smp
	nice=15
fi
if [ "${KERNEL-}" ]; then
	# shellcheck disable=SC2086
	beside "$(basename "$KERNEL")" in_guest "$KERNEL" warp $all
else
	# shellcheck disable=SC2086
	beside 6.1 in_guest 6.1 warp $first
	# shellcheck disable=SC2086
	beside 6.12 in_guest 6.12 warp $second
fi
if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046
	beside tracers tracers $(selftests list-tracers)
	beside repeat on_host repeat "$HERE/repeat.sh"
	beside judge on_host judge "$HERE/judge.sh" 1 60
	beside nat on_host nat "$HERE/judge.sh" 2 15 nat
	beside rules-from on_host rules-from "$HERE/rules-from.sh" 1-10
	beside captures on_host captures "$HERE/rules-from.sh" -c 3-4
	beside scripts on_host scripts "$TOP/selftests/scripts.sh" -k 4.1 20-32
	beside time-wait on_host time-wait \
		"$TOP/selftests/time-wait/figures.sh" check
	beside guest on_host guest "$HERE/guest-test.sh" ci virtual shell
fi
all_said

total
