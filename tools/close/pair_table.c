// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "pair_table.h"

struct pair_entry {
	size_t value;
	char name[2][ENDPOINT];
};

/* FNV-1a. */
static size_t name_hash(const char *name)
{
	u32 hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

static bool is_pair(const struct pair_entry *entry, const char *a,
		    const char *b)
{
	return (!strcmp(entry->name[0], a) && !strcmp(entry->name[1], b)) ||
	       (!strcmp(entry->name[0], b) && !strcmp(entry->name[1], a));
}

/* The sum is the same for both directions. At least one entry is free. */
static struct pair_entry *entry_of(const struct pair_table *table,
				   const char *a, const char *b)
{
	size_t at = name_hash(a) + name_hash(b);
	struct pair_entry *entry;

	for (;; at++) {
		entry = &table->entry[at & (table->size - 1)];
		if (!entry->value || is_pair(entry, a, b))
			return entry;
	}
}

static void resize(struct pair_table *table)
{
	struct pair_table larger = { .size = table->size ? 2 * table->size : 64 };

	larger.entry = calloc(larger.size, sizeof(*larger.entry));
	if (!larger.entry)
		abort();
	for (size_t i = 0; i < table->size; i++) {
		const struct pair_entry *entry = &table->entry[i];

		if (entry->value)
			*entry_of(&larger, entry->name[0], entry->name[1]) =
				*entry;
	}
	larger.used = table->used;
	free(table->entry);
	*table = larger;
}

/**
 * pair_table_get() - look up the number of a pair
 * @table: the table
 * @a: address and port of one end
 * @b: those of the other; the order of both does not matter
 *
 * Return: the number, 0 when the pair has none.
 */
size_t pair_table_get(const struct pair_table *table, const char *a,
		      const char *b)
{
	return table->size ? entry_of(table, a, b)->value : 0;
}

/**
 * pair_table_set() - give a pair a number
 * @table: the table
 * @a: address and port of one end, shorter than ENDPOINT
 * @b: those of the other
 * @value: the number, not 0; it replaces the one before
 */
void pair_table_set(struct pair_table *table, const char *a, const char *b,
		    size_t value)
{
	struct pair_entry *entry;

	if (table->used >= table->size / 2)
		resize(table);
	entry = entry_of(table, a, b);
	if (!entry->value) {
		table->used++;
		snprintf(entry->name[0], ENDPOINT, "%s", a);
		snprintf(entry->name[1], ENDPOINT, "%s", b);
	}
	entry->value = value;
}

/**
 * pair_table_free() - forget all pairs
 * @table: the table; empty and usable afterwards
 */
void pair_table_free(struct pair_table *table)
{
	free(table->entry);
	memset(table, 0, sizeof(*table));
}
