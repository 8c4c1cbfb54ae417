#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-kernels.sh [PROGRAM...]: build for each supported kernel, or those in
# KERNELS=, then run the kselftests in warp time on each, and print a table. On
# "rt" run a storm on two CPUs as well: there code is preempted that never is
# elsewhere, and locks sleep. STORM= is its percentage.
set -u
. "$(dirname "$0")/suite.sh"

storm=''
if [ $# -eq 0 ]; then
	on_host build-kernels "$HERE/build.sh"
	on_host guest "$HERE/guest-test.sh"
	storm=$(selftests list-smp-only)
fi
all=${*:-$(all_programs)}
# shellcheck disable=SC2086
build $all $storm

kernels=${KERNELS:-$SUPPORTED}
for kernel in $kernels; do
	# shellcheck disable=SC2086
	beside "$kernel" in_guest "$kernel" warp $all
done
all_said
# shellcheck disable=SC2086
case "${storm:+ $kernels }" in
*" rt "*) in_guest rt smp $storm ;;
esac

awk -v KERNELS="$kernels" -f "$HERE/table.awk" "$table"
total
