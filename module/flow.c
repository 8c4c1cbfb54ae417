// SPDX-License-Identifier: GPL-2.0-only
#include "flow.h"

#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "lang/spec.h"

enum {
	GC_PERIOD = 5,		/* s between looks for idle flows */
	GC_BATCH = 64,		/* flows freed under one taking of the lock */
	LEFT_LINGER = 1,	/* s in which a segment may still come */
};

unsigned int finject_max_flows = 65536;
module_param_named(max_flows, finject_max_flows, uint, 0644);
MODULE_PARM_DESC(max_flows, "tracked closes, per network namespace");

unsigned int finject_flow_linger = 120;
module_param_named(flow_linger, finject_flow_linger, uint, 0644);
MODULE_PARM_DESC(flow_linger,
		 "seconds a finished close is remembered after its last segment");

unsigned int finject_flow_idle = 86400;
module_param_named(flow_idle, finject_flow_idle, uint, 0644);
MODULE_PARM_DESC(flow_idle,
		 "seconds an unfinished close is remembered after its last segment");

/* Some namespace wants segments before the first FIN. */
DEFINE_STATIC_KEY_FALSE(finject_early_key);

static struct kmem_cache *flow_cache;
static struct kmem_cache *flow_rule_cache;

static void flow_give_rule(struct finject_flows *flows)
{
	spin_lock(&flows->rules_lock);
	finject_gauge_give(&flows->rules, 1);
	spin_unlock(&flows->rules_lock);
}

static void flow_forget_rules(struct finject_flows *flows,
			      struct finject_flow *flow)
{
	struct finject_flow_rule *flow_rule;

	while ((flow_rule = flow->rules)) {
		flow->rules = flow_rule->next;
		kmem_cache_free(flow_rule_cache, flow_rule);
		flow_give_rule(flows);
	}
}

static void flow_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(flow_cache,
			container_of(rcu, struct finject_flow, rcu));
}

/* The lock is in memory that is freed after RCU: it can still be unlocked. */
static void flow_remove(struct finject_flows *flows, struct finject_flow *flow)
{
	lockdep_assert_held(&flow->lock);
	finject_tuple_forget(&flows->tuples, &flow->tuples);
	list_del(&flow->age_list);
	flow_forget_rules(flows, flow);
	flow->state = FINJECT_FLOW_REMOVED;
	finject_gauge_give(&flows->gauge, 1);
	call_rcu(&flow->rcu, flow_free_rcu);
}

/**
 * finject_flow_remove - remove a flow, and free it
 * @flows: the namespace's table
 * @flow: the flow
 *
 * Readers under RCU may still compare its tuples, and take its lock to find it
 * removed.
 *
 * Context: under flows->lock.
 */
void finject_flow_remove(struct finject_flows *flows, struct finject_flow *flow)
{
	lockdep_assert_held(&flows->lock);
	spin_lock(&flow->lock);
	flow_remove(flows, flow);
	spin_unlock(&flow->lock);
}

/**
 * finject_flow_remove_unseen - remove a flow of which no segment was seen
 * @flows: the namespace's table
 * @flow: the flow
 *
 * Context: under flows->lock.
 * Return: true if it was removed; false if a segment was seen.
 */
bool finject_flow_remove_unseen(struct finject_flows *flows,
				struct finject_flow *flow)
{
	bool unseen;

	lockdep_assert_held(&flows->lock);
	spin_lock(&flow->lock);
	unseen = flow->state == FINJECT_FLOW_UNSEEN;
	if (unseen)
		flow_remove(flows, flow);
	spin_unlock(&flow->lock);
	return unseen;
}

/* Remove a flow that has not been active since. */
static bool flow_remove_idle(struct finject_flows *flows,
			     struct finject_flow *flow, u64 before)
{
	bool idle;

	spin_lock(&flow->lock);
	idle = flow->last <= before;
	if (idle)
		flow_remove(flows, flow);
	spin_unlock(&flow->lock);
	return idle;
}

static unsigned int flow_collect(struct finject_flows *flows,
				 enum finject_flow_list list, u64 before)
{
	struct finject_flow *flow, *next;
	unsigned int count = 0;

