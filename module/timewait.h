/* SPDX-License-Identifier: GPL-2.0-only */
/* The time-wait sockets that took over from the sockets of tracked closes. */
#ifndef FINJECT_TIMEWAIT_H
#define FINJECT_TIMEWAIT_H

#include <linux/list.h>
#include <linux/timer.h>

#include "change.h"

struct finject_events;
struct finject_flow;
struct finject_flows;
struct finject_timewaits;
struct inet_timewait_sock;

/**
 * struct finject_timewait - one watched time-wait socket
 * @node: in finject_timewaits.heads, or, on its way out, in a list of its own
 * @table: the table
 * @timer: looks at the socket when its time is over; frees this when it is gone
 * @tw: the socket, held
 * @tuple: tuple of the socket
 * @flow: id of its flow
 * @dir: end of @tuple that the socket is
 * @state: its substate when last looked at, TCP_FIN_WAIT2 or TCP_TIME_WAIT;
 *	TCP_CLOSE when it is gone
 * @suspect: enum finject_cause: the segment that passed since, and may have
 *	ended it
 * @leaving: finject_timewaits_close() frees this, and its timer does not
 */
struct finject_timewait {
	struct hlist_node node;
	struct finject_timewaits *table;
	struct timer_list timer;
	struct inet_timewait_sock *tw;
	struct finject_tuple tuple;
	u64 flow;
	u8 dir;
	u8 state;
	u8 suspect;
	bool leaving;
};

/**
 * struct finject_timewaits - the watched time-wait sockets of one namespace
 * @heads: hash table by tuple, allocated while there are readers of events
 * @bits: log2 of the size of @heads
 * @open: more may be watched
 * @count: number of sockets
 * @refused: number of sockets that found no room or no memory, and are not
 *	watched
 * @flows: flows of the namespace
 * @events: events of the namespace
 *
 * Guarded by finject_flows.lock.
 */
struct finject_timewaits {
	struct hlist_head *heads;
	unsigned int bits;
	bool open;
	unsigned int count;
	unsigned long refused;
	struct finject_flows *flows;
	struct finject_events *events;
};

void finject_timewaits_init(struct finject_timewaits *table,
			    struct finject_flows *flows,
			    struct finject_events *events);
int finject_timewaits_open(struct finject_timewaits *table);
void finject_timewaits_close(struct finject_timewaits *table);
u8 finject_timewait_begin(struct finject_timewaits *table, struct net *net,
			  const struct finject_change *change, u64 flow);
void finject_timewait_look(struct finject_timewaits *table,
			   const struct finject_segment *segment,
			   struct finject_flow *flow);

static inline bool finject_timewaits_any(const struct finject_timewaits *table)
{
	return table->count;
}

#endif /* FINJECT_TIMEWAIT_H */
