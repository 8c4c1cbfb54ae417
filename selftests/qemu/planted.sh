#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# planted.sh [FAULT...]: check that a guest fails because of a fault. Each fault
# of planted/planted.c is committed in its own guest: guest.sh must report a
# failure, and the kernel must have reported the fault. Without a fault nothing
# is reported. The output is TAP. KEEP=DIR keeps the logs.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
said=$work/said
logs=${KEEP:-$work}

# FAULT KERNEL MODE MODULE REPORT; without a report the guest must not fail.
faults="
nothing   debug warp finject_planted
leak      debug warp finject_planted comm .insmod.,
stale     debug warp finject_planted BUG: KASAN: .*use-after-free
sleep     debug warp finject_planted sleeping function called from invalid
inversion debug warp finject_planted possible circular locking dependency
rcu       debug warp finject_planted suspicious RCU usage
bounds    debug warp finject_planted UBSAN: array-index-out-of-bounds
shift     debug warp finject_planted UBSAN: shift-out-of-bounds
refcount  debug warp finject_planted refcount_t: addition on 0
timer     debug warp finject_planted ODEBUG: free active
device    debug warp finject_planted leaked reference
slab      debug warp finject_planted Objects remaining in planted
race      kcsan smp  finject_planted BUG: KCSAN: data-race in racer
strangers kcsan smp  elsewhere
"

# built KERNEL: build the modules for it, and print their directory.
built()
{
	out=$CACHE/build/planted-$("$HERE/kernel.sh" "$1" release)
	mkdir -p "$out"
	cp -u "$HERE"/planted/* "$out"
	# shellcheck disable=SC2046
	$("$HERE/kernel.sh" "$1" make) M="$out" -s modules >"$out/log" 2>&1 || {
		cat "$out/log" >&2
		die "the planted faults do not build for linux $1"
	}
	echo "$out"
}

# commit FAULT KERNEL MODE MODULE: return the guest's exit status
commit()
{
	[ "$1" = strangers ] && plant=race || plant=$1
	"$HERE/guest.sh" -k "$2" -m "$3" -M -t 600 -o "$logs/$1" \
		-f "$(built "$2")/$4.ko" \
		"insmod ./$4.ko plant=$plant && dmesg" \
		>"$work/$1.output" 2>"$work/$1.errors"
}

# judge FAULT REPORT STATUS: print what is wrong, if anything
judge()
{
	case $1 in
	nothing)
		[ "$3" = 0 ] || echo "a guest without a fault: exit $3"
		;;
	strangers)
		grep -q 'BUG: KCSAN: data-race in racer' "$work/$1.output" ||
			echo "the strangers' race was not seen at all"
		[ "$3" = 0 ] || echo "it failed of others' race: exit $3"
		;;
	*)
		[ "$3" = 125 ] || echo "exit $3, not 125"
		grep -q 'the kernel complained' "$work/$1.errors" ||
			echo "guest.sh does not say that the kernel complained"
		grep -qE "$2" "$logs/$1/console" || echo "no report '$2'"
		;;
	esac
}

wanted=${*:-$(echo "$faults" | awk '{ print $1 }')}
# shellcheck disable=SC2086
set -- $wanted
echo "TAP version 13"
echo "1..$#"
for fault; do
	# shellcheck disable=SC2034 # the modules' name is used
	read -r fault kernel mode module report <<-END
		$(echo "$faults" | grep "^$fault ")
	END
	commit "$fault" "$kernel" "$mode" "$module"
	wrong=$(judge "$fault" "$report" $?)
	{ echo "$wrong"; tail -n 20 "$work/$fault.errors"; } >"$said"
	[ -z "$wrong" ]
	result $? "planted_$fault"
done
[ "$failed" = 0 ]
