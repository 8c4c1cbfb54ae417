#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test.sh [PROGRAM...]: the unit tests on the host, then the kselftests in
# guests: all of them in warp time on each kernel, those in TEST_SMP (in
# selftests/Makefile) on two CPUs as well. The last line has the totals.
# With PROGRAMs only those, and no unit tests. KERNEL= chooses one kernel,
# STORM= how much of a storm; storm.sh asks for SMP= programs on two CPUs and
# for a JUDGE= of so many closes as well. SUITE=debug runs what debug_suite.sh
# says instead, on the debug kernels.
set -u
. "$(dirname "$0")/lib.sh"

nl='
'
work=$(mktemp -d)
totals=$work/totals
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

KSELFTEST=${KSELFTEST:-$("$HERE/source.sh")/tools/testing/selftests}
export KSELFTEST
built=$TOP/selftests/build
logs=$CACHE/log
mkdir -p "$logs"

tally()
{
	awk -v TOTALS="$totals" -v label="$1" -v EXPECT="$2" \
		-f "$HERE/tally.awk"
}

# selftests TARGET: what a target of selftests/Makefile says.
selftests()
{
	# shellcheck disable=SC2016 # it is make that expands it
	make -s -C "$TOP/selftests" --eval 'list-smp: ; @echo $(TEST_SMP)' \
		--eval 'list-apart: ; @echo $(TEST_SMP_ONLY) $(TEST_TRACERS)' \
		--eval 'list-tracers: ; @echo $(TEST_TRACERS)' "$@"
}

# on_host NAME COMMAND...: tests on the host; those that do not speak TAP count
# as one.
on_host()
{
	name=$1
	shift
	echo "### begin $name" >"$work/host"
	"$@" >>"$work/host" 2>&1
	status=$?
	grep -q '^1\.\.[0-9]' "$work/host" ||
		case $status in
		0) echo "1..1${nl}ok 1 $name" ;;
		*) echo "1..1${nl}not ok 1 $name" ;;
		esac >>"$work/host"
	echo "### status $status$nl### end $name" >>"$work/host"
	tally "host " "$name" <"$work/host"
}

# place_of PROGRAM: scripts are run as they stand, the others are built.
place_of()
{
	case $1 in
	*.sh) echo "$TOP/selftests/$1" ;;
	*) echo "$built/$1" ;;
	esac
}

# in_guest KERNEL MODE PROGRAM... with $variables set there
in_guest()
{
	kernel=$1 mode=$2
	shift 2
	expected=$*
	label="$(basename "$kernel") $mode"
	log=$logs/$(basename "$kernel")-$mode
	say "kselftests on linux $label: $*"
	files='' programs=''
	for program; do
		at=$(place_of "$program")
		[ -x "$at" ] || continue
		files="$files -f $at"
		programs="$programs $program"
	done
	{
		# shellcheck disable=SC2086
		"$HERE/guest.sh" -k "$kernel" -m "$mode" -t "${LIMIT:-900}" \
			-o "$log" -f "$TOP/tools/finject" \
			-f "${SETTINGS:-$TOP/selftests/settings}" \
			-f "$TOP/Documentation" $files ${extra-} \
			"$variables run-list$programs" ||
		echo "### begin guest${nl}its exit status: $?; its logs: $log$nl""\
not ok 1 guest${nl}1..1${nl}### status 1${nl}### end guest"
	} | tally "$label " "$expected"
}

variables="LOCKDOWN=1 ${STORM:+STORM=$STORM}"

# A warp guest keeps one core busy: all of them at once.
jobs=''
# beside NAME COMMAND...: in the background; said when its turn comes
beside()
{
	out=$work/out.$1
	shift
	"$@" >"$out" 2>&1 &
	jobs="$jobs $!:$out"
}

all_said()
{
	for job in $jobs; do
		wait "${job%%:*}"
		cat "${job#*:}"
	done
	jobs=''
}

# build PROGRAM...: what does not build is missing in the guest, and counts as
# failed there.
build()
{
	targets=''
	for program; do
		case $program in
		*.sh) ;;
		*) targets="$targets $built/$program" ;;
		esac
	done
	make -s -C "$TOP/tools" || exit
	# shellcheck disable=SC2086
	make -s -k -C "$TOP/selftests" $targets
}

# all_programs: those that run in a warp guest
all_programs()
{
	selftests emit_tests | sed 's/.*://' | tr ' ' '\n' |
	grep -vxE "$(selftests list-apart | tr ' ' '|')"
}

# total: the last line, and whether that is success
total()
{
	awk '{ p += $1; f += $2; s += $3 }
	     END { printf "%d passed, %d failed, %d skipped\n", p, f, s
		   exit f > 0 || p == 0 }' "$totals"
}

if [ "${SUITE-}" = debug ]; then
	. "$HERE/debug_suite.sh"
	total
	exit
fi

if [ $# -eq 0 ]; then
	on_host module-units make -s -C "$TOP/module/tests" run
	on_host tool-units make -s -C "$TOP/tools" check
	smp=$(selftests list-smp)
	all=$(all_programs)
else
	all=$*
	smp=${SMP-}
fi
# shellcheck disable=SC2086
build $all $smp

for kernel in ${KERNEL:-6.1 6.12}; do
	# shellcheck disable=SC2086
	beside "$(basename "$kernel")" in_guest "$kernel" warp $all
done
all_said

if [ $# -eq 0 ]; then
	# Not in every guest: with their libraries they are 250 MB.
	for tool in trace-cmd perf bpftrace; do
		extra="${extra-} -f $(command -v $tool)"
	done
	# shellcheck disable=SC2046
	in_guest "${KERNEL:-6.1}" warp $(selftests list-tracers)
	extra=''
	on_host repeat "$HERE/repeat.sh"
	JUDGE=60
fi
[ -z "${JUDGE-}" ] || on_host judge "$HERE/judge.sh" 1 "$JUDGE"
# QEMU's TCG is not sound for two CPUs on kernels after 6.1.
# shellcheck disable=SC2086
[ -z "$smp" ] || in_guest "${KERNEL:-6.1}" smp $smp

total
