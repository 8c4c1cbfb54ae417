// SPDX-License-Identifier: GPL-2.0-only
/*
 * The path of a segment: hook -> segment -> flow -> rule -> action. The only
 * file that knows netfilter's verdicts.
 */
#include "hook.h"

#include <linux/netfilter_ipv4.h>
#include <net/sock.h>

#include "action.h"
#include "net.h"
#include "trace.h"

static unsigned int skip(struct finject_net *fnet, enum finject_reading why)
{
	if (why == FINJECT_FRAGMENT)
		finject_count(fnet, FINJECT_SKIPPED_FRAGMENTS);
	else if (why == FINJECT_MALFORMED)
		finject_count(fnet, FINJECT_SKIPPED_MALFORMED);
	return NF_ACCEPT;
}

static bool is_watched(const struct finject_net *fnet)
{
	return finject_events_read(&fnet->events) ||
	       trace_finject_segment_enabled() ||
	       trace_finject_verdict_enabled();
}

static void record_segment(const struct finject_hook_state *hs)
{
	struct finject_record record = {
		.kind = FINJECT_RECORD_SEGMENT,
		.verdict = hs->verdict,
		.dir = hs->segment.dir,
		.hook = hs->segment.hook,
		.rule = hs->rule ? hs->rule->spec.id : 0,
		.generation = hs->generation,
		.tuple = hs->segment.tuple,
		.wire = hs->segment.wire,
		.position = hs->position,
	};

	finject_event_write(&hs->fnet->events, &record);
	trace_finject_segment(&record);
	if (hs->rule)
		trace_finject_verdict(&record);
}

static u32 expected_next(const struct finject_flow *flow,
			 const struct finject_segment *segment)
{
	unsigned int peer = !segment->dir;
	u32 seq = segment->wire.seq;

	if ((flow->stage.ack_seen & BIT(peer)) &&
	    (s32)(flow->stage.ack_max[peer] - seq) > 0)
		return flow->stage.ack_max[peer];
	return seq;
}

/* A SYN with them is of no class, so it need not take room in the table. */
static bool begins_close(u8 flags)
{
	return flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST) &&
	       !(flags & FINJECT_TCP_SYN);
}

/*
 * Place, count, judge and record a segment, all under the one lock: its order
 * in the events is the order in which rules counted it. The set is chosen under
 * it too, so that generations never go back there, and what is judged after a
 * write to `rules` has returned is judged by what was written.
 */
static bool judge(struct finject_hook_state *hs)
{
	struct finject_flows *flows = &hs->fnet->flows;
	struct finject_segment *segment = &hs->segment;
	const struct finject_ruleset *set;
	struct finject_flow *flow;
	bool seen = false;

	spin_lock_bh(&flows->lock);
	if (finject_sockets_any(&hs->fnet->sockets))
		finject_sockets_record(hs->fnet);
	hs->now = ktime_get_ns();
	if (begins_close(segment->wire.flags))
		flow = finject_flow_get(flows, &segment->tuple, hs->now);
	else
		flow = finject_flow_find(flows, &segment->tuple);
	if (flow)
		seen = finject_flow_see(flows, flow, segment, hs->now,
					&hs->position);
	if (seen) {
		set = rcu_dereference(hs->fnet->rules);
		hs->rcv_nxt = expected_next(flow, segment);
		hs->generation = set ? set->generation : 0;
		hs->rule = !set ? NULL :
			finject_ruleset_judge(set, flows, flow, segment,
					      &hs->position,
					      &hs->dice);
		finject_action_prepare(hs);
		if (hs->many && !hs->whole)
			segment->wire = hs->all;
		if (is_watched(hs->fnet))
			record_segment(hs);
	}
	spin_unlock_bh(&flows->lock);
	return seen;
}

/* A driver may claim GSO of what is one wire segment already. */
static bool is_more_than_one(const struct finject_hook_state *hs)
{
	return skb_is_gso(hs->skb) &&
	       hs->segment.wire.len >
		       skb_shinfo(hs->skb)->gso_size;
}

