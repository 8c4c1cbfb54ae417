/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes that are under way, each with what was observed of it, as the
 * records of one or two network namespaces come in; and those that finished.
 */
#ifndef FINJECT_WATCHED_H
#define FINJECT_WATCHED_H

#include <sys/queue.h>

#include "judge_log.h"
#include "log.h"

enum {
	VIEWS = 2,
	WATCHED = 8192,			/* closes known at a time */
	WATCHED_BUCKETS = 4096,
	WATCHED_FINISHED = 64,		/* finished ones that are kept whole */
	WATCHED_FINISHED_S = 60,	/* and for how long */
	WATCHED_CLOSE_BYTES = 256 << 10,/* records of one close */
	WATCHED_BYTES = 32 << 20,	/* records of all */
};

/**
 * struct watched_end - one end of a close
 * @name: address and port
 * @view: number of the namespace that has its socket, -1 when unknown
 * @state: the state it was last seen in, "" when unknown
 * @gone: nothing of it is left
 */
struct watched_end {
	char name[ENDPOINT];
	int view;
	char state[16];
	bool gone;
};

enum watched_phase {
	WATCHED_FREE,
	WATCHED_UNDER_WAY,
	WATCHED_OVER,		/* finished, its records are kept */
	WATCHED_PAST,		/* finished, its records are forgotten */
};

/**
 * struct watched - one close
 * @place: its place in a queue
 * @phase: in which one
 * @chain: the next one with the same hash
 * @serial: closes are numbered as they are first seen
 * @end: both ends; the first is the one that closed first
 * @segment: the first segment was seen
 * @fin: the first FIN was seen
 * @id: the flow's number in each namespace, 0 when unknown
 * @text: its records, one a line
 * @length: how long they are
 * @room: for how long ones there is memory
 * @first: when it was first seen, ns
 * @last: when it was last seen, ns
 * @faults: number of segments that a rule did something to
 * @parked: number of segments that wait
 * @lost: records that the reader had lost until it began; later, that it lost
 *	until it finished
 * @cut: there was no room for all its records
 * @sought: inet_diag was asked for ends that told nothing
 * @over: (finished) since when, ns
 * @verdict: (finished) how the worse end did
 * @judged: (finished) which end that is
 */
struct watched {
	TAILQ_ENTRY(watched) place;
	enum watched_phase phase;
	struct watched *chain;
	u64 serial;
	struct watched_end end[2];
	bool segment;
	bool fin;
	u64 id[VIEWS];
	char *text;
	size_t length;
	size_t room;
	u64 first;
	u64 last;
	unsigned int faults;
	unsigned int parked;
	u64 lost;
	bool cut;
	bool sought;
	u64 over;
	struct end_verdict verdict;
	int judged;
};

TAILQ_HEAD(watched_queue, watched);

/**
 * struct watched_set - all closes
 * @flow: the only one that is wanted, by its number in the first namespace, or
 *	0 for all
 * @both: both ends' namespaces are watched
 * @keep: a close whose records are not forgotten, or NULL
 * @under_way: the closes that are, the one seen first in front
 * @over: those that finished, the one that finished first in front
 * @past: those of which there are no records any more
 * @count: number of closes under way that are wanted
 * @kept: number of those that finished and are kept whole
 * @finished: number of those that finished, by verdict
 * @missed: number of closes that found no room, by namespace
 * @top: the last of them
 * @lost: number of records that the reader lost
 */
struct watched_set {
	u64 flow;
	bool both;
	const struct watched *keep;
	struct watched_queue under_way;
	struct watched_queue over;
	struct watched_queue past;
	size_t count;
	size_t kept;
	u64 finished[JUDGE_DEPARTS + 1];
	u64 missed[VIEWS];
	u64 top[VIEWS];
	u64 lost;

	/* private: */
	struct watched one[WATCHED];
	struct watched *bucket[WATCHED_BUCKETS];
	size_t used;
	size_t bytes;
	u64 serial;
};

typedef void watched_fn(struct watched *one, void *arg);

void watched_init(struct watched_set *set);
struct watched *watched_take(struct watched_set *set, int view,
			     const struct event *event, const char *line);
void watched_state(struct watched_set *set, struct watched *one, int end,
		   u64 now, const char *state);
bool watched_is_wanted(const struct watched_set *set,
		       const struct watched *one);
bool watched_is_over(const struct watched *one);
void watched_sweep(struct watched_set *set, u64 now, watched_fn *finished,
		   void *arg);
void watched_log(const struct watched_set *set, const struct watched *one,
		 struct log *log);
u64 watched_missed(const struct watched_set *set);
void watched_free(struct watched_set *set);

#endif /* FINJECT_WATCHED_H */
