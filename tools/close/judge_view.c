// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an end has been seen to do so far.
 */
#include "judge_view.h"

/**
 * judge_watched() - check that the end was still watched at some time
 * @view: the end
 * @t: the time, ns
 *
 * Return: true when something that did not happen until @t can be said not to
 * have happened.
 */
bool judge_watched(const struct judge_view *view, u64 t)
{
	return view->end->until >= t;
}

/**
 * judge_is_fresh() - check that no stack can call this segment stale
 * @view: the end that it came to
 * @event: the segment
 *
 * One that was overtaken may fail the tests of section 3.10.7.4 (first), of
 * RFC 5961 or of RFC 7323 (PAWS); whether it does cannot be seen from outside.
 *
 * Return: true when nothing newer came before it.
 */
bool judge_is_fresh(const struct judge_view *view,
		    const struct judge_event *event)
{
	if (view->acked && !seq_reached(event->end, view->ack))
		return false;
	return !view->came || (seq_reached(event->end, view->came_seq) &&
			       seq_reached(event->ack, view->came_ack));
}

/**
 * judge_next() - find the next event of a kind
 * @view: the end
 * @kind: what kind of event to look for
 * @until: how far to look, ns
 *
 * Return: the first such event behind the present one, or NULL.
 */
const struct judge_event *judge_next(const struct judge_view *view,
				     enum judge_kind kind, u64 until)
{
	const struct judge_end *end = view->end;

	for (size_t i = view->at + 1; i < end->count; i++) {
		if (end->event[i].t > until)
			break;
		if (end->event[i].kind == kind)
			return &end->event[i];
	}
	return NULL;
}

/**
 * judge_over() - check that a SYN cannot be of this connection
 * @view: the end
 *
 * Return: true when the end has closed, or waits in TIME_WAIT; of one whose
 *	states are not known, when both FINs were acknowledged or a RST was seen.
 */
bool judge_over(const struct judge_view *view)
{
	if (view->end->place == JUDGE_HERE)
		return view->state == STATE_TIME_WAIT ||
		       (view->state == STATE_CLOSED && view->entered);
	return view->rst_came || view->rst_sent ||
	       (view->fin_acked && view->acked && is_answer(view, view->ack));
}

/* A FIN may be on the SYN-ACK (3.10.7.3); any other SYN opens anew. */
static bool is_opening(const struct judge_event *event)
{
	return event->flags & FLAG_SYN &&
	       !(event->flags & FLAG_ACK && event->flags & FLAG_FIN);
}

/* A pure ACK has the number SND.NXT, and data after it is recorded. */
static void remember_next(struct judge_view *view,
			  const struct judge_event *event)
{
	if (!view->placed && event->end != event->seq)
		return;
	if (!view->placed || seq_reached(event->end, view->next))
		view->next = event->end;
	view->placed = true;
}

static void remember_sent(struct judge_view *view,
			  const struct judge_event *event)
{
	view->rst_sent |= !!(event->flags & FLAG_RST);
	/* the first that is seen of a connection may be its own SYN */
	view->syn |= is_opening(event) && (view->acked || view->came);
	if (event->flags & FLAG_RST || is_opening(event))
		return;
	if (!view->acked || seq_reached(event->ack, view->ack))
		view->ack = event->ack;
	view->acked = true;
	view->answers += judge_answers(view, event);
	remember_next(view, event);
	if (event->end == event->seq)
		return;
	if (!view->sent_t || !seq_reached(view->sent, event->end)) {
		view->sent = event->end;
		view->run = 0;
	}
	/* a burst of others is no backoff (SACK, a tail-loss probe) */
	if (event->seq != view->sent_seq)
		view->run = 0;
	view->gap = event->t - view->sent_t;
	view->sent_t = event->t;
	view->sent_seq = event->seq;
	view->run++;
	if (event->flags & FLAG_FIN) {
		view->fin_sent = true;
		view->fin_end = event->end;
	}
}

static void remember_ack(struct judge_view *view,
			 const struct judge_event *event, bool fresh)
{
	if (!view->came || seq_reached(event->end, view->came_seq))
		view->came_seq = event->end;
	if (!view->came || seq_reached(event->ack, view->came_ack))
		view->came_ack = event->ack;
	view->came = true;
	if (!view->fin_sent || !seq_reached(event->ack, view->fin_end))
		return;
	view->fin_acked = true;
	if (fresh && !view->acked_t)
		view->acked_t = event->t;
}

/*
 * RFC 5961 section 3, now 3.10.7.4 second: a RST that is not exactly at
 * RCV.NXT resets nothing. Linux takes one on the FIN before it as well.
 */
static bool is_blind(const struct judge_view *view,
		     const struct judge_event *event)
{
	if (event->flags & FLAG_MADE || !view->peer_fin || !view->acked ||
	    !is_answer(view, view->ack))
		return false;
	return event->seq != view->ack && event->seq != view->ack - 1;
}

static void remember_came(struct judge_view *view,
			  const struct judge_event *event)
{
	bool fresh = judge_is_fresh(view, event);

	view->run = 0;
	view->heard = event->t;
	view->rst_came |= event->flags & FLAG_RST && !is_blind(view, event);
	/* elsewhere 3.10.7.4, fourth: a challenge ACK, and nothing changes */
	view->syn |= is_opening(event) && judge_over(view);
	if (event->flags & FLAG_RST || is_opening(event))
		return;
	if (event->flags & FLAG_ACK)
		remember_ack(view, event, fresh);
	if (event->flags & FLAG_FIN) {
		view->peer_fin = true;
		view->peer_fin_t = event->t;
	}
}

static void remember_state(struct judge_view *view,
			   const struct judge_event *event)
{
	if (event->from == event->to) {
		view->waits = true;
		return;
	}
	view->left = event->from;
	view->state = event->to;
	view->entered = event->t;
	view->cause = event->cause;
	view->waits = event->to == STATE_TIME_WAIT ||
		      (event->to == STATE_CLOSED &&
		       event->cause == CLOSED_UNKNOWN);
}

/**
 * judge_remember() - take an event into account
 * @view: the end before it
 * @event: the event
 */
void judge_remember(struct judge_view *view, const struct judge_event *event)
{
	if (event->kind == JUDGE_SENT)
		remember_sent(view, event);
	else if (event->kind == JUDGE_CAME)
		remember_came(view, event);
	else if (event->kind == JUDGE_STATE)
		remember_state(view, event);
	else
		view->stopped = true;
}
