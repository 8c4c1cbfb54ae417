// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules about an end that was seen from elsewhere: by a router, a capture, or
 * in the log of the other end. A segment that went on towards it may be lost
 * before it arrives, and one that it sent may be lost, late or doubled before
 * it is seen. So an end departs only by what it sent, or by an omission that
 * it had several chances to make good and that no loss explains.
 */
#include "judge_rules.h"
#include "judge_remote.h"

JUDGE_RULE(ack_unheard, DEPARTS, "ack-unheard", "3.10.7.4",
	   "acknowledged a FIN that had not come");
JUDGE_RULE(rtx_acked, DEPARTS, "rtx-acked", "3.10.7.4",
	   "sent its FIN again though it had taken a segment with its ACK");
JUDGE_RULE(rtx_missing, DEPARTS, "rtx-missing", "3.8.1",
	   "did not send its FIN again when its timer must have run out");
JUDGE_RULE(rtx_silent, UNDECIDED, "rtx-silent", "3.8.1",
	   "did not send its FIN again; an abort in LAST_ACK sends nothing either");
JUDGE_RULE(rst_answered, DEPARTS, "rst-answered", "3.10.7.1",
	   "answered a RST with a RST");
JUDGE_RULE(rst_ack, DEPARTS, "rst-ack", "3.10.7.1",
	   "was closed, and answered a segment that has an ACK with a RST that has one");
JUDGE_RULE(fin_repeated, DEPARTS, "fin-repeated", "3.10.7.4",
	   "never acknowledged a FIN that came again and again, and was there");
JUDGE_RULE(fin_unheard, UNDECIDED, "fin-unheard", "3.10.7.4",
	   "did not acknowledge a FIN; it, or the ACK, may be lost where nobody saw it");
JUDGE_RULE(one_way, UNDECIDED, "one-way", "",
	   "nothing that the other end sent was captured");
JUDGE_RULE(unfinished, UNDECIDED, "unfinished", "3.6",
	   "the log ends before the close does");

static const u64 s = 1000 * judge_ms;

enum {
	RACE_MS = 50,
	PROMPT_MS = 50,		/* an answer, and the way to the end and back */
	ACK_MS = 500,		/* MUST-40 */
	QUIET_S = 1,		/* nothing came: what is sent is no answer */
	RTO_S = 10,		/* the first RTO is below, by any RTT */
	RTO_MAX_S = 130,
	REPEATS = 4,
};

/**
 * judge_is_copy() - check that a segment may be an old duplicate
 * @view: the end before it
 * @event: a segment that it sent
 *
 * Return: true when the same was seen before.
 */
bool judge_is_copy(const struct judge_view *view,
		   const struct judge_event *event)
{
	for (size_t i = view->at; i--;) {
		const struct judge_event *old = &view->end->event[i];

		if (old->kind == event->kind && old->seq == event->seq &&
		    old->end == event->end && old->ack == event->ack &&
		    old->flags == event->flags)
			return true;
	}
	return false;
}

/**
 * judge_asked() - find the segment that a RST may answer
 * @view: the end before the RST
 * @t: when it was sent, ns
 * @before: how long before that to look, ns
 *
 * Return: the last segment that came in that time, or NULL.
 */
const struct judge_event *judge_asked(const struct judge_view *view, u64 t,
				      u64 before)
{
	for (size_t i = view->at; i--;) {
		const struct judge_event *event = &view->end->event[i];

		if (event->t + before < t)
			return NULL;
		if (event->kind == JUDGE_CAME)
			return event;
	}
	return NULL;
}

/* A RST, or a SYN, may be the reason for a RST with ACK and number 0. */
static bool has_opened(const struct judge_view *view)
{
	for (size_t i = view->at; i--;) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind == JUDGE_CAME &&
		    !(event->flags & (FLAG_ACK | FLAG_RST)))
			return true;
	}
	return false;
}

/*
 * Was this end closed for certain? It had sent a RST, or its FIN and the
 * other's were acknowledged, and neither CLOSING nor LAST_ACK nor TIME_WAIT
 * aborts with a RST.
 */
static bool is_closed(const struct judge_view *view, u64 t)
{
	return view->rst_sent ||
	       (view->acked_t && t > view->acked_t + RACE_MS * judge_ms &&
		view->acked && is_answer(view, view->ack));
}

