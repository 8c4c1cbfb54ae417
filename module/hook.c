// SPDX-License-Identifier: GPL-2.0-only
/*
 * The path of a segment: hook -> segment -> flow -> rule -> action. The only
 * file that knows netfilter's verdicts.
 */
#include "hook.h"

#include <linux/netfilter_ipv4.h>
#include <net/sock.h>

#include "accept.h"
#include "action.h"
#include "compat.h"
#include "identity.h"
#include "record.h"
#include "runner.h"
#include "socket.h"
#include "trace.h"

static unsigned int hook_skip(struct finject_net *fnet,
			      enum finject_reading why)
{
	if (why == FINJECT_FRAGMENT)
		finject_count(fnet->counters, FINJECT_COUNT_FRAGMENTS);
	else if (why == FINJECT_MALFORMED)
		finject_count(fnet->counters, FINJECT_COUNT_MALFORMED);
	return NF_ACCEPT;
}

static __always_inline bool hook_is_watched(const struct finject_net *fnet)
{
	return finject_events_read(&fnet->events) ||
	       trace_finject_segment_enabled() ||
	       trace_finject_verdict_enabled();
}

static void hook_record(const struct finject_hook_state *hs)
{
	struct finject_record record;

	finject_record_segment(&record, hs);
	finject_event_write(&hs->fnet->events, &record);
	trace_finject_segment(&record);
	if (hs->rule)
		trace_finject_verdict(&record);
}

/* A SYN with FIN or RST has no class, so it need not take room in the table. */
static bool hook_begins_close(u8 flags)
{
	return flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST) &&
	       !(flags & FINJECT_TCP_SYN);
}

/* Rules ask for the addresses and ports at a hook: here, or at another one. */
static bool hook_concerns(const struct finject_ruleset *set,
			  const struct finject_segment *segment,
			  const struct finject_conn *conn)
{
	return finject_ruleset_concerns(set, &segment->tuple) ||
	       (conn->known &&
		(finject_ruleset_concerns(set, &conn->tuple[0]) ||
		 finject_ruleset_concerns(set, &conn->tuple[1])));
}

/* With RST or SYN a FIN is none. */
static bool hook_is_fin(u8 flags)
{
	return (flags & (FINJECT_TCP_FIN | FINJECT_TCP_SYN | FINJECT_TCP_RST)) ==
	       FINJECT_TCP_FIN;
}

/* Test whether a rule is about segments of this flow before its first FIN. */
static bool hook_wants_early(struct finject_net *fnet,
			     const struct finject_segment *segment,
			     const struct finject_conn *conn)
{
	const struct finject_ruleset *set;

	if (likely(!finject_flows_early(&fnet->flows)))
		return false;
	set = rcu_dereference(fnet->rules);
	return set && (finject_ruleset_is_early(set, &segment->tuple) ||
		       (conn->known &&
			(finject_ruleset_is_early(set, &conn->tuple[0]) ||
			 finject_ruleset_is_early(set, &conn->tuple[1]))));
}

/* Test whether a segment without a tracked close begins one that matters. */
static bool hook_admits(struct finject_net *fnet,
			const struct finject_segment *segment,
			const struct finject_conn *conn)
{
	const struct finject_ruleset *set;

	if (!hook_begins_close(segment->wire.flags))
		return false;
	if (finject_events_read(&fnet->events))
		return true;
	set = rcu_dereference(fnet->rules);
	if (!set)
		return false;
	if (hook_concerns(set, segment, conn))
		return true;
	finject_count(fnet->counters, FINJECT_COUNT_OTHERS);
	finject_other_keep(&fnet->other, segment);
	return false;
}

/* Test whether a FIN is the one on record. */
static bool hook_knows_fin(struct finject_flow *flow,
			   const struct finject_segment *segment)
{
	/* until it is judged, it may be put on record or forgotten in any case */
	return data_race(finject_stage_has_fin(&flow->stage, &segment->wire,
					       segment->flow_dir));
}

/*
 * Test whether to ask the receiver of a segment what it makes of it. A FIN that
 * is on record, at its second hook or sent again, is one whatever that says.
 */
static bool hook_asks_receiver(struct finject_tuplehash *found,
			       struct finject_segment *segment)
{
	if (!hook_is_fin(segment->wire.flags))
		return false;
	if (!found)
		return true;
	segment->flow_dir = segment->dir ^ found->flipped;
	return !hook_knows_fin(finject_flow_of(found), segment);
}

/* A FIN or a RST may tell of more tuples of its connection, others do not. */
static __always_inline bool
hook_needs_tuples(const struct finject_flow *flow,
		  const struct finject_segment *segment,
		  const struct finject_conn *conn)
{
	return hook_begins_close(segment->wire.flags) &&
	       !READ_ONCE(flow->settled) &&
	       !finject_identity_plain(segment, conn);
}