	list_for_each_entry_safe(flow, next, &flows->lists[list], age_list) {
		if (count == GC_BATCH || !flow_remove_idle(flows, flow, before))
			break;
		count++;
	}
	return count;
}

static u64 flow_seconds_ago(u64 now, unsigned int seconds)
{
	u64 span = (u64)seconds * NSEC_PER_SEC;

	return now > span ? now - span : 0;
}

/* Get the time since when a flow must have been active to be remembered. */
static u64 flow_oldest(enum finject_flow_list list, u64 now)
{
	switch (list) {
	case FINJECT_FLOWS_LEFT:
		return flow_seconds_ago(now, LEFT_LINGER);
	case FINJECT_FLOWS_FINISHED:
		return flow_seconds_ago(now, READ_ONCE(finject_flow_linger));
	default:
		return flow_seconds_ago(now, READ_ONCE(finject_flow_idle));
	}
}

static void flow_collect_idle(struct work_struct *work)
{
	struct finject_flows *flows = container_of(to_delayed_work(work),
						   struct finject_flows, gc);
	u64 now = ktime_get_ns();
	unsigned int count, list;

	do {
		count = 0;
		spin_lock_bh(&flows->lock);
		for (list = 0; list < FINJECT_FLOW_LISTS; list++)
			count += flow_collect(flows, list,
					      flow_oldest(list, now));
		spin_unlock_bh(&flows->lock);
		cond_resched();
	} while (count >= GC_BATCH);

	if (finject_flows_any(flows))
		schedule_delayed_work(&flows->gc, GC_PERIOD * HZ);
}

/*
 * The oldest of the flows that matter least gives way: closes that never end
 * may fill the table, and must not keep new ones out.
 */
static bool flow_make_room(struct finject_flows *flows)
{
	struct finject_flow *flow;
	unsigned int i;

	if (flows->gauge.now < finject_max_flows)
		return true;
	for (i = 0; i < FINJECT_FLOW_LISTS; i++) {
		flow = list_first_entry_or_null(&flows->lists[i],
						struct finject_flow, age_list);
		if (!flow)
			continue;
		finject_flow_remove(flows, flow);
		flows->gauge.recycled++;
		return true;
	}
	return false;
}

/* Test for a socket that is connected to itself. */
static bool flow_is_self(const struct finject_tuple *tuple)
{
	return tuple->port[0] == tuple->port[1] &&
	       !memcmp(&tuple->addr[0], &tuple->addr[1],
		       sizeof(tuple->addr[0]));
}

static u64 flow_next_id(struct finject_flows *flows)
{
	return atomic64_inc_return(&flows->last_id);
}

static u16 flow_place_time(u64 now)
{
	return now >> FINJECT_PLACE_SHIFT;
}

/**
 * finject_flow_create - make the flow of a tuple
 * @flows: the namespace's table
 * @tuple: the key, of which the table has no flow
 * @list: its place, as far as that is known before it has seen a segment
 * @now: ktime, ns
 *
 * A full table gives up its oldest close, a finished one if there is any. A
 * lack of memory is counted.
 *
 * Context: under flows->lock.
 * Return: the flow, or NULL when there is no memory, or no room (max_flows=0).
 */
struct finject_flow *finject_flow_create(struct finject_flows *flows,
					 const struct finject_tuple *tuple,
					 enum finject_flow_list list, u64 now)
{
	struct finject_flow *flow;

	lockdep_assert_held(&flows->lock);
	if (!flow_make_room(flows)) {
		flows->gauge.refused++;
		return NULL;
	}
	flow = kmem_cache_zalloc(flow_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!flow)
		goto err;

	flow->tuples.hash.tuple = *tuple;
	flow->stage.self = flow_is_self(tuple);
	flow->born = now;
	flow->last = now;
	flow->list = list;
	flow->placed = flow_place_time(now);
	flow->id = flow_next_id(flows);
	spin_lock_init(&flow->lock);
	list_add_tail(&flow->age_list, &flows->lists[list]);
	/* from here on others find it, and may lock it first */
	if (finject_tuple_insert(&flows->tuples, &flow->tuples))
		goto err_flow;
	finject_gauge_take(&flows->gauge, ULONG_MAX);
	if (!delayed_work_pending(&flows->gc))
		schedule_delayed_work(&flows->gc, GC_PERIOD * HZ);
	return flow;

err_flow:
	list_del(&flow->age_list);
	kmem_cache_free(flow_cache, flow);
err:
	finject_count(flows->counters, FINJECT_COUNT_NOMEM);
	return NULL;
}