static const struct judge_rule *rst_with_ack(const struct judge_view *view,
					     const struct judge_event *event)
{
	const struct judge_event *asked;

	asked = judge_asked(view, event->t, QUIET_S * s);
	if (!asked || judge_is_copy(view, event))
		return NULL;
	if (asked->flags & FLAG_RST)
		return !event->seq && !has_opened(view) ? &rst_answered : NULL;
	if (asked->flags & FLAG_ACK && event->seq == asked->ack &&
	    event->t <= asked->t + PROMPT_MS * judge_ms &&
	    is_closed(view, event->t))
		return &rst_ack;
	return NULL;
}

/*
 * The end has taken the octet before SEG.ACK. If each segment that brought it
 * had an ACK of the end's FIN, the end has taken that as well.
 */
static bool has_taken_ack(const struct judge_view *view,
			  const struct judge_event *event)
{
	u64 first = 0;

	for (size_t i = 0; i < view->at; i++) {
		const struct judge_event *old = &view->end->event[i];

		if (old->kind != JUDGE_CAME || old->flags & FLAG_RST ||
		    seq_reached(old->seq, event->ack) ||
		    !seq_reached(old->end, event->ack))
			continue;
		if (!seq_reached(old->ack, view->fin_end))
			return false;
		if (!first)
			first = old->t;
	}
	return first && event->t > first + RACE_MS * judge_ms;
}

/**
 * struct own_fin - the transmissions of an end's FIN that were seen
 * @first: when the first was, ns
 * @last: when the last was, ns
 * @count: their number
 * @more: data was seen after the first: what is lost may be that
 */
struct own_fin {
	u64 first;
	u64 last;
	unsigned int count;
	bool more;
};

static struct own_fin own_fin(const struct judge_view *view)
{
	struct own_fin fin = { 0 };

	for (size_t i = 0; i < view->end->count; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind != JUDGE_SENT || event->flags & FLAG_RST)
			continue;
		if (!(event->flags & FLAG_FIN)) {
			fin.more |= fin.count && event->end != event->seq;
			continue;
		}
		if (!fin.count++)
			fin.first = event->t;
		fin.last = event->t;
	}
	return fin;
}

/* An ACK of new data starts the timer anew (RFC 6298, 5.3). */
static u64 timer_began(const struct judge_view *view, u64 first)
{
	u32 ack = 0;
	bool any = false;

	for (size_t i = 0; i < view->end->count && i <= view->at; i++) {
		const struct judge_event *event = &view->end->event[i];

		if (event->kind != JUDGE_CAME || !(event->flags & FLAG_ACK) ||
		    (any && seq_reached(ack, event->ack)))
			continue;
		if (any && event->t > first)
			first = event->t;
		ack = event->ack;
		any = true;
	}
	return first;
}

/*
 * What shows that the connection is still there: a segment with the number
 * behind the FIN, or a RST that nothing asked for. A closed end sends neither.
 */
static bool is_alive(const struct judge_view *view,
		     const struct judge_event *event)
{
	if (event->flags & FLAG_RST)
		return !judge_asked(view, event->t, QUIET_S * s);
	return event->seq == view->fin_end && !judge_is_copy(view, event);
}

static const struct judge_rule *fin_dropped(const struct judge_view *view,
					    const struct judge_event *event)
{
	struct own_fin fin;

	if (!view->fin_sent || view->fin_acked || view->end->one_way)
		return NULL;
	fin = own_fin(view);
	if (fin.count != 1 || fin.more ||
	    event->t < timer_began(view, fin.first) + RTO_S * s)
		return NULL;
	return is_alive(view, event) ? &rtx_missing : NULL;
}

