#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh: boot a kernel in QEMU with finject loaded and run one command
# there; see usage() below. It needs neither root nor KVM.
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/arch.sh"
. "$(dirname "$0")/disks.sh"
PATH=$PATH:/sbin:/usr/sbin

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
               smp: two CPUs, real time;
               real: one CPU, real time               [\$MODE, else warp]
  -f FILE      put FILE (or a directory) in /test; may be repeated
  -O DIR       what COMMAND leaves in /out comes to DIR, however it ends
  -r ROOT      COMMAND's root file system: a directory, or an image of ext4;
               neither is changed
  -i           COMMAND has this terminal
  -e           end what COMMAND leaves running; it may use finject.ko
  -t SECONDS   end COMMAND after so many real seconds, and the guest $grace
               later                                    [300; with -i none]
  -T SECONDS   end COMMAND after so many seconds of the guest's time
  -M           do not load finject.ko (modprobe finject does it)
  -K KO        take this finject.ko, of KDIR, and build none; "-": the kernel has
               it built in
  -p PARAMS    module parameters, name=value ...
  -b WORDS     more words for the make that builds finject.ko
  -a WORDS     more words for the kernel's command line
  -c           programs find CMPXCHG16B, which the kernel does not use
  -s SIZE      memory                         [1G; debug, kcsan, kasan: 512M]
  -o DIR       keep the logs (console, output, verdict) in DIR
  -n PORT      a network card (MODULES_TOO=virtio_net), of this machine's
               loopback alone: its port 22 is 127.0.0.1:PORT
  -l DIR       lay DIR over the guest's own root; PROGRAMS= names programs of
               this machine that its /bin has besides

SIGN="TREE/scripts/sign-file sha256 KEY CERT" signs finject.ko, for a kernel that
loads nothing else (-a module.sig_enforce=1).

FINJECT_ARCH=s390x, arm64 or i386 is a guest of that architecture, with Debian's
6.1 and programs, and FILEs of it; -i, -n, -O and -r are for amd64 only.

Exit: the command's own status; 124 the time is over, and the output says what
hung; 125 the guest failed: no verdict, a splat, a taint, a module that does not
unload; 2 usage.
END
	exit "$1"
}

kernel=${KERNEL:-6.1} mode=${MODE:-warp} limit='' memory='' grace=20
nl='
'
noload=0 params='' append='' keep='' files='' words='' cpu=qemu64,-cx16
out='' rootfs='' terminal='' virtual='' layer='' leftover='' taints=0 ko='' port=''
while getopts k:m:f:O:r:iet:T:MK:p:b:a:cs:o:n:l:h opt; do
	case $opt in
	k) kernel=$OPTARG ;;
	m) mode=$OPTARG ;;
	f) files="$files$OPTARG$nl" ;;
	O) out=$OPTARG ;;
	r) rootfs=$OPTARG ;;
	i) terminal=1 ;;
	e) leftover=1 ;;
	t) limit=$OPTARG ;;
	T) virtual=$OPTARG ;;
	M) noload=1 ;;
	K) ko=$OPTARG ;;
	p) params=$OPTARG ;;
	b) words=$OPTARG ;;
	a) append=$OPTARG ;;
	c) cpu=qemu64 ;;
	s) memory=$OPTARG ;;
	o) keep=$OPTARG ;;
	n) port=$OPTARG ;;
	l) layer=$OPTARG ;;
	h) usage 0 ;;
	*) usage 2 >&2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage 2 >&2
case $limit$virtual in
*[!0-9]*) die "-t and -T take whole seconds, not '${limit:-$virtual}'" ;;
esac
case $port in
*[!0-9]*) die "-n takes a port, not '$port'" ;;
esac
if [ -z "$terminal" ]; then
	: "${limit:=300}"
elif ! [ -t 0 ] || ! [ -t 1 ]; then
	die "a shell needs a terminal; 'make run CMD=...' runs one command"
fi

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

know_arch "$FINJECT_ARCH"
[ "$machine" ] || die "no guest is booted for $FINJECT_ARCH"
! is_foreign || [ -z "$terminal$port$out$rootfs" ] ||
	die "a guest of $FINJECT_ARCH knows neither -i, -n, -O nor -r"

