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

static u64 due_time(const struct finject_crossing *crossing)
{
	const struct finject_spec *spec = &crossing->rule->spec;

	if (spec->action == FINJECT_HOLD)
		return after(crossing->now, spec->max);
	return after(crossing->now,
		     finject_schedule_delay(spec->delay, spec->jitter,
					    spec->dist, &crossing->throw));
}

static struct finject_parked *make_entry(struct finject_crossing *crossing,
					 struct sk_buff *skb, u64 due)
{
	struct finject_parked *parked;

	parked = finject_park_prepare(&crossing->fnet->park, skb,
				      crossing->state);
	if (!parked)
		return NULL;
	parked->rule = crossing->rule;
	parked->class = crossing->throw.class;
	parked->at = crossing->now;
	parked->key.due = due;
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

/*
 * The FIN is on the last wire segment of a GSO skb: that one gets what the rule
 * does, the data before it goes on at once. A rule that lets it pass needs no
 * split.
 */
static bool carve(struct finject_crossing *crossing)
{
	struct sk_buff *last, *data;

	if (!crossing->many || crossing->verdict == FINJECT_PASSED)
		return true;
	last = finject_carve(crossing->skb, crossing->state->hook, &data);
	if (!last) {
		finject_count(crossing->fnet, FINJECT_SKIPPED_UNCARVED);
		return false;
	}
	crossing->whole = crossing->skb;
	crossing->data = data;
	crossing->skb = last;
	return true;
}

/**
 * finject_action_prepare - settle a segment's verdict
 * @crossing: the segment and the rule that fired, or none
 *
 * What can be refused (to split a GSO skb, room to park, memory for a RST) is
 * refused here, before the verdict is told to anyone; then the segment passes.
 *
 * Context: under RCU and finject_flows.lock.
 */
void finject_action_prepare(struct finject_crossing *crossing)
{
	struct finject_rule *rule = crossing->rule;
	bool able;

	lockdep_assert_held(&crossing->fnet->flows.lock);
	crossing->verdict = rule ? (enum finject_verdict)rule->spec.action :
				   FINJECT_PASSED;
	able = carve(crossing);
	if (able && (crossing->verdict == FINJECT_DELAYED ||
		     crossing->verdict == FINJECT_HELD))
		able = prepare_park(crossing);
	else if (able && crossing->verdict == FINJECT_RESETTED)
		able = prepare_reset(crossing);
	if (!able)
		crossing->verdict = FINJECT_PASSED;
}

/*
 * The original goes on from here, before its copies and before what it
 * releases; those go on from the park's runner.
 */
static void go_on_now(struct finject_crossing *crossing, struct sk_buff *skb)
{
	if (!finject_reinject(skb, crossing->state, crossing->ops))
		finject_count(crossing->fnet, FINJECT_REFUSED);
}

/* The data before a FIN that was carved off. */
static void send_data(struct finject_crossing *crossing)
{
	struct sk_buff *data = crossing->data, *next;

	for (; data; data = next) {
		next = data->next;
		skb_mark_not_on_list(data);
		finject_reinject(data, crossing->state, crossing->ops);
	}
	consume_skb(crossing->whole);
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
 * The one kept back for copying outlives the original, which is gone when the
 * first copy is due.
 */
static void duplicate(struct finject_crossing *crossing)
{
	const struct finject_spec *spec = &crossing->rule->spec;
	struct sk_buff *model = finject_copy(crossing->skb), *copy;
	u64 span = 0;
	u32 i;

	go_on_now(crossing, crossing->skb);

	for (i = 0; model && i < spec->copies; i++) {
		span = min_t(u64, span + spec->gap, FINJECT_NSEC_MAX);
		copy = model;
		model = NULL;
		if (i + 1 < spec->copies)
			model = finject_copy(copy);
		park_copy(crossing, copy, after(crossing->now, span));
	}
	if (i < spec->copies)
		finject_count(crossing->fnet, FINJECT_SKIPPED_NOMEM);
}

static void count_rst(struct finject_crossing *crossing, bool sent)
{
	finject_count(crossing->fnet, sent ? FINJECT_RESETS :
					     FINJECT_RESETS_REFUSED);
}

static void reset(struct finject_crossing *crossing)
{
	struct sk_buff *rst = crossing->rst_receiver;

	if (rst)
		count_rst(crossing, finject_reinject(rst, crossing->state,
						     crossing->ops));
	rst = crossing->rst_sender;
	if (rst)
		count_rst(crossing, finject_reset_sender(rst, crossing->skb,
							 crossing->state,
							 &crossing->segment));
	kfree_skb(crossing->skb);
}

/* What no hook has to give back goes on by itself. */
static bool pass(struct finject_crossing *crossing)
{
	if (!crossing->whole && (!crossing->rule || !crossing->rule->release))
		return false;
	go_on_now(crossing, crossing->skb);
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

	if (crossing->whole)
		send_data(crossing);
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
