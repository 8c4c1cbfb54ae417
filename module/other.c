// SPDX-License-Identifier: GPL-2.0-only
#include "other.h"

#include <linux/jiffies.h>

/**
 * finject_other_init - make an empty record
 * @other: zeroed memory
 */
void finject_other_init(struct finject_other *other)
{
	spin_lock_init(&other->lock);
}

/**
 * finject_other_keep - keep a segment, if that costs nothing
 * @other: the record
 * @segment: the segment
 *
 * Closes that no rule concerns may be many and on all CPUs: one segment a jiffy
 * is kept, and none where another CPU holds the lock.
 *
 * Context: any that a hook is called in.
 */
void finject_other_keep(struct finject_other *other,
			const struct finject_segment *segment)
{
	unsigned long now = jiffies;

	if (READ_ONCE(other->when) == now || !spin_trylock_bh(&other->lock))
		return;
	WRITE_ONCE(other->when, now ? : 1);
	other->tuple = segment->tuple;
	other->dir = segment->dir;
	other->hook = segment->hook;
	spin_unlock_bh(&other->lock);
}

/**
 * finject_other_get - copy the segment that was kept last
 * @other: the record
 * @copy: set to the copy; its lock is not used
 *
 * Context: process.
 * Return: true if there is one.
 */
bool finject_other_get(struct finject_other *other, struct finject_other *copy)
{
	spin_lock_bh(&other->lock);
	copy->when = other->when;
	copy->tuple = other->tuple;
	copy->dir = other->dir;
	copy->hook = other->hook;
	spin_unlock_bh(&other->lock);
	return copy->when;
}