case $kernel in
*/*)
	[ -e "$kernel" ] || die "there is no kernel image $kernel"
	[ "${KDIR-}" ] || die "KERNEL=$kernel also needs KDIR=, its build tree"
	;;
*)
	unset KDIR
	;;
esac
if [ "$ko" ]; then
	[ "${KDIR-}" ] || die "-K needs the kernel that it is of: KERNEL=, KDIR="
	[ "$ko" = - ] || [ -e "$ko" ] || die "there is no $ko"
	release=$(cat "$KDIR/include/config/kernel.release")
else
	# shellcheck disable=SC2086
	ko=$("$HERE/module.sh" "$kernel" $words)/finject.ko
	release=$(modinfo -F vermagic "$ko")
	release=${release%% *}
fi
if [ "${KDIR-}" ]; then
	image=$kernel
	modules=${MODULES:-$(own_modules)}
else
	image=$("$HERE/kernel.sh" "$kernel" image)
	modules=$("$HERE/kernel.sh" "$kernel" modules)
fi

if [ "$cpu" = qemu64 ]; then
	# Bit 13 of word 4; the kernel taints itself with S for it.
	append="clearcpuid=141 $append" taints=$((1 << 2))
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
qemu='' tty=''
# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	if [ "$qemu" ]; then
		kill "$qemu" 2>/dev/null || :
		wait "$qemu" || :
	fi
	[ -z "$tty" ] || stty "$tty"
	[ -z "$out" ] || ! [ -e "$tmp/booted" ] || take_out "$tmp/out.img" "$out"
	if [ "$keep" ]; then
		mkdir -p "$keep"
		cp "$tmp/console" "$tmp/output" "$tmp/verdict" "$keep" || :
	fi
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# The console, and the three ports of init.
console=ttyS0 ports=/dev/ttyS
wires="-serial chardev:console -serial chardev:output -serial chardev:verdict
	-serial chardev:control"
# virtio_wires DEVICE: the ports are those of a virtio console.
virtio_wires()
{
	ports=/dev/vport0p
	wires="-serial chardev:console -device $1
		-device virtserialport,nr=1,chardev=output
		-device virtserialport,nr=2,chardev=verdict
		-device virtserialport,nr=3,chardev=control"
}
case $FINJECT_ARCH in
amd64 | i386)
	append="nmi_watchdog=0 edd=off no_timer_check $append"
	# Spinning is slow under icount: calibrating the APIC timer takes 2.6 s.
	[ "$mode" != warp ] || append="nolapic_timer $append"
	;;
arm64)
	console=ttyAMA0 cpu=cortex-a57
	virtio_wires virtio-serial-pci
	;;
s390x)
	console=ttysclp0 cpu=qemu
	virtio_wires virtio-serial-ccw
	;;
esac

# settings: print what init has to know.
settings()
{
	echo "NOLOAD=$noload PARAMS='$params' MODE=$mode"
	echo "OUT=${out:+1} ROOT=${rootfs:+1} TERMINAL=$terminal LIMIT=$virtual"
	echo "END=$leftover PORTS=$ports"
	if [ "$terminal" ]; then
		echo "TERM='${TERM-}'; export TERM"
		stty size | sed 's/\(.*\) \(.*\)/ROWS=\1 COLUMNS=\2/'
	elif [ -t 1 ]; then
		echo "export TERM='${TERM-}' COLUMNS=$(tput cols || echo 80)"
	else
		echo "export TERM=dumb COLUMNS=80 NO_COLOR=1"
	fi
	[ -z "${NO_COLOR-}" ] || echo "export NO_COLOR=1"
	echo "export LANG='${LC_ALL:-${LC_CTYPE:-${LANG-}}}'"
}

mkdir -p "$tmp/root/test"
[ -z "$layer" ] || cp -a "$layer/." "$tmp/root"
echo "$*" >"$tmp/root/test/guest.cmd"
settings >"$tmp/root/test/guest.env"
IFS=$nl
# shellcheck disable=SC2086
"$HERE/initramfs.sh" "$tmp/root" "$release" "$modules" "$ko" \
	$files
unset IFS

case $mode in
warp)
	set -- -icount shift=0,sleep=off -smp 1 -accel tcg,thread=single \
		-rtc base=2026-01-01T00:00:00,clock=vm
	;;
smp)
	set -- -smp 2 -accel tcg,thread=multi
	;;
real)
	set -- -smp 1 -accel tcg
	;;
*) die "no mode '$mode': warp, smp or real" ;;
esac

disks=''
if [ "$out" ]; then
	{ mkdir -p "$out" && [ -w "$out" ]; } ||
		die "$out cannot be written to"
	# the guest's init knows it by this label
	make_ext4 "$tmp/out.img" "$OUT_SIZE" -L finject-out
	debugfs -w -R 'rmdir lost+found' "$tmp/out.img" >/dev/null 2>&1
	disks=$(disk out "$tmp/out.img" on)
fi
if [ "$rootfs" ]; then
	image_of_root=$(take_root "$rootfs" "$tmp/root.img")
	disks=$disks$nl$(disk root "$image_of_root" off)
fi
if [ "$disks" ]; then
	IFS=$nl
	# shellcheck disable=SC2086
	set -- "$@" -machine pc,nvdimm=on $disks
	unset IFS
	memory=$memory,slots=2,maxmem=256G
fi

[ -z "$port" ] || set -- "$@" -device virtio-net-pci,netdev=card,romfile= \
	-netdev "user,id=card,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22"

# What the host has to say goes to port 3, a line each: see init.
mkfifo "$tmp/control.in" "$tmp/control.out"
exec 8<>"$tmp/control.in"

# resized: tell the guest the size of this terminal.
# shellcheck disable=SC2317 # called by the trap
resized()
{
	echo "size $(stty size)" >&8
}

# watch_clock: ask the guest to end when the time is over.
watch_clock()
{
	ended=0
	timeout "$limit" tail -s 0.5 --pid="$qemu" -f /dev/null || ended=$?
	[ "$ended" != 124 ] || echo over >&8
}

# wait_for_qemu: wait, also when a signal ends the wait.
wait_for_qemu()
{
	while :; do
		ended=0
		wait "$qemu" || ended=$?
		kill -0 "$qemu" 2>/dev/null || break
	done
	qemu=
}

# QEMU 7.2's TCG gets the flags of CMPXCHG16B wrong when an interrupt arrives
# just after it, and the slab allocator crashes, mostly in kernels after 6.1;
# without CX16 the kernel does not use it.
#
# boot WORD...: run the guest once; WORDs are QEMU's.
boot()
{
	for file in console output verdict booted; do
		: >"$tmp/$file"
	done
	end="timeout -k 5 $((${limit:-0} + grace))"
	[ "$limit" ] || end=
	# shellcheck disable=SC2086 # words
	$end $machine "$@" \
		-nodefaults -no-user-config -no-reboot -display none \
		-cpu "$cpu" -m "$memory" \
		-kernel "$image" -initrd "$tmp/root.cpio" \
		-append "console=$console loglevel=5 panic=-1 nokaslr norandmaps \
mitigations=off random.trust_cpu=off cryptomgr.notests slab_nomerge $append" \
		-chardev "file,id=console,path=$tmp/console" \
		-chardev "file,id=verdict,path=$tmp/verdict" \
		-chardev "pipe,id=control,path=$tmp/control" $wires <&9 &
	qemu=$!
}

# on_terminal WORD...: boot with the command's output, and input, on this one.
on_terminal()
{
	say "to leave the guest: exit, or Ctrl-D. Should it hang: kill $$"
	tty=$(stty -g)
	# The guest makes its own CR LF; a bare LF is a movement of the cursor.
	stty -onlcr
	exec 9<&0
	boot "$@" -chardev "stdio,id=output,signal=off,logfile=$tmp/output"
	# A signal within a wait, or within its own trap, is no failure.
	set +e
	trap resized WINCH
	wait_for_qemu
	trap '' WINCH
	set -e
	stty "$tty"
	tty=
}

# to_output WORD...: boot and print the command's output.
to_output()
{
	exec 9</dev/null
	boot "$@" -chardev "file,id=output,path=$tmp/output"
	[ -z "$limit" ] || watch_clock &
	tail -c +1 -s 0.1 -f --pid="$qemu" "$tmp/output" &
	# a trap runs only after a foreground command ends, but not for this
	wait $!
	wait_for_qemu
}

if [ "$terminal" ]; then
	on_terminal "$@"
else
	to_output "$@"
fi

# failed WORD...: print the failure, and the end of the kernel's log.
failed()
{
	say "$*; the end of the guest's console:"
	tail -n 60 "$tmp/console" | sed 's/^/  | /' >&2
	exit 125
}

if [ "$limit" ] && { [ "$ended" = 124 ] || [ "$ended" = 137 ]; }; then
	say "the guest was still busy after $limit s and was ended"
	tail -n 15 "$tmp/console" | sed 's/^/  | /' >&2
	exit 124
fi
exit='' splats='' taint=''
eval "$(grep -xE 'exit=[0-9]+ splats=[0-9]+ taint=[0-9]+' "$tmp/verdict")"
[ "$exit" ] || failed "the guest died without a verdict"
[ "$splats" = 0 ] || failed "the kernel complained"
taint=$((taint & ~(1 << 12 | 1 << 13 | 1 << 18 | taints)))
[ $taint = 0 ] || failed "the kernel is tainted: $taint"
! grep -q '^init: ' "$tmp/console" ||
	failed "$(sed -n 's/^init: //p' "$tmp/console")"
exit "$exit"
