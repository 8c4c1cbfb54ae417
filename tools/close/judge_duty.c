// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about what an end must do, and by when. Something that is not there is
 * held against an end only while it was watched, and only when the segment
 * that asks for it cannot have been thrown away as stale.
 */
#include "judge_rules.h"

JUDGE_OMISSION(rst_owed, "rst-owed", "3.10.7.1",
	       "was closed and did not answer a segment with a RST");
JUDGE_OMISSION(rst_ignored, "rst-ignored", "3.10.7.4",
	       "did not close on a RST that was exactly at RCV.NXT");
JUDGE_OMISSION(ack_ignored, "ack-ignored", "3.10.7.4",
	       "did not change its state when its FIN was acknowledged");
JUDGE_RULE(fin_unanswered, DEPARTS, "fin-unanswered", "3.10.7.4",
	   "did not acknowledge a FIN within half a second");
JUDGE_OMISSION(fin_repeated, "fin-repeated", "3.10.7.4",
	       "did not acknowledge a FIN that came again");
JUDGE_RULE(unreached, UNDECIDED, "unreached", "3.10.7.4",
	   "answered nothing, and nothing else left it; it may have had no route");
JUDGE_RULE(fin_untaken, UNDECIDED, "fin-untaken", "3.10.7.4",
	   "neither took a FIN nor answered it; a full buffer may explain it");
JUDGE_RULE(rtx_missing, DEPARTS, "rtx-missing", "3.8.1",
	   "did not send its FIN again when its timer must have run out");
JUDGE_RULE(wait_short, DEPARTS, "wait-short", "3.10.7.4",
	   "left TIME_WAIT before its minute since the last FIN was over");
JUDGE_RULE(wait_long, DEPARTS, "wait-long", "3.10.8",
	   "was in TIME_WAIT for more than four minutes");
JUDGE_RULE(wait_missing, DEPARTS, "wait-missing", "3.6.1",
	   "did not wait in TIME_WAIT; Linux does so over tcp_max_tw_buckets");

static const u64 s = 1000 * judge_ms;

enum {
	SETTLE_MS = 10,
	ACK_MS = 500,		/* MUST-40; Linux delays 200 ms at most */
	PATIENCE_S = 1,
	RTO_MAX_S = 130,	/* 120, and what a timer may be late */
	WAIT_S = 60,
	MSL2_S = 241,
};

static bool closed(const struct judge_view *view)
{
	return view->state == STATE_CLOSED && view->entered && !view->waits;
}

typedef bool judge_is(const struct judge_view *view,
		      const struct judge_event *event);

static bool follows(const struct judge_view *view, judge_is *is, u64 until)
{
	const struct judge_end *end = view->end;

	for (size_t i = view->at + 1; i < end->count; i++) {
		if (end->event[i].t > until)
			break;
		if (is(view, &end->event[i]))
			return true;
	}
	return false;
}

static bool is_rst(const struct judge_view *view,
		   const struct judge_event *event)
{
	return event->kind == JUDGE_SENT && event->flags & FLAG_RST;
}

static bool is_end(const struct judge_view *view,
		   const struct judge_event *event)
{
	return event->kind == JUDGE_STATE && event->to == STATE_CLOSED;
}

static bool answers(const struct judge_view *view,
		    const struct judge_event *event)
{
	return event->kind == JUDGE_SENT &&
	       (event->flags & FLAG_RST || judge_answers(view, event));
}

static bool is_ack(const struct judge_view *view,
		   const struct judge_event *event)
{
	return event->kind == JUDGE_SENT && !(event->flags & FLAG_RST) &&
	       judge_answers(view, event);
}

static const struct judge_rule *rst_came(const struct judge_view *view,
					 const struct judge_event *event)
{
	u64 until = event->t + PATIENCE_S * s;

	if (view->state != STATE_CLOSE_WAIT && view->state != STATE_LAST_ACK &&
	    view->state != STATE_CLOSING)
		return NULL;
	if (event->flags & FLAG_MADE || !view->peer_fin || !view->acked ||
	    !is_answer(view, view->ack) || event->seq != view->ack)
		return NULL;
	return judge_watched(view, until) && !follows(view, is_end, until) ?
		&rst_ignored : NULL;
}

