// SPDX-License-Identifier: GPL-2.0-only
#include "change.h"

#include <linux/mm.h>
#include <linux/slab.h>

#include "compat.h"

/* The next segment is seldom later than that. */
enum { TAKE_AFTER = NSEC_PER_MSEC };

/**
 * finject_changes_add - add a change to the ring
 * @changes: the ring; without readers, or full, it stays as it is
 * @change: the change
 *
 * Context: any, preemption may be off.
 */
void finject_changes_add(struct finject_changes *changes,
			 const struct finject_change *change)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&changes->lock, flags);
	if (!changes->ring) {
		/* the last reader is closing */
	} else if (changes->head - changes->tail >= FINJECT_CHANGES) {
		WRITE_ONCE(changes->lost, changes->lost + 1);
	} else {
		changes->ring[changes->head % FINJECT_CHANGES] = *change;
		WRITE_ONCE(changes->head, changes->head + 1);
		/* under the lock, or it may outlive finject_changes_close() */
		if (!hrtimer_is_queued(&changes->timer))
			hrtimer_start(&changes->timer, ns_to_ktime(TAKE_AFTER),
				      HRTIMER_MODE_REL_SOFT);
	}
	raw_spin_unlock_irqrestore(&changes->lock, flags);
}

/**
 * finject_changes_take - take the oldest change out
 * @changes: the ring
 * @change: set to the change
 *
 * Context: any.
 * Return: true if there was one.
 */
bool finject_changes_take(struct finject_changes *changes,
			  struct finject_change *change)
{
	unsigned long flags;
	bool any;

	raw_spin_lock_irqsave(&changes->lock, flags);
	any = changes->ring && changes->tail != changes->head;
	if (any)
		*change = changes->ring[changes->tail % FINJECT_CHANGES];
	WRITE_ONCE(changes->tail, changes->tail + any);
	raw_spin_unlock_irqrestore(&changes->lock, flags);
	return any;
}

/**
 * finject_changes_init - make an empty ring
 * @changes: zeroed memory
 * @take: takes out the remaining changes, in softirq
 */
void finject_changes_init(struct finject_changes *changes,
			  enum hrtimer_restart (*take)(struct hrtimer *timer))
{
	raw_spin_lock_init(&changes->lock);
	hrtimer_setup(&changes->timer, take, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

/**
 * finject_changes_open - allocate the ring and accept changes
 * @changes: the ring
 *
 * Context: process, under finject_net.mutex.
 * Return: 0 or -ENOMEM.
 */
int finject_changes_open(struct finject_changes *changes)
{
	struct finject_change *ring;

	if (changes->ring)
		return 0;
	ring = kvcalloc(FINJECT_CHANGES, sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return -ENOMEM;
	raw_spin_lock_irq(&changes->lock);
	changes->ring = ring;
	raw_spin_unlock_irq(&changes->lock);
	return 0;
}

/**
 * finject_changes_close - accept no more changes and free the ring
 * @changes: the ring; its changes are discarded
 *
 * Context: process, under finject_net.mutex or with the namespace gone; sleeps
 *	until the timer is done.
 */
void finject_changes_close(struct finject_changes *changes)
{
	struct finject_change *ring;

	raw_spin_lock_irq(&changes->lock);
	ring = changes->ring;
	changes->ring = NULL;
	WRITE_ONCE(changes->tail, changes->head);
	raw_spin_unlock_irq(&changes->lock);
	hrtimer_cancel(&changes->timer);
	kvfree(ring);
}
