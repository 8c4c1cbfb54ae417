#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# verb.sh VERB: print the manual page of a verb, made by help2man of what the
# tool ../finject says of it.
set -eu
cd "$(dirname "$0")/.."
verb=$1 dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
./finject "$verb" -h >"$dir/help"
about=$(sed -n 3p "$dir/help")
date=$(sed -n 's/^\.TH FINJECT 8 \([^ ]*\) .*/\1/p' man/finject.8)

# Examples are indented, and come before the options.
option='^ +--?[a-zA-Z]'
{
	echo '[EXAMPLES]'
	echo .nf
	awk "/$option/ { exit } /^  /" "$dir/help" | sed 's/\\/\\\\/g; s/-/\\-/g'
	echo .fi
	echo '[SEE ALSO]'
	echo .BR finject "(8),"
	echo 'which has the words of rules, the records, the JSON objects and the exit'
	echo 'statuses of all verbs.'
} >"$dir/include"

# help2man wants its own headings.
cat >"$dir/finject" <<END
#!/bin/sh
[ "\$1" != --version ] || exec "$PWD/finject" --version
awk '
	NR == 1 { sub(/^usage/, "Usage") }
	NR == 3 { next }
	/$option/ && !options++ { print "Options:\n" }
	options || !/^  /' "$dir/help"
END
chmod +x "$dir/finject"
help2man --no-info --section 8 --name "$about" --include "$dir/include" \
	--manual "System administration" "$dir/finject" |
sed -e "s/^\\.TH FINJECT \"8\" \"[^\"]*\"/.TH FINJECT\\\\-$verb 8 $date/" \
	-e "/^\\.TH/s/\\\\-$verb/\\\\-\\U$verb/" \
	-e "s/^finject \\\\- /finject\\\\-$verb \\\\- /"
