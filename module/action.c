// SPDX-License-Identifier: GPL-2.0-only
/*
 * An action is one row of action_ops. If it cannot be carried out (a GSO skb to
 * split, room to park, memory for a RST), its prepare() says so before the
 * verdict is recorded; then the segment passes.
 */
#include "action.h"

#include <net/dst.h>

#include "copy.h"
#include "release.h"
#include "reset.h"

/* No time in a rule is longer, and no sum of times either. */
static u64 action_after(u64 now, u64 span)
{
	return now + min_t(u64, span, FINJECT_NSEC_MAX);
}

static struct finject_parked *action_make_entry(struct finject_hook_state *hs,
						struct sk_buff *skb, u64 span)
{
	struct finject_parked *parked;

	parked = finject_park_prepare(&hs->fnet->park, skb, hs->state);
	if (!parked)
		return NULL;
	parked->rule = hs->rule;
	parked->class = hs->dice.class;
	parked->at = hs->now;
	parked->key.due = action_after(hs->now, span);
	parked->generation = hs->generation;
	parked->position = hs->position;
	parked->tuple = hs->segment.tuple;
	parked->wire = hs->segment.wire;
	parked->dir = hs->segment.dir;
	return parked;
}

/* The original precedes its copies and releases: the runner sends those. */
static void action_send(struct finject_hook_state *hs, struct sk_buff *skb)
{
	if (!finject_reinject(skb, hs->state, hs->ops))
		finject_count(hs->fnet->counters, FINJECT_COUNT_REFUSED);
}

/* Leave it to netfilter unless it was split off or precedes a release. */
static bool action_pass(struct finject_hook_state *hs)
{
	if (!hs->whole && !hs->rule->release)
		return false;
	action_send(hs, hs->skb);
	return true;
}

static bool action_drop(struct finject_hook_state *hs)
{
	kfree_skb(hs->skb);
	return true;
}

static bool action_prepare_delay(struct finject_hook_state *hs)
{
	const struct finject_spec *spec = &hs->rule->spec;
	u64 span = finject_schedule_delay(spec->delay, spec->jitter, spec->dist,
					  &hs->dice);

	hs->parked = action_make_entry(hs, hs->skb, span);
	return hs->parked;
}

static bool action_prepare_hold(struct finject_hook_state *hs)
{
	hs->parked = action_make_entry(hs, hs->skb, hs->rule->spec.max);
	if (hs->parked)
		hs->parked->tag = hs->rule->hold;
	return hs->parked;
}

static bool action_park(struct finject_hook_state *hs)
{
	finject_park_commit(&hs->fnet->park, hs->parked);
	return true;
}

static void action_park_copy(struct finject_hook_state *hs,
			     struct sk_buff *copy, u64 span)
{
	struct finject_parked *parked = action_make_entry(hs, copy, span);

	if (!parked) {
		kfree_skb(copy);
		return;
	}
	parked->copy = true;
	finject_count(hs->fnet->counters, FINJECT_COUNT_COPIES);
	finject_park_commit(&hs->fnet->park, parked);
}

/*
 * Keep a copy to make further copies of: the original is gone when the first
 * copy is due.
 */
static bool action_duplicate(struct finject_hook_state *hs)
{
	const struct finject_spec *spec = &hs->rule->spec;
	struct sk_buff *model = finject_copy(hs->skb), *copy;
	u64 span = 0;
	u32 i;

	action_send(hs, hs->skb);
	for (i = 0; model && i < spec->copies; i++) {
		span = min_t(u64, span + spec->gap, FINJECT_NSEC_MAX);
		copy = model;
		model = NULL;
		if (i + 1 < spec->copies)
			model = finject_copy(copy);
		action_park_copy(hs, copy, span);
	}
	if (i < spec->copies)
		finject_count(hs->fnet->counters, FINJECT_COUNT_NOMEM);
	return true;
}

/* Get the sequence number that the segment's receiver expects next. */
static u32 action_expected_next(const struct finject_hook_state *hs)
{
	const struct finject_stage *stage = &hs->flow->stage;
	unsigned int peer = !hs->segment.flow_dir;
	u32 seq = hs->segment.wire.seq;

	if ((stage->ack_seen & BIT(peer)) && (s32)(stage->ack_max[peer] - seq) > 0)
		return stage->ack_max[peer];
	return seq;
}

/*
 * A segment without ACK does not tell the sequence number that its sender
 * expects: that sender gets no RST.
 */
static bool action_prepare_reset(struct finject_hook_state *hs)
{
	const struct finject_segment *segment = &hs->segment;
	bool acks = segment->wire.flags & FINJECT_TCP_ACK;
	u8 ends = hs->rule->spec.reset;

	if (ends & FINJECT_RESET_RECEIVER) {
		hs->rst_receiver = finject_reset_for_receiver(hs->skb, segment,
							      action_expected_next(hs));
		if (!hs->rst_receiver)
			goto err;
	}
	if ((ends & FINJECT_RESET_SENDER) && acks) {
		hs->rst_sender = finject_reset_for_sender(hs->skb, segment);
		if (!hs->rst_sender)
			goto err;
	}
	return true;

err:
	kfree_skb(hs->rst_receiver);
	finject_count(hs->fnet->counters, FINJECT_COUNT_NOMEM);
	return false;
}

