/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PAIR_TABLE_H
#define FINJECT_PAIR_TABLE_H

#include "log.h"

/**
 * struct pair_table - a number for each pair of endpoints
 * @entry: open addressing, linear probing; an entry of value 0 is free
 * @size: number of entries, a power of two, or 0
 * @used: number of those that are not free
 *
 * Memory that is all zero is an empty table.
 */
struct pair_table {
	struct pair_entry *entry;
	size_t size;
	size_t used;
};

size_t pair_table_get(const struct pair_table *table, const char *a,
		      const char *b);
void pair_table_set(struct pair_table *table, const char *a, const char *b,
		    size_t value);
void pair_table_free(struct pair_table *table);

#endif /* FINJECT_PAIR_TABLE_H */
