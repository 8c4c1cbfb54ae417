// SPDX-License-Identifier: GPL-2.0-only
#include "action.h"

#include <net/dst.h>

#include "copy.h"
#include "reset.h"

/* No T of a rule is longer, and no sum of them either. */
static u64 after(u64 now, u64 span)
{
	return now + min_t(u64, span, FINJECT_NSEC_MAX);
}

static u64 due_time(const struct finject_hook_state *hs)
{
	const struct finject_spec *spec = &hs->rule->spec;

	if (spec->action == FINJECT_HOLD)
		return after(hs->now, spec->max);
	return after(hs->now,
		     finject_schedule_delay(spec->delay, spec->jitter,
					    spec->dist, &hs->dice));
}

static struct finject_parked *make_entry(struct finject_hook_state *hs,
					 struct sk_buff *skb, u64 due)
{
	struct finject_parked *parked;

	parked = finject_park_prepare(&hs->fnet->park, skb,
				      hs->state);
	if (!parked)
		return NULL;
	parked->rule = hs->rule;
	parked->class = hs->dice.class;
	parked->at = hs->now;
	parked->key.due = due;
	parked->generation = hs->generation;
	parked->position = hs->position;
	return parked;
}

static bool prepare_park(struct finject_hook_state *hs)
{
	hs->parked = make_entry(hs, hs->skb,
				      due_time(hs));
	if (hs->parked && hs->verdict == FINJECT_HELD)
		hs->parked->tag = hs->rule->hold;
	return hs->parked;
}

/*
 * A segment without ACK tells no sequence number that its sender would take:
 * for that one there is no RST.
 */
static bool prepare_reset(struct finject_hook_state *hs)
{
	const struct finject_segment *segment = &hs->segment;
	bool acks = segment->wire.flags & FINJECT_TCP_ACK;
	u8 ends = hs->rule->spec.reset;

	hs->rst_receiver = NULL;
	hs->rst_sender = NULL;
	if (ends & FINJECT_RESET_RECEIVER) {
		hs->rst_receiver =
			finject_reset_for_receiver(hs->skb, segment,
						   hs->rcv_nxt);
		if (!hs->rst_receiver)
			goto err;
	}
	if ((ends & FINJECT_RESET_SENDER) && acks) {
		hs->rst_sender = finject_reset_for_sender(hs->skb,
								segment);
		if (!hs->rst_sender)
			goto err;
	}
	return true;

err:
	kfree_skb(hs->rst_receiver);
	finject_count(hs->fnet, FINJECT_SKIPPED_NOMEM);
	return false;
}

/*
 * The FIN is on the last wire segment of a GSO skb: that one gets what the rule
 * does, the data before it goes on at once. A rule that lets it pass needs no
 * split.
 */
static bool split(struct finject_hook_state *hs)
{
	struct sk_buff *last, *data;

	if (!hs->many || hs->verdict == FINJECT_PASSED)
		return true;
	last = finject_split(hs->skb, hs->state->hook, &data);
	if (!last) {
		finject_count(hs->fnet, FINJECT_SKIPPED_UNSPLIT);
		return false;
	}
	hs->whole = hs->skb;
	hs->data = data;
	hs->skb = last;
	return true;
}

/**
 * finject_action_prepare - settle a segment's verdict
 * @hs: the segment and the rule that fired, or none
 *
 * What can be refused (to split a GSO skb, room to park, memory for a RST) is
 * refused here, before the verdict is told to anyone; then the segment passes.
 *
 * Context: under RCU and finject_flows.lock.
 */
void finject_action_prepare(struct finject_hook_state *hs)
{
	struct finject_rule *rule = hs->rule;
	bool able;

	lockdep_assert_held(&hs->fnet->flows.lock);
	hs->verdict = rule ? (enum finject_verdict)rule->spec.action :
				   FINJECT_PASSED;
	able = split(hs);
	if (able && (hs->verdict == FINJECT_DELAYED ||
		     hs->verdict == FINJECT_HELD))
		able = prepare_park(hs);
	else if (able && hs->verdict == FINJECT_RESETTED)
		able = prepare_reset(hs);
	if (!able)
		hs->verdict = FINJECT_PASSED;
}

