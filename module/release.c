// SPDX-License-Identifier: GPL-2.0-only
#include "release.h"

#include <linux/module.h>

enum {
	WALK_TURN = 64,		/* segments visited per taking of the lock */
	TAG_TURN = 256,		/* segments of a tag made due in one turn */
};

static bool release_admits(const struct finject_parked *parked,
			   const struct finject_park_filter *filter)
{
	const void *okfn = parked->resume.okfn;

	if (filter->rule && parked->rule != filter->rule)
		return false;
	if (filter->tag && (!parked->tag ||
			    strcmp(parked->tag->name, filter->tag)))
		return false;
	if (filter->id && parked->key.id != filter->id)
		return false;
	if (filter->module && !within_module((unsigned long)okfn,
					     filter->module))
		return false;
	return !filter->dev || finject_resume_uses(&parked->resume, parked->skb,
						  filter->dev);
}

/**
 * struct walk - a walk over the parked segments, in turns
 * @filter: chooses segments
 * @cursor: position of the last segment visited
 * @until: id of the last segment that was there when the walk began
 * @left: segments still to visit in this turn
 * @more: the turn has ended, the walk has not
 */
struct walk {
	const struct finject_park_filter *filter;
	struct finject_park_key cursor;
	u64 until;
	unsigned int left;
	bool more;
};

static struct walk walk_begin(struct finject_park *park,
			      const struct finject_park_filter *filter)
{
	struct walk walk = { .filter = filter };

	spin_lock_bh(&park->lock);
	walk.until = park->next_id;
	spin_unlock_bh(&park->lock);
	return walk;
}

/* Return: the next chosen segment, or NULL at the end of the turn. */
static struct finject_parked *walk_next(struct finject_park *park,
					struct walk *walk)
{
	struct finject_parked *parked;

	while ((parked = finject_park_after(park, &walk->cursor)) &&
	       walk->left) {
		walk->left--;
		walk->cursor = parked->key;
		if (parked->key.id <= walk->until &&
		    release_admits(parked, walk->filter))
			return parked;
	}
	walk->more = parked;
	return NULL;
}

static unsigned long release_turn(struct finject_park *park, struct walk *walk,
				  u64 now)
{
	struct finject_parked *parked;
	unsigned long count = 0;

	spin_lock_bh(&park->lock);
	walk->left = WALK_TURN;
	while ((parked = walk_next(park, walk))) {
		finject_park_rekey(park, parked, now, parked->key.due);
		count++;
	}
	finject_park_arm(park);
	spin_unlock_bh(&park->lock);
	return count;
}

/**
 * finject_park_release - release parked segments now, in the order they are due
 * @park: the namespace's park
 * @filter: chooses from the segments that are there now
 *
 * The runner's softirq sends them, soon; finject_park_wait() waits for it.
 *
 * Context: process; sleeps.
 * Return: number of chosen segments that were not yet due.
 */
unsigned long finject_park_release(struct finject_park *park,
				   const struct finject_park_filter *filter)
{
	struct walk walk = walk_begin(park, filter);
	u64 now = ktime_get_ns();
	unsigned long count = 0;

	/* due segments are sent anyway */
	walk.cursor = (struct finject_park_key){
		.due = now, .order = U64_MAX, .id = U64_MAX,
	};
	do {
		count += release_turn(park, &walk, now);
		cond_resched();
	} while (walk.more);
	return count;
}

/**
 * finject_park_release_tag - release the segments held under a tag, in the
 *	order of parking
 * @park: the namespace's park
 * @tag: the tag
 *
 * The runner sends the segments: the caller may hold the lock of a socket that
 * one of them is for.
 *
 * Context: any but hard interrupts.
 */
void finject_park_release_tag(struct finject_park *park,
			      struct finject_tag *tag)
{
	spin_lock_bh(&park->lock);
	finject_tag_release(tag, park->next_id, ktime_get_ns(), false);
	finject_park_arm(park);
	spin_unlock_bh(&park->lock);
}

/* Take one turn for one tag. */
static bool release_tag_turn(struct finject_park *park, struct finject_tag *tag)
{
	struct finject_parked *parked;
	unsigned int turn = 0;

	while ((parked = finject_tag_after(tag, tag->cursor_flow,
					   tag->cursor_id)) &&
	       turn++ < TAG_TURN) {
		tag->cursor_flow = parked->position.flow;
		tag->cursor_id = parked->key.id;
		if (parked->key.id <= tag->until)
			finject_park_rekey(park, parked, tag->due,
					   tag->by_flow ?
					   finject_tag_order(parked) : 0);
	}
	return parked;
}

