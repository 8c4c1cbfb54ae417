/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is told of an attempt: a record, an object of JSON, of which all that is
 * printed is made, and which a later exploration goes on with.
 */
#ifndef FINJECT_TOLD_H
#define FINJECT_TOLD_H

#include "attempt.h"

/* How an attempt ended. */
enum told {
	TOLD_SURVIVED,
	TOLD_SLOWER,
	TOLD_UNREACHED,
	TOLD_UNSURE,
	TOLD_FOUND,
	TOLDS,
};

extern const char * const told_words[TOLDS];

struct json_object *told_head(const struct session *session);
struct json_object *told_of(const struct session *session,
			    const struct attempt *attempt);
enum told told_outcome(struct json_object *record);
char *told_name(struct json_object *record);

#endif /* FINJECT_TOLD_H */
