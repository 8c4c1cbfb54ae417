// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only sender of parked segments. Its turns come from a soft hrtimer of the
 * namespace. While a process keeps the CPU busy with its closes, the softirqs
 * are ksoftirqd's, which waits for that process: so a process at an output hook
 * gives the runner a turn too, as a sender gives one to sch_netem.
 *
 * A segment that the runner sends waits in the stack for NET_RX (veth, loopback
 * and tunnels put it into the backlog of a CPU, netif_rx()), which on this CPU
 * runs only when the timer's softirq is over. A timer that its own callback
 * starts in the past runs again within that softirq, and a backlog has little
 * room (netdev_max_backlog, 1000 packets). So a turn is short. While there is
 * more to send, the next turn comes a pause later, and not before the backlogs
 * are short again.
 */
#include "runner.h"

#include <linux/netdevice.h>

#include "compat.h"
#include "owner.h"
#include "release.h"

enum {
	TURN = 64,		/* segments a turn; twice as many rather
				 * than split a gathered group
				 */
	PATIENCE = 400,		/* consecutive turns given up: 20 ms */
};

static const u64 PAUSE = 50 * NSEC_PER_USEC;

/*
 * Receive packet steering may have put sent segments in any CPU's backlog. Within
 * a burst a quarter of it is for what was sent, and as much for what the CPU
 * took out before (process_backlog()) and for the ACK of each of those; the rest
 * is for others. A segment that is due alone needs room, and no more.
 */
static bool runner_backlogs_short(const struct finject_park *park)
{
	unsigned int most = finject_max_backlog() / (park->behind ? 4 : 2), cpu;

	for_each_online_cpu(cpu)
		if (skb_queue_len_lockless(&per_cpu(softnet_data, cpu)
						    .input_pkt_queue) > most)
			return false;
	return true;
}

/* A backlog that others keep full does not hold the runner back for long. */
static bool runner_may_send(struct finject_park *park)
{
	if (runner_backlogs_short(park) || park->held_back >= PATIENCE) {
		park->held_back = 0;
		return true;
	}
	park->held_back++;
	return false;
}

/* Three turns fit into a backlog of which three quarters are taken. */
static unsigned int runner_turn_size(void)
{
	return clamp(finject_max_backlog() / 12, 1U, (unsigned int)TURN);
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

/*
 * Test whether a turn may send a segment. What comes behind an input hook goes
 * deep into the stack, and gathered segments must not meet a call of their
 * sender (SETTLE in park.c): a hook leaves both to the timer.
 */
static bool runner_takes(const struct finject_parked *parked, u64 now,
			 bool at_hook)
{
	return parked && parked->key.due <= now &&
	       (!at_hook || (!parked->key.order &&
			     finject_hook_is_output(parked->resume.hook)));
}

static void runner_take_batch(struct finject_park *park, u64 now, bool at_hook,
			      struct list_head *batch)
{
	struct finject_park_key last = { };
	struct finject_parked *parked;
	unsigned int count = 0, most = runner_turn_size();

	spin_lock_bh(&park->lock);
	while ((parked = finject_park_first(park)) &&
	       runner_takes(parked, now, at_hook) &&
	       (count < most ||
		(count < 2 * most && runner_belong_together(&last, &parked->key)))) {
		last = parked->key;
		finject_park_take_out(park, parked);
		list_add_tail(&parked->batch, batch);
		count++;
	}
	spin_unlock_bh(&park->lock);
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

static void runner_send_batch(struct finject_park *park, u64 now, bool at_hook)
{
	struct finject_parked *parked, *next;
	LIST_HEAD(batch);

	runner_take_batch(park, now, at_hook, &batch);
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

static bool runner_begin_turn(struct finject_park *park)
{
	bool begins;

	spin_lock_bh(&park->lock);
	begins = !park->running;
	park->running = true;
	if (begins)
		finject_park_walk_tags(park);
	spin_unlock_bh(&park->lock);
	return begins;
}

/*
 * The runner holds no lock while it sends: a segment may come back through
 * finject's own hooks, and be parked again. A turn that is under way at a hook of
 * another CPU arms the timer when it ends.
 */
static enum hrtimer_restart runner_turn(struct hrtimer *timer)
{
	struct finject_park *park = container_of(timer, struct finject_park,
						 timer);

	if (!runner_begin_turn(park))
		return HRTIMER_NORESTART;
	if (runner_may_send(park))
		runner_send_batch(park, ktime_get_ns(), false);
	runner_end_turn(park);
	return HRTIMER_NORESTART;
}

/*
 * Segments sent from two CPUs may be received in another order: so only the
 * timer's CPU takes turns. A turn at a hook waits for nothing: the timer does.
 */
static bool runner_begin_turn_at_hook(struct finject_park *park, u64 now)
{
	bool begins;

	spin_lock(&park->lock);
	begins = !park->running && !park->closed &&
		 park->cpu == smp_processor_id() && park->rest <= now &&
		 runner_takes(finject_park_first(park), now, true) &&
		 runner_backlogs_short(park);
	if (begins)
		park->running = true;
	spin_unlock(&park->lock);
	return begins;
}

/**
 * finject_runner_turn - send segments that are due, from a hook
 * @park: the namespace's park
 *
 * BH must be on at the hook. Then no lock is held that a device, a queue or a
 * receiving socket takes: a process that sends owns its socket, but does not
 * hold its spinlock, and the receiver leaves a segment for it in its backlog.
 *
 * Context: an output hook, in process context, under RCU.
 */
void finject_runner_turn(struct finject_park *park)
{
	u64 now = ktime_get_ns();

	if (READ_ONCE(park->due) > now)
		return;
	local_bh_disable();
	if (runner_begin_turn_at_hook(park, now)) {
		runner_send_batch(park, now, true);
		runner_end_turn(park);
	}
	local_bh_enable();
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