/**
 * finject_park_walk_tags - make the segments of released tags due
 * @park: the namespace's park
 *
 * One turn; the runner comes again while a released tag is left.
 *
 * Context: the runner, under park->lock.
 */
void finject_park_walk_tags(struct finject_park *park)
{
	struct finject_tag *tag = finject_tags_releasing(&park->tags);

	if (tag && !release_tag_turn(park, tag))
		finject_tag_released(tag);
}

static bool release_rule_turn(struct finject_park *park,
			      struct finject_rule *rule,
			      u64 now)
{
	struct finject_parked *parked;
	unsigned int turn;
	bool more;

	spin_lock_bh(&park->lock);
	rule->dead = true;
	for (turn = 0; turn < WALK_TURN && !list_empty(&rule->parked); turn++) {
		parked = list_first_entry(&rule->parked, struct finject_parked,
					  by_rule);
		finject_park_rekey(park, parked, now, parked->key.due);
	}
	if (turn)
		finject_park_arm(park);
	more = !list_empty(&rule->parked);
	spin_unlock_bh(&park->lock);
	return more;
}

/**
 * finject_park_end_rule - release all segments of a rule, for good
 * @park: the namespace's park
 * @rule: the rule, no longer in the current set
 *
 * A hook may still judge by the old set: a segment that it then parks by this
 * rule is released at once.
 *
 * Context: process; sleeps.
 */
void finject_park_end_rule(struct finject_park *park,
			   struct finject_rule *rule)
{
	u64 now = ktime_get_ns();

	while (release_rule_turn(park, rule, now))
		cond_resched();
}

static bool release_is_done(struct finject_park *park, u64 now)
{
	struct finject_parked *first;
	bool idle;

	spin_lock_bh(&park->lock);
	first = finject_park_first(park);
	idle = !park->running && !finject_tags_releasing(&park->tags) &&
	       (!first || first->key.due > now);
	spin_unlock_bh(&park->lock);
	return idle;
}

/**
 * finject_park_wait - wait until all segments due by now are sent
 * @park: the namespace's park
 *
 * Context: process; sleeps.
 */
void finject_park_wait(struct finject_park *park)
{
	u64 now = ktime_get_ns();

	wait_event(park->idle, release_is_done(park, now));
}

static void purge_turn(struct finject_park *park, struct walk *walk,
		       struct list_head *batch)
{
	struct finject_parked *parked;

	spin_lock_bh(&park->lock);
	walk->left = WALK_TURN;
	while ((parked = walk_next(park, walk))) {
		finject_park_take_out(park, parked);
		list_add_tail(&parked->batch, batch);
	}
	wake_up_all(&park->idle);
	spin_unlock_bh(&park->lock);
}

static unsigned long purge_batch(struct finject_park *park,
				 struct list_head *batch)
{
	struct finject_parked *parked, *next;
	unsigned long count = 0;

	list_for_each_entry_safe(parked, next, batch, batch) {
		finject_parked_purge(park, parked);
		count++;
	}
	return count;
}

/**
 * finject_park_purge - purge parked segments
 * @park: the namespace's park
 * @filter: chooses segments
 *
 * Context: process; sleeps; RTNL may be held.
 * Return: number of segments purged.
 */
unsigned long finject_park_purge(struct finject_park *park,
				 const struct finject_park_filter *filter)
{
	struct walk walk = walk_begin(park, filter);
	unsigned long count = 0;

	do {
		LIST_HEAD(batch);

		purge_turn(park, &walk, &batch);
		count += purge_batch(park, &batch);
		cond_resched();
	} while (walk.more);
	return count;
}

/**
 * finject_park_close - purge all parked segments, and park none any more
 * @park: park of a namespace that is going away
 *
 * Context: process; when it returns, the runner is not running.
 */
void finject_park_close(struct finject_park *park)
{
	const struct finject_park_filter all = { };

	spin_lock_bh(&park->lock);
	park->closed = true;
	spin_unlock_bh(&park->lock);
	/* a hook may be between prepare, which saw it open, and commit */
	synchronize_net();
	do {
		hrtimer_cancel(&park->timer);
	} while (finject_park_purge(park, &all));
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&park->tree.rb_root));
	WARN_ON_ONCE(park->bytes.now || park->copies);
}
