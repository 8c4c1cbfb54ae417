// SPDX-License-Identifier: GPL-2.0-only
#include "park.h"

#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "compat.h"
#include "net.h"
#include "trace.h"

enum {
	BATCH = 64,		/* segments sent on between two takings of the lock */
	BATCHES = 16,		/* before other softirqs get their turn */
	PURGE_BATCH = 256,
};

/*
 * What has gathered goes on this much later, ns. The last of it comes out of a
 * call of its sender, who still owns the socket; what Linux finds for a socket
 * that is owned waits in its backlog, where a FIN and the ACK behind it become
 * one segment if their options are the same, timestamps of one ms included
 * (tcp_add_backlog()). By then the call is over, and the next timestamp is
 * another one.
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

static struct finject_net *net_of(struct finject_park *park)
{
	return container_of(park, struct finject_net, park);
}

static bool before(const struct finject_parked *a,
		   const struct finject_parked *b)
{
	return a->due < b->due || (a->due == b->due && a->id < b->id);
}

static struct finject_parked *parked_of(struct rb_node *node)
{
	return node ? rb_entry(node, struct finject_parked, node) : NULL;
}

static struct finject_parked *first_due(struct finject_park *park)
{
	return parked_of(rb_first_cached(&park->tree));
}

static void insert(struct finject_park *park, struct finject_parked *parked)
{
	struct rb_node **link = &park->tree.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (before(parked, parked_of(parent))) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&parked->node, parent, link);
	rb_insert_color_cached(&parked->node, &park->tree, leftmost);
}

static void arm(struct finject_park *park)
{
	struct finject_parked *first = first_due(park);

	if (!list_empty(&park->ready))
		hrtimer_start(&park->timer, 0, HRTIMER_MODE_ABS_SOFT);
	else if (first)
		hrtimer_start(&park->timer, ns_to_ktime(first->due),
			      HRTIMER_MODE_ABS_SOFT);
}

static bool is_first(const struct finject_parked *parked)
{
	unsigned int class;

	for (class = 0; class < FINJECT_CLASSES; class++)
		if (parked->sight.classes & parked->rule->spec.seg & BIT(class))
			return parked->sight.nth[class] == 1;
	return false;
}

static void leave_tag(struct finject_parked *parked)
{
	if (!parked->tag)
		return;
	if (!parked->ready && !parked->gathered && is_first(parked))
		parked->tag->firsts--;
}

/* It goes on with those it has gathered with, in the order of parking. */
static void settle(struct finject_park *park, struct finject_parked *parked,
		   u64 due)
{
	if (parked->ready || parked->gathered)
		return;
	leave_tag(parked);
	parked->gathered = true;
	if (parked->due <= due)
		return;
	rb_erase_cached(&parked->node, &park->tree);
	parked->due = due;
	insert(park, parked);
}

/* Out of the tree and off any list: it is the caller's. */
static void take_out(struct finject_park *park, struct finject_parked *parked)
{
	leave_tag(parked);
	list_del_init(&parked->list);
	rb_erase_cached(&parked->node, &park->tree);
	finject_gauge_give(&park->gauge, 1);
	finject_gauge_give(&park->bytes, parked->bytes);
	park->copies -= parked->copy;
}

static void make_ready(struct finject_park *park,
		       struct finject_parked *parked)
{
	if (parked->ready)
		return;
	leave_tag(parked);
	parked->ready = true;
	list_move_tail(&parked->list, &park->ready);
}

static struct finject_parked *next_to_go(struct finject_park *park, u64 now)
{
	struct finject_parked *first;

	if (!list_empty(&park->ready))
		return list_first_entry(&park->ready, struct finject_parked,
					list);
	first = first_due(park);
	return first && first->due <= now ? first : NULL;
}

static void record_fate(struct finject_net *fnet,
			const struct finject_parked *parked,
			enum finject_verdict fate)
{
	struct finject_record record = {
		.kind = FINJECT_RECORD_FATE,
		.verdict = fate,
		.copy = parked->copy,
		.rule = parked->rule->spec.id,
		.generation = parked->generation,
		.parked = ktime_get_ns() - parked->at,
		.sight = parked->sight,
	};
	struct finject_segment segment;
	unsigned int thoff;
	u8 flags;

