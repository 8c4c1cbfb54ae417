// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of an end although the RFC allows it, or although another
 * history explains it: nothing here changes a verdict.
 */
#include "judge_remote.h"
#include "judge_rules.h"

JUDGE_RULE(overflow, OK, "overflow", "3.6.1",
	   "found no room for a timewait socket (tcp_max_tw_buckets, TCPTimeWaitOverflow)");
JUDGE_RULE(gave_up, OK, "gave-up", "3.8.3",
	   "gave up: nothing answered, or an ICMP error came");
JUDGE_RULE(wait2_over, OK, "fin-wait2-timeout", "3.6",
	   "left FIN_WAIT2 by a timer (tcp_fin_timeout), and the other end had not closed");
JUDGE_RULE(rto_constant, OK, "rto-constant", "3.8.1",
	   "sent the same again in equal intervals: its timer does not back off (RFC 6298, 5.5)");
JUDGE_RULE(rto_shrinks, OK, "rto-shrinks", "3.8.1",
	   "sent the same again sooner than before: its timer does not back off (RFC 6298, 5.5)");
JUDGE_RULE(hole, OK, "ack-hole", "3.10.7.4",
	   "acknowledged octets that were only seen to be dropped on their way to it");
JUDGE_RULE(rst_unasked, OK, "rst-unasked", "3.10.5",
	   "sent a RST that no segment asked for: an abort");
JUDGE_RULE(rst_in_wait, OK, "rst-in-wait", "3.10.7.4",
	   "stayed in TIME_WAIT though a RST came exactly at RCV.NXT, as RFC 1337 advises");
JUDGE_RULE(rst_ignored, OK, "rst-ignored", "3.10.7.4",
	   "went on though a RST exactly at RCV.NXT was on its way to it");
JUDGE_RULE(no_wait, OK, "no-wait", "3.6.1",
	   "answered a FIN with a RST when its minute of TIME_WAIT was not over");
JUDGE_RULE(wait_passive, OK, "wait-passive", "3.6",
	   "acknowledged a FIN as in TIME_WAIT, and was the passive closer");

static const u64 s = 1000 * judge_ms;

enum {
	ABORT_MS = 10,
	PROMPT_MS = 50,
	QUIET_S = 1,
	WAIT_S = 60,
	RTO_CAP_S = 55,		/* an interval that need not grow (RFC 6298, 2.5) */
	SENDS = 5,		/* so four intervals; the first may be a probe */
	NEAR = 64,		/* events between retransmissions */
};

/* The times of the last transmissions of what @event is one of, newest first. */
static unsigned int transmissions(const struct judge_view *view,
				  const struct judge_event *event, u64 *t)
{
	size_t from = view->at > NEAR ? view->at - NEAR : 0;
	unsigned int count = 1;

	t[0] = event->t;
	for (size_t i = view->at; i-- > from && count < SENDS;) {
		const struct judge_event *old = &view->end->event[i];

		if (old->kind == JUDGE_CAME)
			break;
		if (old->kind == JUDGE_SENT && old->end == event->end &&
		    old->end != old->seq && !(old->flags & FLAG_RST))
			t[count++] = old->t;
	}
	return count;
}

static const struct judge_rule *backoff(const struct judge_view *view,
					const struct judge_event *event)
{
	u64 t[SENDS], gap[SENDS - 1];

	if (event->end == event->seq || event->flags & (FLAG_RST | FLAG_SYN) ||
	    transmissions(view, event, t) < SENDS)
		return NULL;
	for (int i = 0; i < SENDS - 1; i++)
		gap[i] = t[i] - t[i + 1];
	if (gap[1] > RTO_CAP_S * s)
		return NULL;
	if (gap[0] * 4 < gap[1] * 3)
		return &rto_shrinks;
	return gap[0] * 4 < gap[1] * 5 && gap[1] * 4 < gap[2] * 5 ?
		&rto_constant : NULL;
}

/* The octet before SEG.ACK was on its way, was dropped, and did not come. */
static const struct judge_rule *over_hole(const struct judge_view *view,
					  const struct judge_event *event)
{
	bool stopped = false;

	if (!view->stopped || !(event->flags & FLAG_ACK) ||
	    event->flags & FLAG_RST)
		return NULL;
	for (size_t i = 0; i < view->at; i++) {
		const struct judge_event *old = &view->end->event[i];

		if ((old->kind != JUDGE_STOPPED && old->kind != JUDGE_CAME) ||
		    old->flags & FLAG_RST || seq_reached(old->seq, event->ack) ||
		    !seq_reached(old->end, event->ack))
			continue;
		if (old->kind == JUDGE_CAME)
			return NULL;
		stopped = true;
	}
	return stopped ? &hole : NULL;
}

static bool is_abort(const struct judge_view *view,
		     const struct judge_event *event)
{
	const struct judge_event *change;

	change = judge_next(view, JUDGE_STATE, event->t + ABORT_MS * judge_ms);
	return event->t <= view->entered + ABORT_MS * judge_ms ||
	       (change && change->to == STATE_CLOSED);
}

static const struct judge_rule *reset(const struct judge_view *view,
				      const struct judge_event *event)
{
	if (view->end->one_way || judge_asked(view, event->t, QUIET_S * s))
		return NULL;
	/* the record of the state says why (kill, SO_LINGER, unread data) */
	if (view->end->place == JUDGE_HERE && is_abort(view, event))
		return NULL;
	return &rst_unasked;
}

