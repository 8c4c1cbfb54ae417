#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# job.sh: run a command of this directory in a guest, under faults in the close
# of its connections, and keep the results. Of the environment:
#   FINJECT_RUN        the command, lines of sh
#   FINJECT_RULES      rules, one a line
#   FINJECT_SCENARIO   instead of rules: a scenario, and words for its rules:
#                      "last-ack-lost-once port=8080"
#   FINJECT_FILES      files and directories that the guest gets, none with a
#                      blank in its name
#   FINJECT_ARTIFACTS  where the results go                 [finject-artifacts]
#   FINJECT_EXPECT     "ok": each close must be as RFC 9293 wants; "any" [ok]
#   FINJECT_TIMEOUT    how long the command may take                   [5min]
#   FINJECT_ROOT       the root file system of the guest: a directory, an image
#   KERNEL             the guest's kernel                                [6.1]
# The exit status is that of "finject run --must-fire" in the guest: 122 when a
# fault did not happen, 123 for a close that departs, 124 when the command hung.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

die()
{
	echo "job.sh: $*" >&2
	exit 2
}

artifacts=${FINJECT_ARTIFACTS:-finject-artifacts}
[ "${FINJECT_RUN-}" ] || die "FINJECT_RUN, the command, is not set"
[ "${FINJECT_RULES-}${FINJECT_SCENARIO-}" ] ||
	die "neither FINJECT_RULES nor FINJECT_SCENARIO is set"
[ -z "${FINJECT_RULES-}" ] || [ -z "${FINJECT_SCENARIO-}" ] ||
	die "FINJECT_RULES and FINJECT_SCENARIO are set: one of them"
case ${FINJECT_EXPECT:-ok} in
ok) expect='--expect ok' ;;
any) expect='' ;;
*) die "FINJECT_EXPECT is ok or any, not '$FINJECT_EXPECT'" ;;
esac
limit=${FINJECT_TIMEOUT:-5min}
case $limit in
*[!0-9.a-z]*) die "FINJECT_TIMEOUT is a time as 30s or 5min, not '$limit'" ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
printf '%s\n' "$FINJECT_RUN" >"$work/finject.run"
files=$work/finject.run
if [ "${FINJECT_SCENARIO-}" ]; then
	# a word of a rule has no quote in it
	case $FINJECT_SCENARIO in
	*[!a-z0-9A-Z' =.,:/_-']*) die "FINJECT_SCENARIO: what is a scenario called '$FINJECT_SCENARIO'?" ;;
	esac
	rules=@$FINJECT_SCENARIO
else
	printf '%s\n' "$FINJECT_RULES" >"$work/finject.rules"
	files="$files $work/finject.rules"
	rules='-r finject.rules'
fi

status=0
CMD="finject run --artifacts /out --timeout $limit --must-fire $expect $rules \
	-- sh finject.run" \
FILES="${FINJECT_FILES-} $files" ROOT=${FINJECT_ROOT-} OUT=$artifacts \
	"$here/../../selftests/qemu/run.sh" run || status=$?
if [ -e "$artifacts/results.tap" ]; then
	cat "$artifacts/results.tap"
	if [ "${GITHUB_STEP_SUMMARY-}" ]; then
		{
			echo '```'
			cat "$artifacts/results.tap"
			echo '```'
		} >>"$GITHUB_STEP_SUMMARY"
	fi
fi
exit "$status"