/**
 * finject_flows_watch - note that hooks see all segments from now on
 * @flows: the namespace's table
 * @now: ktime, ns
 *
 * Before, without rules and readers, there were no hooks: a close in the table
 * may have ended meanwhile, and its tuple may have been reused.
 *
 * Context: process.
 */
void finject_flows_watch(struct finject_flows *flows, u64 now)
{
	WRITE_ONCE(flows->watched, now);
}

static void flow_move(struct finject_flows *flows, struct finject_flow *flow,
		      enum finject_flow_list list)
{
	lockdep_assert_held(&flows->lock);
	lockdep_assert_held(&flow->lock);
	flow->list = list;
	list_move_tail(&flow->age_list, &flows->lists[list]);
}

/* Its place may already be in another list than the one in which it still is. */
static void flow_leave(struct finject_flows *flows, struct finject_flow *flow,
		       enum finject_flow_list list)
{
	spin_lock(&flow->lock);
	flow_move(flows, flow,
		  flow->list == list ? FINJECT_FLOWS_LEFT : flow->list);
	spin_unlock(&flow->lock);
}

/* Let all flows of a list go soon, in bounded turns. */
static void flows_leave(struct finject_flows *flows,
			enum finject_flow_list list)
{
	struct finject_flow *flow, *next;
	unsigned int count;

	do {
		count = 0;
		spin_lock_bh(&flows->lock);
		list_for_each_entry_safe(flow, next, &flows->lists[list],
					 age_list) {
			if (count++ == GC_BATCH)
				break;
			flow_leave(flows, flow, list);
		}
		spin_unlock_bh(&flows->lock);
		cond_resched();
	} while (count > GC_BATCH);
}

/**
 * finject_flows_want_early - see segments before the first FIN, or no longer
 * @flows: the namespace's table
 * @early: some rule is about them
 *
 * Connections that have not begun to close are of no more use afterwards.
 *
 * Context: process; the caller serialises calls on one @flows. May sleep.
 */
void finject_flows_want_early(struct finject_flows *flows, bool early)
{
	bool changes = flows->early != early;

	if (changes && early)
		static_branch_inc(&finject_early_key);
	if (changes) {
		spin_lock_bh(&flows->lock);
		WRITE_ONCE(flows->early, early);
		finject_bloom_want(&flows->tuples.bloom, early);
		spin_unlock_bh(&flows->lock);
	}
	if (!early)
		flows_leave(flows, FINJECT_FLOWS_BEFORE);
	if (changes && !early)
		static_branch_dec(&finject_early_key);
}

/**
 * finject_flow_find - find the flow of a tuple
 * @flows: the namespace's table
 * @tuple: the key
 *
 * Context: under flows->lock.
 * Return: the flow, or NULL.
 */
struct finject_flow *finject_flow_find(struct finject_flows *flows,
				       const struct finject_tuple *tuple)
{
	struct finject_tuplehash *hash;

	hash = finject_tuple_find(&flows->tuples, tuple);
	return hash ? finject_flow_of(hash) : NULL;
}

/**
 * finject_flow_get - get the flow of a tuple, and make it if there is none
 * @flows: the namespace's table
 * @tuple: the key
 * @now: ktime, ns
 *
 * Context: under flows->lock.
 * Return: as finject_flow_create().
 */
struct finject_flow *finject_flow_get(struct finject_flows *flows,
				      const struct finject_tuple *tuple,
				      u64 now)
{
	struct finject_flow *flow;

	lockdep_assert_held(&flows->lock);
	flow = finject_flow_find(flows, tuple);
	return flow ? flow : finject_flow_create(flows, tuple,
						 FINJECT_FLOWS_UNSEEN, now);
}

static void flow_renew(struct finject_flows *flows, struct finject_flow *flow,
		       u64 now)
{
	flow_forget_rules(flows, flow);
	memset(flow->count, 0, sizeof(flow->count));
	WRITE_ONCE(flow->id, flow_next_id(flows));
	flow->born = now;
}

