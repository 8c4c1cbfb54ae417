#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# corpus.sh DIR [KERNEL...]: record the logs of tools/tests/corpus anew, in DIR,
# on these kernels, or on all. The logs in the tree are a selection of such, each
# judged by hand in tools/tests/corpus/verdicts. PART= names a function of
# selftests/corpus/record.sh; then only its logs are made.
set -eu
cd "$(dirname "$0")/.."

dir=$1
shift
[ $# -gt 0 ] || set -- 5.10 6.1 rt 6.12 7.2
build=selftests/build/stacks
make -s -C tools
make -s -C selftests/stacks "$PWD/$build/linux_peer"
for kernel; do
	selftests/qemu/guest.sh -k "$kernel" -m warp -t 580 -O "$dir" \
		-f tools/finject -f $build/linux_peer -f selftests/corpus/beds.sh \
		-f selftests/corpus/record.sh "sh record.sh $kernel ${PART-}"
done