/*
 * Without a route nothing leaves an end from some point on, however often it is
 * asked.
 */
static bool is_cut_off(const struct judge_view *view)
{
	unsigned int asked = 0;

	for (size_t i = view->at + 1; i < view->end->count; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind == JUDGE_SENT)
			return false;
		asked += event->kind == JUDGE_CAME && event->flags & FLAG_FIN;
	}
	return asked;
}

static const struct judge_rule *came_closed(const struct judge_view *view,
					    const struct judge_event *event)
{
	u64 until = event->t + ACK_MS * judge_ms;

	if (event->t <= view->entered + SETTLE_MS * judge_ms ||
	    !judge_watched(view, until) || follows(view, is_rst, until))
		return NULL;
	return is_cut_off(view) ? &unreached : &rst_owed;
}

static const struct judge_rule *ack_came(const struct judge_view *view,
					 const struct judge_event *event)
{
	u64 until = event->t + PATIENCE_S * s;

	if (!is_pending(view->state) || !view->fin_sent ||
	    event->ack != view->fin_end || !judge_watched(view, until))
		return NULL;
	return judge_next(view, JUDGE_STATE, until) ? NULL : &ack_ignored;
}

/* RFC 5961 section 10 lets answers be rationed: Linux gives one in 0.5 s. */
static bool is_rationed(const struct judge_view *view, u64 t)
{
	if (view->answers < 2)
		return false;
	for (size_t i = view->at; i--;) {
		const struct judge_event *event = &view->end->event[i];

		if (event->t + ACK_MS * judge_ms < t)
			break;
		if (event->kind == JUDGE_SENT)
			return true;
	}
	return false;
}

/*
 * CLOSING and LAST_ACK end with the ACK that a FIN brings along; Linux then
 * has no socket left to answer from, or one that has answered before.
 */
static bool ends_it(const struct judge_view *view, u64 t)
{
	return (view->state == STATE_CLOSING || view->state == STATE_LAST_ACK) &&
	       follows(view, is_end, t + SETTLE_MS * judge_ms);
}

static const struct judge_rule *fin_again(const struct judge_view *view,
					  const struct judge_event *event)
{
	u64 until = event->t + ACK_MS * judge_ms;

	if (!judge_watched(view, until) ||
	    judge_next(view, JUDGE_SENT, until) ||
	    is_rationed(view, event->t) || ends_it(view, event->t))
		return NULL;
	return is_cut_off(view) ? &unreached : &fin_repeated;
}

/*
 * A FIN just behind what this end has acknowledged is in order. A time-wait
 * socket in FIN_WAIT2 has no buffer that could be full.
 */
static const struct judge_rule *fin_new(const struct judge_view *view,
					const struct judge_event *event)
{
	u64 until = event->t + ACK_MS * judge_ms;

	if (!view->acked || event->seq != view->ack || event->len ||
	    view->state == STATE_UNKNOWN || !judge_watched(view, until) ||
	    judge_next(view, JUDGE_SENT, until) ||
	    judge_next(view, JUDGE_STATE, until))
		return NULL;
	return view->waits ? &fin_unanswered : &fin_untaken;
}

static const struct judge_rule *fin_came(const struct judge_view *view,
					 const struct judge_event *event)
{
	if (view->acked && view->peer_fin && seq_reached(view->ack, event->end))
		return fin_again(view, event);
	return fin_new(view, event);
}

/**
 * judge_came() - check that the end does what this segment asks for
 * @view: the end before it
 * @event: the segment that came
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_came(const struct judge_view *view,
				    const struct judge_event *event)
{
	const struct judge_rule *rule;

	if (event->flags & FLAG_RST)
		return rst_came(view, event);
	if (event->flags & FLAG_SYN || !(event->flags & FLAG_ACK))
		return NULL;
	if (closed(view))
		return came_closed(view, event);
	if (!judge_is_fresh(view, event))
		return NULL;
	rule = ack_came(view, event);
	if (!rule && event->flags & FLAG_FIN)
		rule = fin_came(view, event);
	return rule;
}

/**
 * judge_owed() - check that an end that takes a FIN acknowledges it
 * @view: the end before the change
 * @event: the change of state
 *
 * Return: the rule that is broken afterwards, or NULL.
 */
