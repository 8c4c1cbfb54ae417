/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of `finject explore --artifacts`: the page, the results, and the
 * log of each run in which something was found.
 */
#ifndef FINJECT_KEEPSAKE_H
#define FINJECT_KEEPSAKE_H

#include "finject.h"

struct json_object;

/**
 * struct keepsake - the directory
 * @opt: the options, with names of files in the directory
 * @page: one of these, or NULL
 * @resume: another
 * @found: number of logs that were written
 */
struct keepsake {
	struct options opt;
	char *page;
	char *resume;
	unsigned int found;
};

int keepsake_open(struct keepsake *keepsake, const struct options *opt);
int keepsake_add(struct keepsake *keepsake, struct json_object *record,
		 struct json_object *run);
void keepsake_close(struct keepsake *keepsake);

#endif /* FINJECT_KEEPSAKE_H */