/**
 * judge_remote_sent() - check that an end may send this segment
 * @view: the end before it, as seen from elsewhere
 * @event: the segment
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_remote_sent(const struct judge_view *view,
					   const struct judge_event *event)
{
	const struct judge_rule *rule = NULL;
	bool far = view->end->place == JUDGE_FAR;

	if (event->flags & FLAG_SYN)
		return NULL;
	if (!(event->flags & FLAG_RST))
		rule = judge_numbers(view, event);
	if (rule || !far)
		return rule;
	rule = fin_dropped(view, event);
	if (rule)
		return rule;
	if (event->flags & FLAG_RST)
		return event->flags & FLAG_ACK ? rst_with_ack(view, event) :
			judge_rst(view, event);
	if (view->end->whole && judge_answers(view, event) && !view->peer_fin)
		return &ack_unheard;
	if (event->flags & FLAG_FIN && view->fin_sent &&
	    !judge_is_copy(view, event) && has_taken_ack(view, event))
		return &rtx_acked;
	return NULL;
}

/**
 * struct repeats - FINs that came again, to an end that had acknowledged one
 * @asked: their number
 * @answered: those that something was sent after, at once
 * @last: index of the last that was not answered
 */
struct repeats {
	unsigned int asked;
	unsigned int answered;
	size_t last;
};

static bool sends_within(const struct judge_end *end, size_t at, u64 time)
{
	for (size_t i = at + 1; i < end->count; i++) {
		if (end->event[i].t > end->event[at].t + time)
			break;
		if (end->event[i].kind == JUDGE_SENT)
			return true;
	}
	return false;
}

/* Answers may be rationed (RFC 5961, 10): FINs in a row are one question. */
static struct repeats repeats(const struct judge_view *view)
{
	const struct judge_end *end = view->end;
	struct repeats found = { 0 };
	bool knows = false;
	u64 last = 0;

	for (size_t i = 0; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		if (event->kind == JUDGE_SENT && !(event->flags & FLAG_RST))
			knows |= judge_answers(view, event);
		if (event->kind != JUDGE_CAME || !(event->flags & FLAG_FIN))
			continue;
		if (knows && event->t > last + ACK_MS * judge_ms / 2 &&
		    judge_watched(view, event->t + ACK_MS * judge_ms)) {
			found.asked++;
			if (sends_within(end, i, ACK_MS * judge_ms))
				found.answered++;
			else
				found.last = i;
		}
		last = event->t;
	}
	return found;
}

/* Afterwards it sent something of itself: it, and the way from it, are there. */
static bool speaks_after(const struct judge_end *end, size_t at)
{
	for (size_t i = at + 1; i < end->count; i++)
		if (end->event[i].kind == JUDGE_SENT &&
		    !(end->event[i].flags & FLAG_RST))
			return true;
	return false;
}

static bool fin_went(const struct judge_view *view)
{
	for (size_t i = 0; i < view->end->count; i++)
		if (view->end->event[i].kind == JUDGE_CAME &&
		    view->end->event[i].flags & FLAG_FIN)
			return true;
	return false;
}

static const struct judge_rule *fin_unacked(const struct judge_view *view,
					    size_t *at)
{
	struct repeats found = repeats(view);

	if (view->rst_sent || view->rst_came)
		return NULL;
	if (found.asked > 1 && !found.answered) {
		*at = found.last;
		return found.asked >= REPEATS &&
		       speaks_after(view->end, found.last) ?
			&fin_repeated : &fin_unheard;
	}
	return fin_went(view) && !(view->acked && is_answer(view, view->ack)) ?
		&fin_unheard : NULL;
}

static const struct judge_rule *fin_unheeded(const struct judge_view *view,
					     u64 until)
{
	struct own_fin fin = own_fin(view);

	if (!view->fin_sent || view->fin_acked || view->rst_sent ||
	    view->rst_came)
		return NULL;
	if (until < timer_began(view, fin.last) + RTO_MAX_S * s)
		return &unfinished;
	if (fin.count > 1)
		return NULL;
	return view->acked && is_answer(view, view->ack) ? &rtx_silent :
		&rtx_missing;
}

/**
 * judge_remote_last() - check what an end did not do until the log ends
 * @view: the end after all that is known of it, as seen from elsewhere
 * @until: when the log ends, ns
 * @at: set to the index of the event where that shows, if there is a better
 *	one than the last
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_remote_last(const struct judge_view *view,
					   u64 until, size_t *at)
{
	const struct judge_rule *rule;

	if (view->end->place != JUDGE_FAR)
		return NULL;
	if (view->end->one_way)
		return &one_way;
	rule = fin_unacked(view, at);
	return rule ? rule : fin_unheeded(view, until);
}
