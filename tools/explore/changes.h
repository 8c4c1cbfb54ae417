/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In what two files of results differ.
 */
#ifndef FINJECT_CHANGES_H
#define FINJECT_CHANGES_H

struct json_object;

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
 * struct changes - two files of results
 * @name: their names
 * @head: their first records
 * @known: the other records, by their rules
 * @list: pairs of records, an array of JSON: change, name, a, b
 * @count: number of pairs of each change
 */
struct changes {
	const char *name[2];
	struct json_object *head[2];
	struct json_object *known[2];
	struct json_object *list;
	unsigned int count[CHANGES];
};

int changes_read(struct changes *changes, char **names);
void changes_free(struct changes *changes);

#endif /* FINJECT_CHANGES_H */