static void action_count_rst(struct finject_hook_state *hs, bool sent)
{
	finject_count(hs->fnet->counters, sent ? FINJECT_COUNT_RESETS :
						 FINJECT_COUNT_RESETS_REFUSED);
}

static bool action_reset(struct finject_hook_state *hs)
{
	struct sk_buff *rst = hs->rst_receiver;

	if (rst)
		action_count_rst(hs, finject_reinject(rst, hs->state, hs->ops));
	rst = hs->rst_sender;
	if (rst)
		action_count_rst(hs, finject_reset_sender(rst, hs->skb,
							  hs->state,
							  &hs->segment));
	kfree_skb(hs->skb);
	return true;
}

/**
 * struct action_ops - one action
 * @verdict: verdict on the segment
 * @counter: counter of the segments that it disposes of; FINJECT_COUNTERS for
 *	none, where the park counts them
 * @prepare: prepare the action, under finject_flow.lock; false when it cannot
 *	be carried out. NULL when there is nothing to prepare
 * @commit: carry it out, no finject lock held; true if the skb was taken
 */
struct action_ops {
	enum finject_verdict verdict;
	enum finject_counter counter;
	bool (*prepare)(struct finject_hook_state *hs);
	bool (*commit)(struct finject_hook_state *hs);
};

static const struct action_ops action_ops[FINJECT_ACTIONS] = {
	[FINJECT_PASS] = { FINJECT_VERDICT_PASS, FINJECT_COUNT_PASSED,
			   NULL, action_pass },
	[FINJECT_DROP] = { FINJECT_VERDICT_DROP, FINJECT_COUNT_DROPPED,
			   NULL, action_drop },
	[FINJECT_DELAY] = { FINJECT_VERDICT_DELAY, FINJECT_COUNTERS,
			    action_prepare_delay, action_park },
	[FINJECT_DUPLICATE] = { FINJECT_VERDICT_DUPLICATE, FINJECT_COUNT_PASSED,
				NULL, action_duplicate },
	[FINJECT_HOLD] = { FINJECT_VERDICT_HOLD, FINJECT_COUNTERS,
			   action_prepare_hold, action_park },
	[FINJECT_RESET] = { FINJECT_VERDICT_RESET, FINJECT_COUNT_RESET,
			    action_prepare_reset, action_reset },
};

/*
 * The FIN is on the last wire segment of a GSO skb: the rule acts on that
 * segment, and the data before it is sent at once. A rule that lets the FIN
 * pass needs no split.
 */
static bool action_split(struct finject_hook_state *hs)
{
	struct sk_buff *last, *data;

	last = finject_split(hs->skb, hs->state->hook, &data);
	if (!last) {
		finject_count(hs->fnet->counters, FINJECT_COUNT_UNSPLIT);
		return false;
	}
	hs->whole = hs->skb;
	hs->data = data;
	hs->skb = last;
	return true;
}

/**
 * finject_action_prepare - settle a segment's verdict
 * @hs: the segment and the rule that fired
 *
 * Context: under RCU and the lock of the segment's flow.
 */
void finject_action_prepare(struct finject_hook_state *hs)
{
	enum finject_action action = hs->rule->spec.action;

	lockdep_assert_held(&hs->flow->lock);
	hs->ops = &hs->fnet->ops[hs->state->hook];
	hs->data = NULL;
	hs->parked = NULL;
	hs->rst_receiver = NULL;
	hs->rst_sender = NULL;
	if ((action != FINJECT_PASS && hs->many && !action_split(hs)) ||
	    (action_ops[action].prepare && !action_ops[action].prepare(hs)))
		action = FINJECT_PASS;
	hs->action = action;
	hs->verdict = action_ops[action].verdict;
}

/* Send the data before a FIN that was split off. */
static void action_send_data(struct finject_hook_state *hs)
{
	struct sk_buff *data = hs->data, *next;

	for (; data; data = next) {
		next = data->next;
		skb_mark_not_on_list(data);
		finject_reinject(data, hs->state, hs->ops);
	}
	consume_skb(hs->whole);
}

/**
 * finject_action_commit - carry out a settled verdict
 * @hs: the segment, after finject_action_prepare()
 *
 * Context: at a netfilter hook, under RCU, no finject lock held.
 * Return: true if the skb was taken; if not, the hook accepts it.
 */
bool finject_action_commit(struct finject_hook_state *hs)
{
	const struct action_ops *ops = &action_ops[hs->action];
	bool taken;

	if (hs->whole)
		action_send_data(hs);
	if (ops->counter != FINJECT_COUNTERS)
		finject_count(hs->fnet->counters, ops->counter);
	taken = ops->commit(hs);
	if (hs->rule->release)
		finject_park_release_tag(&hs->fnet->park, hs->rule->release);
	return taken;
}
