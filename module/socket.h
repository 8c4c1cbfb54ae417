/* SPDX-License-Identifier: GPL-2.0-only */
/* State changes of the sockets of tracked flows. */
#ifndef FINJECT_SOCKET_H
#define FINJECT_SOCKET_H

#include <linux/interrupt.h>
#include <linux/spinlock.h>

#include "segment.h"

struct finject_net;

/**
 * struct finject_change - one state change of one socket
 * @tuple: the socket's
 * @dir: which end of @tuple it is
 * @from: its old state, TCP_*
 * @to: its new one
 */
struct finject_change {
	struct finject_tuple tuple;
	u8 dir;
	u8 from;
	u8 to;
};

enum { FINJECT_CHANGES = 1024 };	/* a power of two */

/**
 * struct finject_sockets - state changes that are not in the events yet
 * @lock: guards the rest; raw, for the tracepoint runs with preemption off
 * @ring: the changes, allocated while there are readers of events
 * @head: changes ever put in
 * @tail: changes ever taken out
 * @lost: changes that found it full
 * @tasklet: takes out what no segment has taken out before
 */
struct finject_sockets {
	raw_spinlock_t lock;
	struct finject_change *ring;
	unsigned int head;
	unsigned int tail;
	unsigned long lost;
	struct tasklet_struct tasklet;
};

void finject_sockets_init(struct finject_sockets *sockets);
int finject_sockets_open(struct finject_sockets *sockets);
void finject_sockets_close(struct finject_sockets *sockets);
void finject_sockets_record(struct finject_net *fnet);

static inline bool finject_sockets_any(const struct finject_sockets *sockets)
{
	return READ_ONCE(sockets->head) != READ_ONCE(sockets->tail);
}

void finject_socket_init(void);
int finject_socket_watch(void);
void finject_socket_unwatch(void);

#endif /* FINJECT_SOCKET_H */
