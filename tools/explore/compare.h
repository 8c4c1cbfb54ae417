/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_COMPARE_H
#define FINJECT_COMPARE_H

#include "finject.h"

/* In what a fault's two results differ; the greater, the worse. */
enum change {
	CHANGE_SAME,
	CHANGE_MISSING,
	CHANGE_TIME,
	CHANGE_OUTCOME,
	CHANGE_GONE,
	CHANGE_NEW,
	CHANGES,
};

extern const char * const change_words[CHANGES];

/**
 * struct compare - two files of results
 * @name: their names
 * @head: their first records
 * @known: the other records, by their rules
 * @list: pairs of records, an array of JSON: change, name, a, b
 * @count: number of pairs of each change
 */
struct compare {
	const char *name[2];
	struct json_object *head[2];
	struct json_object *known[2];
	struct json_object *list;
	unsigned int count[CHANGES];
};

int compare_files(const struct options *opt, int argc, char **argv);

#endif /* FINJECT_COMPARE_H */
