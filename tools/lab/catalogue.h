/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CATALOGUE_H
#define FINJECT_CATALOGUE_H

#include "scenario.h"

/**
 * struct catalogue_row - a built-in scenario
 * @name: its name
 * @text: its file
 */
struct catalogue_row {
	const char *name;
	const char *text;
};

/* The files in scenarios/; the build makes the table. */
extern const struct catalogue_row catalogue[];

int catalogue_read(struct scenario *scenario, const char *name);
char *catalogue_text(const char *name);
char *catalogue_rules(const char *name, int count, char **words);

#endif /* FINJECT_CATALOGUE_H */
