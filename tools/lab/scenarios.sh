#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scenarios.sh FILE...: print the C source of the table of scenarios.
set -eu

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
