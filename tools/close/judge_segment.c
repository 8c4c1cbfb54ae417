// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about what an end sends: each of these holds for any segment, whatever
 * else of the connection was recorded.
 */
#include "judge_rules.h"

JUDGE_RULE(no_ack, DEPARTS, "no-ack", "3.1",
	   "sent a segment without ACK on an established connection");
JUDGE_RULE(ack_beyond, DEPARTS, "ack-beyond", "3.4",
	   "acknowledged more than the other end's FIN");
JUDGE_RULE(fin_old, UNDECIDED, "fin-old", "3.4",
	   "acknowledged more than the other end's FIN; that may be an old duplicate");
JUDGE_RULE(ack_unheard, DEPARTS, "ack-unheard", "3.10.7.4",
	   "acknowledged a FIN that had not come");
JUDGE_RULE(ack_back, DEPARTS, "ack-back", "3.4",
	   "acknowledged less than before: RCV.NXT went back");
JUDGE_RULE(rst_invented, DEPARTS, "rst-seq", "3.10.7.1",
	   "sent a RST whose number is neither asked for nor its own");
JUDGE_RULE(fin_moved, DEPARTS, "fin-moved", "3.8.1",
	   "sent a FIN elsewhere in sequence space than before");
JUDGE_RULE(behind_fin, DEPARTS, "behind-fin", "3.10.2",
	   "sent data behind its FIN");
JUDGE_RULE(fin_place, DEPARTS, "fin-place", "3.4",
	   "sent an octet of data with the sequence number of its FIN");
JUDGE_RULE(fin_state, DEPARTS, "fin-state", "3.10.4",
	   "sent a FIN without leaving the state it was in");
JUDGE_RULE(rtx_acked, DEPARTS, "rtx-acked", "3.10.7.4",
	   "sent its FIN again though its ACK had come");
JUDGE_OMISSION(rtx_unheeded, "rtx-acked", "3.10.7.4",
	       "sent its FIN again though its ACK had come");
JUDGE_RULE(closed_speaks, DEPARTS, "closed-speaks", "3.10.7.1",
	   "sent something other than a RST when it was closed");
JUDGE_RULE(wait_sends, DEPARTS, "wait-sends", "3.10.4",
	   "sent data or a FIN when both directions were closed");
JUDGE_RULE(ack_stateless, DEPARTS, "ack-state", "3.10.7.4",
	   "acknowledged a FIN without changing its state for it");

enum {
	RACE_MS = 50,	/* an ACK that came while the timer ran out */
	LAG_MS = 10,	/* between a change of state and what goes with it */
};

static u32 length_of_fin(const struct judge_end *end)
{
	for (size_t i = 0; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		if (event->kind == JUDGE_CAME && event->flags & FLAG_FIN &&
		    event->end == end->peer_fin_end)
			return event->end - event->seq;
	}
	return 0;
}

/*
 * An old duplicate of a connection before (3.4) is no FIN of this one. That one
 * begins at RCV.NXT, or behind data, or SND.NXT is behind it. Where states are
 * known they tell.
 */
static bool is_fin_sure(const struct judge_view *view)
{
	const struct judge_end *end = view->end;
	u32 length = length_of_fin(end);

	if (end->place == JUDGE_HERE || end->whole)
		return true;
	for (size_t i = 0; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		if ((event->kind == JUDGE_CAME &&
		     (event->seq == end->peer_fin_end ||
		      event->end == end->peer_fin_end - length)) ||
		    (event->kind == JUDGE_SENT && event->flags & FLAG_ACK &&
		     end->peer_fin_end - event->ack <= length))
			return true;
	}
	return false;
}

static const struct judge_rule *judge_ack(const struct judge_view *view,
					  const struct judge_event *event)
{
	if (!judge_answers(view, event) ||
	    event->ack == view->end->peer_fin_end)
		return NULL;
	return is_fin_sure(view) ? &ack_beyond : &fin_old;
}

static const struct judge_rule *judge_heard(const struct judge_view *view,
					    const struct judge_event *event)
{
	return judge_answers(view, event) && !view->peer_fin ? &ack_unheard :
		NULL;
}

static bool was_asked_for(const struct judge_view *view, u32 seq)
{
	for (size_t i = 0; i < view->at; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind == JUDGE_CAME && event->flags & FLAG_ACK &&
		    event->ack == seq)
			return true;
	}
	return false;
}

/*
 * Nothing is behind a FIN: it ends where the first one did, no data is sent
 * behind it or in its place, and it is not sent before the data.
 */
