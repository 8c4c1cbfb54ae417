/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes that are under way, each with what was observed of it, as the
 * records of one or two network namespaces come in.
 */
#ifndef FINJECT_WATCHED_H
#define FINJECT_WATCHED_H

#include "ladder.h"
#include "log.h"

enum { VIEWS = 2, WATCHED = 64, WATCHED_EVENTS = 4096 };

/**
 * struct watched_end - one end of a close
 * @name: address and port
 * @view: number of the namespace that has its socket, -1 when unknown
 * @gone: and nothing of it is left
 */
struct watched_end {
	char name[ENDPOINT];
	int view;
	bool gone;
};

/**
 * struct watched - one close
 * @end: both ends, in no order
 * @id: the flow's number in each namespace, 0 when unknown
 * @log: what was observed
 * @first: when it was first seen, ns; 0: this place is free
 * @last: when it was last seen, ns
 * @shown: it was drawn already
 */
struct watched {
	struct watched_end end[2];
	u64 id[VIEWS];
	struct log log;
	u64 first;
	u64 last;
	bool shown;
};

/**
 * struct watched_set - the closes that were seen last
 * @one: the closes
 * @missed: number of those that had to make room before they were drawn
 */
struct watched_set {
	struct watched one[WATCHED];
	unsigned int missed;
};

struct watched *watched_add(struct watched_set *set, int view,
			    const struct event *event,
			    const struct watched *keep);
struct watched *watched_next(struct watched_set *set, u64 flow);
void watched_start(struct watched *one, int end, u64 now, const char *state);
bool watched_is_over(const struct watched *one);
void watched_free(struct watched_set *set);

#endif /* FINJECT_WATCHED_H */
