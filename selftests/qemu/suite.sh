# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Common parts of the suites (test.sh, test-*.sh): they run programs on the host
# or in guests, in parallel where that pays, and print a line for each; the last
# line has the totals.
. "$(dirname "$0")/lib.sh"

nl='
'
work=$(mktemp -d)
totals=$work/totals
table=$work/table
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

KSELFTEST=${KSELFTEST:-$("$HERE/source.sh")/tools/testing/selftests}
export KSELFTEST
built=$TOP/selftests/build tool=$TOP/tools/finject
logs=$CACHE/log
mkdir -p "$logs"

tally()
{
	awk -v TOTALS="$totals" -v TABLE="$table" -v label="$1" -v EXPECT="$2" \
		-f "$HERE/tally.awk"
}

# selftests TARGET: print the output of a target of selftests/Makefile.
selftests()
{
	# shellcheck disable=SC2016 # it is make that expands it
	make -s -C "$TOP/selftests" --eval 'list-smp: ; @echo $(TEST_SMP)' \
		--eval 'list-smp-only: ; @echo $(TEST_SMP_ONLY)' \
		--eval 'list-hostile: ; @echo $(TEST_HOSTILE)' \
		--eval 'list-first: ; @echo $(TEST_FIRST)' \
		--eval 'list-second: ; @echo $(TEST_SECOND)' \
		--eval 'list-apart: ; @echo $(TEST_SMP_ONLY) $(TEST_TRACERS)' \
		--eval 'list-tracers: ; @echo $(TEST_TRACERS)' "$@"
}

# on_host NAME COMMAND...: run tests on the host; without TAP they count as one.
on_host()
{
	name=$1
	shift
	said=$work/host.$name
	echo "### begin $name" >"$said"
	"$@" >>"$said" 2>&1
	status=$?
	grep -q '^1\.\.[0-9]' "$said" ||
		case $status in
		0) echo "1..1${nl}ok 1 $name" ;;
		*) echo "1..1${nl}not ok 1 $name" ;;
		esac >>"$said"
	echo "### status $status$nl### end $name" >>"$said"
	tally "host " "$name" <"$said"
}

# place_of PROGRAM: print its path: that of the source of a script, else that of
# the built program.
place_of()
{
	case $1 in
	*.sh) echo "$TOP/selftests/$1" ;;
	*) echo "$built/$1" ;;
	esac
}

# in_guest KERNEL MODE PROGRAM...: run programs in a guest with $variables set,
# and the files of $extra; its logs are those of a $part of the suite if set.
# Programs are those in $built, the tool is $tool, both of FINJECT_ARCH.
in_guest()
{
	kernel=$1 mode=$2
	shift 2
	expected=$*
	label="$(basename "$kernel") $mode"
	[ "$FINJECT_ARCH" = amd64 ] || label="$label $FINJECT_ARCH"
	log=$logs/$(echo "$label" | tr ' ' -)${part:+-$part}
	say "kselftests on linux $label: $*"
	files='' programs=''
	for program; do
		at=$(place_of "$program")
		[ -x "$at" ] || continue
		files="$files -f $at"
		[ "$program" != explore.sh ] || files="$files -f $built/closer"
		programs="$programs $program"
	done
	{
		# shellcheck disable=SC2086
		"$HERE/guest.sh" -k "$kernel" -m "$mode" -t "${LIMIT:-1800}" \
			-o "$log" -f "$tool" \
			-f "${SETTINGS:-$TOP/selftests/settings}" \
			-f "$TOP/selftests/tap.sh" -f "$TOP/Documentation" $files ${extra-} \
			"$variables run-list$programs" ||
		echo "### begin guest${nl}its exit status: $?; its logs: $log$nl""\
not ok 1 guest${nl}1..1${nl}### status 1${nl}### end guest"
	} | tally "$label " "$expected"
}

variables="LOCKDOWN=1 ${STORM:+STORM=$STORM}"

# A warp guest keeps one core busy: as many at once as there are cores.
jobs='' most=$(nproc)
# say_first: wait for the oldest job, and print its output.
say_first()
{
	# shellcheck disable=SC2086
	set -- $jobs
	wait "${1%%:*}"
	cat "${1#*:}"
	shift
	jobs=$*
}

# nicely COMMAND...: run at a priority that is lower by $nice
nicely()
{
	renice -n "$nice" -p "$(exec sh -c 'echo $PPID')" >/dev/null
	"$@"
}

# busy: count the jobs that have not ended
busy()
{
	count=0
	for job in $jobs; do
		[ -e "${job#*:}.done" ] || count=$((count + 1))
	done
	echo $count
}

nice=0
# beside NAME COMMAND...: run in the background, nicely, as soon as another has
# ended if there are many; print the output in its turn
beside()
{
	while [ "$(busy)" -ge "$most" ]; do
		sleep 1
	done
	out=$work/out.$1
	shift
	{
		(nicely "$@")
		: >"$out.done"
	} >"$out" 2>&1 &
	jobs="$jobs $!:$out"
}

# all_said: wait for all jobs
all_said()
{
	while [ "$jobs" ]; do
		say_first
	done
}

# build PROGRAM...: build programs; one that does not build is missing in the
# guest, and counts as failed there.
build()
{
	targets=''
	for program; do
		case $program in
		explore.sh) targets="$targets $built/closer" ;; # it explores that
		*.sh) ;;
		*) targets="$targets $built/$program" ;;
		esac
	done
	make -s -C "$TOP/tools" || exit
	# shellcheck disable=SC2086
	make -s -k -C "$TOP/selftests" $targets && return
	# what cannot be built must not run as it was before
	for target in $targets; do
		make -s -q -C "$TOP/selftests" "$target" 2>/dev/null ||
			rm -f "$target"
	done
}

# all_programs: list the programs that run in a warp guest
all_programs()
{
	selftests emit_tests | sed 's/.*://' | tr ' ' '\n' |
	grep -vxE "$(selftests list-apart | tr ' ' '|')"
}

# total: print the last line; return whether all succeeded
total()
{
	awk '{ p += $1; f += $2; s += $3 }
	     END { printf "%d passed, %d failed, %d skipped\n", p, f, s
		   exit f > 0 || p == 0 }' "$totals"
}