/* A FIN on record was not the sender's: count those of its classes anew. */
static void flow_recount(struct finject_flow *flow, u16 classes)
{
	unsigned int hook, left, class;

	for (left = classes; left; left &= left - 1) {
		class = __ffs(left);
		for (hook = 0; hook < FINJECT_HOOKS; hook++)
			flow->count[hook][class] = 0;
	}
}

/* A RST finishes a close, too. */
static enum finject_flow_list flow_list(const struct finject_flow *flow)
{
	if (finject_stage_finished(&flow->stage))
		return FINJECT_FLOWS_FINISHED;
	return flow->stage.fin_seen ? FINJECT_FLOWS_OPEN : FINJECT_FLOWS_BEFORE;
}

/*
 * A move in the lists takes the lock of all flows. So a flow that is active
 * moves up no more often than each 2^FINJECT_PLACE_SHIFT ns.
 */
static void flow_touch(struct finject_flow *flow, u64 now)
{
	enum finject_flow_list list = flow_list(flow);
	u16 place = flow_place_time(now);

	flow->last = now;
	if (unlikely(flow->list != list || flow->placed != place)) {
		flow->misplaced = 1;
		flow->list = list;
		flow->placed = place;
	}
	if (unlikely(flow->state != FINJECT_FLOW_SEEN))
		flow->state = FINJECT_FLOW_SEEN;
	/* once its tuples are known, they stay so */
	if (unlikely(flow->named))
		WRITE_ONCE(flow->settled, list != FINJECT_FLOWS_FINISHED);
}

/**
 * finject_flow_place - put a flow in its place in the lists
 * @flows: the namespace's table
 * @flow: the flow
 *
 * Context: under flows->lock and @flow->lock; due once @flow->misplaced is set.
 */
void finject_flow_place(struct finject_flows *flows, struct finject_flow *flow)
{
	enum finject_flow_list list = flow->list;

	/* finject_flows_want_early() may have been here since */
	if (list == FINJECT_FLOWS_BEFORE && !flows->early)
		list = FINJECT_FLOWS_LEFT;
	flow->misplaced = 0;
	if (flow->state != FINJECT_FLOW_REMOVED)
		flow_move(flows, flow, list);
}

/**
 * finject_flow_begin - begin a flow by its socket, before its first segment
 * @flows: the namespace's table
 * @flow: the flow
 * @now: ktime, ns
 * @renews: a finished close of the same tuple belongs to an earlier incarnation
 *
 * Context: under flows->lock.
 */
void finject_flow_begin(struct finject_flows *flows, struct finject_flow *flow,
			u64 now, bool renews)
{
	lockdep_assert_held(&flows->lock);
	spin_lock(&flow->lock);
	if (renews && (flow->stage.reused ||
		       flow->stage.fin_acked == (BIT(0) | BIT(1)))) {
		finject_stage_reset(&flow->stage);
		flow_renew(flows, flow, now);
		flow->state = FINJECT_FLOW_UNSEEN;
	}
	if (flow->state == FINJECT_FLOW_UNSEEN) {
		flow->last = now;
		flow_move(flows, flow, FINJECT_FLOWS_UNSEEN);
	}
	spin_unlock(&flow->lock);
}

/**
 * finject_flow_leave - note that the socket of a flow is gone
 * @flows: the namespace's table
 * @flow: the flow
 *
 * A flow without a segment is removed soon. A RST that the closing socket sends
 * may still come.
 *
 * Context: under flows->lock.
 */
void finject_flow_leave(struct finject_flows *flows, struct finject_flow *flow)
{
	lockdep_assert_held(&flows->lock);
	spin_lock(&flow->lock);
	if (flow->state == FINJECT_FLOW_UNSEEN) {
		flow->last = ktime_get_ns();
		flow_move(flows, flow, FINJECT_FLOWS_LEFT);
	}
	spin_unlock(&flow->lock);
}

/**
 * finject_flows_leave - note that sockets are no longer watched
 * @flows: the namespace's table
 *
 * Context: process.
 */
void finject_flows_leave(struct finject_flows *flows)
{
	flows_leave(flows, FINJECT_FLOWS_UNSEEN);
}

