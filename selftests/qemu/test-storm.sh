#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-storm.sh: run the storms, at the full counts or at STORM= per cent of
# them; the programs define the counts. Races run on two CPUs, programs that
# fill virtual minutes in warp time, and a judge checks some closes under random
# rules. KERNEL= chooses another kernel than 6.1.
set -u
export STORM="${STORM:-100}"
. "$(dirname "$0")/suite.sh"

kernel=${KERNEL:-6.1}
warp='swaps idle burst'
smp='storm swaps churn'
LIMIT=$((600 + STORM * 150))	# s of the host's time, for one guest
SETTINGS=$work/settings
echo "timeout=$((600 + STORM * 300))" >"$SETTINGS"

say "storms at $STORM % of the full counts"
# shellcheck disable=SC2086
build $warp $smp
# shellcheck disable=SC2086
beside warp in_guest "$kernel" warp $warp
KERNEL=$kernel beside judge on_host judge "$HERE/judge.sh" 1 $((STORM * 10))
all_said
# shellcheck disable=SC2086
in_guest "$kernel" smp $smp

total
