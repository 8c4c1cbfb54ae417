// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many pairs, looked up from both sides; and pairs that are not there.
 */
#include <stdio.h>

#include "pair_table.h"

enum { PAIRS = 10000 };

static int cases, failures;

static void is(size_t got, size_t wanted, const char *of)
{
	cases++;
	if (got == wanted)
		return;
	failures++;
	printf("pair_table: %s: %zu instead of %zu\n", of, got, wanted);
}

/* Those of one port have one client behind another. */
static void name(char *text, const char *address, unsigned int port)
{
	snprintf(text, ENDPOINT, "%s:%u", address, port);
}

static void ask_all(const struct pair_table *table)
{
	char a[ENDPOINT], b[ENDPOINT];

	for (unsigned int i = 0; i < PAIRS; i++) {
		name(a, "192.0.2.1", 1024 + i);
		name(b, "[2001:db8::1]", i % 7);
		is(pair_table_get(table, a, b), i + 1, a);
		is(pair_table_get(table, b, a), i + 1, a);
		name(b, "[2001:db8::1]", i % 7 + 7);
		is(pair_table_get(table, a, b), 0, a);
	}
}

int main(void)
{
	struct pair_table table = { 0 };
	char a[ENDPOINT], b[ENDPOINT];

	is(pair_table_get(&table, "192.0.2.1:1", "192.0.2.1:1"), 0, "empty");
	for (unsigned int i = 0; i < PAIRS; i++) {
		name(a, "192.0.2.1", 1024 + i);
		name(b, "[2001:db8::1]", i % 7);
		pair_table_set(&table, a, b, i + 2);
		pair_table_set(&table, b, a, i + 1);
	}
	is(table.used, PAIRS, "each pair once");
	ask_all(&table);
	pair_table_set(&table, "192.0.2.1:1", "192.0.2.1:1", 5);
	is(pair_table_get(&table, "192.0.2.1:1", "192.0.2.1:1"), 5, "self");
	pair_table_free(&table);
	is(pair_table_get(&table, a, b), 0, "freed");
	printf("pair_table: %d cases, %d failed\n", cases, failures);
	return failures != 0;
}