static void flow_tell_conn(struct finject_flow *flow,
			   const struct finject_tuple *tuple,
			   struct finject_position *position)
{
	const struct finject_tuplehash *orig;

	lockdep_assert_held(&flow->lock);
	position->partial = flow->stage.partial;
	position->conn.family = 0;
	if (!flow->named)
		return;
	orig = finject_tuple_of(&flow->tuples, FINJECT_WAY_ORIG);
	if (!orig || finject_tuple_same_ends(&orig->tuple, tuple))
		return;
	position->conn = orig->tuple;
	position->opener = orig->opener;
}

/**
 * finject_flow_conn - tell what every record of a flow's connection tells
 * @flow: the flow
 * @tuple: the addresses and ports at hand
 * @position: its member partial is set; conn if the opener sends others, and
 *	else the family of that to 0
 *
 * Context: BH off, under RCU; @flow->lock is not held.
 */
void finject_flow_conn(struct finject_flow *flow,
		       const struct finject_tuple *tuple,
		       struct finject_position *position)
{
	spin_lock(&flow->lock);
	flow_tell_conn(flow, tuple, position);
	spin_unlock(&flow->lock);
}

/*
 * Classify a segment. Where it is the first FIN on record, and its socket tells
 * that the other end's went before, it is the second.
 */
static u16 flow_classify(struct finject_flow *flow,
			 const struct finject_segment *segment, bool *fresh)
{
	const struct finject_stage *was = &flow->stage;
	struct finject_stage now = *was;
	unsigned int dir = segment->flow_dir;
	bool again, first;
	u16 classes;

	classes = finject_stage_classify(&now, &segment->wire, dir, fresh);
	first = *fresh ? was->unwatched : !was->fin_seen && !was->reset;
	if (segment->prior && first && now.fin_seen == BIT(dir)) {
		finject_stage_resume(&now, !dir, segment->prior_end);
		classes = finject_stage_classify(&now, &segment->wire, dir,
						 &again);
	} else if (!*fresh && was->fin_seen &&
		   (was->fin_seen != now.fin_seen ||
		    memcmp(was->fin_end, now.fin_end, sizeof(now.fin_end)))) {
		flow_recount(flow, finject_stage_restarts(was, &now));
	}
	flow->stage = now;
	return classes;
}

/**
 * finject_flow_see - place a segment in its flow and count it
 * @flows: the namespace's table
 * @flow: the segment's flow
 * @segment: the segment
 * @now: ktime, ns
 * @position: set to its position
 *
 * Context: under @flow->lock. If @flow->misplaced is set afterwards,
 *	finject_flow_place() is due.
 * Return: true if the segment has any class; if not, @position is not set.
 */
bool finject_flow_see(struct finject_flows *flows, struct finject_flow *flow,
		      const struct finject_segment *segment, u64 now,
		      struct finject_position *position)
{
	unsigned int left, class;
	bool fresh = false;

	lockdep_assert_held(&flow->lock);
	if (flow->last < READ_ONCE(flows->watched))
		flow->stage.unwatched = 1;
	if (unlikely(finject_flows_early(flows)))
		flow->stage.early |= segment->early;
	else if (unlikely(flow->stage.early))
		flow->stage.early = 0;
	position->classes = flow_classify(flow, segment, &fresh);
	if (fresh)
		flow_renew(flows, flow, now);
	if (!position->classes)
		return false;

	flow_touch(flow, now);
	position->flow = flow->id;
	position->active = flow->stage.fin_seen &&
			   segment->flow_dir == flow->stage.closer;
	position->passive = flow->stage.fin_seen && !position->active;
	position->simultaneous = flow->stage.simultaneous;
	flow_tell_conn(flow, &segment->tuple, position);
	for (left = position->classes; left; left &= left - 1) {
		u16 *count;

		class = __ffs(left);
		count = &flow->count[segment->hook][class];
		if (*count < FINJECT_NTH_MAX)
			++*count;
		position->nth[class] = *count;
	}
	return true;
}

static bool flow_take_rule(struct finject_flows *flows)
{
	unsigned long max = (unsigned long)finject_max_flows *
			    FINJECT_RULES_PER_FLOW;
	bool room;

	spin_lock(&flows->rules_lock);
	room = finject_gauge_take(&flows->rules, max);
	spin_unlock(&flows->rules_lock);
	return room;
}

