// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only one that sends parked segments on: a soft hrtimer of the namespace.
 *
 * What it sends waits in the stack for NET_RX (veth, loopback and tunnels give
 * it to the backlog of a CPU, netif_rx()), which on this CPU runs only when the
 * timer's softirq is over. A timer that its own callback starts in the past is
 * run again within that softirq, and a backlog has room for 1000
 * (netdev_max_backlog). So a turn is short, and while there is more to send the
 * next one comes a pause later, and not before the backlogs are short again.
 */
#include "runner.h"

#include <linux/netdevice.h>

#include "compat.h"
#include "owner.h"
#include "release.h"

enum {
	TURN = 16,		/* segments a turn */
	TURN_MAX = 2 * TURN,	/* rather than part what has gathered */
	BACKLOG = 64,		/* packets in a CPU's backlog that are few */
	PATIENCE = 400,		/* turns given up in a row: 20 ms */
};

static const u64 PAUSE = 50 * NSEC_PER_USEC;

/* Receive packet steering may have put what was sent in any CPU's backlog. */
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
 * Only between the turns of a burst: a segment that is due alone never waits.
 * A backlog that others keep filled does not hold us back for long.
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
 * Whether two segments must go on in one turn: those of a flow that have
 * gathered, or the ACK of the first overtakes the second.
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
	/* who waits looks under the same lock, after having joined the queue */
	if (waitqueue_active(&park->idle))
		wake_up_all(&park->idle);
	finject_park_arm(park);
	spin_unlock_bh(&park->lock);
}

/*
 * It holds no lock when it sends, for what it sends may come back through our
 * own hooks, and park again.
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
 * finject_runner_init - make a runner that has nothing to do
 * @park: the namespace's
 */
void finject_runner_init(struct finject_park *park)
{
	hrtimer_setup(&park->timer, runner_turn, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}
