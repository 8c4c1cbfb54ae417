/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes in a log: which observations belong to one connection, and which
 * of its ends made them.
 */
#ifndef FINJECT_CLOSES_H
#define FINJECT_CLOSES_H

#include "log.h"
#include "pair_table.h"

/**
 * struct close_end - one end of a connection, as seen where it is
 * @name: its address and port
 * @flow: number of the flow in its network namespace
 * @closed: its socket was closed, or only a time-wait socket is left
 * @fin: the first transmission of the first FIN crossed here
 */
struct close_end {
	char name[ENDPOINT];
	u64 flow;
	bool closed;
	bool fin;
};

/**
 * struct close - one connection
 * @name: address and port of both ends; the first is the active closer's when
 *	its FIN is in the log
 * @end: the ends that were watched where they are
 * @ends: their number
 * @event: indexes of its observations in the log, by time
 * @count: their number
 * @room: number of those that fit
 * @before: number, from 1, of the connection before on the same addresses and
 *	ports, or 0; of use only while the log is split
 * @over: nothing more of it can come
 * @any: something of it is in the log besides a SYN
 * @soon: the one before on the same addresses was hardly over
 * @forwarded: it was seen on its way through a namespace
 */
struct close {
	char name[2][ENDPOINT];
	struct close_end end[2];
	size_t ends;
	size_t *event;
	size_t count;
	size_t room;
	size_t before;
	bool over;
	bool any;
	bool soon;
	bool forwarded;
};

/**
 * struct closes - the connections in a log
 * @close: them, by their first observation
 * @count: their number
 * @room: number of those that fit
 * @latest: number, from 1, of the latest connection between two endpoints;
 *	empty once the log is split
 * @lost: records that the kernel could not keep
 */
struct closes {
	struct close *close;
	size_t count;
	size_t room;
	struct pair_table latest;
	u64 lost;
};

void closes_split(struct closes *closes, const struct log *log);
void closes_free(struct closes *closes);
const char *event_local(const struct event *event);
u64 close_begin(const struct close *close, const struct log *log);
void close_log(const struct close *close, const struct log *log, size_t from,
	       size_t to, struct log *part);

#endif /* FINJECT_CLOSES_H */