static const struct judge_rule *judge_room(const struct judge_view *view,
					   const struct judge_event *event)
{
	bool fin = event->flags & FLAG_FIN;

	if (!view->fin_sent)
		return fin && view->sent_t && event->end != view->sent &&
		       seq_reached(view->sent, event->end) ? &behind_fin : NULL;
	if (fin && event->end != view->fin_end)
		return &fin_moved;
	if (seq_reached(event->end, view->fin_end + 1))
		return &behind_fin;
	return !fin && event->end == view->fin_end ? &fin_place : NULL;
}

/*
 * Where is SND.NXT, or what it never came behind? The FIN of an end tells, also one
 * that it sends after the RST.
 */
static bool find_next(const struct judge_view *view, u32 *next)
{
	const struct judge_end *end = view->end;

	*next = view->fin_sent ? view->fin_end : view->next;
	if (view->fin_sent)
		return true;
	if (end->place == JUDGE_HERE)
		return end->whole && view->placed;
	for (size_t i = view->at; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		if (event->kind != JUDGE_SENT || !(event->flags & FLAG_FIN) ||
		    event->flags & FLAG_SYN)
			continue;
		*next = event->end;
		return true;
	}
	return false;
}

/**
 * judge_rst() - check the number of a RST
 * @view: the end before it
 * @event: the RST
 *
 * An answer takes its number from SEG.ACK, an abort uses SND.NXT, which is known
 * once the end has sent its FIN, or a pure ACK where it was recorded itself.
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_rst(const struct judge_view *view,
				   const struct judge_event *event)
{
	u32 next;

	if (event->flags & FLAG_ACK || !find_next(view, &next) ||
	    seq_reached(next, event->seq) || was_asked_for(view, event->seq))
		return NULL;
	return &rst_invented;
}

static const struct judge_rule *judge_place(const struct judge_view *view,
					    const struct judge_event *event)
{
	if (view->fin_sent && event->end != event->seq && view->acked_t &&
	    event->t > view->acked_t + RACE_MS * judge_ms)
		return is_pending(view->state) ? &rtx_unheeded : &rtx_acked;
	return NULL;
}

/* Linux, as the RFC, changes the state of a socket before it sends the FIN. */
static const struct judge_rule *judge_in_state(const struct judge_view *view,
					       const struct judge_event *event)
{
	switch (view->state) {
	case STATE_SYN_RECV:
	case STATE_ESTABLISHED:
	case STATE_CLOSE_WAIT:
		return event->flags & FLAG_FIN ? &fin_state : NULL;
	case STATE_CLOSED:
		if (!view->entered ||
		    event->t <= view->entered + LAG_MS * judge_ms)
			return NULL;
		if (!view->waits)
			return &closed_speaks;
		return event->end != event->seq ? &wait_sends : NULL;
	default:
		return NULL;
	}
}

/* The ACK of a FIN is sent in the same breath as the state is changed. */
static const struct judge_rule *judge_answer(const struct judge_view *view,
					     const struct judge_event *event)
{
	u64 until = event->t + LAG_MS * judge_ms;

	if (view->state != STATE_ESTABLISHED &&
	    view->state != STATE_FIN_WAIT1 && view->state != STATE_FIN_WAIT2)
		return NULL;
	if (!judge_answers(view, event) || !judge_watched(view, until) ||
	    judge_next(view, JUDGE_STATE, until))
		return NULL;
	return &ack_stateless;
}

/**
 * judge_numbers() - check the numbers of a segment that is no RST
 * @view: the end before it
 * @event: the segment
 *
 * These hold wherever an end was seen, and whatever was lost or overtaken.
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_numbers(const struct judge_view *view,
				       const struct judge_event *event)
{
	const struct judge_rule *rule;

	if (!(event->flags & FLAG_ACK))
		return &no_ack;
	rule = judge_ack(view, event);
	if (!rule && event->end != event->seq)
		rule = judge_room(view, event);
	return rule;
}

/**
 * judge_sent() - check that the end may send this segment
 * @view: the end before it
 * @event: the segment
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_sent(const struct judge_view *view,
				    const struct judge_event *event)
{
	const struct judge_rule *rule = NULL;

	if (event->flags & FLAG_SYN)
		return NULL;
	if (event->flags & FLAG_ACK)
		rule = judge_ack(view, event);
	if (!rule && event->flags & FLAG_ACK)
		rule = judge_heard(view, event);
	if (rule)
		return rule;
	if (event->flags & FLAG_RST)
		return judge_rst(view, event);
	rule = judge_numbers(view, event);
	if (rule)
		return rule;
	if (view->acked && !seq_reached(event->ack, view->ack))
		return &ack_back;
	rule = judge_place(view, event);
	if (!rule)
		rule = judge_in_state(view, event);
	return rule ? rule : judge_answer(view, event);
}
