/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text that grows: what is settled is printed once, what is not yet stands
 * below it on a terminal and is drawn over.
 */
#ifndef FINJECT_LIVE_H
#define FINJECT_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "term.h"

/**
 * struct live - where the text goes
 * @out: the output
 * @term: what may be printed
 * @terminal: lines can be drawn over
 * @rows: height of the terminal
 * @columns: its width
 * @printed: the settled text as it was printed
 * @length: how long that is
 * @below: number of lines stand below it
 */
struct live {
	FILE *out;
	struct term term;
	bool terminal;
	int rows;
	int columns;
	char *printed;
	size_t length;
	int below;
};

void live_open(struct live *live, FILE *out, bool ascii);
void live_resize(struct live *live);
int live_update(struct live *live, const char *text, size_t settled,
		const char *status);
void live_say(struct live *live, const char *line);
void live_next(struct live *live);
void live_close(struct live *live);

#endif /* FINJECT_LIVE_H */
