// SPDX-License-Identifier: GPL-2.0-only
/*
 * A socket that leaves FIN_WAIT2 or CLOSING hands over to a time-wait socket,
 * for which the kernel has no tracepoint. Find it once, when the full socket
 * closes, and hold it. Its end shows in that it is unhashed.
 *
 * Nothing is polled. A time-wait socket changes for two reasons: a segment
 * came, or its timer ran out. So look at it when a segment of its connection
 * is judged, a tick after one that came in, and when its own timer is due. That
 * is done by a timer which is set beside the socket's, to the same time, and
 * thus has the same place in the timer wheel.
 *
 * A time-wait socket holds no namespace. finject_timewaits_close() puts all of
 * them before the namespace ends.
 */
#include "timewait.h"

#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/inet_timewait_sock.h>
#include <net/sock.h>

#include "compat.h"
#include "event.h"
#include "flow.h"
#include "trace.h"

enum {
	MIN_BITS = 6,		/* log2 of the size of the hash table */
	MAX_BITS = 14,
	CLOSE_BATCH = 64,	/* sockets put under one taking of the lock */
	OVERDUE_SHARE = 8,	/* of the time by which a socket outlived its timer */
};

static struct hlist_head *timewait_head(const struct finject_timewaits *table,
					const struct finject_tuple *tuple)
{
	u32 hash = jhash2((const u32 *)tuple, sizeof(*tuple) / sizeof(u32), 0);

	return &table->heads[hash & (BIT(table->bits) - 1)];
}

static void timewait_record(struct finject_timewait *wait, u8 to, u8 cause)
{
	struct finject_record record = {
		.kind = FINJECT_RECORD_SOCKET,
		.dir = wait->dir,
		.from = wait->state,
		.to = to,
		.socket = FINJECT_SOCKET_TIMEWAIT,
		.cause = cause,
		.tuple = wait->tuple,
		.position.flow = wait->flow,
	};
	struct finject_flow *flow;

	flow = finject_flow_find(wait->table->flows, &wait->tuple);
	if (flow && READ_ONCE(flow->id) == wait->flow)
		finject_flow_conn(flow, &wait->tuple, &record.position);

	wait->state = to;
	finject_event_write(wait->table->events, &record);
	trace_finject_socket(&record);
}

static bool timewait_is_there(const struct finject_timewait *wait)
{
	return !hlist_unhashed_lockless(&((const struct sock *)wait->tw)->sk_node);
}

static unsigned long timewait_expires(const struct finject_timewait *wait)
{
	return READ_ONCE(wait->tw->tw_timer.expires);
}

/*
 * Before its time a time-wait socket ends by a RST (RFC 1337), by a new
 * connection of the same tuple, or because a process asked for it. The tracker
 * sees the segments of the first two, unless it had to forget the flow.
 */
static u8 timewait_cause(const struct finject_timewait *wait)
{
	struct finject_flows *flows = wait->table->flows;
	struct finject_flow *flow;

	if (wait->suspect)
		return wait->suspect;
	if (time_after_eq(jiffies, timewait_expires(wait)))
		return FINJECT_CAUSE_TIMER;
	flow = finject_flow_find(flows, &wait->tuple);
	return flow && READ_ONCE(flow->id) == wait->flow ?
		       FINJECT_CAUSE_KILLED : FINJECT_CAUSE_UNKNOWN;
}

/* Record what became of the socket since. Return: true while it is there. */
static bool timewait_check(struct finject_timewait *wait)
{
	bool there = timewait_is_there(wait);
	u8 state = READ_ONCE(wait->tw->tw_substate);

	if (wait->state == TCP_CLOSE)
		return false;
	if (state != wait->state)
		timewait_record(wait, state, FINJECT_CAUSE_NONE);
	if (!there)
		timewait_record(wait, TCP_CLOSE, timewait_cause(wait));
	return there;
}

/*
 * The wheel fires long timers late, and sooner when they are set later. Until
 * the socket's own has fired, look again after a share of its delay so far.
 */
static void timewait_arm(struct finject_timewait *wait)
{
	unsigned long expires = timewait_expires(wait), now = jiffies;

	if (time_before_eq(expires, now))
		expires = now + 1 + (now - expires) / OVERDUE_SHARE;
	mod_timer(&wait->timer, expires);
}

static void timewait_free(struct finject_timewait *wait)
{
	inet_twsk_put(wait->tw);
	kfree(wait);
}

/*
 * Return: true when the socket is gone and nothing finds @wait any more. A
 * segment may have set the timer again while it waited for the lock: then it
 * runs once more.
 */
