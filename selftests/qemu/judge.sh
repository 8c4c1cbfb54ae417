#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make real closes of many kinds under random rules, in the guest: the judge
# must find no fault in any, neither in the records of both namespaces nor in
# those of one, in which the faults of the other are missing.
#
#   selftests/qemu/judge.sh [SEED [COUNT [calm]]]
#
# With calm there are no rules. KERNEL=6.1|6.12|... chooses the kernel,
# KEEP=DIR keeps the logs.
set -eu
cd "$(dirname "$0")/../.."

seed=${1:-1} count=${2:-200} calm=${3:-}
objects=tools/build
work=$(mktemp -d)
logs=${KEEP:-$work/logs}
trap 'rm -rf "$work"' EXIT
mkdir -p "$logs"

make -s -C tools all build/tests/closes
selftests/qemu/guest.sh -k "${KERNEL:-6.1}" -t $((500 + count)) -f "$objects/tests/closes" \
	"closes $seed $count $calm" >"$work/all"
tail -n 1 "$work/all" | grep -q '^# end' || {
	echo "not ok - the guest did not make all closes"
	exit 1
}
awk -v dir="$logs" '
	/^# end/ { next }
	/^# / { close(file); file = sprintf("%s/%04d-%s.log", dir, $2, $3) }
	{ sub(/\r$/, ""); print > file }' "$work/all"

# of FILE ADDRESS: the records of the namespace with that address
of() {
	awk -v address="$2:" '
		function value(key, i) {
			for (i = 2; i <= NF; i++)
				if (index($i, key "=") == 1)
					return substr($i, length(key) + 2)
		}
		{ hook = value("hook")
		  enters = hook == "prerouting" || hook == "input" }
		index(value(enters ? "dst" : "src"), address) == 1' "$1"
}

# judge FILE NAME: count it when it is accused
judge() {
	tools/finject check -a "$1" >"$work/verdict" && return
	failed=$((failed + 1))
	echo "# $2"
	sed 's/^/# /' "$work/verdict"
}

failed=0
made=0
for log in "$logs"/*.log; do
	made=$((made + 1))
	judge "$log" "$log"
	for address in 192.0.2.1 192.0.2.2; do
		of "$log" "$address" >"$work/side"
		[ -s "$work/side" ] || continue
		made=$((made + 1))
		judge "$work/side" "$log, only $address"
	done
done
echo "TAP version 13"
echo "1..1"
[ "$failed" -eq 0 ] || { echo "not ok 1 $failed of $made logs accused"; exit 1; }
echo "ok 1 $made logs, none accused"