/*
 * The original goes on from here, before its copies and before what it
 * releases; those go on from the park's runner.
 */
static void go_on_now(struct finject_hook_state *hs, struct sk_buff *skb)
{
	if (!finject_reinject(skb, hs->state, hs->ops))
		finject_count(hs->fnet, FINJECT_REFUSED);
}

/* The data before a FIN that was split off. */
static void send_data(struct finject_hook_state *hs)
{
	struct sk_buff *data = hs->data, *next;

	for (; data; data = next) {
		next = data->next;
		skb_mark_not_on_list(data);
		finject_reinject(data, hs->state, hs->ops);
	}
	consume_skb(hs->whole);
}

static void park_copy(struct finject_hook_state *hs, struct sk_buff *copy,
		      u64 due)
{
	struct finject_net *fnet = hs->fnet;
	struct finject_parked *parked = make_entry(hs, copy, due);

	if (!parked) {
		kfree_skb(copy);
		return;
	}
	parked->copy = true;
	finject_count(fnet, FINJECT_COPIES);
	finject_park_commit(&fnet->park, parked);
}

/*
 * The one kept back for copying outlives the original, which is gone when the
 * first copy is due.
 */
static void duplicate(struct finject_hook_state *hs)
{
	const struct finject_spec *spec = &hs->rule->spec;
	struct sk_buff *model = finject_copy(hs->skb), *copy;
	u64 span = 0;
	u32 i;

	go_on_now(hs, hs->skb);

	for (i = 0; model && i < spec->copies; i++) {
		span = min_t(u64, span + spec->gap, FINJECT_NSEC_MAX);
		copy = model;
		model = NULL;
		if (i + 1 < spec->copies)
			model = finject_copy(copy);
		park_copy(hs, copy, after(hs->now, span));
	}
	if (i < spec->copies)
		finject_count(hs->fnet, FINJECT_SKIPPED_NOMEM);
}

static void count_rst(struct finject_hook_state *hs, bool sent)
{
	finject_count(hs->fnet, sent ? FINJECT_RESETS :
					     FINJECT_RESETS_REFUSED);
}

static void reset(struct finject_hook_state *hs)
{
	struct sk_buff *rst = hs->rst_receiver;

	if (rst)
		count_rst(hs, finject_reinject(rst, hs->state,
						     hs->ops));
	rst = hs->rst_sender;
	if (rst)
		count_rst(hs, finject_reset_sender(rst, hs->skb,
							 hs->state,
							 &hs->segment));
	kfree_skb(hs->skb);
}

/* What no hook has to give back goes on by itself. */
static bool pass(struct finject_hook_state *hs)
{
	if (!hs->whole && (!hs->rule || !hs->rule->release))
		return false;
	go_on_now(hs, hs->skb);
	return true;
}

/**
 * finject_action_commit - do what was settled
 * @hs: as finject_action_prepare() left it
 *
 * Context: at a netfilter hook, under RCU, no finject lock held.
 * Return: whether the skb was taken; if not, it goes on by itself.
 */
bool finject_action_commit(struct finject_hook_state *hs)
{
	struct finject_net *fnet = hs->fnet;
	bool taken = true;

	if (hs->whole)
		send_data(hs);
	switch (hs->verdict) {
	case FINJECT_DROPPED:
		finject_count(fnet, FINJECT_STAT_DROPPED);
		kfree_skb(hs->skb);
		break;
	case FINJECT_DELAYED:
	case FINJECT_HELD:
		finject_park_commit(&fnet->park, hs->parked);
		break;
	case FINJECT_RESETTED:
		finject_count(fnet, FINJECT_STAT_RESET);
		reset(hs);
		break;
	case FINJECT_DUPLICATED:
		finject_count(fnet, FINJECT_STAT_PASSED);
		duplicate(hs);
		break;
	default:
		finject_count(fnet, FINJECT_STAT_PASSED);
		taken = pass(hs);
		break;
	}
	if (hs->rule && hs->rule->release)
		finject_tag_release(hs->rule->release);
	return taken;
}
