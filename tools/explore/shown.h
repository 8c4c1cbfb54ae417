/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is printed of an exploration, while it goes on and at its end.
 */
#ifndef FINJECT_SHOWN_H
#define FINJECT_SHOWN_H

#include "told.h"

/**
 * struct shown - what was printed
 * @of: number of records of each outcome
 * @count: number of all
 * @began: when it began, ns
 * @when: the same by the wall clock
 */
struct shown {
	unsigned int of[TOLDS];
	unsigned int count;
	u64 began;
	long long when;
};

void shown_base(struct shown *shown, const struct session *session);
void shown_add(struct shown *shown, const struct session *session,
	       struct json_object *record);
int shown_end(struct shown *shown, const struct session *session);

#endif /* FINJECT_SHOWN_H */