static bool timewait_settle(struct finject_timewait *wait)
{
	if (wait->leaving)
		return false;
	if (timewait_check(wait)) {
		wait->suspect = FINJECT_CAUSE_NONE;
		timewait_arm(wait);
		return false;
	}
	if (timer_pending(&wait->timer))
		return false;
	hlist_del(&wait->node);
	wait->table->count--;
	return true;
}

/* A segment that came in has had its effect by now. */
static void timewait_run(struct timer_list *timer)
{
	struct finject_timewait *wait = timer_container_of(wait, timer, timer);
	spinlock_t *lock = &wait->table->flows->lock;
	bool over;

	spin_lock_bh(lock);
	over = timewait_settle(wait);
	spin_unlock_bh(lock);
	if (over)
		timewait_free(wait);
}

static struct inet_timewait_sock *
timewait_find(struct net *net, const struct finject_change *change)
{
	const struct finject_tuple *tuple = &change->tuple;
	struct sock *sk;

	if (!net)
		return NULL;
	sk = finject_lookup_established(net, tuple->family,
					&tuple->addr[!change->dir],
					tuple->port[!change->dir],
					&tuple->addr[change->dir],
					tuple->port[change->dir],
					change->bound);
	if (!sk)
		return NULL;
	if (sk->sk_state == TCP_TIME_WAIT)
		return inet_twsk(sk);
	sock_gen_put(sk);
	return NULL;
}

static void timewait_add(struct finject_timewaits *table,
			 struct inet_timewait_sock *tw,
			 const struct finject_change *change, u64 flow)
{
	struct finject_timewait *wait = NULL;

	if (table->open && table->count < finject_max_flows)
		wait = kzalloc(sizeof(*wait), GFP_ATOMIC | __GFP_NOWARN);
	if (!wait) {
		table->refused++;
		inet_twsk_put(tw);
		return;
	}
	wait->table = table;
	wait->tw = tw;
	wait->tuple = change->tuple;
	wait->flow = flow;
	wait->dir = change->dir;
	wait->state = READ_ONCE(tw->tw_substate);
	timer_setup(&wait->timer, timewait_run, 0);
	hlist_add_head(&wait->node, timewait_head(table, &wait->tuple));
	table->count++;
	timewait_arm(wait);
}

/**
 * finject_timewait_begin - watch the time-wait socket that took over
 * @table: the watched ones
 * @net: the namespace, NULL when it is going away
 * @change: change of a full socket from TCP_FIN_WAIT2 or TCP_CLOSING to
 *	TCP_CLOSE
 * @flow: id of its flow
 *
 * tcp_time_wait() hashes the time-wait socket before it closes the full one,
 * and every segment is judged, and so comes here first, before it can end
 * that. So if there is none now, there never was one.
 *
 * Context: under the lock of the flows.
 * Return: its substate, TCP_FIN_WAIT2 or TCP_TIME_WAIT; TCP_CLOSE for none.
 */
u8 finject_timewait_begin(struct finject_timewaits *table, struct net *net,
			  const struct finject_change *change, u64 flow)
{
	struct inet_timewait_sock *tw;
	u8 state;

	lockdep_assert_held(&table->flows->lock);
	tw = timewait_find(net, change);
	if (!tw)
		return TCP_CLOSE;
	state = READ_ONCE(tw->tw_substate);
	timewait_add(table, tw, change, flow);
	return state;
}

static u8 timewait_suspect(const struct finject_segment *segment)
{
	if (segment->wire.flags & FINJECT_TCP_RST)
		return FINJECT_CAUSE_RST;
	return segment->wire.flags & FINJECT_TCP_SYN ? FINJECT_CAUSE_REUSE :
						      FINJECT_CAUSE_NONE;
}

/*
 * A segment that came in takes effect after its hook. A connection that goes
 * out again from here has ended the socket before its SYN.
 */
static void timewait_look_at(struct finject_timewait *wait,
			     const struct finject_segment *segment, bool sent)
{
	u8 suspect = timewait_suspect(segment);

	if (suspect == FINJECT_CAUSE_REUSE || (suspect && !sent))
		wait->suspect = suspect;
	if (!timewait_check(wait))
		mod_timer(&wait->timer, jiffies);
	else if (sent && !wait->suspect)
		timewait_arm(wait);
	else
		mod_timer(&wait->timer, jiffies + 1);
}

