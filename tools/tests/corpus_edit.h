/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A log as lines of text, and a small language to alter it.
 */
#ifndef CORPUS_EDIT_H
#define CORPUS_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "log.h"

enum { LINES = 1000 };

/**
 * struct lines - a text file
 * @line: its lines, without their ends; each in memory of its own
 * @count: their number
 */
struct lines {
	char *line[LINES];
	size_t count;
};

bool lines_read(struct lines *lines, const char *dir, const char *name);
void lines_free(struct lines *lines);
void lines_log(const struct lines *lines, struct log *log);
bool lines_edit(struct lines *lines, const char *edit);

#endif /* CORPUS_EDIT_H */
