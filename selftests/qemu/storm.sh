#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# storm.sh: the storms, at the full counts or at STORM= per cent of them; what
# a count is, the programs say. Races on two CPUs, what fills virtual minutes
# in warp time, and a judge for some closes under random rules. The last line
# has the totals. KERNEL= chooses another kernel than 6.1.
set -eu
. "$(dirname "$0")/lib.sh"

STORM=${STORM:-100}
KERNEL=${KERNEL:-6.1}
SMP='storm swaps churn'
JUDGE=$((STORM * 10))
LIMIT=$((600 + STORM * 150))	# s of the host's time, for one guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SETTINGS=$work/settings
echo "timeout=$((600 + STORM * 300))" >"$SETTINGS"
export STORM KERNEL SMP JUDGE LIMIT SETTINGS

say "storms at $STORM % of the full counts"
"$HERE/test.sh" swaps idle
