/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A random walk: several faults at once, drawn by a seed, until a time is over.
 */
#ifndef FINJECT_WALK_H
#define FINJECT_WALK_H

#include "attempt.h"

/**
 * struct walk - a random walk
 * @state: of the generator
 * @span: how long it lasts, ns
 * @end: when it ends, ns; 0: it has not begun
 */
struct walk {
	u64 state;
	u64 span;
	u64 end;
};

int walk_read(struct walk *walk, const char *text);
void walk_begin(struct walk *walk);
bool walk_step(struct walk *walk, struct session *session);
void walk_reduce(struct session *session, size_t index);
bool walk_is_least(const struct session *session, size_t index);

#endif /* FINJECT_WALK_H */
