// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is parked stands in one tree, in the order in which it goes on. To let a
 * segment go is to make it due: its key changes, and runner.c does the rest. So
 * where a segment stands in the tree is all there is to know of its state.
 */
#include "park.h"

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "net.h"
#include "trace.h"

enum {
	WALK_TURN = 64,		/* segments looked at under one taking of the lock */
};

unsigned int finject_max_parked = 131072;
module_param_named(max_parked, finject_max_parked, uint, 0644);
MODULE_PARM_DESC(max_parked, "parked segments, per network namespace");

unsigned long finject_max_parked_bytes = 256UL << 20;
module_param_named(max_parked_bytes, finject_max_parked_bytes, ulong, 0644);
MODULE_PARM_DESC(max_parked_bytes,
		 "memory of parked segments (bytes), per network namespace");

static struct kmem_cache *parked_cache;

static struct finject_net *net_of(struct finject_park *park)
{
	return container_of(park, struct finject_net, park);
}

static bool before(const struct finject_park_key *a,
		   const struct finject_park_key *b)
{
	if (a->due != b->due)
		return a->due < b->due;
	if (a->order != b->order)
		return a->order < b->order;
	return a->id < b->id;
}

static struct finject_parked *parked_of(struct rb_node *node)
{
	return node ? rb_entry(node, struct finject_parked, node) : NULL;
}

/**
 * finject_park_first - the segment that goes on next
 * @park: the namespace's
 *
 * Context: under park->lock.
 * Return: the segment, or NULL when nothing is parked.
 */
struct finject_parked *finject_park_first(struct finject_park *park)
{
	lockdep_assert_held(&park->lock);
	return parked_of(rb_first_cached(&park->tree));
}

/**
 * finject_park_after - the first segment behind a position in the tree
 * @park: the namespace's
 * @key: the position; no segment need have it
 *
 * So a walk over all segments goes on after it has let go of the lock.
 *
 * Context: under park->lock.
 * Return: the segment, or NULL when there is none.
 */
