#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh: boot a kernel in QEMU with finject loaded and run one command
# there; see usage() below. It needs neither root nor KVM.
set -eu
. "$(dirname "$0")/lib.sh"

usage()
{
	cat <<END
usage: guest.sh [OPTION...] [--] COMMAND...
Boots a kernel, loads finject.ko, runs COMMAND (words of one sh command line)
in /test, prints what it says and exits as it does.

  -k KERNEL    5.10, 6.1, rt, 6.12, 7.2, debug,       [\$KERNEL, else 6.1]
               kcsan, kasan, or the path of a bzImage, whose build tree
               is in KDIR= (and whose modules, when they
               are not built there, are in MODULES=/lib/modules/RELEASE)
  -m MODE      warp: one CPU, virtual time that jumps when idle, repeatable;
               smp: two CPUs, real time               [\$MODE, else warp]
  -f FILE      put FILE (or a directory) in /test; may be repeated
  -t SECONDS   end the guest after so many real seconds          [300]
  -M           do not load finject.ko (modprobe finject does it)
  -p PARAMS    module parameters, name=value ...
  -b WORDS     more words for the make that builds finject.ko
  -a WORDS     more words for the kernel's command line
  -s SIZE      memory                         [1G; debug, kcsan, kasan: 512M]
  -o DIR       keep the logs (console, output, verdict) in DIR

Exit: the command's own status; 124 the time is over; 125 the guest failed:
no verdict, a splat, a taint, a module that does not unload; 2 usage.
END
	exit "$1"
}

kernel=${KERNEL:-6.1} mode=${MODE:-warp} limit=300 memory=
nl='
'
noload=0 params='' append='' keep='' files='' words=''
while getopts k:m:f:t:Mp:b:a:s:o:h opt; do
	case $opt in
	k) kernel=$OPTARG ;;
	m) mode=$OPTARG ;;
	f) files="$files$OPTARG$nl" ;;
	t) limit=$OPTARG ;;
	M) noload=1 ;;
	p) params=$OPTARG ;;
	b) words=$OPTARG ;;
	a) append=$OPTARG ;;
	s) memory=$OPTARG ;;
	o) keep=$OPTARG ;;
	h) usage 0 ;;
	*) usage 2 >&2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage 2 >&2

# own_modules: install the modules of the build tree in KDIR in the cache.
own_modules()
{
	[ -e "$KDIR/modules.order" ] || { echo -; return; }
	own=$CACHE/own/$release
	say "installing the modules of $KDIR in $own"
	make -s -C "$KDIR" INSTALL_MOD_PATH="$own" INSTALL_MOD_STRIP=1 \
		modules_install >&2
	echo "$own/lib/modules/$release"
}

case $kernel in
*/*)
	[ -e "$kernel" ] || die "there is no kernel image $kernel"
	[ "${KDIR-}" ] || die "KERNEL=$kernel also needs KDIR=, its build tree"
	;;
*)
	unset KDIR
	;;
esac
# shellcheck disable=SC2086
build=$("$HERE/module.sh" "$kernel" $words)
release=$(PATH=$PATH:/sbin:/usr/sbin modinfo -F vermagic "$build/finject.ko")
release=${release%% *}
if [ "${KDIR-}" ]; then
	image=$kernel
	modules=${MODULES:-$(own_modules)}
else
	image=$("$HERE/kernel.sh" "$kernel" image)
	modules=$("$HERE/kernel.sh" "$kernel" modules)
fi

case $release in
*-debug | *-kcsan | *-kasan)
	# Reports are long; the scan for leaks reads all memory; some slab
	# caches may be made to fail.
	append="log_buf_len=2M slub_debug=A,finject_*,skbuff_head_cache $append"
	: "${memory:=512M}"
	;;
esac
: "${memory:=1G}"

tmp=$(mktemp -d)
qemu=
# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || :
	if [ "$keep" ]; then
		mkdir -p "$keep"
		cp "$tmp/console" "$tmp/output" "$tmp/verdict" "$keep" || :
	fi
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$tmp/root/test"
echo "$*" >"$tmp/root/test/guest.cmd"
{
	echo "NOLOAD=$noload PARAMS='$params' MODE=$mode"
	if [ -t 1 ]; then
		echo "export TERM='${TERM-}' COLUMNS=$(tput cols || echo 80)"
	else
		echo "export TERM=dumb COLUMNS=80 NO_COLOR=1"
	fi
	[ -z "${NO_COLOR-}" ] || echo "export NO_COLOR=1"
	echo "export LANG='${LC_ALL:-${LC_CTYPE:-${LANG-}}}'"
} >"$tmp/root/test/guest.env"
IFS=$nl
# shellcheck disable=SC2086
"$HERE/initramfs.sh" "$tmp/root" "$release" "$modules" "$build/finject.ko" \
	$files
unset IFS

case $mode in
warp)
	set -- -icount shift=0,sleep=off -smp 1 -accel tcg,thread=single \
		-rtc base=2026-01-01T00:00:00,clock=vm
	# Spinning is slow under icount: calibrating the APIC timer takes 2.6 s.
	append="nolapic_timer $append"
	;;
smp)
	set -- -smp 2 -accel tcg,thread=multi
	;;
*) die "no mode '$mode': warp or smp" ;;
esac

# QEMU 7.2's TCG gets the flags of CMPXCHG16B wrong when an interrupt arrives
# just after it, and the slab allocator crashes, mostly in kernels after 6.1;
# without CX16 the kernel does not use it.
#
# boot WORD...: run the guest once; WORDs are QEMU's.
boot()
{
	for file in console output verdict; do
		: >"$tmp/$file"
	done
	timeout -k 5 "$limit" qemu-system-x86_64 "$@" \
		-nodefaults -no-user-config -no-reboot -display none \
		-cpu qemu64,-cx16 -m "$memory" \
		-kernel "$image" -initrd "$tmp/root.cpio" \
		-append "console=ttyS0 loglevel=5 panic=-1 nokaslr norandmaps \
mitigations=off random.trust_cpu=off nmi_watchdog=0 edd=off no_timer_check \
cryptomgr.notests slab_nomerge $append" \
		-serial "file:$tmp/console" -serial "file:$tmp/output" \
		-serial "file:$tmp/verdict" </dev/null &
	qemu=$!
	tail -c +1 -s 0.1 -f --pid="$qemu" "$tmp/output" &
	# a trap runs only after a foreground command ends, but not for this
	wait $!
	ended=0
	wait "$qemu" || ended=$?
	qemu=
}

boot "$@"

# failed WORD...: print the failure, and the end of the kernel's log.
failed()
{
	say "$*; the end of the guest's console:"
	tail -n 60 "$tmp/console" | sed 's/^/  | /' >&2
	exit 125
}

if [ "$ended" = 124 ] || [ "$ended" = 137 ]; then
	say "the guest was still busy after $limit s and was ended"
	tail -n 15 "$tmp/console" | sed 's/^/  | /' >&2
	exit 124
fi
exit='' splats='' taint=''
eval "$(grep -xE 'exit=[0-9]+ splats=[0-9]+ taint=[0-9]+' "$tmp/verdict")"
[ "$exit" ] || failed "the guest died without a verdict"
[ "$splats" = 0 ] || failed "the kernel complained"
taint=$((taint & ~(1 << 12 | 1 << 13 | 1 << 18)))
[ $taint = 0 ] || failed "the kernel is tainted: $taint"
! grep -q '^init: ' "$tmp/console" ||
	failed "$(sed -n 's/^init: //p' "$tmp/console")"
exit "$exit"