/* @sender is the end of @tuple that sent the segment. */
static void timewait_look_for(struct finject_timewaits *table,
			      const struct finject_tuple *tuple,
			      const struct finject_segment *segment,
			      unsigned int sender)
{
	struct finject_timewait *wait;

	hlist_for_each_entry(wait, timewait_head(table, tuple), node)
		if (!memcmp(&wait->tuple, tuple, sizeof(*tuple)))
			timewait_look_at(wait, segment, wait->dir == sender);
}

/**
 * finject_timewait_look - record what a connection's time-wait sockets did
 * @table: the watched ones
 * @segment: a segment of the connection that is about to be judged
 * @flow: its flow, or NULL; a socket may have any of its tuples
 *
 * Context: under the lock of the flows.
 */
void finject_timewait_look(struct finject_timewaits *table,
			   const struct finject_segment *segment,
			   struct finject_flow *flow)
{
	struct finject_further *further;

	lockdep_assert_held(&table->flows->lock);
	if (!flow || !flow->tuples.further) {
		timewait_look_for(table, &segment->tuple, segment,
				  segment->dir);
		return;
	}
	timewait_look_for(table, &flow->tuples.hash.tuple, segment,
			  segment->flow_dir);
	further = flow->tuples.further;
	for (; further; further = further->next)
		timewait_look_for(table, &further->hash.tuple, segment,
				  segment->flow_dir ^ further->hash.flipped);
}

/**
 * finject_timewaits_init - prepare to watch time-wait sockets
 * @table: zeroed memory
 * @flows: flows of the namespace
 * @events: events of the namespace
 */
void finject_timewaits_init(struct finject_timewaits *table,
			    struct finject_flows *flows,
			    struct finject_events *events)
{
	table->flows = flows;
	table->events = events;
}

/**
 * finject_timewaits_open - begin to watch time-wait sockets
 * @table: the watched ones
 *
 * Context: process, under finject_net.mutex.
 * Return: 0 or -ENOMEM.
 */
int finject_timewaits_open(struct finject_timewaits *table)
{
	unsigned int bits = clamp_t(unsigned int, fls(finject_max_flows / 4),
				    MIN_BITS, MAX_BITS);
	struct hlist_head *heads;

	if (table->heads)
		return 0;
	heads = kvcalloc(BIT(bits), sizeof(*heads), GFP_KERNEL_ACCOUNT);
	if (!heads)
		return -ENOMEM;
	spin_lock_bh(&table->flows->lock);
	table->heads = heads;
	table->bits = bits;
	table->open = true;
	spin_unlock_bh(&table->flows->lock);
	return 0;
}

/* Take some sockets of one head out. Their timers may still run, and wait. */
static bool timewaits_take(struct finject_timewaits *table,
			   struct hlist_head *head, struct hlist_head *out)
{
	struct finject_timewait *wait;
	unsigned int count = 0;

	spin_lock_bh(&table->flows->lock);
	while (!hlist_empty(head) && count++ < CLOSE_BATCH) {
		wait = hlist_entry(head->first, struct finject_timewait, node);
		wait->leaving = true;
		hlist_del(&wait->node);
		hlist_add_head(&wait->node, out);
		table->count--;
	}
	spin_unlock_bh(&table->flows->lock);
	return count;
}

static void timewaits_clear(struct finject_timewaits *table,
			    struct hlist_head *head)
{
	struct finject_timewait *wait;
	struct hlist_node *next;
	HLIST_HEAD(out);

	while (timewaits_take(table, head, &out)) {
		hlist_for_each_entry_safe(wait, next, &out, node) {
			timer_delete_sync(&wait->timer);
			timewait_free(wait);
		}
		INIT_HLIST_HEAD(&out);
		cond_resched();
	}
}

/**
 * finject_timewaits_close - watch no more time-wait sockets, and put them
 * @table: the watched ones; there are no readers of the namespace's events, or
 *	it is going away
 *
 * Context: process, under finject_net.mutex.
 */
void finject_timewaits_close(struct finject_timewaits *table)
{
	struct hlist_head *heads = NULL;
	unsigned int i;

	if (!table->heads)
		return;
	spin_lock_bh(&table->flows->lock);
	table->open = false;
	spin_unlock_bh(&table->flows->lock);
	for (i = 0; i < BIT(table->bits); i++)
		timewaits_clear(table, &table->heads[i]);
	WARN_ON_ONCE(table->count);
	/* the last look may still be under way */
	spin_lock_bh(&table->flows->lock);
	swap(heads, table->heads);
	spin_unlock_bh(&table->flows->lock);
	kvfree(heads);
}