const struct judge_rule *judge_owed(const struct judge_view *view,
				    const struct judge_event *event)
{
	u64 until = event->t + ACK_MS * judge_ms;

	if (event->to != STATE_CLOSE_WAIT && event->to != STATE_CLOSING &&
	    (event->to != STATE_TIME_WAIT || event->from == STATE_CLOSING))
		return NULL;
	if ((view->acked && is_answer(view, view->ack)) ||
	    !judge_watched(view, until) || follows(view, answers, until) ||
	    follows(view, is_end, until))
		return NULL;
	return is_cut_off(view) ? &unreached : &fin_unanswered;
}

/**
 * judge_silence() - check that the FIN was sent again in time
 * @view: the end before @event
 * @event: what happened next, or the end of the log
 *
 * The timer doubles from one retransmission to the next (RFC 6298, 5.5). The
 * first two gaps say little, for a tail-loss probe may be among them. An ACK of
 * no class, which is not recorded, may come just before the timer runs out and
 * start it anew (RFC 6298, 5.3). Five gaps are more than Linux was seen
 * to take then, and less than the six that a missing retransmission leaves.
 *
 * Return: the rule that was broken before @event, or NULL.
 */
const struct judge_rule *judge_silence(const struct judge_view *view,
				       const struct judge_event *event)
{
	u64 since = view->sent_t > view->heard ? view->sent_t : view->heard;
	u64 limit = RTO_MAX_S * s;

	if (!is_pending(view->state) || !view->fin_sent || view->fin_acked)
		return NULL;
	if (view->run >= 3 && view->gap * 5 + s / 4 < limit)
		limit = view->gap * 5 + s / 4;
	return event->t > since + limit ? &rtx_missing : NULL;
}

/*
 * The record of the end may be late. A FIN that was answered by a RST came when
 * the socket had gone already.
 */
static bool is_refused(const struct judge_view *view, size_t at)
{
	const struct judge_event *fin = &view->end->event[at];

	for (size_t i = at + 1; i < view->end->count; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->t > fin->t + SETTLE_MS * judge_ms)
			break;
		if (event->kind == JUDGE_SENT)
			return event->flags & FLAG_RST;
	}
	return false;
}

/* The last FIN that certainly came to this time-wait socket while it was. */
static u64 fin_before(const struct judge_view *view, u64 t)
{
	u64 last = 0;

	for (size_t i = 0; i < view->at; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind == JUDGE_CAME && event->t < t &&
		    event->flags & FLAG_FIN && !is_refused(view, i))
			last = event->t;
	}
	return last;
}

/**
 * judge_wait() - check that an end was in TIME_WAIT for its time
 * @view: the end before the change of state
 * @event: the change
 *
 * Linux's 2 MSL are a minute (TCP_TIMEWAIT_LEN), begun anew by each FIN. A RST
 * may end it (RFC 1337, tcp_rfc1337), so may a SYN (MAY-2), and a user may.
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_wait(const struct judge_view *view,
				    const struct judge_event *event)
{
	u64 fin = fin_before(view, event->t);

	if (event->from != STATE_TIME_WAIT || event->cause != CLOSED_BY_TIMER ||
	    !fin || !view->acked || !is_answer(view, view->ack))
		return NULL;
	if (event->t - fin < WAIT_S * s - 100 * judge_ms)
		return &wait_short;
	return event->t > view->heard + MSL2_S * s ? &wait_long : NULL;
}

/**
 * judge_gone() - check that the active closer waits
 * @view: the end before the change of state
 * @event: the change
 *
 * Linux acknowledges the FIN just before or just after the change. What is
 * sent later, as a RST, is no excuse.
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_gone(const struct judge_view *view,
				    const struct judge_event *event)
{
	u64 until = event->t + SETTLE_MS * judge_ms;

	if (event->to != STATE_CLOSED || event->cause != CLOSED_BY_STACK ||
	    view->rst_came || view->rst_sent || !view->fin_acked ||
	    !view->peer_fin)
		return NULL;
	if (!(view->acked && is_answer(view, view->ack)) &&
	    !follows(view, is_ack, until))
		return NULL;
	return &wait_missing;
}