	if (!finject_events_read(&fnet->events) &&
	    !trace_finject_fate_enabled())
		return;
	if (finject_segment_flags(parked->skb, parked->place.state.pf, &thoff,
				  &flags) != FINJECT_READ ||
	    finject_segment_read(parked->skb, &parked->place.state, thoff,
				 &segment) != FINJECT_READ)
		return;
	record.hook = segment.hook;
	record.dir = segment.dir;
	record.tuple = segment.tuple;
	record.wire = segment.wire;
	finject_event_write(&fnet->events, &record);
	trace_finject_fate(&record);
}

static void discard(struct finject_parked *parked)
{
	finject_place_put(&parked->place);
	finject_rule_put(parked->rule);
	kmem_cache_free(parked_cache, parked);
}

static void send_on(struct finject_net *fnet, struct finject_parked *parked)
{
	record_fate(fnet, parked, FINJECT_RELEASED);
	finject_count(fnet, parked->copy ? FINJECT_COPIES_RELEASED :
					   FINJECT_STAT_RELEASED);
	finject_reinject(parked->skb, &parked->place.state, parked->place.ops);
	discard(parked);
}

static bool send_batch(struct finject_park *park, u64 now)
{
	struct finject_parked *parked, *next;
	unsigned int count = 0;
	LIST_HEAD(batch);

	spin_lock_bh(&park->lock);
	while (count < BATCH && (parked = next_to_go(park, now))) {
		take_out(park, parked);
		list_add_tail(&parked->list, &batch);
		park->running = true;
		count++;
	}
	spin_unlock_bh(&park->lock);

	list_for_each_entry_safe(parked, next, &batch, list)
		send_on(net_of(park), parked);
	return count == BATCH;
}

static void wake_if_idle(struct finject_park *park)
{
	if (list_empty(&park->ready) && !park->running)
		wake_up_all(&park->idle);
}

/*
 * The runner. It holds no lock when it sends, for what it sends may come back
 * through our own hooks, and park again.
 */
static enum hrtimer_restart run(struct hrtimer *timer)
{
	struct finject_park *park = container_of(timer, struct finject_park,
						 timer);
	unsigned int batches = 0;
	u64 now = ktime_get_ns();

	while (send_batch(park, now) && ++batches < BATCHES)
		;
	spin_lock_bh(&park->lock);
	park->running = false;
	wake_if_idle(park);
	arm(park);
	spin_unlock_bh(&park->lock);
	return HRTIMER_NORESTART;
}

/**
 * finject_park_prepare - get a segment ready to be parked
 * @park: the namespace's
 * @skb: the segment
 * @state: of its hook
 * @ops: finject's own entry there
 *
 * What can fail, fails here: finject_park_commit() cannot. The caller fills in
 * rule, tag, due, generation, sight and copy between the two.
 *
 * Context: at a netfilter hook.
 * Return: the entry, or NULL: there is no room or no memory (counted), and the
 *	segment passes.
 */