/* Get the list where the first segment of a flow puts it. */
static enum finject_flow_list hook_list(u8 flags)
{
	if (!hook_begins_close(flags))
		return FINJECT_FLOWS_BEFORE;
	return flags & FINJECT_TCP_RST ? FINJECT_FLOWS_FINISHED :
					 FINJECT_FLOWS_OPEN;
}

/*
 * The tuple found under RCU may be gone since. Where there was none, another
 * CPU may have made one. A FIN that its receiver drops is none of the close,
 * unless it is an old duplicate of a FIN that is known. Any other FIN, and a
 * RST, finds a flow by all its tuples, and makes one, and so does a segment that
 * a rule wants before the first FIN; every other segment only by its own.
 */
static struct finject_flow *hook_flow(struct finject_hook_state *hs,
				      struct finject_tuplehash *found,
				      const struct finject_conn *conn)
{
	struct finject_flows *flows = &hs->fnet->flows;
	struct finject_segment *segment = &hs->segment;
	struct finject_flow *flow;

	if (found ? found->gone :
		    hs->entered != finject_tuple_entered(&flows->tuples))
		found = finject_tuple_find_rcu(&flows->tuples, &segment->tuple);
	flow = found ? finject_flow_of(found) : NULL;
	if (flow)
		segment->flow_dir = segment->dir ^ found->flipped;
	if (segment->ignored && !(flow && hook_knows_fin(flow, segment)))
		return NULL;
	if (flow && !hook_needs_tuples(flow, segment, conn))
		return flow;
	if (!flow && !segment->early && !hook_begins_close(segment->wire.flags))
		return NULL;
	if (!flow && finject_identity_plain(segment, conn))
		return finject_flow_create(flows, &segment->tuple,
					   hook_list(segment->wire.flags),
					   hs->now);
	return finject_identity_flow(flows, segment, conn, hs->now);
}

/*
 * Place, count and judge a segment under the lock of its flow. The set is chosen
 * under it too, so that generations never decrease there, and a segment that
 * comes after a write to `rules` has returned is judged by the rules written.
 */
static __always_inline bool hook_judge(struct finject_hook_state *hs)
{
	struct finject_segment *segment = &hs->segment;
	struct finject_flows *flows = &hs->fnet->flows;
	struct finject_ruleset *set;

	if (!finject_flow_see(flows, hs->flow, segment, hs->now, &hs->position))
		return false;
	set = rcu_dereference(hs->fnet->rules);
	if (set) {
		hs->generation = set->generation;
		hs->rule = finject_ruleset_judge(set, flows, hs->flow, segment,
						 &hs->position, &hs->dice);
	}
	if (hs->rule)
		finject_action_prepare(hs);
	if (hs->many && !hs->whole)
		segment->wire = hs->all;
	return true;
}

/*
 * Judge a segment of a flow that is there under the lock of the flow alone.
 * Return: false if that is not enough; then nothing was done.
 */
static bool hook_judge_alone(struct finject_hook_state *hs,
			     struct finject_tuplehash *found,
			     const struct finject_conn *conn, bool *seen)
{
	struct finject_flow *flow = finject_flow_of(found);
	struct finject_segment *segment = &hs->segment;
	bool there;

	segment->flow_dir = segment->dir ^ found->flipped;
	if (hook_needs_tuples(flow, segment, conn) ||
	    (segment->ignored && !hook_knows_fin(flow, segment)))
		return false;
	spin_lock_bh(&flow->lock);
	there = !found->gone;
	if (there) {
		hs->now = ktime_get_ns();
		hs->flow = flow;
		*seen = hook_judge(hs);
		hs->misplaced = flow->misplaced;
	}
	spin_unlock_bh(&flow->lock);
	return there;
}

/*
 * Judge and record a segment under the lock of all flows: its order in the
 * events is the order in which rules counted it.
 */
static bool hook_judge_in_order(struct finject_hook_state *hs,
				struct finject_tuplehash *found,
				const struct finject_conn *conn)
{
	struct finject_flows *flows = &hs->fnet->flows;
	bool seen = false;

	lockdep_assert_held(&flows->lock);
	if (finject_changes_any(&hs->fnet->changes))
		finject_socket_record(hs->fnet);
	hs->now = ktime_get_ns();
	hs->flow = hook_flow(hs, found, conn);
	if (finject_timewaits_any(&hs->fnet->timewaits))
		finject_timewait_look(&hs->fnet->timewaits, &hs->segment,
				      hs->flow);
	if (!hs->flow)
		return false;
	spin_lock(&hs->flow->lock);
	seen = hook_judge(hs);
	if (hs->flow->misplaced)
		finject_flow_place(flows, hs->flow);
	if (seen && hook_is_watched(hs->fnet))
		hook_record(hs);
	spin_unlock(&hs->flow->lock);
	return seen;
}

