#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# includes.sh [-u] DIR ['ROOM: ROOM...']...: check the includes among the C
# files below DIR, except in build/, tests/ and fuzz/. A unit is a .c and a .h
# of one name, a room is a directory of DIR. Fail if units, or rooms, include
# each other in a circle, if two units have one name, and, where rooms are
# given, if one includes from a room that is not behind its colon. With -u check
# only units.
set -eu
kinds='unit room'
[ "$1" != -u ] || { kinds=unit; shift; }
dir=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$dir" && find . -name '*.[ch]' ! -path '*/build/*' ! -path '*/tests/*' \
	! -path '*/fuzz/*' | sed 's|^\./||' | sort) >"$work/files"
[ -s "$work/files" ] || { echo "$dir has no C files"; exit 1; }
for room; do
	echo "$room"
done >"$work/rooms"

# Print arrows, as "unit|room FILE FROM TO"; an include from elsewhere is none.
(cd "$dir" && { xargs grep -H '^#include "' <"$work/files" || :; }) |
awk -v files="$work/files" '
	function room(file) { return file ~ "/" ? substr(file, 1, index(file, "/") - 1) : "." }
	function unit(file) { sub(/.*\//, "", file); sub(/\.[ch]$/, "", file); return file }
	function base(file) { sub(/.*\//, "", file); return file }
	BEGIN {
		while ((getline file < files) > 0)
			home[base(file)] = file
	}
	{
		from = $0; sub(/:.*/, "", from)
		to = $0; sub(/^[^"]*"/, "", to); sub(/".*/, "", to)
		if (to ~ /^\.\./ || !(base(to) in home))
			next
		to = home[base(to)]
		if (unit(from) != unit(to))
			print "unit", from, unit(from), unit(to)
		if (room(from) != room(to))
			print "room", from, room(from), room(to)
	}' >"$work/arrows"

status=0
sed 's|.*/||; s|\.c$||; s|\.h$|.h|' "$work/files" | sort | uniq -d | sed 's|\.h$||' |
	sed "s|.*|$dir: two files of the name &|" >"$work/twice"
! grep . "$work/twice" || status=1

# shellcheck disable=SC2086 # a list
for kind in $kinds; do
	awk -v kind=$kind '$1 == kind { print $3, $4 }' "$work/arrows" |
		tsort >/dev/null 2>"$work/circle" && continue
	echo "$dir: a circle of ${kind}s:"
	sed -n 's/^tsort: \([^ ]*\)$/  \1/p' "$work/circle"
	status=1
done

[ ! -s "$work/rooms" ] || awk -v dir="$dir" '
	NR == FNR {
		from = $1; sub(/:$/, "", from)
		for (i = 2; i <= NF; i++)
			may[from, $i] = 1
		next
	}
	$1 == "room" && !(($3, $4) in may) {
		print dir "/" $2 ": " $3 " includes from " $4
		wrong = 1
	}
	END { exit wrong }' "$work/rooms" "$work/arrows" || status=1
exit $status