/**
 * judge_note_sent() - see what is remarkable in a segment that an end sent
 * @view: the end before it
 * @event: the segment
 *
 * Return: a note, or NULL.
 */
const struct judge_rule *judge_note_sent(const struct judge_view *view,
					 const struct judge_event *event)
{
	const struct judge_rule *rule;

	if (view->end->place == JUDGE_BLIND)
		return NULL;
	if (event->flags & FLAG_RST)
		return reset(view, event);
	rule = over_hole(view, event);
	return rule ? rule : backoff(view, event);
}

static bool is_at_next(const struct judge_view *view,
		       const struct judge_event *event)
{
	return event->flags & FLAG_RST && !(event->flags & FLAG_MADE) &&
	       view->acked && event->seq == view->ack;
}

/**
 * judge_note_came() - see what an end makes of a RST
 * @view: the end before it
 * @event: the segment that came
 *
 * Return: a note, or NULL.
 */
const struct judge_rule *judge_note_came(const struct judge_view *view,
					 const struct judge_event *event)
{
	u64 until = event->t + QUIET_S * s;

	if (view->state != STATE_TIME_WAIT || !is_at_next(view, event) ||
	    !judge_watched(view, until) || judge_next(view, JUDGE_STATE, until))
		return NULL;
	return &rst_in_wait;
}

/**
 * judge_note_state() - see why an end closed
 * @view: the end before the change of state
 * @event: the change
 *
 * Return: a note, or NULL.
 */
const struct judge_rule *judge_note_state(const struct judge_view *view,
					  const struct judge_event *event)
{
	if (event->to != STATE_CLOSED)
		return NULL;
	switch (event->cause) {
	case CLOSED_BY_STACK:
		return &overflow;
	case CLOSED_BY_TIMEOUT:
		return &gave_up;
	case CLOSED_BY_TIMER:
		return event->from == STATE_FIN_WAIT2 ? &wait2_over : NULL;
	default:
		return NULL;
	}
}

/* Did this end's FIN come first? Then it did not acknowledge the other's. */
static bool is_active(const struct judge_view *view)
{
	for (size_t i = 0; i < view->at; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind == JUDGE_SENT && event->flags & FLAG_FIN)
			return !judge_answers(view, event);
	}
	return false;
}

static u64 last_answer(const struct judge_view *view)
{
	for (size_t i = view->at; i--;) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind == JUDGE_SENT && !(event->flags & FLAG_RST) &&
		    judge_answers(view, event))
			return event->t;
	}
	return view->acked_t;
}

/*
 * An active closer whose FIN was acknowledged is in FIN_WAIT2 or TIME_WAIT,
 * and acknowledges a FIN. `ss -K` ends both, too.
 */
static const struct judge_rule *gone(const struct judge_view *view,
				     const struct judge_event *event)
{
	const struct judge_event *asked;

	asked = judge_asked(view, event->t, PROMPT_MS * judge_ms);
	if (!asked || !(asked->flags & FLAG_FIN) || view->rst_came ||
	    view->rst_sent || !view->fin_acked || !is_active(view) ||
	    event->t > last_answer(view) + WAIT_S * s)
		return NULL;
	return &no_wait;
}

/* It had sent its FIN again after its ACK: that ACK was lost. */
static bool sent_fin_since(const struct judge_view *view, u64 t)
{
	for (size_t i = view->at; i--;)
		if (view->end->event[i].kind == JUDGE_SENT &&
		    view->end->event[i].flags & FLAG_FIN)
			return view->end->event[i].t > t;
	return false;
}

static const struct judge_rule *waits(const struct judge_view *view,
				      const struct judge_event *event)
{
	const struct judge_event *asked;

	asked = judge_asked(view, event->t, PROMPT_MS * judge_ms);
	if (!asked || !(asked->flags & FLAG_FIN) || !view->acked_t ||
	    asked->t < view->acked_t + QUIET_S * s ||
	    event->flags & FLAG_FIN || is_active(view) ||
	    !judge_answers(view, event) || sent_fin_since(view, view->acked_t))
		return NULL;
	return &wait_passive;
}

static const struct judge_rule *after_rst(const struct judge_view *view,
					  const struct judge_event *event)
{
	for (size_t i = view->at; i--;) {
		const struct judge_event *old = &view->end->event[i];

		if (old->kind == JUDGE_SENT)
			continue;
		if (old->kind == JUDGE_CAME && is_at_next(view, old) &&
		    event->t > old->t + PROMPT_MS * judge_ms)
			return view->fin_acked && is_answer(view, view->ack) ?
				&rst_in_wait : &rst_ignored;
	}
	return NULL;
}

/**
 * judge_note_remote() - see what is remarkable in what a remote end sent
 * @view: the end before it, as seen from elsewhere
 * @event: the segment
 *
 * Return: a note, or NULL.
 */
const struct judge_rule *judge_note_remote(const struct judge_view *view,
					   const struct judge_event *event)
{
	const struct judge_rule *rule;

	if (view->end->place != JUDGE_FAR || event->flags & FLAG_SYN)
		return NULL;
	if (event->flags & FLAG_RST)
		return gone(view, event);
	rule = waits(view, event);
	/* the second of two answers to the same question is no copy */
	if (!rule && view->rst_came &&
	    judge_asked(view, event->t, PROMPT_MS * judge_ms))
		rule = after_rst(view, event);
	return rule;
}