static void hook_place(struct finject_flows *flows, struct finject_flow *flow)
{
	spin_lock(&flow->lock);
	finject_flow_place(flows, flow);
	spin_unlock(&flow->lock);
}

/*
 * Readers of events are promised one order of all segments. Without them, and in
 * a flow that is there, closes do not wait for each other.
 */
static bool hook_judge_segment(struct finject_hook_state *hs,
			       struct finject_tuplehash *found,
			       const struct finject_conn *conn)
{
	struct finject_flows *flows = &hs->fnet->flows;
	bool seen, alone;

	alone = found && !hook_is_watched(hs->fnet) &&
		hook_judge_alone(hs, found, conn, &seen);
	if (alone && likely(!hs->misplaced))
		return seen;
	spin_lock_bh(&flows->lock);
	if (alone)
		hook_place(flows, hs->flow);
	else
		seen = hook_judge_in_order(hs, found, conn);
	spin_unlock_bh(&flows->lock);
	return seen;
}

/* A driver may claim GSO for a single wire segment. */
static bool hook_is_many(const struct sk_buff *skb,
			 const struct finject_segment *segment)
{
	return segment->wire.flags & FINJECT_TCP_FIN && skb_is_gso(skb) &&
	       segment->wire.len > skb_shinfo(skb)->gso_size;
}

/*
 * A process that closes sends what has become due before its own segment, which
 * would overtake it.
 */
static __always_inline void hook_send_due(struct finject_hook_state *hs)
{
	struct finject_park *park = &hs->fnet->park;

	if (unlikely(READ_ONCE(park->due) != U64_MAX) && !softirq_count() &&
	    finject_hook_is_output(hs->state->hook))
		finject_runner_turn(park);
}

/* Judge hs->segment, of a tracked close or of a new close that matters. */
static unsigned int hook_decide(struct finject_hook_state *hs,
				struct finject_tuplehash *found,
				const struct finject_conn *conn)
{
	struct finject_counters __percpu *counters = hs->fnet->counters;

	hook_send_due(hs);
	hs->whole = NULL;
	hs->rule = NULL;
	hs->generation = 0;
	hs->verdict = FINJECT_VERDICT_PASS;
	hs->many = hook_is_many(hs->skb, &hs->segment);
	if (hs->many) {
		hs->all = hs->segment.wire;
		finject_segment_last(&hs->segment,
				     skb_shinfo(hs->skb)->gso_size);
	}
	if (!hook_judge_segment(hs, found, conn))
		return NF_ACCEPT;
	finject_count(counters, FINJECT_COUNT_SEEN);
	if (hs->rule)
		return finject_action_commit(hs) ? NF_STOLEN : NF_ACCEPT;
	finject_count(counters, FINJECT_COUNT_PASSED);
	return NF_ACCEPT;
}

/* The first segment in a zone switches the namespace over. */
static void hook_read_zone(struct finject_flows *flows,
			   struct finject_segment *segment,
			   const struct sk_buff *skb)
{
	segment->tuple.zone = finject_conn_zone(skb);
	if (unlikely(segment->tuple.zone) && !READ_ONCE(flows->zoned))
		WRITE_ONCE(flows->zoned, true);
	if (unlikely(READ_ONCE(flows->zoned)))
		finject_segment_zoned(segment, skb);
}

static struct finject_tuplehash *hook_find(struct finject_hook_state *hs,
					   struct finject_flows *flows)
{
	hs->entered = finject_tuple_entered(&flows->tuples);
	if (!finject_flows_any(flows))
		return NULL;
	return finject_tuple_find_rcu(&flows->tuples, &hs->segment.tuple);
}

/*
 * Conntrack is asked by a FIN or RST, while it may tell something new, and by a
 * segment that may begin a flow before its first FIN. A close that is over may be
 * another connection's, of the same tuple.
 */
static void hook_read_conn(struct finject_conn *conn,
			   const struct sk_buff *skb,
			   const struct nf_hook_state *state,
			   const struct finject_segment *segment,
			   struct finject_tuplehash *found, bool early)
{
	conn->known = false;
	conn->prior = false;
	if (!hook_begins_close(segment->wire.flags) && (!early || found))
		return;
	if (!finject_conn_any(skb) ||
	    (found && READ_ONCE(finject_flow_of(found)->settled)))
		return;
	finject_conn_read(conn, skb, state->net, segment, true);
}

/*
 * Look at a segment with FIN or RST, at one that may be of a tracked close, and
 * at every one while a rule is about those before the first FIN.
 */
