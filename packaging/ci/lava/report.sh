#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# report.sh TAP...: tell LAVA the result of each line of TAP files, by its
# lava-test-case. Fail when a file has no result.
set -eu
for file; do
	sed -n 's/^\(not ok\|ok\) [0-9]* - \(.*\)/\1|\2/p' "$file" >/tmp/results.$$
	[ -s /tmp/results.$$ ] || { echo "report.sh: $file has no result" >&2; exit 1; }
	while IFS='|' read -r result name; do
		case $result-$name in
		ok-*' # SKIP '*) result=skip ;;
		ok-*) result=pass ;;
		*) result=fail ;;
		esac
		# a case of LAVA has no blank in its name
		name=$(printf %s "${name%% # SKIP *}" | tr -cs 'A-Za-z0-9._=-' '-')
		lava-test-case "$name" --result "$result"
	done </tmp/results.$$
	rm /tmp/results.$$
done
