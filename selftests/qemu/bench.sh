#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh [write]: measure what finject and its peers cost, in a warp guest, where
# an instruction is a nanosecond. Print the table and fail if a mark is missed;
# keep results.json, chart.svg and table.inc in OUT= (selftests/build/bench). With
# write, put them into Documentation/performance.
#
# PARTS=    some parts of selftests/bench/guest.sh; `quick' has what the marks
#           need, `cpus' takes real time on two CPUs, and a quiet host
# COMPARE=  a results.json; `committed' is that of Documentation/performance
set -eu
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

bench=$TOP/selftests/bench committed=$TOP/Documentation/performance
build=$TOP/selftests/build/bench
out=${OUT:-$build}
all="quick foreign closes own actions readers late tables"
parts=${PARTS:-$all} mode=warp
compare=${COMPARE-}
[ "$compare" != committed ] || compare=$committed/results.json
[ -z "$compare" ] || [ -e "$compare" ] || die "there is no file $compare"
for part in $parts; do
	case " $all cpus " in
	*" $part "*) ;;
	*) die "the benchmark has no part '$part': $all cpus" ;;
	esac
done
if [ "${1-}" = write ]; then
	[ "$parts" = "$all" ] || die "the page wants all parts, not $parts"
	out=$committed
fi

# quiet: fail unless the host has nothing else to do.
quiet()
{
	[ "$(nproc)" -ge 2 ] || die "two CPUs of a guest want two of the host"
	awk '{ exit $1 > 0.5 }' /proc/loadavg ||
		die "the host is busy: load $(cut -d' ' -f1 /proc/loadavg)"
}

case " $parts " in
*' cpus '*)
	[ "$parts" = cpus ] || die "the part cpus stands alone: PARTS=cpus"
	mode=smp
	quiet
	;;
esac

mkdir -p "$build/xtables" "$out"
for library in standard tcp; do
	cp /usr/lib/*/xtables/libxt_$library.so "$build/xtables"
done
make -s -C "$TOP/tools"
bed=$TOP/tools/bed lib=$TOP/selftests/lib
cc -O2 -Wall -Wextra -static -D_GNU_SOURCE -DFAIL_ENDS -iquote "$bed" -I"$lib" \
	-o "$build/traffic" "$bench"/*.c "$lib/stray.c" "$lib/fail.c" \
	"$bed/addr.c" "$bed/clock.c" "$bed/ns.c"

status=0
PROGRAMS="iptables-legacy iptables-legacy-restore conntrack tcpdump" \
MODULES_TOO="ip_tables iptable_mangle xt_tcpudp cls_flower" \
	"$HERE/guest.sh" -M -k "${KERNEL:-6.1}" -m $mode -t 560 \
	-f "$build/traffic" -f "$build/xtables" -f "$TOP/tools/finject" \
	-f "$bench/guest.sh" -f "$bench/measure.sh" -f "$bench/peers.sh" \
	"guest.sh $parts" >"$build/samples" || status=$?
if [ $status != 0 ]; then
	grep -v '^sample ' "$build/samples" >&2 || :
	exit $status
fi
"$bench/report.py" "${KERNEL:-6.1}" "$build/samples" "$out" \
	${compare:+"$compare"}
