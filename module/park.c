// SPDX-License-Identifier: GPL-2.0-only
/*
 * All parked segments are in one tree, in the order in which they are sent. To
 * release a segment is to make it due: its key changes, and runner.c does the
 * rest. So the position in the tree is the state of a segment.
 */
#include "park.h"

#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "trace.h"

/*
 * Gathered segments are sent this much later, in ns. The last one comes out of
 * a call of its sender, which still owns the socket. A segment for an owned
 * socket waits in the socket's backlog, where Linux merges a FIN and the ACK
 * behind it if their options are the same, timestamps of one ms included
 * (tcp_add_backlog()). After this time the call is over, and the next timestamp
 * differs.
 */
static const u64 SETTLE = 2 * NSEC_PER_MSEC;

unsigned int finject_max_parked = 131072;
module_param_named(max_parked, finject_max_parked, uint, 0644);
MODULE_PARM_DESC(max_parked, "parked segments, per network namespace");

unsigned long finject_max_parked_bytes = 256UL << 20;
module_param_named(max_parked_bytes, finject_max_parked_bytes, ulong, 0644);
MODULE_PARM_DESC(max_parked_bytes,
		 "memory of parked segments (bytes), per network namespace");

static struct kmem_cache *parked_cache;

static bool park_before(const struct finject_park_key *a,
			const struct finject_park_key *b)
{
	if (a->due != b->due)
		return a->due < b->due;
	if (a->order != b->order)
		return a->order < b->order;
	return a->id < b->id;
}

static struct finject_parked *park_entry(struct rb_node *node)
{
	return node ? rb_entry(node, struct finject_parked, node) : NULL;
}

/**
 * finject_park_first - get the segment that is sent next
 * @park: the namespace's park
 *
 * Context: under park->lock.
 * Return: the segment, or NULL when nothing is parked.
 */
struct finject_parked *finject_park_first(struct finject_park *park)
{
	lockdep_assert_held(&park->lock);
	return park_entry(rb_first_cached(&park->tree));
}

/**
 * finject_park_after - get the first segment behind a position in the tree
 * @park: the namespace's park
 * @key: the position; no segment need have it
 *
 * With it a walk over all segments can drop the lock and resume.
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
		struct finject_parked *parked = park_entry(node);

		if (park_before(key, &parked->key)) {
			found = parked;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/* Hooks, which do not take the lock, ask when the first segment is due. */
static void park_note_due(struct finject_park *park)
{
	struct finject_parked *first = finject_park_first(park);

	WRITE_ONCE(park->due, first ? first->key.due : U64_MAX);
}

static void park_insert(struct finject_park *park, struct finject_parked *parked)
{
	struct rb_node **link = &park->tree.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (park_before(&parked->key, &park_entry(parent)->key)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&parked->node, parent, link);
	rb_insert_color_cached(&parked->node, &park->tree, leftmost);
	if (leftmost)
		park_note_due(park);
}

static void park_erase(struct finject_park *park, struct finject_parked *parked)
{
	rb_erase_cached(&parked->node, &park->tree);
	park_note_due(park);
}

/**
 * finject_park_arm - arm the runner for the time it is needed next
 * @park: the namespace's park
 *
 * A burst stays on one CPU as far as possible: segments sent from two CPUs are
 * in two backlogs, and may be received in another order. So a timer that
 * expires soon enough is left alone, and during a turn nobody else arms it. No
 * segment is missed: the runner's turn takes the lock, and ends by arming the
 * timer, on its own CPU, for the tree as it is then.
 *
 * Context: under park->lock.
 */
void finject_park_arm(struct finject_park *park)
{
	struct finject_parked *first = finject_park_first(park);
	u64 at = 0;

	if (park->running)
		return;
	if (!finject_tags_releasing(&park->tags)) {
		if (!first)
			return;
		at = first->key.due;
	}
	at = max(at, park->rest);
	if (hrtimer_is_queued(&park->timer) &&
	    ktime_to_ns(hrtimer_get_expires(&park->timer)) <= at)
		return;
	hrtimer_start(&park->timer, ns_to_ktime(at),
		      HRTIMER_MODE_ABS_PINNED_SOFT);
	park->cpu = smp_processor_id();
}

/* Remove a segment from the lists of its rule and its tag. */
static void park_let_go(struct finject_parked *parked)
{
	finject_tag_leave(parked);
	list_del_init(&parked->by_rule);
}

/**
 * finject_park_rekey - make a segment due earlier
 * @park: the namespace's park
 * @parked: the segment
 * @due: ktime, ns; a time later than its own leaves its place as it is
 * @order: order among the segments due at @due
 *
 * Context: under park->lock; the caller arms the runner.
 */
void finject_park_rekey(struct finject_park *park,
			struct finject_parked *parked, u64 due, u64 order)
{
	lockdep_assert_held(&park->lock);
	park_let_go(parked);
	if (parked->key.due <= due)
		return;
	park_erase(park, parked);
	parked->key.due = due;
	parked->key.order = order;
	park_insert(park, parked);
}

/**
 * finject_park_take_out - take a segment out, to send or to free it
 * @park: the namespace's park
 * @parked: the segment; it is the caller's from here on
 *
 * Context: under park->lock.
 */
