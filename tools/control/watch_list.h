/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Closes as a table, one line each, in as many columns as a terminal has.
 */
#ifndef FINJECT_WATCH_LIST_H
#define FINJECT_WATCH_LIST_H

#include <stdio.h>

#include "term.h"
#include "types.h"

struct watched;

/**
 * struct watch_list - the table
 * @one: the closes
 * @count: their number
 * @chosen: one of them that is marked, or NULL
 * @now: the time, ns
 * @columns: width
 * @heads: begin with a line that names the columns
 * @term: what may be printed
 */
struct watch_list {
	const struct watched **one;
	size_t count;
	const struct watched *chosen;
	u64 now;
	int columns;
	bool heads;
	struct term term;
};

void watch_list(const struct watch_list *list, FILE *out);

#endif /* FINJECT_WATCH_LIST_H */
