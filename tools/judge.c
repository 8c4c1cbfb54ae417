// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge's walk: event by event, first ask the rules, then remember.
 */
#include <string.h>

#include "judge_rules.h"

static const char * const state_names[STATES] = {
	[STATE_UNKNOWN] = "UNKNOWN",
	[STATE_CLOSED] = "CLOSED",
	[STATE_LISTEN] = "LISTEN",
	[STATE_SYN_SENT] = "SYN_SENT",
	[STATE_SYN_RECV] = "SYN_RECV",
	[STATE_ESTABLISHED] = "ESTABLISHED",
	[STATE_FIN_WAIT1] = "FIN_WAIT1",
	[STATE_FIN_WAIT2] = "FIN_WAIT2",
	[STATE_CLOSING] = "CLOSING",
	[STATE_TIME_WAIT] = "TIME_WAIT",
	[STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[STATE_LAST_ACK] = "LAST_ACK",
};

/**
 * judge_state() - a state by its name
 * @name: as the kernel or RFC 9293 writes it
 *
 * Return: the state, STATE_UNKNOWN for any other word.
 */
enum judge_state judge_state(const char *name)
{
	if (!strcmp(name, "CLOSE"))
		return STATE_CLOSED;
	if (!strcmp(name, "NEW_SYN_RECV"))
		return STATE_SYN_RECV;
	for (int i = STATE_CLOSED; i < STATES; i++)
		if (!strcmp(name, state_names[i]))
			return i;
	return STATE_UNKNOWN;
}

/**
 * judge_state_name() - the name of a state
 * @state: the state
 *
 * Return: as RFC 9293 has it, with underscores.
 */
const char *judge_state_name(enum judge_state state)
{
	return state_names[state];
}

/**
 * judge_watched() - was the end still watched at some time
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
 * judge_is_fresh() - can nothing make a stack call this segment stale
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
 * judge_next() - what happens next
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

static void remember_sent(struct judge_view *view,
			  const struct judge_event *event)
{
	view->rst_sent |= !!(event->flags & FLAG_RST);
	view->syn |= !!(event->flags & FLAG_SYN);
	if (event->flags & (FLAG_RST | FLAG_SYN))
		return;
	if (!view->acked || seq_reached(event->ack, view->ack))
		view->ack = event->ack;
	view->acked = true;
	view->answers += is_answer(view, event->ack);
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
	view->syn |= !!(event->flags & FLAG_SYN);
	if (event->flags & (FLAG_RST | FLAG_SYN))
		return;
	if (event->flags & FLAG_ACK)
		remember_ack(view, event, fresh);
	if (event->flags & FLAG_FIN) {
		view->peer_fin = true;
		view->peer_fin_t = event->t;
	}
}

/*
 * The kernel reports CLOSED both for the end of a socket and for its handing
 * over to a time-wait one; the latter from FIN_WAIT2 and CLOSING only.
 */
static void remember_state(struct judge_view *view,
			   const struct judge_event *event)
{
	view->left = event->from;
	view->state = event->to;
	view->entered = event->t;
	view->waits = event->to == STATE_TIME_WAIT ||
		      (event->to == STATE_CLOSED &&
		       (event->from == STATE_FIN_WAIT2 ||
			event->from == STATE_CLOSING));
}

static void remember(struct judge_view *view, const struct judge_event *event)
{
	if (event->kind == JUDGE_SENT)
		remember_sent(view, event);
	else if (event->kind == JUDGE_CAME)
		remember_came(view, event);
	else if (event->kind == JUDGE_STATE)
		remember_state(view, event);
	else if (event->to == STATE_CLOSED)
		view->waits = false;
}

/* Which rules are asked about which kind of event. */
static const struct judge_rule *
(* const fns[][3])(const struct judge_view *view,
		   const struct judge_event *event) = {
	[JUDGE_SENT] = { judge_silence, judge_sent },
	[JUDGE_CAME] = { judge_came },
	[JUDGE_STATE] = { judge_silence, judge_transition, judge_owed },
	[JUDGE_SAMPLE] = { judge_sample },
};

static void hold(struct judge_verdict *verdict, const struct judge_rule *rule,
		 size_t at)
{
	enum judge_result result = rule->departs ? JUDGE_DEPARTS :
				   JUDGE_UNDECIDED;

	if (result <= verdict->result)
		return;
	verdict->result = result;
	verdict->rule = rule;
	verdict->at = at;
}

static void ask(struct judge_verdict *verdict, const struct judge_view *view,
		const struct judge_event *event)
{
	for (int i = 0; i < 3 && fns[event->kind][i]; i++) {
		const struct judge_rule *rule = fns[event->kind][i](view, event);

		if (rule)
			hold(verdict, rule, view->at);
	}
}

/*
 * An end is in the state that its first change is from. No close begins in a
 * state that only a FIN leads to.
 */
static enum judge_state first_state(const struct judge_end *end)
{
	enum judge_state state = STATE_UNKNOWN;

	for (size_t i = 0; i < end->count && !state; i++)
		if (end->event[i].kind == JUDGE_STATE)
			state = end->event[i].from;
	return end->whole && state > STATE_ESTABLISHED ? STATE_ESTABLISHED :
	       state;
}

static const struct judge_rule reused = {
	"reused", "3.6.1", false,
	"the addresses were used again; only what came before was judged"
};

static const struct judge_rule stateless = {
	"stateless", "3.3.2", false, "no state of a socket was recorded"
};

static const struct judge_rule unfinished = {
	"unfinished", "3.6", false, "the log ends before the close does"
};

static bool is_new_socket(const struct judge_view *view,
			  const struct judge_event *event)
{
	return event->kind == JUDGE_STATE && view->state == STATE_CLOSED &&
	       view->entered && event->from != STATE_TIME_WAIT;
}

static void conclude(struct judge_verdict *verdict, struct judge_view *view)
{
	const struct judge_event last = { .t = view->end->until };
	const struct judge_rule *rule;

	view->at = view->end->count ? view->end->count - 1 : 0;
	if (view->state == STATE_UNKNOWN) {
		hold(verdict, &stateless, 0);
		return;
	}
	rule = judge_silence(view, &last);
	if (!rule)
		rule = judge_last(view, &last);
	if (rule)
		hold(verdict, rule, view->at);
	if (is_pending(view->state))
		hold(verdict, &unfinished, view->at);
}

/**
 * judge() - hold one end of a connection against RFC 9293
 * @end: what is known of it
 *
 * Return: whether it kept to the RFC; of what it broke, the first.
 */
struct judge_verdict judge(const struct judge_end *end)
{
	struct judge_view view = { .end = end, .state = first_state(end) };
	struct judge_verdict verdict = { 0 };

	for (size_t i = 0; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		view.at = i;
		if (view.syn || is_new_socket(&view, event)) {
			hold(&verdict, &reused, i);
			return verdict;
		}
		ask(&verdict, &view, event);
		if (verdict.result == JUDGE_DEPARTS)
			return verdict;
		remember(&view, event);
	}
	conclude(&verdict, &view);
	return verdict;
}
