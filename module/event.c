// SPDX-License-Identifier: GPL-2.0-only
#include "event.h"

#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"

/*
 * To wake a reader costs more than to write a record. So it is woken for all
 * records of a millisecond.
 */
enum { WAKE_AFTER = NSEC_PER_MSEC };

unsigned int finject_max_events = 16384;
module_param_named(max_events, finject_max_events, uint, 0644);
MODULE_PARM_DESC(max_events,
		 "records kept for readers of events, per network namespace");

static enum hrtimer_restart event_wake(struct hrtimer *timer)
{
	struct finject_events *events = container_of(timer,
						     struct finject_events,
						     wake);

	wake_up_interruptible_poll(&events->wait, EPOLLIN | EPOLLRDNORM);
	return HRTIMER_NORESTART;
}

/**
 * finject_events_init - make an empty ring
 * @events: zeroed memory
 */
void finject_events_init(struct finject_events *events)
{
	spin_lock_init(&events->lock);
	init_waitqueue_head(&events->wait);
	hrtimer_setup(&events->wake, event_wake, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

/**
 * finject_events_open - count one more reader
 * @events: the ring
 * @position: set to the reader's position, the next record
 *
 * Context: process, under finject_net.mutex.
 * Return: 0 or -ENOMEM.
 */
int finject_events_open(struct finject_events *events, u64 *position)
{
	unsigned int size = roundup_pow_of_two(clamp(finject_max_events,
						     16U, 1U << 20));
	struct finject_record *ring = NULL;

	if (!events->ring) {
		ring = kvcalloc(size, sizeof(*ring), GFP_KERNEL_ACCOUNT);
		if (!ring)
			return -ENOMEM;
	}
	spin_lock_irq(&events->lock);
	if (ring) {
		events->ring = ring;
		events->size = size;
	}
	WRITE_ONCE(events->readers, events->readers + 1);
	*position = events->head;
	spin_unlock_irq(&events->lock);
	return 0;
}

/**
 * finject_events_release - count one reader less; the last frees the ring
 * @events: the ring
 *
 * Context: process, under finject_net.mutex.
 */
void finject_events_release(struct finject_events *events)
{
	struct finject_record *ring = NULL;

	spin_lock_irq(&events->lock);
	WRITE_ONCE(events->readers, events->readers - 1);
	if (!events->readers)
		swap(ring, events->ring);
	spin_unlock_irq(&events->lock);
	if (ring)
		hrtimer_cancel(&events->wake);
	kvfree(ring);
}

/**
 * finject_events_close - signal end of file to every reader
 * @events: ring of a namespace that is going away
 */
void finject_events_close(struct finject_events *events)
{
	spin_lock_irq(&events->lock);
	WRITE_ONCE(events->closed, true); /* poll reads without the lock */
	spin_unlock_irq(&events->lock);
	wake_up_interruptible_all(&events->wait);
}

static void event_wake_soon(struct finject_events *events)
{
	/*
	 * A reader is on the queue before it looks for records under the lock:
	 * it finds this one, or is seen here.
	 */
	if (waitqueue_active(&events->wait) && !hrtimer_is_queued(&events->wake))
		hrtimer_start(&events->wake, ns_to_ktime(WAKE_AFTER),
			      HRTIMER_MODE_REL_SOFT);
}

/**
 * finject_event_write - add a record
 * @events: the ring
 * @record: the record. Without a time it is of now; with one, no record is older
 *	than the one before it
 *
 * Context: any. Without readers it does nothing.
 */
void finject_event_write(struct finject_events *events,
			 const struct finject_record *record)
{
	struct finject_record *slot;
	unsigned long flags;

	if (!finject_events_read(events))
		return;
	spin_lock_irqsave(&events->lock, flags);
	if (events->ring) {
		slot = &events->ring[events->head++ & (events->size - 1)];
		*slot = *record;
		slot->t = max(record->t ?: ktime_get_ns(), events->latest);
		events->latest = slot->t;
		/* under the lock, or it may outlive finject_events_release() */
		event_wake_soon(events);
	}
	spin_unlock_irqrestore(&events->lock, flags);
}

/**
 * finject_event_pending - test whether a read would not block
 * @events: the ring
 * @position: position of the reader, which other threads may move
 */
bool finject_event_pending(struct finject_events *events, const u64 *position)
{
	bool pending;

	spin_lock_irq(&events->lock);
	pending = events->head != *position || events->closed;
	spin_unlock_irq(&events->lock);
	return pending;
}

/**
 * finject_event_read - read the next record
 * @events: the ring
 * @position: position of the reader; advanced under the lock, so that threads
 *	that share a reader get each record once
 * @record: set to the record
 * @lost: set to the number of records that were overwritten before it
 *
 * Context: process.
 * Return: true if there was one.
 */
bool finject_event_read(struct finject_events *events, u64 *position,
			struct finject_record *record, u64 *lost)
{
	bool found;

	*lost = 0;
	spin_lock_irq(&events->lock);
	if (events->head - *position > events->size) {
		*lost = events->head - *position - events->size;
		*position += *lost;
		events->lost += *lost;
	}
	found = events->ring && *position != events->head;
	if (found)
		*record = events->ring[(*position)++ & (events->size - 1)];
	spin_unlock_irq(&events->lock);
	return found;
}
