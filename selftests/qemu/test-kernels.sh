#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-kernels.sh [PROGRAM...]: the build on each kernel that is supported, or
# on those in KERNELS=, then the kselftests in warp time on each, and a table.
set -u
. "$(dirname "$0")/suite.sh"

[ $# -gt 0 ] || on_host build-kernels "$HERE/build.sh"
all=${*:-$(all_programs)}
# shellcheck disable=SC2086
build $all

kernels=${KERNELS:-$SUPPORTED}
for kernel in $kernels; do
	# shellcheck disable=SC2086
	beside "$kernel" in_guest "$kernel" warp $all
done
all_said

awk -v KERNELS="$kernels" -f "$HERE/table.awk" "$table"
total
