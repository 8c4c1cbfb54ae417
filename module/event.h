/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of one namespace: a bounded ring that readers follow. */
#ifndef FINJECT_EVENT_H
#define FINJECT_EVENT_H

#include <linux/hrtimer.h>
#include <linux/wait.h>

#include "record.h"

/**
 * struct finject_events - the ring of one namespace
 * @lock: guards the rest; innermost; any context
 * @ring: the last records, allocated while there are readers
 * @size: size of @ring, a power of two
 * @head: number of records ever written: the next is at @head modulo @size
 * @latest: time of the last record, ns
 * @lost: number of records that readers were told they missed
 * @readers: number of open files
 * @wait: queue of waiting readers
 * @wake: wakes them, a millisecond after the first record that they wait for
 * @closed: the namespace is gone: end of file
 */
struct finject_events {
	spinlock_t lock;	/* innermost */
	struct finject_record *ring;
	unsigned int size;
	u64 head;
	u64 latest;
	unsigned long lost;
	unsigned int readers;
	wait_queue_head_t wait;
	struct hrtimer wake;
	bool closed;
};

void finject_events_init(struct finject_events *events);
int finject_events_open(struct finject_events *events, u64 *position);
void finject_events_release(struct finject_events *events);
void finject_events_close(struct finject_events *events);
void finject_event_write(struct finject_events *events,
			 const struct finject_record *record);
bool finject_event_pending(struct finject_events *events, const u64 *position);
bool finject_event_read(struct finject_events *events, u64 *position,
			struct finject_record *record, u64 *lost);

static inline bool finject_events_read(const struct finject_events *events)
{
	return READ_ONCE(events->readers) != 0;
}

extern unsigned int finject_max_events;

#endif /* FINJECT_EVENT_H */