struct finject_parked *finject_park_prepare(struct finject_park *park,
					    struct sk_buff *skb,
					    const struct nf_hook_state *state,
					    const struct nf_hook_ops *ops)
{
	struct finject_net *fnet = net_of(park);
	struct finject_parked *parked;
	u32 bytes = skb->truesize;
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
	if (!room)
		return NULL;

	parked = kmem_cache_zalloc(parked_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!parked) {
		finject_count(fnet, FINJECT_SKIPPED_NOMEM);
		goto err_room;
	}
	if (!finject_place_take(&parked->place, skb, state, ops)) {
		finject_count(fnet, FINJECT_SKIPPED_NODST);
		goto err_parked;
	}
	INIT_LIST_HEAD(&parked->list);
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

/* With per=flow, a tag gathers within each flow. */
static bool gathers_with(const struct finject_parked *parked,
			 const struct finject_parked *other)
{
	return !other->gathered && (!parked->rule->spec.schedule.per_flow ||
				    parked->sight.flow == other->sight.flow);
}

static unsigned int gathered(const struct finject_parked *parked)
{
	const struct finject_parked *other;
	unsigned int count = 0;

	if (!parked->rule->spec.schedule.per_flow)
		return parked->tag->firsts;
	list_for_each_entry(other, &parked->tag->parked, list)
		count += gathers_with(parked, other) && is_first(other);
	return count;
}

static void join_tag(struct finject_park *park, struct finject_parked *parked)
{
	struct finject_tag *tag = parked->tag;
	u32 gather = parked->rule->spec.gather;
	u64 due = parked->at + SETTLE;
	struct finject_parked *other;

	list_add_tail(&parked->list, &tag->parked);
	tag->firsts += is_first(parked);
	if (!gather || gathered(parked) < gather)
		return;
	list_for_each_entry(other, &tag->parked, list)
		if (gathers_with(parked, other))
			settle(park, other, due);
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
	parked->id = ++park->next_id;
	park->copies += parked->copy;
	insert(park, parked);
	if (parked->tag)
		join_tag(park, parked);
	if (parked->rule->dead)
		make_ready(park, parked);
	if (!list_empty(&park->ready) || first_due(park) == parked ||
	    parked->gathered)
		arm(park);
	spin_unlock_bh(&park->lock);
}

static bool chosen(const struct finject_parked *parked,
		   const struct finject_choice *choice)
{
	if (choice->rule && parked->rule != choice->rule)
		return false;
	if (choice->tag && (!parked->tag ||
			    strcmp(parked->tag->name, choice->tag)))
		return false;
	if (choice->id && parked->id != choice->id)
		return false;
	return !choice->dev || finject_place_uses(&parked->place, choice->dev);
}

/**
 * finject_park_release - let parked segments go on now, in their order
 * @park: the namespace's
 * @choice: which
 *
 * They go on from the runner's softirq, soon; finject_park_wait() waits.
 *
 * Context: process.
 * Return: how many were chosen.
 */
unsigned long finject_park_release(struct finject_park *park,
				   const struct finject_choice *choice)
{
	unsigned long count = 0;
	struct rb_node *node;

	spin_lock_bh(&park->lock);
	for (node = rb_first_cached(&park->tree); node; node = rb_next(node)) {
		struct finject_parked *parked = parked_of(node);

		if (!parked->ready && chosen(parked, choice)) {
			make_ready(park, parked);
			count++;
		}
	}
	if (count)
		arm(park);
	spin_unlock_bh(&park->lock);
	return count;
}

/**
 * finject_park_end_rule - let go what a rule holds, for good
 * @park: the namespace's
 * @rule: the rule, no longer in the current set
 *
 * A hook may still be judging by the old set: what it parks by this rule goes
 * on at once.
 *
 * Context: process.
 */
void finject_park_end_rule(struct finject_park *park,
			   struct finject_rule *rule)
{
	const struct finject_choice choice = { .rule = rule };

	spin_lock_bh(&park->lock);
	rule->dead = true;
	spin_unlock_bh(&park->lock);
	finject_park_release(park, &choice);
}

static bool is_idle(struct finject_park *park)
{
	bool idle;

	spin_lock_bh(&park->lock);
	idle = list_empty(&park->ready) && !park->running;
	spin_unlock_bh(&park->lock);
	return idle;
}

/**
 * finject_park_wait - wait until all that was released has gone on
 * @park: the namespace's
 *
 * Context: process; sleeps.
 */
void finject_park_wait(struct finject_park *park)
{
	wait_event(park->idle, is_idle(park));
}

static unsigned int purge_batch(struct finject_park *park,
				const struct finject_choice *choice)
{
	struct finject_parked *parked, *next_parked;
	struct rb_node *node, *next;
	unsigned int count = 0;
	LIST_HEAD(batch);

	spin_lock_bh(&park->lock);
	for (node = rb_first_cached(&park->tree); node && count < PURGE_BATCH;
	     node = next) {
		next = rb_next(node);
		parked = parked_of(node);
		if (!chosen(parked, choice))
			continue;
		take_out(park, parked);
		list_add_tail(&parked->list, &batch);
		count++;
	}
	wake_if_idle(park);
	spin_unlock_bh(&park->lock);

	list_for_each_entry_safe(parked, next_parked, &batch, list) {
		record_fate(net_of(park), parked, FINJECT_PURGED);
		finject_count(net_of(park),
			      parked->copy ? FINJECT_COPIES_PURGED :
					     FINJECT_STAT_PURGED);
		kfree_skb(parked->skb);
		discard(parked);
	}
	return count;
}

/**
 * finject_park_purge - free parked segments
 * @park: the namespace's
 * @choice: which
 *
 * Context: process; RTNL may be held.
 * Return: how many there were.
 */
unsigned long finject_park_purge(struct finject_park *park,
				 const struct finject_choice *choice)
{
	unsigned long count = 0;
	unsigned int batch;

	do {
		batch = purge_batch(park, choice);
		count += batch;
	} while (batch);
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
	const struct finject_choice all = { };

	spin_lock_bh(&park->lock);
	park->closed = true;
	spin_unlock_bh(&park->lock);
	/* a hook may be between prepare, which saw it open, and commit */
	synchronize_net();
	do {
		hrtimer_cancel(&park->timer);
	} while (finject_park_purge(park, &all));
}

/**
 * finject_park_init - make an empty park
 * @park: zeroed memory
 */
void finject_park_init(struct finject_park *park)
{
	spin_lock_init(&park->lock);
	park->tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&park->ready);
	INIT_LIST_HEAD(&park->tags);
	init_waitqueue_head(&park->idle);
	hrtimer_setup(&park->timer, run, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

static struct finject_tag *find_tag(struct finject_park *park,
				    const char *name)
{
	struct finject_tag *tag;

	list_for_each_entry(tag, &park->tags, list)
		if (!strcmp(tag->name, name))
			return tag;
	return NULL;
}

/**
 * finject_tag_get - the tag of a name, made if there is none
 * @park: the namespace's
 * @name: at most FINJECT_TAG_MAX - 1 bytes
 *
 * Tags are bounded by the rules that name them.
 *
 * Context: process.
 * Return: the tag with a reference, or NULL when there is no memory.
 */
struct finject_tag *finject_tag_get(struct finject_park *park,
				    const char *name)
{
	struct finject_tag *tag, *fresh = kzalloc(sizeof(*fresh),
							  GFP_KERNEL_ACCOUNT);

	if (!fresh)
		return NULL;
	fresh->park = park;
	refcount_set(&fresh->refs, 1);
	INIT_LIST_HEAD(&fresh->parked);
	strscpy(fresh->name, name, sizeof(fresh->name));

	spin_lock_bh(&park->lock);
	tag = find_tag(park, name);
	if (tag && refcount_inc_not_zero(&tag->refs)) {
		kfree(fresh);
	} else {
		tag = fresh;
		list_add_tail(&tag->list, &park->tags);
	}
	spin_unlock_bh(&park->lock);
	return tag;
}

/**
 * finject_tag_put - drop a reference
 * @tag: the tag; with the last one gone no rule, hence no parked segment, has it
 *
 * Context: any, without finject_park.lock.
 */
void finject_tag_put(struct finject_tag *tag)
{
	struct finject_park *park = tag->park;

	if (!refcount_dec_and_test(&tag->refs))
		return;
	spin_lock_bh(&park->lock);
	list_del(&tag->list);
	spin_unlock_bh(&park->lock);
	kfree(tag);
}

/**
 * finject_tag_release - let go what is held under a tag
 * @tag: the tag
 *
 * The segments go on from the runner, not from here: the caller may hold the
 * lock of a socket that one of them is for.
 *
 * Context: any.
 */
void finject_tag_release(struct finject_tag *tag)
{
	struct finject_park *park = tag->park;
	struct finject_parked *parked, *next;

	spin_lock_bh(&park->lock);
	list_for_each_entry_safe(parked, next, &tag->parked, list)
		make_ready(park, parked);
	if (!list_empty(&park->ready))
		arm(park);
	spin_unlock_bh(&park->lock);
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
