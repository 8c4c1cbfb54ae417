#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scenarios.sh: the documentation against the scenarios. Its list has all of
# them, with their titles, and its page has each bed, step and expectation.
# shellcheck disable=SC2016 # the backquotes are those of reStructuredText
set -eu
cd "$(dirname "$0")/../.."

page=Documentation/scenarios.rst
status=0
tools/lab/scenarios.sh -l tools/lab/scenarios/*.scenario |
	diff Documentation/scenarios.list - || {
	echo 'Documentation/scenarios.list: "make -C tools scenarios-list" makes it anew'
	status=1
}

# missing WORD...: those that the page does not name
missing()
{
	for word; do
		grep -qE "\`\`([ABR] |expect ([ABR] )?)?$word( |\`\`)" "$page" || {
			echo "$page: no '$word'"
			status=1
		}
	done
}

# shellcheck disable=SC2046
missing $(sed -n 's/^\t\[BED_[A-Z]*\] = "\(.*\)",/\1/p' tools/lab/scenario_read.c)
# shellcheck disable=SC2046
missing $(sed -n 's/^\t{ "\([a-z]*\)", .*/\1/p' tools/lab/scenario_verbs.c)
exit $status
