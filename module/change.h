/* SPDX-License-Identifier: GPL-2.0-only */
/* State changes of sockets on their way to the events: a bounded ring. */
#ifndef FINJECT_CHANGE_H
#define FINJECT_CHANGE_H

#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include "segment.h"

/**
 * struct finject_change - one state change of one socket
 * @at: ktime of the change, ns
 * @tuple: tuple of the socket
 * @dir: end of @tuple that the socket is
 * @from: old state, TCP_*
 * @to: new state, TCP_*
 * @cause: enum finject_cause, when @to is TCP_CLOSE
 * @bound: index of the device that the socket is bound to, or 0
 */
struct finject_change {
	u64 at;
	struct finject_tuple tuple;
	u8 dir;
	u8 from;
	u8 to;
	u8 cause;
	int bound;
};

enum { FINJECT_CHANGES = 1024 };	/* a power of two */

/**
 * struct finject_changes - state changes that are not in the events yet
 * @lock: guards the rest; raw, because the tracepoint runs with preemption off
 * @ring: the changes, allocated while there are readers of events
 * @head: number of changes ever added
 * @tail: number of changes ever taken out
 * @lost: number of changes that found the ring full
 * @timer: soft; takes out the changes that no segment has taken out before
 */
struct finject_changes {
	raw_spinlock_t lock;
	struct finject_change *ring;
	unsigned int head;
	unsigned int tail;
	unsigned long lost;
	struct hrtimer timer;
};

void finject_changes_init(struct finject_changes *changes,
			  enum hrtimer_restart (*take)(struct hrtimer *timer));
int finject_changes_open(struct finject_changes *changes);
void finject_changes_close(struct finject_changes *changes);
void finject_changes_add(struct finject_changes *changes,
			 const struct finject_change *change);
bool finject_changes_take(struct finject_changes *changes,
			  struct finject_change *change);

static inline bool finject_changes_any(const struct finject_changes *changes)
{
	return READ_ONCE(changes->head) != READ_ONCE(changes->tail);
}

#endif /* FINJECT_CHANGE_H */