/**
 * finject_flow_rule_get - get or make the per-flow state of a rule
 * @flows: the namespace's table
 * @flow: the flow
 * @rule: serial of the rule
 * @flows_seen: the rule's count of flows; raised for the ordinal of a new one
 *
 * Context: under @flow->lock, and the lock that guards @flows_seen.
 * Return: the state, or NULL when there is no room or no memory (counted).
 */
struct finject_flow_rule *finject_flow_rule_get(struct finject_flows *flows,
						struct finject_flow *flow,
						u64 rule,
						u64 *flows_seen)
{
	struct finject_flow_rule *flow_rule;

	lockdep_assert_held(&flow->lock);
	for (flow_rule = flow->rules; flow_rule; flow_rule = flow_rule->next)
		if (flow_rule->rule == rule)
			return flow_rule;

	if (!flow_take_rule(flows))
		return NULL;
	flow_rule = kmem_cache_zalloc(flow_rule_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!flow_rule) {
		flow_give_rule(flows);
		finject_count(flows->counters, FINJECT_COUNT_NOMEM);
		return NULL;
	}
	flow_rule->rule = rule;
	flow_rule->flow = ++*flows_seen;
	flow_rule->next = flow->rules;
	flow->rules = flow_rule;
	return flow_rule;
}

/**
 * finject_flows_init - make an empty table
 * @flows: zeroed memory
 * @counters: the namespace's counters
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int finject_flows_init(struct finject_flows *flows,
		       struct finject_counters __percpu *counters)
{
	unsigned int i;

	flows->counters = counters;
	spin_lock_init(&flows->lock);
	spin_lock_init(&flows->rules_lock);
	for (i = 0; i < FINJECT_FLOW_LISTS; i++)
		INIT_LIST_HEAD(&flows->lists[i]);
	INIT_DELAYED_WORK(&flows->gc, flow_collect_idle);
	return finject_tuple_table_init(&flows->tuples, &flows->lock, counters,
					finject_max_flows);
}

/**
 * finject_flows_clear - remove every flow
 * @flows: the table
 *
 * Context: process.
 */
void finject_flows_clear(struct finject_flows *flows)
{
	unsigned int count, list;

	do {
		count = 0;
		spin_lock_bh(&flows->lock);
		for (list = 0; list < FINJECT_FLOW_LISTS; list++)
			count += flow_collect(flows, list, U64_MAX);
		spin_unlock_bh(&flows->lock);
		cond_resched();
	} while (count);
}

/**
 * finject_flows_destroy - free the table
 * @flows: the table; no hook can reach it any more
 *
 * Context: process; sleeps until the garbage collector is done.
 */
void finject_flows_destroy(struct finject_flows *flows)
{
	finject_flows_want_early(flows, false);
	finject_flows_clear(flows);
	cancel_delayed_work_sync(&flows->gc);
	finject_tuple_table_destroy(&flows->tuples);
}

/**
 * finject_flow_cache_init - make the caches of flows and per-flow rule states
 *
 * Return: 0 or -ENOMEM.
 */
int finject_flow_cache_init(void)
{
#if !defined(CONFIG_DEBUG_LOCK_ALLOC) && !defined(CONFIG_PREEMPT_RT)
	BUILD_BUG_ON(sizeof(struct finject_flow) > 240);
#endif
	flow_cache = KMEM_CACHE(finject_flow, 0);
	if (!flow_cache)
		return -ENOMEM;
	flow_rule_cache = KMEM_CACHE(finject_flow_rule, 0);
	if (!flow_rule_cache)
		goto err_flow;
	if (finject_tuple_cache_init())
		goto err_rule;
	return 0;

err_rule:
	kmem_cache_destroy(flow_rule_cache);
err_flow:
	kmem_cache_destroy(flow_cache);
	return -ENOMEM;
}

/**
 * finject_flow_cache_exit - destroy the caches
 *
 * Context: process, after the last flow was removed; waits for RCU callbacks.
 */
void finject_flow_cache_exit(void)
{
	rcu_barrier();
	finject_tuple_cache_exit();
	kmem_cache_destroy(flow_rule_cache);
	kmem_cache_destroy(flow_cache);
}
