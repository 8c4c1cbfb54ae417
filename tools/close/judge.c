// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge's walk: event by event, first ask the rules, then remember.
 */
#include "judge.h"
#include "judge_rules.h"

/* The word for each result. */
const char * const judge_results[] = {
	[JUDGE_OK] = "ok",
	[JUDGE_UNDECIDED] = "undecided",
	[JUDGE_DEPARTS] = "departs",
};

enum { RULES = 4 };

/* Which rules are asked about which kind of event. */
static const struct judge_rule *
(* const fns[][RULES])(const struct judge_view *view,
		   const struct judge_event *event) = {
	[JUDGE_SENT] = { judge_silence, judge_sent },
	[JUDGE_CAME] = { judge_came },
	[JUDGE_STATE] = { judge_silence, judge_transition, judge_wait,
			  judge_owed },
};

static void hold(struct judge_verdict *verdict, const struct judge_rule *rule,
		 size_t at)
{
	if (rule->result <= verdict->result)
		return;
	verdict->result = rule->result;
	verdict->rule = rule;
	verdict->at = at;
}

static void ask(struct judge_verdict *verdict, const struct judge_view *view,
		const struct judge_event *event)
{
	for (int i = 0; i < RULES && fns[event->kind][i]; i++) {
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

JUDGE_RULE(reused, UNDECIDED, "reused", "3.6.1",
	   "the addresses were used again; only what came before was judged");
JUDGE_RULE(stateless, UNDECIDED, "stateless", "3.3.2",
	   "no state of a socket was recorded");
JUDGE_RULE(unfinished, UNDECIDED, "unfinished", "3.6",
	   "the log ends before the close does");

static bool is_new_socket(const struct judge_view *view,
			  const struct judge_event *event)
{
	return event->kind == JUDGE_STATE && view->state == STATE_CLOSED &&
	       view->entered && event->from != STATE_TIME_WAIT;
}

/* Nothing that comes after a new connection began is said of this one. */
static bool is_over(const struct judge_view *view)
{
	return view->state == STATE_TIME_WAIT ||
	       (view->state == STATE_CLOSED && view->entered);
}

static void conclude(struct judge_verdict *verdict, struct judge_view *view,
		     u64 until)
{
	const struct judge_event last = { .t = until };
	const struct judge_rule *rule;

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
	u64 until = end->until;

	for (size_t i = 0; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		if (view.syn || is_new_socket(&view, event)) {
			until = event->t;
			if (!is_over(&view))
				hold(&verdict, &reused, i);
			break;
		}
		view.at = i;
		ask(&verdict, &view, event);
		if (verdict.result == JUDGE_DEPARTS)
			return verdict;
		judge_remember(&view, event);
	}
	conclude(&verdict, &view, until);
	return verdict;
}
