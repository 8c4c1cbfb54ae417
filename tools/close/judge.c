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

enum {
	RULES = 6,
	CHANCES = 3,	/* so many segments are not malformed one after the other */
};

/* A question, and the rule that an event breaks, or is a note for. */
struct judge_question {
	const struct judge_rule *(*ask)(const struct judge_view *view,
					const struct judge_event *event);
};

/* Which rules are asked about which kind of event, at an end with states. */
static const struct judge_question here[][RULES] = {
	[JUDGE_SENT] = { { judge_silence }, { judge_sent }, { judge_note_sent } },
	[JUDGE_CAME] = { { judge_came }, { judge_note_came } },
	[JUDGE_STATE] = { { judge_silence }, { judge_transition }, { judge_wait },
			  { judge_owed }, { judge_gone }, { judge_note_state } },
	[JUDGE_STOPPED] = { },
};

/* The same for one that was seen from elsewhere. */
static const struct judge_question remote[][RULES] = {
	[JUDGE_SENT] = { { judge_remote_sent }, { judge_note_remote },
			 { judge_note_sent } },
	[JUDGE_CAME] = { },
	[JUDGE_STATE] = { },
	[JUDGE_STOPPED] = { },
};

/**
 * struct bench - a judgement in the making
 * @verdict: so far
 * @unheeded: segments that the end made nothing of, and that may have been
 *	malformed
 */
struct bench {
	struct judge_verdict verdict;
	unsigned int unheeded;
};

static void note(struct judge_verdict *verdict, const struct judge_rule *rule,
		 size_t at)
{
	for (size_t i = 0; i < verdict->notes; i++)
		if (verdict->note[i].rule == rule)
			return;
	if (verdict->notes < JUDGE_NOTES)
		verdict->note[verdict->notes++] = (struct judge_finding){
			rule, at
		};
}

static void hold(struct bench *bench, const struct judge_view *view,
		 const struct judge_rule *rule)
{
	struct judge_verdict *verdict = &bench->verdict;
	enum judge_result result = rule->result;

	if (result == JUDGE_OK) {
		note(verdict, rule, view->at);
		return;
	}
	if (rule->maybe && !view->end->witnessed &&
	    ++bench->unheeded < CHANCES)
		result = JUDGE_UNDECIDED;
	if (result <= verdict->result)
		return;
	verdict->result = result;
	verdict->rule = rule;
	verdict->at = view->at;
}

static void ask(struct bench *bench, const struct judge_view *view,
		const struct judge_event *event)
{
	bool far = view->end->place != JUDGE_HERE;
	const struct judge_question *about;

	about = far ? remote[event->kind] : here[event->kind];
	for (int i = 0; i < RULES && about[i].ask; i++) {
		const struct judge_rule *rule = about[i].ask(view, event);

		if (rule)
			hold(bench, view, rule);
	}
}

static const struct judge_event *next_state(const struct judge_end *end,
					    size_t from)
{
	for (size_t i = from; i < end->count; i++)
		if (end->event[i].kind == JUDGE_STATE)
			return &end->event[i];
	return NULL;
}

/* The first change that is not of a connect() which failed. */
static const struct judge_event *first_change(const struct judge_end *end)
{
	const struct judge_event *event = next_state(end, 0), *next;

	while (event && event->from == STATE_CLOSED) {
		next = next_state(end, event - end->event + 1);
		if (!next || next->to != STATE_CLOSED)
			break;
		event = next_state(end, next - end->event + 1);
	}
	return event;
}

/*
 * An end is in the state that its first change is from. No close begins in a
 * state that only a FIN leads to.
 */
static enum judge_state first_state(const struct judge_end *end)
{
	const struct judge_event *first = first_change(end);

	if (!first)
		return STATE_UNKNOWN;
	return end->whole && first->from > STATE_ESTABLISHED ?
		STATE_ESTABLISHED : first->from;
}

JUDGE_RULE(begun, UNDECIDED, "begun", "3.6",
	   "the log begins in the middle of the close");
JUDGE_RULE(reused, UNDECIDED, "reused", "3.6.1",
	   "the addresses were used again; only what came before was judged");
JUDGE_RULE(stateless, UNDECIDED, "stateless", "3.3.2",
	   "no state of its socket was recorded; only what it sent was judged");
