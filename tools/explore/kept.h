/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file of results: a record a line, each written when it is known. What an
 * exploration that ended before its time left there is not done again.
 */
#ifndef FINJECT_KEPT_H
#define FINJECT_KEPT_H

#include <stdio.h>

struct json_object;
struct session;

/**
 * struct kept - the file of results
 * @out: the file, or NULL
 * @known: the records that were there, by their rules, or NULL
 */
struct kept {
	FILE *out;
	struct json_object *known;
};

struct json_object *kept_read(const char *name, struct json_object **head,
			      size_t *length);
int kept_open(struct kept *kept, const struct session *session,
	      const char *name);
struct json_object *kept_find(const struct kept *kept, const char *rules);
int kept_add(struct kept *kept, struct json_object *record);
void kept_close(struct kept *kept);

#endif /* FINJECT_KEPT_H */
