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
#include <linux/netdevice.h>

#include "compat.h"
#include "net.h"
#include "owner.h"

enum {
	TURN = 16,		/* segments a turn */
	TURN_MAX = 2 * TURN,	/* rather than part what has gathered */
	BACKLOG = 64,		/* packets in a CPU's backlog that are few */
	PATIENCE = 400,		/* turns given up in a row: 20 ms */
};

static const u64 PAUSE = 50 * NSEC_PER_USEC;

static struct finject_net *net_of(struct finject_park *park)
{
	return container_of(park, struct finject_net, park);
}

/**
 * finject_runner_arm - have the runner run when it is needed next
 * @park: the namespace's
 *
 * A burst stays on its CPU as far as it can: what is sent from two lies in two
 * backlogs, and may be received in another order. So a timer that runs soon
 * enough is left alone. It cannot be missed: its turn takes the lock, and ends
 * with arming it for what is there then.
 *
 * Context: under park->lock.
 */
void finject_runner_arm(struct finject_park *park)
{
	struct finject_parked *first = finject_park_first(park);
	u64 at = 0;

	if (list_empty(&park->releasing)) {
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
}

/* Receive packet steering may have put what was sent in any CPU's backlog. */
static bool backlogs_are_short(void)
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
static bool may_send(struct finject_park *park)
{
	if (!park->behind || backlogs_are_short() ||
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
static bool belong_together(const struct finject_park_key *a,
			    const struct finject_park_key *b)
{
	return a->order && a->due == b->due && a->order >> 1 == b->order >> 1;
}

static unsigned int take_batch(struct finject_park *park, u64 now,
			       struct list_head *batch)
{
	struct finject_park_key last = { };
	struct finject_parked *parked;
	unsigned int count = 0;

	spin_lock_bh(&park->lock);
	while ((parked = finject_park_first(park)) && parked->key.due <= now &&
	       (count < TURN ||
		(count < TURN_MAX && belong_together(&last, &parked->key)))) {
		last = parked->key;
		finject_park_take_out(park, parked);
		list_add_tail(&parked->batch, batch);
		park->running = true;
		count++;
	}
	spin_unlock_bh(&park->lock);
	return count;
}

static void send_on(struct finject_park *park, struct finject_parked *parked)
{
	struct finject_net *fnet = net_of(park);
	struct nf_hook_state state;

	finject_parked_record(park, parked, FINJECT_RELEASED);
	finject_count(fnet, parked->copy ? FINJECT_COPIES_RELEASED :
					   FINJECT_STAT_RELEASED);
	finject_resume_state(&parked->resume, &state);
	if (!finject_reinject(parked->skb, &state, &fnet->ops[state.hook]))
		finject_count(fnet, FINJECT_REFUSED);
	finject_parked_free(parked);
}

static void send_or_purge(struct finject_park *park,
			  struct finject_parked *parked)
{
	rcu_read_lock();
	if (finject_owners_there(parked->resume.modules))
		send_on(park, parked);
	else
		finject_parked_purge(park, parked);
	rcu_read_unlock();
}

static void send_batch(struct finject_park *park, u64 now)
{
	struct finject_parked *parked, *next;
	LIST_HEAD(batch);

	take_batch(park, now, &batch);
	list_for_each_entry_safe(parked, next, &batch, batch)
		send_or_purge(park, parked);
}

static void end_turn(struct finject_park *park)
{
	struct finject_parked *first;
	u64 now;

	spin_lock_bh(&park->lock);
	now = ktime_get_ns();
	first = finject_park_first(park);
	park->running = false;
	park->behind = !list_empty(&park->releasing) ||
		       (first && first->key.due <= now);
	park->rest = park->behind ? now + PAUSE : 0;
	/* who waits looks under the same lock, after having joined the queue */
	if (waitqueue_active(&park->idle))
		wake_up_all(&park->idle);
	finject_runner_arm(park);
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
	finject_tags_walk(park);
	spin_unlock_bh(&park->lock);
	if (may_send(park))
		send_batch(park, ktime_get_ns());
	end_turn(park);
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