struct finject_parked *finject_park_after(struct finject_park *park,
					  const struct finject_park_key *key)
{
	struct rb_node *node = park->tree.rb_root.rb_node;
	struct finject_parked *found = NULL;

	lockdep_assert_held(&park->lock);
	while (node) {
		struct finject_parked *parked = parked_of(node);

		if (before(key, &parked->key)) {
			found = parked;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

static void insert(struct finject_park *park, struct finject_parked *parked)
{
	struct rb_node **link = &park->tree.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (before(&parked->key, &parked_of(parent)->key)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&parked->node, parent, link);
	rb_insert_color_cached(&parked->node, &park->tree, leftmost);
}

/* Neither its rule nor its tag has anything more to let go of. */
static void let_go(struct finject_parked *parked)
{
	finject_tag_leave(parked);
	list_del_init(&parked->by_rule);
}

/**
 * finject_park_rekey - let a segment go at another time than it would
 * @park: the namespace's
 * @parked: the segment
 * @due: ktime, ns; a later one than it has changes nothing
 * @order: among those due then
 *
 * Context: under park->lock; the caller arms the runner.
 */
void finject_park_rekey(struct finject_park *park,
			struct finject_parked *parked, u64 due, u64 order)
{
	lockdep_assert_held(&park->lock);
	let_go(parked);
	if (parked->key.due <= due)
		return;
	rb_erase_cached(&parked->node, &park->tree);
	parked->key.due = due;
	parked->key.order = order;
	insert(park, parked);
}

/**
 * finject_park_take_out - take a segment out, to send or to free it
 * @park: the namespace's
 * @parked: the segment; it is the caller's from here on
 *
 * Context: under park->lock.
 */
void finject_park_take_out(struct finject_park *park,
			   struct finject_parked *parked)
{
	lockdep_assert_held(&park->lock);
	let_go(parked);
	rb_erase_cached(&parked->node, &park->tree);
	finject_gauge_give(&park->gauge, 1);
	finject_gauge_give(&park->bytes, parked->bytes);
	park->copies -= parked->copy;
}

/**
 * finject_parked_record - record what became of a parked segment
 * @park: the namespace's
 * @parked: the segment, taken out
 * @outcome: FINJECT_RELEASED or FINJECT_PURGED
 *
 * Context: no finject lock held; before the skb goes, which is read.
 */
void finject_parked_record(struct finject_park *park,
			   const struct finject_parked *parked,
			   enum finject_verdict outcome)
{
	struct finject_net *fnet = net_of(park);
	struct finject_record record = {
		.kind = FINJECT_RECORD_OUTCOME,
		.verdict = outcome,
		.copy = parked->copy,
		.rule = parked->rule->spec.id,
		.generation = parked->generation,
		.parked = ktime_get_ns() - parked->at,
		.position = parked->position,
	};
	struct finject_segment segment;

	if (!finject_events_read(&fnet->events) &&
	    !trace_finject_outcome_enabled())
		return;
	if (!finject_parked_read(parked, &segment))
		return;
	record.hook = segment.hook;
	record.dir = segment.dir;
	record.tuple = segment.tuple;
	record.wire = segment.wire;
	finject_event_write(&fnet->events, &record);
	trace_finject_outcome(&record);
}

/**
 * finject_parked_read - read the segment of an entry
 * @parked: the entry
 * @segment: where it is put
 *
 * Context: any; the entry is the caller's, or park->lock is held.
 * Return: whether it could be read, as it could when it was parked.
 */
bool finject_parked_read(const struct finject_parked *parked,
			 struct finject_segment *segment)
{
	struct nf_hook_state state;
	unsigned int thoff;
	u8 flags;

	finject_resume_state(&parked->resume, &state);
	return finject_segment_flags(parked->skb, state.pf, &thoff, &flags) ==
		       FINJECT_READ &&
	       finject_segment_read(parked->skb, &state, thoff, segment) ==
		       FINJECT_READ;
}

/**
 * finject_parked_free - free an entry
 * @parked: the entry, taken out; its skb has gone
 *
 * Context: no finject lock held.
 */
void finject_parked_free(struct finject_parked *parked)
{
	finject_resume_put(&parked->resume);
	finject_rule_put(parked->rule);
	kmem_cache_free(parked_cache, parked);
}

/*
 * What keeping a segment costs. TCP says of its pure ACKs that they take 2
 * bytes, so that they do not count for the socket.
 */
static u32 memory_of(const struct sk_buff *skb)
{
	return sizeof(struct finject_parked) +
	       max_t(u32, skb->truesize, SKB_TRUESIZE(skb_end_offset(skb)));
}

static bool take_room(struct finject_park *park, u32 bytes)
{
	bool room;

	spin_lock_bh(&park->lock);
	room = !park->closed &&
	       finject_gauge_take(&park->gauge, finject_max_parked);
	if (room && park->bytes.now + bytes > finject_max_parked_bytes) {
		park->bytes.refused++;
		finject_gauge_give(&park->gauge, 1);
		room = false;
	}
	if (room) {
		park->bytes.now += bytes;
		park->bytes.peak = max(park->bytes.peak, park->bytes.now);
	}
	spin_unlock_bh(&park->lock);
	return room;
}

/**
 * finject_park_prepare - get a segment ready to be parked
 * @park: the namespace's
 * @skb: the segment
 * @state: of its hook
 *
 * What can fail, fails here: finject_park_commit() cannot. The caller fills in
 * rule, tag, class, key.due, generation, position and copy between the two.
 *
 * Context: at a netfilter hook.
 * Return: the entry, or NULL: there is no room or no memory (counted), and the
 *	segment passes.
 */
struct finject_parked *finject_park_prepare(struct finject_park *park,
					    struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	struct finject_net *fnet = net_of(park);
	struct finject_parked *parked;
	u32 bytes = memory_of(skb);

	if (!take_room(park, bytes))
		return NULL;
	parked = kmem_cache_zalloc(parked_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!parked) {
		finject_count(fnet, FINJECT_SKIPPED_NOMEM);
		goto err_room;
	}
	if (!finject_resume_take(&parked->resume, skb, state)) {
		finject_count(fnet, FINJECT_SKIPPED_NODST);
		goto err_parked;
	}
	INIT_LIST_HEAD(&parked->by_rule);
	RB_CLEAR_NODE(&parked->tag_node);
	parked->skb = skb;
	parked->bytes = bytes;
	return parked;

err_parked:
	kmem_cache_free(parked_cache, parked);
err_room:
	spin_lock_bh(&park->lock);
	finject_gauge_give(&park->gauge, 1);
	finject_gauge_give(&park->bytes, bytes);
	spin_unlock_bh(&park->lock);
	return NULL;
}

/**
 * finject_park_commit - park a segment that was prepared
 * @park: the namespace's
 * @parked: the entry, filled in; it takes a reference of the rule
 *
 * Context: at a netfilter hook, under RCU.
 */
void finject_park_commit(struct finject_park *park,
			 struct finject_parked *parked)
{
	finject_rule_get(parked->rule);
	spin_lock_bh(&park->lock);
	parked->key.id = ++park->next_id;
	park->copies += parked->copy;
	if (parked->rule->dead) {
		parked->key.due = min(parked->key.due, parked->at);
		insert(park, parked);
	} else {
		list_add_tail(&parked->by_rule, &parked->rule->parked);
		insert(park, parked);
		if (parked->tag)
			finject_tag_join(parked);
	}
	if (finject_park_first(park) == parked)
		finject_runner_arm(park);
	spin_unlock_bh(&park->lock);
}

static bool chosen(const struct finject_parked *parked,
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
 * struct walk - a walk over what is parked, a turn at a time
 * @filter: which segments it is about
 * @cursor: position of the last one that it looked at
 * @upto: id of the last one that was there when it began
 * @left: how many it looks at yet in this turn
 * @more: the turn has ended, the walk has not
 */
struct walk {
	const struct finject_park_filter *filter;
	struct finject_park_key cursor;
	u64 upto;
	unsigned int left;
	bool more;
};

static struct walk walk_begin(struct finject_park *park,
			      const struct finject_park_filter *filter)
{
	struct walk walk = { .filter = filter };

	spin_lock_bh(&park->lock);
	walk.upto = park->next_id;
	spin_unlock_bh(&park->lock);
	return walk;
}

/* The next of the chosen, or NULL at the end of the turn. */
static struct finject_parked *walk_on(struct finject_park *park,
				      struct walk *walk)
{
	struct finject_parked *parked;

	while ((parked = finject_park_after(park, &walk->cursor)) &&
	       walk->left) {
		walk->left--;
		walk->cursor = parked->key;
		if (parked->key.id <= walk->upto &&
		    chosen(parked, walk->filter))
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
	while ((parked = walk_on(park, walk))) {
		finject_park_rekey(park, parked, now, parked->key.due);
		count++;
	}
	finject_runner_arm(park);
	spin_unlock_bh(&park->lock);
	return count;
}

/**
 * finject_park_release - let parked segments go on now, in the order they are due
 * @park: the namespace's
 * @filter: which, of those that are there now
 *
 * They go on from the runner's softirq, soon; finject_park_wait() waits.
 *
 * Context: process; sleeps.
 * Return: how many were chosen that were not due by then.
 */
unsigned long finject_park_release(struct finject_park *park,
				   const struct finject_park_filter *filter)
{
	struct walk walk = walk_begin(park, filter);
	u64 now = ktime_get_ns();
	unsigned long count = 0;

	/* what is due goes without us */
	walk.cursor = (struct finject_park_key){
		.due = now, .order = U64_MAX, .id = U64_MAX,
	};
	do {
		count += release_turn(park, &walk, now);
		cond_resched();
	} while (walk.more);
	return count;
}

static bool end_rule_turn(struct finject_park *park, struct finject_rule *rule,
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
		finject_runner_arm(park);
	more = !list_empty(&rule->parked);
	spin_unlock_bh(&park->lock);
	return more;
}

/**
 * finject_park_end_rule - let go what a rule holds, for good
 * @park: the namespace's
 * @rule: the rule, no longer in the current set
 *
 * A hook may still be judging by the old set: what it parks by this rule goes
 * on at once.
 *
 * Context: process; sleeps.
 */
void finject_park_end_rule(struct finject_park *park,
			   struct finject_rule *rule)
{
	u64 now = ktime_get_ns();

	while (end_rule_turn(park, rule, now))
		cond_resched();
}

static bool is_idle(struct finject_park *park, u64 now)
{
	struct finject_parked *first;
	bool idle;

	spin_lock_bh(&park->lock);
	first = finject_park_first(park);
	idle = !park->running && list_empty(&park->releasing) &&
	       (!first || first->key.due > now);
	spin_unlock_bh(&park->lock);
	return idle;
}

/**
 * finject_park_wait - wait until all that is due by now has gone on
 * @park: the namespace's
 *
 * Context: process; sleeps.
 */
void finject_park_wait(struct finject_park *park)
{
	u64 now = ktime_get_ns();

	wait_event(park->idle, is_idle(park, now));
}

static void take_turn(struct finject_park *park, struct walk *walk,
		      struct list_head *batch)
{
	struct finject_parked *parked;

	spin_lock_bh(&park->lock);
	walk->left = WALK_TURN;
	while ((parked = walk_on(park, walk))) {
		finject_park_take_out(park, parked);
		list_add_tail(&parked->batch, batch);
	}
	wake_up_all(&park->idle);
	spin_unlock_bh(&park->lock);
}

/**
 * finject_parked_purge - free a parked segment
 * @park: the namespace's
 * @parked: the segment, taken out
 *
 * Context: no finject lock held.
 */
void finject_parked_purge(struct finject_park *park,
			  struct finject_parked *parked)
{
	finject_parked_record(park, parked, FINJECT_PURGED);
	finject_count(net_of(park), parked->copy ? FINJECT_COPIES_PURGED :
						   FINJECT_STAT_PURGED);
	kfree_skb(parked->skb);
	finject_parked_free(parked);
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
 * finject_park_purge - free parked segments
 * @park: the namespace's
 * @filter: which
 *
 * Context: process; sleeps; RTNL may be held.
 * Return: how many there were.
 */
unsigned long finject_park_purge(struct finject_park *park,
				 const struct finject_park_filter *filter)
{
	struct walk walk = walk_begin(park, filter);
	unsigned long count = 0;

	do {
		LIST_HEAD(batch);

		take_turn(park, &walk, &batch);
		count += purge_batch(park, &batch);
		cond_resched();
	} while (walk.more);
	return count;
}

/**
 * finject_park_close - free all that is parked, and park nothing any more
 * @park: of a namespace that is going
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

/**
 * finject_park_init - make an empty park
 * @park: zeroed memory
 */
void finject_park_init(struct finject_park *park)
{
	spin_lock_init(&park->lock);
	park->tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&park->tags);
	INIT_LIST_HEAD(&park->releasing);
	init_waitqueue_head(&park->idle);
	finject_runner_init(park);
}

/**
 * finject_park_cache_init - make the cache that entries come from
 *
 * Return: 0 or -ENOMEM.
 */
int finject_park_cache_init(void)
{
	BUILD_BUG_ON(sizeof(struct finject_parked) > 256);
	parked_cache = KMEM_CACHE(finject_parked, 0);
	return parked_cache ? 0 : -ENOMEM;
}

/**
 * finject_park_cache_exit - destroy it; every park is empty
 */
void finject_park_cache_exit(void)
{
	kmem_cache_destroy(parked_cache);
}