JUDGE_RULE(unfinished, UNDECIDED, "unfinished", "3.6",
	   "the log ends before the close does");

static bool is_before(const struct judge_event *event, enum judge_kind kind,
		      const struct judge_end *end)
{
	const struct judge_event *i;

	for (i = end->event; i < event; i++)
		if (i->kind == kind && i->flags & FLAG_FIN)
			return true;
	return false;
}

/*
 * The state that an end is in at its first change tells which FINs there were.
 * A log with an earlier state in it, or with these FINs, is no late one.
 */
static bool begins_late(const struct judge_end *end)
{
	const struct judge_event *first = first_change(end), *next = first;

	if (!first || first->from <= STATE_ESTABLISHED)
		return false;
	for (; next; next = next_state(end, next - end->event + 1))
		if (next->from == STATE_ESTABLISHED)
			return false;
	return (judge_has_sent(first->from) &&
		!is_before(first, JUDGE_SENT, end)) ||
	       (judge_has_got(first->from) &&
		!is_before(first, JUDGE_CAME, end));
}

static bool is_new_socket(const struct judge_view *view,
			  const struct judge_event *event)
{
	return event->kind == JUDGE_STATE && view->state == STATE_CLOSED &&
	       view->entered && event->from != STATE_TIME_WAIT;
}

/*
 * While this end closes, another socket may try the same addresses. Linux
 * refuses: connect() then takes it from CLOSED to SYN_SENT and back.
 */
static bool is_other_socket(struct judge_view *view,
			    const struct judge_event *event)
{
	if (event->kind != JUDGE_STATE)
		return false;
	if (view->other ? event->from != view->other :
	    event->from != STATE_CLOSED || view->state == STATE_UNKNOWN ||
	    view->state == STATE_CLOSED)
		return false;
	if (event->to == STATE_ESTABLISHED)
		view->syn = true;
	view->other = event->to == STATE_CLOSED ? STATE_UNKNOWN : event->to;
	return true;
}

static void conclude_remote(struct bench *bench, struct judge_view *view,
			    u64 until)
{
	const struct judge_rule *rule;

	rule = judge_remote_last(view, until, &view->at);
	if (rule)
		hold(bench, view, rule);
	if (view->end->place == JUDGE_BLIND)
		hold(bench, view, &stateless);
}

static void conclude(struct bench *bench, struct judge_view *view, u64 until)
{
	const struct judge_event last = { .t = until };
	const struct judge_rule *rule;

	if (view->state == STATE_UNKNOWN) {
		view->at = 0;
		hold(bench, view, &stateless);
		return;
	}
	rule = judge_silence(view, &last);
	if (rule)
		hold(bench, view, rule);
	if (is_pending(view->state))
		hold(bench, view, &unfinished);
}

static u64 walk(struct bench *bench, struct judge_view *view)
{
	const struct judge_end *end = view->end;

	for (size_t i = 0; i < end->count; i++) {
		const struct judge_event *event = &end->event[i];

		if (view->syn || is_new_socket(view, event)) {
			view->at = i;
			if (!judge_over(view))
				hold(bench, view, &reused);
			return event->t;
		}
		view->at = i;
		if (is_other_socket(view, event))
			continue;
		ask(bench, view, event);
		if (bench->verdict.result == JUDGE_DEPARTS)
			break;
		judge_remember(view, event);
	}
	return end->until;
}

/**
 * judge_maybe() - tell what else explains that a rule was broken
 * @rule: the rule
 * @result: what the judge makes of it
 *
 * Return: the words, "" when nothing does, or when the end had chances enough.
 */
const char *judge_maybe(const struct judge_rule *rule,
			enum judge_result result)
{
	return rule->maybe && result == JUDGE_UNDECIDED ? rule->maybe : "";
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
	struct bench bench = { 0 };
	u64 until;

	if (end->place == JUDGE_HERE && end->late && begins_late(end)) {
		hold(&bench, &view, &begun);
		return bench.verdict;
	}
	until = walk(&bench, &view);
	if (bench.verdict.result == JUDGE_DEPARTS)
		return bench.verdict;
	if (end->place == JUDGE_HERE)
		conclude(&bench, &view, until);
	else
		conclude_remote(&bench, &view, until);
	return bench.verdict;
}
