// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print the words of the rule language as a dictionary of libFuzzer.
 */
#include <stdio.h>

#include "vocabulary.h"

#define FIRST(id, word, help)		"\"" word " \"\n"
#define CLASS(bit, id, word)		"\"" word ",\"\n"
#define GROUP(word, mask)		"\"" word "\"\n"
#define WORD(id, word, kind, low, high, needs, left_out, help) \
					"\" " word "\"\n"
#define VALUE(id, word)			"\"=" word "\"\n"
#define HOOK(nr, id, word)		"\"=" word "\"\n"
#define SYNONYM(word, hint)		"\" " word "\"\n"

static const char words[] =
	FINJECT_VERB_LIST(FIRST)
	FINJECT_CLASS_LIST(CLASS, CLASS)
	FINJECT_CLASS_GROUP_LIST(GROUP)
	FINJECT_WORD_LIST(WORD)
	FINJECT_BY_LIST(VALUE)
	FINJECT_DIR_LIST(VALUE)
	FINJECT_HOOK_LIST(HOOK, HOOK)
	FINJECT_FAMILY_LIST(VALUE)
	FINJECT_DIST_LIST(VALUE)
	FINJECT_RESET_LIST(VALUE)
	FINJECT_PER_LIST(VALUE)
	FINJECT_SYNONYM_LIST(SYNONYM);

int main(void)
{
	static const char * const values[] = {
		"=", "100%", "0.0001%", "65535", "4294967295",
		"18446744073709551615", "0xff", "::1", "10.0.0.0/8",
		"2001:db8::/32", "365", "ns", "us", "ms", "s", "min",
	};
	unsigned int i;

	fputs(words, stdout);
	for (i = 0; i < sizeof(values) / sizeof(*values); i++)
		printf("\"%s\"\n", values[i]);
	return 0;
}
