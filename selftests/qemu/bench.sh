#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh: run selftests/bench/bench.sh in a warp guest, where an instruction
# is a nanosecond. finject.ko is installed but not loaded.
set -eu
. "$(dirname "$0")/lib.sh"

out=$TOP/selftests/build/bench
mkdir -p "$out"
cp "$TOP/selftests/bench/bench.sh" "$out"
cc -O2 -Wall -static -o "$out/traffic" "$TOP/selftests/bench/traffic.c"
"$HERE/guest.sh" -M -k "${KERNEL:-6.1}" -m warp -t 600 -f "$out" bench/bench.sh