void finject_park_take_out(struct finject_park *park,
			   struct finject_parked *parked)
{
	lockdep_assert_held(&park->lock);
	park_let_go(parked);
	park_erase(park, parked);
	finject_gauge_give(&park->gauge, 1);
	finject_gauge_give(&park->bytes, parked->bytes);
	park->copies -= parked->copy;
}

/**
 * finject_parked_record - record the outcome of a parked segment
 * @park: the namespace's park
 * @parked: the segment, taken out
 * @verdict: FINJECT_VERDICT_RELEASED or FINJECT_VERDICT_PURGED
 *
 * Context: no finject lock held.
 */
void finject_parked_record(struct finject_park *park,
			   const struct finject_parked *parked,
			   enum finject_verdict verdict)
{
	struct finject_record record;

	if (!finject_events_read(park->events) &&
	    !trace_finject_outcome_enabled())
		return;
	finject_record_outcome(&record, parked, verdict);
	finject_event_write(park->events, &record);
	trace_finject_outcome(&record);
}

/**
 * finject_parked_free - free an entry
 * @parked: the entry, taken out; its skb is gone
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
 * The memory that a parked segment takes. TCP sets the truesize of its pure
 * ACKs to 2 bytes, so that they do not count for the socket.
 */
static u32 park_memory(const struct sk_buff *skb)
{
	return sizeof(struct finject_parked) +
	       max_t(u32, skb->truesize, SKB_TRUESIZE(skb_end_offset(skb)));
}

static bool park_take_room(struct finject_park *park, u32 bytes)
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
 * finject_park_prepare - prepare a segment for parking
 * @park: the namespace's park
 * @skb: the segment
 * @state: state of its hook
 *
 * Whatever can fail, fails here: finject_park_commit() cannot. The caller fills
 * in the rest of the entry between the two.
 *
 * Context: at a netfilter hook.
 * Return: the entry, or NULL: there is no room or no memory (counted), and the
 *	segment passes.
 */
struct finject_parked *finject_park_prepare(struct finject_park *park,
					    struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	struct finject_parked *parked;
	u32 bytes = park_memory(skb);

	if (!park_take_room(park, bytes))
		return NULL;
	parked = kmem_cache_zalloc(parked_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!parked) {
		finject_count(park->counters, FINJECT_COUNT_NOMEM);
		goto err_room;
	}
	if (!finject_resume_take(&parked->resume, skb, state)) {
		finject_count(park->counters, FINJECT_COUNT_NODST);
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

/* With per=flow, a tag gathers each flow apart, and releases that flow. */
static void park_join(struct finject_park *park, struct finject_parked *parked)
{
	const struct finject_spec *spec = &parked->rule->spec;
	u64 due = parked->at + SETTLE, flow = parked->position.flow;
	struct finject_tag *tag = parked->tag;

	finject_tag_join(parked);
	if (!spec->gather)
		return;
	if (!spec->schedule.per_flow) {
		if (tag->firsts >= spec->gather)
			finject_tag_release(tag, park->next_id, due, true);
	} else if (finject_tag_gathered(parked) >= spec->gather) {
		while ((parked = finject_tag_after(tag, flow, 0)) &&
		       parked->position.flow == flow)
			finject_park_rekey(park, parked, due,
					   finject_tag_order(parked));
	}
	finject_park_arm(park);
}

/**
 * finject_park_commit - park a prepared segment
 * @park: the namespace's park
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
		park_insert(park, parked);
	} else {
		list_add_tail(&parked->by_rule, &parked->rule->parked);
		park_insert(park, parked);
		if (parked->tag)
			park_join(park, parked);
	}
	if (finject_park_first(park) == parked)
		finject_park_arm(park);
	spin_unlock_bh(&park->lock);
}

/**
 * finject_parked_purge - free a parked segment
 * @park: the namespace's park
 * @parked: the segment, taken out
 *
 * Context: no finject lock held.
 */
void finject_parked_purge(struct finject_park *park,
			  struct finject_parked *parked)
{
	finject_parked_record(park, parked, FINJECT_VERDICT_PURGED);
	finject_count(park->counters, parked->copy ?
		      FINJECT_COUNT_COPIES_PURGED : FINJECT_COUNT_PURGED);
	kfree_skb(parked->skb);
	finject_parked_free(parked);
}

/**
 * finject_park_init - make an empty park
 * @park: zeroed memory
 * @counters: the namespace's counters
 * @events: the namespace's events
 * @ops: the namespace's hook entries, by enum nf_inet_hooks
 */
void finject_park_init(struct finject_park *park,
		       struct finject_counters __percpu *counters,
		       struct finject_events *events,
		       const struct nf_hook_ops *ops)
{
	park->counters = counters;
	park->events = events;
	park->ops = ops;
	spin_lock_init(&park->lock);
	park->tree = RB_ROOT_CACHED;
	park->due = U64_MAX;
	finject_tags_init(&park->tags, &park->lock);
	init_waitqueue_head(&park->idle);
}

/**
 * finject_park_cache_init - make the cache of entries
 *
 * Return: 0 or -ENOMEM.
 */
int finject_park_cache_init(void)
{
	BUILD_BUG_ON(sizeof(struct finject_parked) > 384);
	parked_cache = KMEM_CACHE(finject_parked, 0);
	return parked_cache ? 0 : -ENOMEM;
}

/**
 * finject_park_cache_exit - destroy the cache; every park is empty
 */
void finject_park_cache_exit(void)
{
	kmem_cache_destroy(parked_cache);
}
