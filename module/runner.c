// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only sender of parked segments: a soft hrtimer of the namespace.
 *
 * A segment that the runner sends waits in the stack for NET_RX (veth, loopback
 * and tunnels put it into the backlog of a CPU, netif_rx()), which on this CPU
 * runs only when the timer's softirq is over. A timer that its own callback
 * starts in the past runs again within that softirq, and a backlog has room for
 * 1000 packets (netdev_max_backlog). So a turn is short. While there is more to
 * send, the next turn comes a pause later, and not before the backlogs are
 * short again.
 */
#include "runner.h"

#include <linux/netdevice.h>

#include "compat.h"
#include "owner.h"
#include "release.h"

enum {
	TURN = 64,		/* segments a turn */
	TURN_MAX = 2 * TURN,	/* rather than split a gathered group */
	BACKLOG = 64,		/* packets: a short backlog of a CPU */
	PATIENCE = 400,		/* consecutive turns given up: 20 ms */
};

static const u64 PAUSE = 50 * NSEC_PER_USEC;

/* Receive packet steering may have put sent segments in any CPU's backlog. */
static bool runner_backlogs_short(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (skb_queue_len_lockless(&per_cpu(softnet_data, cpu)
						    .input_pkt_queue) > BACKLOG)
			return false;
	return true;
}

/*
 * Hold back only between the turns of a burst: a segment that is due alone
 * never waits. A backlog that others keep full does not hold the runner back
 * for long.
 */
static bool runner_may_send(struct finject_park *park)
{
	if (!park->behind || runner_backlogs_short() ||
	    park->held_back >= PATIENCE) {
		park->held_back = 0;
		return true;
	}
	park->held_back++;
	return false;
}

/*
 * Test whether two segments must be sent in one turn: gathered segments of one
 * flow must, or the ACK of the first overtakes the second.
 */
static bool runner_belong_together(const struct finject_park_key *a,
				   const struct finject_park_key *b)
{
	return a->order && a->due == b->due && a->order >> 1 == b->order >> 1;
}

static unsigned int runner_take_batch(struct finject_park *park, u64 now,
				      struct list_head *batch)
{
	struct finject_park_key last = { };
	struct finject_parked *parked;
	unsigned int count = 0;

	spin_lock_bh(&park->lock);
	while ((parked = finject_park_first(park)) && parked->key.due <= now &&
	       (count < TURN ||
		(count < TURN_MAX && runner_belong_together(&last, &parked->key)))) {
		last = parked->key;
		finject_park_take_out(park, parked);
		list_add_tail(&parked->batch, batch);
		park->running = true;
		count++;
	}
	spin_unlock_bh(&park->lock);
	return count;
}

static void runner_send(struct finject_park *park,
			struct finject_parked *parked)
{
	struct nf_hook_state state;

	finject_parked_record(park, parked, FINJECT_VERDICT_RELEASED);
	finject_count(park->counters, parked->copy ?
		      FINJECT_COUNT_COPIES_RELEASED : FINJECT_COUNT_RELEASED);
	finject_resume_state(&parked->resume, &state);
	if (!finject_reinject(parked->skb, &state, &park->ops[state.hook]))
		finject_count(park->counters, FINJECT_COUNT_REFUSED);
	finject_parked_free(parked);
}

static void runner_send_or_purge(struct finject_park *park,
				 struct finject_parked *parked)
{
	rcu_read_lock();
	if (finject_owners_there(parked->resume.modules))
		runner_send(park, parked);
	else
		finject_parked_purge(park, parked);
	rcu_read_unlock();
}

static void runner_send_batch(struct finject_park *park, u64 now)
{
	struct finject_parked *parked, *next;
	LIST_HEAD(batch);

	runner_take_batch(park, now, &batch);
	list_for_each_entry_safe(parked, next, &batch, batch)
		runner_send_or_purge(park, parked);
}

static void runner_end_turn(struct finject_park *park)
{
	struct finject_parked *first;
	u64 now;

	spin_lock_bh(&park->lock);
	now = ktime_get_ns();
	first = finject_park_first(park);
	park->running = false;
	park->behind = finject_tags_releasing(&park->tags) ||
		       (first && first->key.due <= now);
	park->rest = park->behind ? now + PAUSE : 0;
	/* a waiter checks under the same lock, after it has joined the queue */
	if (waitqueue_active(&park->idle))
		wake_up_all(&park->idle);
	finject_park_arm(park);
	spin_unlock_bh(&park->lock);
}

/*
 * The runner holds no lock while it sends: a segment may come back through
 * finject's own hooks, and be parked again.
 */
static enum hrtimer_restart runner_turn(struct hrtimer *timer)
{
	struct finject_park *park = container_of(timer, struct finject_park,
						 timer);

	spin_lock_bh(&park->lock);
	finject_park_walk_tags(park);
	spin_unlock_bh(&park->lock);
	if (runner_may_send(park))
		runner_send_batch(park, ktime_get_ns());
	runner_end_turn(park);
	return HRTIMER_NORESTART;
}

/**
 * finject_runner_init - make a runner with nothing to do
 * @park: the namespace's park
 */
void finject_runner_init(struct finject_park *park)
{
	hrtimer_setup(&park->timer, runner_turn, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}
