// SPDX-License-Identifier: GPL-2.0-only
#include "action.h"

#include <net/dst.h>

#include "reset.h"

static u64 due_time(const struct finject_crossing *crossing)
{
	const struct finject_spec *spec = &crossing->rule->spec;

	if (spec->action == FINJECT_HOLD)
		return crossing->now + spec->max;
	return crossing->now + finject_schedule_delay(spec->delay, spec->jitter,
						      spec->dist,
						      &crossing->throw);
}

static struct finject_parked *make_entry(struct finject_crossing *crossing,
					 struct sk_buff *skb, u64 due)
{
	struct finject_parked *parked;

	parked = finject_park_prepare(&crossing->fnet->park, skb,
				      crossing->state, crossing->ops);
	if (!parked)
		return NULL;
	parked->rule = crossing->rule;
	parked->at = crossing->now;
	parked->due = due;
	parked->generation = crossing->generation;
	parked->sight = crossing->sight;
	return parked;
}

static bool prepare_park(struct finject_crossing *crossing)
{
	crossing->parked = make_entry(crossing, crossing->skb,
				      due_time(crossing));
	if (crossing->parked && crossing->verdict == FINJECT_HELD)
		crossing->parked->tag = crossing->rule->hold;
	return crossing->parked;
}

/*
 * A segment without ACK tells no sequence number that its sender would take:
 * for that one there is no RST.
 */
static bool prepare_reset(struct finject_crossing *crossing)
{
	const struct finject_segment *segment = &crossing->segment;
	bool acks = segment->wire.flags & FINJECT_TCP_ACK;
	u8 ends = crossing->rule->spec.reset;

	crossing->rst_receiver = NULL;
	crossing->rst_sender = NULL;
	if (ends & FINJECT_RESET_RECEIVER) {
		crossing->rst_receiver =
			finject_reset_for_receiver(crossing->skb, segment,
						   crossing->rcv_nxt);
		if (!crossing->rst_receiver)
			goto err;
	}
	if ((ends & FINJECT_RESET_SENDER) && acks) {
		crossing->rst_sender = finject_reset_for_sender(crossing->skb,
								segment);
		if (!crossing->rst_sender)
			goto err;
	}
	return true;

err:
	kfree_skb(crossing->rst_receiver);
	finject_count(crossing->fnet, FINJECT_SKIPPED_NOMEM);
	return false;
}

/**
 * finject_action_prepare - settle a segment's verdict
 * @crossing: the segment and the rule that fired, or none
 *
 * What can be refused (room to park, memory for a RST) is refused here, before
 * the verdict is told to anyone; then the segment passes.
 *
 * Context: under RCU and finject_flows.lock.
 */
void finject_action_prepare(struct finject_crossing *crossing)
{
	struct finject_rule *rule = crossing->rule;
	bool able = true;

	crossing->verdict = rule ? (enum finject_verdict)rule->spec.action :
				   FINJECT_PASSED;
	if (crossing->verdict == FINJECT_DELAYED ||
	    crossing->verdict == FINJECT_HELD)
		able = prepare_park(crossing);
	else if (crossing->verdict == FINJECT_RESETTED)
		able = prepare_reset(crossing);
	if (!able)
		crossing->verdict = FINJECT_PASSED;
}

/*
 * The original goes on from here, before its copies and before what it
 * releases; those go on from the park's runner.
 */
static void go_on_now(struct finject_crossing *crossing)
{
	finject_reinject(crossing->skb, crossing->state, crossing->ops);
}

static void park_copy(struct finject_crossing *crossing, struct sk_buff *copy,
		      u64 due)
{
	struct finject_net *fnet = crossing->fnet;
	struct finject_parked *parked = make_entry(crossing, copy, due);

	if (!parked) {
		kfree_skb(copy);
		return;
	}
	parked->copy = true;
	finject_count(fnet, FINJECT_COPIES);
	finject_park_commit(&fnet->park, parked);
}

/*
 * pskb_copy(), not a clone: clones share their headers, and NAT rewrites them.
 * The one kept back for copying outlives the original, which is gone when the
 * first copy is due.
 */
static void duplicate(struct finject_crossing *crossing)
{
	const struct finject_spec *spec = &crossing->rule->spec;
	struct sk_buff *model, *copy;
	u64 due = crossing->now;
	u32 i;

	model = pskb_copy(crossing->skb, GFP_ATOMIC | __GFP_NOWARN);
	if (model && skb_dst(model) && !skb_dst_force(model)) {
		kfree_skb(model);
		model = NULL;
	}
	go_on_now(crossing);

	for (i = 0; model && i < spec->copies; i++) {
		due += spec->gap;
		copy = model;
		model = NULL;
		if (i + 1 < spec->copies)
			model = pskb_copy(copy, GFP_ATOMIC | __GFP_NOWARN);
		park_copy(crossing, copy, due);
	}
	if (i < spec->copies)
		finject_count(crossing->fnet, FINJECT_SKIPPED_NOMEM);
}

static void reset(struct finject_crossing *crossing)
{
	struct finject_net *fnet = crossing->fnet;

	if (crossing->rst_receiver) {
		finject_reinject(crossing->rst_receiver, crossing->state,
				 crossing->ops);
		finject_count(fnet, FINJECT_RESETS);
	}
	if (crossing->rst_sender &&
	    finject_reset_sender(crossing->rst_sender, crossing->skb,
				 crossing->state, &crossing->segment))
		finject_count(fnet, FINJECT_RESETS);
	kfree_skb(crossing->skb);
}

static bool pass(struct finject_crossing *crossing)
{
	if (!crossing->rule || !crossing->rule->release)
		return false;
	go_on_now(crossing);
	return true;
}

/**
 * finject_action_commit - do what was settled
 * @crossing: as finject_action_prepare() left it
 *
 * Context: at a netfilter hook, under RCU, no finject lock held.
 * Return: whether the skb was taken; if not, it goes on by itself.
 */
bool finject_action_commit(struct finject_crossing *crossing)
{
	struct finject_net *fnet = crossing->fnet;
	bool taken = true;

	switch (crossing->verdict) {
	case FINJECT_DROPPED:
		finject_count(fnet, FINJECT_STAT_DROPPED);
		kfree_skb(crossing->skb);
		break;
	case FINJECT_DELAYED:
	case FINJECT_HELD:
		finject_park_commit(&fnet->park, crossing->parked);
		break;
	case FINJECT_RESETTED:
		finject_count(fnet, FINJECT_STAT_RESET);
		reset(crossing);
		break;
	case FINJECT_DUPLICATED:
		finject_count(fnet, FINJECT_STAT_PASSED);
		duplicate(crossing);
		break;
	default:
		finject_count(fnet, FINJECT_STAT_PASSED);
		taken = pass(crossing);
		break;
	}
	if (crossing->rule && crossing->rule->release)
		finject_tag_release(crossing->rule->release);
	return taken;
}
