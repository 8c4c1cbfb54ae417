#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-arch.sh [PROGRAM...]: the architectures of ARCHS=, by default s390x (which
# is big-endian), arm64, i386 and armhf, each with Debian's 6.1, compiler and
# libraries of it:
#   module      finject.ko at W=1, and sparse with endian checks: no warning
#   programs    the tool and the kselftests: no warning
#   units       the suites of the module's pure files, under qemu-user
#   tool        the tool's own tests, under qemu-user
#   a guest     the kselftests PROGRAM, in warp time
#   log         closes under seeded dice: their events are those of amd64
# armhf has no guest. With PROGRAMs only these run. The last line has the totals.
# shellcheck disable=SC2317 # on_host calls the functions
set -u
. "$(dirname "$0")/suite.sh"
. "$HERE/arch.sh"

unset KDIR
archs=${ARCHS:-s390x arm64 i386 armhf}
programs=${*:-close faults hold path rules reset gso}

# enter ARCH: have what follows be of an architecture, and fetch what it needs.
enter()
{
	FINJECT_ARCH=$1
	export FINJECT_ARCH
	know_arch "$1"
	"$HERE/kernel.sh" 6.1 || exit
	libraries=$("$HERE/libraries.sh" "$1") || exit
	userland=$("$HERE/libraries.sh" "$1" guest) || exit
	place=$CACHE/arch/$1
	built=$place/kselftests tool=$place/finject
	# What was built from another tree does not follow this one's headers.
	[ "$(cat "$place/tree" 2>/dev/null)" = "$TOP" ] ||
		rm -rf "$place/units" "$place/tool"
	mkdir -p "$built" "$place/bin"
	echo "$TOP" >"$place/tree"
	# Before Debian's directories the loader reads the host's cache.
	dirs=/lib/$multiarch:/usr/lib/$multiarch
	emulate="$emulator -L $userland -E LD_LIBRARY_PATH=$dirs"
}

# build_module: build finject.ko afresh, silently.
build_module()
{
	FRESH=1 "$HERE/module.sh" 6.1 W=1 C=2 CF=-D__CHECK_ENDIAN__ \
		2>&1 >/dev/null | { ! grep . ; }
}

# make_tool TARGET: make a target of the tool's.
make_tool()
{
	linked=$libraries/usr/lib/$multiarch
	found="PKG_CONFIG_LIBDIR=$linked/pkgconfig"
	found="$found PKG_CONFIG_SYSROOT_DIR=$libraries"
	make -s -j"$(nproc)" -C "$TOP/tools" "$1" O="$place/tool" \
		BINARY="$tool" CC="$triplet-gcc" CFLAGS='-O2 -g -Werror' \
		CPPFLAGS="-idirafter $libraries/usr/include" \
		LDFLAGS="-L$linked -Wl,-rpath-link,$linked:$libraries/lib/$multiarch" \
		PKG_CONFIG="env $found pkg-config" \
		RUN="$emulate" RUN_BINARY="$place/bin/finject"
}

# build_programs: build the tool and the kselftests.
build_programs()
{
	make_tool all || return
	targets=''
	for program in $programs; do
		targets="$targets $built/$program"
		rm -f "$built/$program"
	done
	# The kernel's harness prints pointers as intmax_t.
	# shellcheck disable=SC2086 # a list
	CFLAGS="-Werror -Wno-pointer-to-int-cast" make -s -j"$(nproc)" -C "$TOP/selftests" \
		OUTPUT="$built" CROSS_COMPILE="$triplet-" AR="$triplet-ar" \
		$targets
}

# run_units: AddressSanitizer does not run under qemu-user.
run_units()
{
	make -s -C "$TOP/module/tests" run O="$place/units" CC="$triplet-gcc" \
		SANITIZE=undefined \
		RUN="$emulator -L /usr/$triplet -E LD_LIBRARY_PATH=/lib"
}

# check_tool: run the tool's tests, which also call it by its name.
check_tool()
{
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$emulate" "$tool" \
		>"$place/bin/finject"
	chmod +x "$place/bin/finject"
	FINJECT=$place/bin/finject make_tool check
}

# One close for each end and seed, its dice for each segment. Delays stay clear
# of TCP's own timers, whose ticks differ between architectures.
# shellcheck disable=SC2016 # the guest expands it
closes='for seed in 1 2 3 4; do
	for end in A B; do
		finject demo -e $end -o log \
			"seg=all nth=1 drop probability=40% seed=$seed" \
			"seg=all duplicate=1 gap=5ms probability=30% seed=$seed" \
			"seg=all delay=12ms jitter=10ms seed=$seed" >/dev/null
		echo "close seed=$seed end=$end exit=$?"
		cat log
	done
done'

# timeless: print a log without its times; sequence numbers, which begin at
# random, begin at 0.
timeless()
{
	awk '
	function less(n, base)
	{
		return (n - base + 4294967296) % 4294967296
	}
	/^close / { split("", first) }
	{
		split("", has)
		for (i = 2; i <= NF; i++)
			has[substr($i, 1, index($i, "=") - 1)] = \
				substr($i, index($i, "=") + 1)
		from = has["flow"] " " has["src"]
		to = has["flow"] " " has["dst"]
		if ("seq" in has && !(from in first)) first[from] = has["seq"]
		if (has["ack"] && !(to in first)) first[to] = has["ack"]
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^seq=/)
				$i = "seq=" less(has["seq"], first[from])
			if ($i ~ /^ack=/ && has["ack"])
				$i = "ack=" less(has["ack"], first[to])
			sub(/^(t|parked)=.*/, "", $i)
		}
		print
	}'
}

# make_log: write the log of the closes to $work/ARCH.log; there must be dice
# that fell either way.
make_log()
{
	log=$work/$FINJECT_ARCH.log
	"$HERE/guest.sh" -k 6.1 -m warp -t 1800 -f "$tool" "$closes" \
		>"$log.times" || return
	timeless <"$log.times" >"$log"
	for verdict in pass drop delay duplicate released; do
		grep -q " verdict=$verdict" "$log" || {
			echo "no segment of the log is verdict=$verdict"
			return 1
		}
	done
}

# parked ARCH: list how long segments were parked there, in ns.
parked()
{
	sed -n 's/.* parked=\([0-9]*\).*/\1/p' "$work/$1.log.times"
}

# same_log: make the log, and compare it with that of amd64. Delays, which dice
# chose, are the same but for the timer.
same_log()
{
	make_log || return
	diff "$work/amd64.log" "$work/$FINJECT_ARCH.log" || return
	parked amd64 >"$work/amd64.parked"
	parked "$FINJECT_ARCH" | paste "$work/amd64.parked" - |
	awk '$1 - $2 > 1e5 || $2 - $1 > 1e5 {
		print "parked for " $1 " ns on amd64, here for " $2
		bad = 1
	     }
	     END { exit bad }'
}

if [ $# -eq 0 ]; then
	make -s -C "$TOP/tools" || exit
	on_host amd64-log make_log
fi
for arch in $archs; do
	enter "$arch"
	[ $# -gt 0 ] || on_host "$arch-module" build_module
	on_host "$arch-programs" build_programs
done
for arch in $archs; do
	enter "$arch"
	if [ $# -eq 0 ]; then
		beside "$arch-units" on_host "$arch-units" run_units
		beside "$arch-tool" on_host "$arch-tool" check_tool
		[ -z "$machine" ] || beside "$arch-log" on_host "$arch-log" same_log
	fi
	# shellcheck disable=SC2086 # a list
	[ -z "$machine" ] || beside "$arch-guest" in_guest 6.1 warp $programs
done
all_said

total