static noinline unsigned int hook_consider(struct finject_net *fnet,
					   struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	struct finject_hook_state hs FINJECT_FILLED_LATER;
	struct finject_conn conn FINJECT_FILLED_LATER;
	struct finject_segment *segment = &hs.segment;
	struct finject_tuplehash *found;
	enum finject_reading reading;
	bool vrf = finject_segment_vrf(state);
	unsigned int thoff;

	if (unlikely(vrf) && finject_segment_again(skb, state))
		return NF_ACCEPT;
	reading = finject_segment_read(skb, state, vrf, &thoff, segment);
	if (reading != FINJECT_READ)
		return hook_skip(fnet, reading);
	hook_read_zone(&fnet->flows, segment, skb);
	found = hook_find(&hs, &fnet->flows);
	hook_read_conn(&conn, skb, state, segment, found,
		       finject_flows_early(&fnet->flows));
	segment->early = hook_wants_early(fnet, segment, &conn);
	if (!found && !segment->early && !hook_admits(fnet, segment, &conn))
		return NF_ACCEPT;
	if (hook_asks_receiver(found, segment))
		finject_accept_fin(skb, state, thoff, segment, &conn);
	if (skb_sk_is_prefetched(skb)) {
		finject_count(fnet->counters, FINJECT_COUNT_PREFETCHED);
		return NF_ACCEPT;
	}
	hs.fnet = fnet;
	hs.skb = skb;
	hs.state = state;
	return hook_decide(&hs, found, &conn);
}

/* Every packet pays for this while closes are tracked. */
static noinline unsigned int hook_look(struct finject_net *fnet,
				       struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	if (likely(!finject_flows_early(&fnet->flows)) &&
	    likely(finject_segment_idle(skb, state->pf)) &&
	    likely(!finject_segment_may_be(skb, state->pf,
					   &fnet->flows.tuples.bloom)))
		return NF_ACCEPT;
	return hook_consider(fnet, skb, state);
}

/*
 * Every packet pays for this. Only a FIN or a RST can begin a close; all else
 * matters only to a close that is already tracked.
 */
static unsigned int hook_run(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct finject_net *fnet = priv;

	if (unlikely(finject_bloom_any(&fnet->flows.tuples.bloom)))
		return hook_look(fnet, skb, state);
	if (likely(finject_segment_idle(skb, state->pf)))
		return NF_ACCEPT;
	return hook_consider(fnet, skb, state);
}

/*
 * Input hooks: before conntrack at PRE, after it at LOCAL_IN. Output hooks
 * mirror that. So an action at PRE or POST looks like the network's, and the
 * hooks between see segments that conntrack has seen, or has not seen yet.
 */
static const int priorities[FINJECT_HOOKS] = {
	[NF_INET_PRE_ROUTING] = NF_IP_PRI_FIRST + 1,
	[NF_INET_LOCAL_IN] = NF_IP_PRI_LAST,
	[NF_INET_FORWARD] = NF_IP_PRI_LAST,
	[NF_INET_LOCAL_OUT] = NF_IP_PRI_FIRST + 1,
	[NF_INET_POST_ROUTING] = NF_IP_PRI_LAST,
};

/**
 * finject_hook_init - fill in a namespace's hook entries, registering none
 * @fnet: the namespace
 */
void finject_hook_init(struct finject_net *fnet)
{
	unsigned int i;

	for (i = 0; i < FINJECT_HOOKS; i++)
		fnet->ops[i] = (struct nf_hook_ops){
			.hook = hook_run,
			.priv = fnet,
			.pf = NFPROTO_INET,
			.hooknum = i,
			.priority = priorities[i],
		};
}

/**
 * finject_hook_set - register and unregister hooks until just these are
 * @fnet: the namespace
 * @hooks: bitmask of enum nf_inet_hooks
 *
 * nf_unregister_net_hook() does not wait for packets in the hook: the caller
 * does, before it frees memory that they may use.
 *
 * Context: process, under finject_net.mutex or in pre_exit.
 * Return: 0 or a negative errno; then some of @hooks may be missing, and none
 *	that was registered is gone.
 */
int finject_hook_set(struct finject_net *fnet, unsigned int hooks)
{
	unsigned int i;
	int err;

	lockdep_assert_held(&fnet->mutex);
	if (hooks && !fnet->hooked)
		finject_flows_watch(&fnet->flows, ktime_get_ns());
	for (i = 0; i < FINJECT_HOOKS; i++) {
		if (!(hooks & BIT(i)) || (fnet->hooked & BIT(i)))
			continue;
		err = nf_register_net_hook(fnet->net, &fnet->ops[i]);
		if (err)
			return err;
		fnet->hooked |= BIT(i);
	}
	for (i = 0; i < FINJECT_HOOKS; i++) {
		if ((hooks & BIT(i)) || !(fnet->hooked & BIT(i)))
			continue;
		nf_unregister_net_hook(fnet->net, &fnet->ops[i]);
		fnet->hooked &= ~BIT(i);
	}
	return 0;
}
