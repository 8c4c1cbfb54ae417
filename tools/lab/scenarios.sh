#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scenarios.sh FILE...: print the C source of the table of scenarios.
# scenarios.sh -l FILE...: print their list for the documentation.
# shellcheck disable=SC2016 # the backquotes are those of reStructuredText
set -eu

# head WORD FILE: the texts of a head of a scenario, in one line
head()
{
	sed -n "s/^$1  *//p" "$2" | paste -sd ' ' -
}

if [ "$1" = -l ]; then
	shift
	printf '.. SPDX-License-Identifier: GPL-2.0-only\n'
	printf '.. Made by "make -C tools scenarios-list".\n'
	for file; do
		bed=$(head bed "$file")
		printf '\n``%s``\n    %s\n' "$(basename "$file" .scenario)" \
			"$(head title "$file") (${bed:-pair})"
	done
	exit
fi

echo '#include "catalogue.h"'
number=0
for file; do
	printf 'asm(".section .rodata\\n"\n'
	printf '    "scenario_%d: .incbin \\"%s\\"\\n"\n' "$number" "$file"
	printf '    ".byte 0\\n.previous\\n");\n'
	printf 'extern const char scenario_%d[];\n' "$number"
	number=$((number + 1))
done
echo 'const struct catalogue_row catalogue[] = {'
number=0
for file; do
	printf '\t{ "%s", scenario_%d },\n' "$(basename "$file" .scenario)" \
		"$number"
	number=$((number + 1))
done
printf '\t{ }\n};\n'