static bool matters(struct finject_net *fnet, const struct finject_ruleset *set,
		    const struct finject_segment *segment)
{
	if (finject_flows_any(&fnet->flows) &&
	    finject_flow_find(&fnet->flows, &segment->tuple))
		return true;
	if (!begins_close(segment->wire.flags))
		return false;
	return finject_events_read(&fnet->events) ||
	       (set && finject_ruleset_concerns(set, segment));
}

/* A segment with FIN or RST, or any while closes are tracked. */
static noinline unsigned int consider(struct finject_net *fnet,
				      struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	const struct finject_ruleset *set = rcu_dereference(fnet->rules);
	struct finject_hook_state hs;
	enum finject_reading reading;
	unsigned int thoff;
	u8 flags;

	if (unlikely(finject_segment_vrf(state)) &&
	    finject_segment_again(skb, state))
		return NF_ACCEPT;
	reading = finject_segment_flags(skb, state->pf, &thoff, &flags);
	if (reading == FINJECT_READ)
		reading = finject_segment_read(skb, state, thoff,
					       &hs.segment);
	if (reading != FINJECT_READ)
		return skip(fnet, reading);
	if (!matters(fnet, set, &hs.segment))
		return NF_ACCEPT;
	if (skb_sk_is_prefetched(skb)) {
		finject_count(fnet, FINJECT_SKIPPED_PREFETCHED);
		return NF_ACCEPT;
	}

	hs.fnet = fnet;
	hs.skb = skb;
	hs.whole = NULL;
	hs.state = state;
	hs.ops = &fnet->ops[state->hook];
	hs.many = flags & FINJECT_TCP_FIN && is_more_than_one(&hs);
	if (hs.many) {
		hs.all = hs.segment.wire;
		finject_segment_last(&hs.segment,
				     skb_shinfo(skb)->gso_size);
	}
	if (!judge(&hs))
		return NF_ACCEPT;
	finject_count(fnet, FINJECT_SEEN);
	return finject_action_commit(&hs) ? NF_STOLEN : NF_ACCEPT;
}

/*
 * What every packet pays: flags first. Only a FIN or a RST can begin anything;
 * all else matters only to a close that is already tracked.
 */
static unsigned int hook(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	struct finject_net *fnet = priv;

	if (likely(!finject_flows_any(&fnet->flows)) &&
	    likely(finject_segment_idle(skb, state->pf)))
		return NF_ACCEPT;
	return consider(fnet, skb, state);
}

/*
 * Input hooks: before conntrack at PRE, after it at LOCAL_IN; output hooks the
 * mirror. So what happens at PRE and POST looks like the network's, and the
 * hooks between see what conntrack has seen, or not yet.
 */
static const int priorities[FINJECT_HOOKS] = {
	[NF_INET_PRE_ROUTING] = NF_IP_PRI_FIRST + 1,
	[NF_INET_LOCAL_IN] = NF_IP_PRI_LAST,
	[NF_INET_FORWARD] = NF_IP_PRI_LAST,
	[NF_INET_LOCAL_OUT] = NF_IP_PRI_FIRST + 1,
	[NF_INET_POST_ROUTING] = NF_IP_PRI_LAST,
};

/**
 * finject_hook_init - fill in a namespace's entries, registering none
 * @fnet: the namespace's
 */
void finject_hook_init(struct finject_net *fnet)
{
	unsigned int i;

	for (i = 0; i < FINJECT_HOOKS; i++)
		fnet->ops[i] = (struct nf_hook_ops){
			.hook = hook,
			.priv = fnet,
			.pf = NFPROTO_INET,
			.hooknum = i,
			.priority = priorities[i],
		};
}

/**
 * finject_hook_set - register and unregister until just these are
 * @fnet: the namespace's
 * @hooks: bitmask of enum nf_inet_hooks
 *
 * nf_unregister_net_hook() does not wait for packets in the hook: the caller
 * does, before it frees what they may use.
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
