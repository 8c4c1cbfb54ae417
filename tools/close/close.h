/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One connection, and all those in a log.
 */
#ifndef FINJECT_CLOSE_H
#define FINJECT_CLOSE_H

#include "log.h"
#include "pair_table.h"

/**
 * struct close_end - one end of a connection
 * @name: its address and port
 * @seen: it was seen where it is; else only by a router
 * @source: the network namespace, an index in the log's @sources
 * @flow: number of the flow there
 * @closed: its socket was closed, or only a time-wait socket is left
 * @fin: the first transmission of the first FIN crossed here
 */
struct close_end {
	char name[ENDPOINT];
	bool seen;
	unsigned int source;
	u64 flow;
	bool closed;
	bool fin;
};

/**
 * struct close_router - a network namespace that a connection passed through
 * @source: the network namespace, an index in the log's @sources
 * @flow: number of the flow there; of several, where NAT is, the first
 */
struct close_router {
	unsigned int source;
	u64 flow;
};

/**
 * struct close - one connection
 * @name: address and port of both ends; the first is the active closer's when
 *	its FIN is in the log
 * @end: the ends that were seen where they are; when none was, both
 * @ends: their number
 * @router: the routers that saw it
 * @routers: their number
 * @router_room: number of those that fit
 * @event: indexes of its observations in the log, by time
 * @count: their number
 * @room: number of those that fit
 * @before: number, from 1, of the connection before on the same addresses and
 *	ports, or 0; of use only while the log is split
 * @over: nothing more of it can come
 * @any: something of it is in the log besides a SYN
 * @soon: the one before on the same addresses was hardly over
 * @forwarded: it was only seen on its way, or whether that is so is not known
 * @translated: NAT gave it other names on its way; its observations here have
 *	those by which the ends know themselves
 */
struct close {
	char name[2][ENDPOINT];
	struct close_end end[2];
	size_t ends;
	struct close_router *router;
	size_t routers;
	size_t router_room;
	size_t *event;
	size_t count;
	size_t room;
	size_t before;
	bool over;
	bool any;
	bool soon;
	bool forwarded;
	bool translated;
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

#endif /* FINJECT_CLOSE_H */
