// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the words of the rule language as a dictionary of libFuzzer: out of
 * the very tables that it is read by, which are theirs alone.
 */
#include <stdio.h>

/* NOLINTNEXTLINE(bugprone-suspicious-include): its tables are static */
#include "parse.c"

static void print_names(const struct finject_keyword *key)
{
	unsigned int i;

	for (i = 0; i < key->count; i++)
		if (key->names[i])
			printf("\" %s=%s\"\n", key->name, key->names[i]);
}

int main(void)
{
	static const char * const values[] = {
		"fin,ack", "all", "100%", "0.0001%", "65535", "4294967295",
		"18446744073709551615", "0xff", "::1", "10.0.0.0/8",
		"2001:db8::/32", "365", "ns", "us", "ms", "s",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		printf("\"%s \"\n", verbs[i].name);
	for (i = 0; i < FINJECT_CLASSES; i++)
		printf("\"%s,\"\n", finject_class_names[i]);
	for (i = 0; i < ARRAY_SIZE(keywords); i++) {
		printf("\" %s%s\"\n", keywords[i].name,
		       keywords[i].bare ? "" : "=");
		print_names(&keywords[i]);
	}
	for (i = 0; i < ARRAY_SIZE(values); i++)
		printf("\"%s\"\n", values[i]);
	return 0;
}
