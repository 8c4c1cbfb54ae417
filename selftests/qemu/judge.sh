#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make real closes of many kinds under random rules, in the guest: the judge
# must find no fault in any, neither in the records of both namespaces nor in
# those of one, in which the faults of the other are missing.
#
#   selftests/qemu/judge.sh [SEED [COUNT [calm|router|nat|router6|nat6]]]
#
# With calm there are no rules. With router or nat a router is between both ends,
# which has rules as well, and its log is judged beside theirs, in all sets; with
# router6 or nat6 over IPv6. The last line has the figures: of closes, of shapes (what
# the ends do, with or without timestamps, on this bed) and of verdicts.
# KERNEL=6.1|6.12|... chooses the kernel, KEEP=DIR keeps the logs.
set -eu
cd "$(dirname "$0")/../.."

seed=${1:-1} count=${2:-200} kind=${3:-rules}
case $kind in
router) bed="./routed.sh &&" words="rules 150 10.0.2.1" ;;
router6) bed="./routed.sh &&" words="rules 150 fd00:2::1" ;;
nat6) bed="./routed.sh nat &&" words="rules 150 fd00:1::254" ;;
nat) bed="./routed.sh nat &&" words="rules 150 10.0.1.254" ;;
*) bed='' words=$kind ;;
esac
objects=tools/build
work=$(mktemp -d)
logs=${KEEP:-$work/logs}
trap 'rm -rf "$work"' EXIT
mkdir -p "$logs"

make -s -C tools all build/tests/closes
selftests/qemu/guest.sh -k "${KERNEL:-6.1}" -t $((500 + count)) -f "$objects/tests/closes" \
	-f selftests/qemu/routed.sh "$bed closes $seed $count $words" >"$work/all"
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

# most_of SET: how many closes there may be. Without the router's log nothing tells
# that both sides of a NAT are one connection when no FIN passed it.
most_of()
{
	case $1 in
	*R*) echo "$most" ;;
	*)
		if cat "$work/A" "$work/B" |
			grep -q 'hook=prerouting .* flags=[A-Z]*F'
		then
			echo "$most"
		elif [ "$most" -gt 2 ]; then
			echo "$most"
		else
			echo 2
		fi
		;;
	esac
}

# judge MOST FILE...: nobody is accused, and there are at most so many closes.
# Behind NAT a RST that a rule made, when no FIN passed, does not tell that both
# sides are one connection.
judge()
{
	limit=$1
	shift
	made=$((made + 1))
	if tools/finject check -a "$@" >"$work/verdict" &&
		[ "$(grep -Ec "$closes" "$work/verdict")" -le "$limit" ]
	then
		grep -E "$closes" "$work/verdict" >>"$work/verdicts" || :
		return
	fi
	failed=$((failed + 1))
	echo "# $*"
	sed 's/^/# /' "$work/verdict"
}

failed=0
made=0
closes='^(ok|departs|undecided) '
: >"$work/verdicts"
for log in "$logs"/*.log; do
	most=100
	# the same ports again are a second close
	case $log in
	*-reuse.log) ;;
	*) [ ! "$bed" ] || most=1 ;;
	esac
	if [ "$bed" ] && [ "$most" = 1 ]; then
		! grep -q 'verdict=reset ' "$log" || most=2
	fi
	judge "$most" "$log"
	for address in 192.0.2.1 192.0.2.2; do
		of "$log" "$address" >"$work/side"
		[ ! -s "$work/side" ] || judge 100 "$work/side"
	done
	[ "$bed" ] || continue
	for ns in A R B; do
		sed -n "s/ netns=$ns\$//p" "$log" >"$work/$ns"
	done
	judge 100 "$work/A"
	judge 100 "$work/B"
	for set in "A R" "R B" "A B" "A R B" "B R A" R; do
		# shellcheck disable=SC2086
		(cd "$work" && cat $set >mixed)
		judge 100 "$work/mixed"
		# shellcheck disable=SC2046,SC2086
		judge "$(most_of "$set")" $(printf "$work/%s\n" $set)
	done
done
echo "TAP version 13"
echo "1..1"
[ "$failed" -eq 0 ] || { echo "not ok 1 $failed of $made logs accused"; exit 1; }
echo "ok 1 $made logs, none accused"
shapes=$(awk '/^# [0-9]/ { print $3, $4 }' "$work/all" | sort -u | wc -l)
echo "# $kind: $(grep -c '^# [0-9]' "$work/all") closes of $shapes shapes," \
	"judged $(wc -l <"$work/verdicts") times: $(grep -c ^ok "$work/verdicts") ok," \
	"$(grep -c ^undecided "$work/verdicts") undecided, 0 depart"
