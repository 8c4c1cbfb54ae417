// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes of a log what the judge can read: from what crossed the border of a
 * namespace, and what rules did to it there, what came to an end and what it
 * sent; and finds the reasons why a log says too little.
 */
#include <stdlib.h>
#include <string.h>

#include "judge_log.h"

JUDGE_RULE(lost, UNDECIDED, "lost", "",
	   "records were lost");
JUDGE_RULE(gap, UNDECIDED, "gap", "",
	   "a transmission is not in the log");
JUDGE_RULE(twice, UNDECIDED, "twice", "",
	   "a transmission is in the log twice: more than two namespaces?");
JUDGE_RULE(stray, UNDECIDED, "stray", "",
	   "a segment came that was not seen to leave");
JUDGE_RULE(forwarded, UNDECIDED, "forwarded", "",
	   "it was only seen on its way");
JUDGE_RULE(strange, UNDECIDED, "verdict", "",
	   "a rule did something that this tool does not know");
JUDGE_RULE(soon, UNDECIDED, "soon", "",
	   "the addresses had been used shortly before: whose segments are they?");

/**
 * struct story - what one end did, in the making
 * @event: for the judge
 * @from: the observation behind each
 * @count: their number
 * @name: the end
 */
struct story {
	struct judge_event *event;
	const struct event **from;
	size_t count;
	const char *name;
};

static unsigned int flags_of(const char *text)
{
	return (strchr(text, 'F') ? FLAG_FIN : 0) |
	       (strchr(text, 'S') ? FLAG_SYN : 0) |
	       (strchr(text, 'R') ? FLAG_RST : 0) |
	       (strchr(text, 'A') ? FLAG_ACK : 0);
}

static bool is_same(const struct event *a, const struct event *b)
{
	return a->seq == b->seq && a->ack == b->ack && a->len == b->len &&
	       !strcmp(a->flags, b->flags) && !strcmp(a->src, b->src);
}

static struct judge_event *add(struct story *story, enum judge_kind kind,
			       const struct event *event, size_t origin)
{
	struct judge_event *to = &story->event[story->count];

	story->from[story->count++] = event;
	to->kind = kind;
	to->t = event->t;
	to->origin = origin;
	return to;
}

static void add_segment(struct story *story, enum judge_kind kind,
			const struct event *event, size_t origin)
{
	struct judge_event *to = add(story, kind, event, origin);

	to->flags = flags_of(event->flags);
	to->seq = event->seq;
	to->ack = event->ack;
	to->len = event->len;
	to->end = event->seq + event->len + !!(to->flags & FLAG_FIN) +
		  !!(to->flags & FLAG_SYN);
}

static bool continues(const struct event *event)
{
	enum verdict verdict = event_verdict(event);

	return verdict == VERDICT_PASS || verdict == VERDICT_DUPLICATE;
}

static long last_same(const struct story *story, enum judge_kind kind,
		      const struct event *event)
{
	for (size_t i = story->count; i--;)
		if (story->event[i].kind == kind &&
		    is_same(story->from[i], event))
			return i;
	return -1;
}

static void take_back(struct story *story, long at)
{
	size_t behind = story->count - at - 1;

	memmove(&story->event[at], &story->event[at + 1],
		behind * sizeof(*story->event));
	memmove(&story->from[at], &story->from[at + 1],
		behind * sizeof(*story->from));
	story->count--;
}

/* What a rule at `input` keeps had come already, but not to the end. */
static void inside(struct story *story, const struct event *event)
{
	long at = continues(event) ? -1 : last_same(story, JUDGE_CAME, event);

	if (at >= 0)
		take_back(story, at);
}

/*
 * An end has sent a segment when it crosses for the first time, whatever
 * happens to it there: the stack has seen success. What crossed `output`
 * crosses `out` later, on its own or as a copy.
 */
static void sent(struct story *story, const struct event *event, size_t origin)
{
	long at;

	if (event->hook == HOOK_POST_ROUTING) {
		at = last_same(story, JUDGE_SENT, event);
		if (at >= 0 && story->from[at]->hook == HOOK_LOCAL_OUT)
			return;
	}
	add_segment(story, JUDGE_SENT, event, origin);
}

static void crosses(struct story *story, const struct event *event,
		    size_t origin)
{
	switch (event->hook) {
	case HOOK_POST_ROUTING:
	case HOOK_LOCAL_OUT:
		sent(story, event, origin);
		break;
	case HOOK_PRE_ROUTING:
		if (continues(event))
			add_segment(story, JUDGE_CAME, event, origin);
		break;
	case HOOK_LOCAL_IN:
		inside(story, event);
		break;
	default:
		break;
	}
}

static void meets_fate(struct story *story, const struct event *event,
		       size_t origin)
{
	if ((event->hook == HOOK_PRE_ROUTING ||
	     event->hook == HOOK_LOCAL_IN) &&
	    event_verdict(event) == VERDICT_RELEASED)
		add_segment(story, JUDGE_CAME, event, origin);
}

/* The cause that a log gives, in the judge's terms. */
static enum judge_cause cause_of(const struct event *event)
{
	enum cause cause = event_cause(event);

	if (event_is_unknown(event))
		return CLOSED_UNKNOWN;
	if (cause == CAUSE_TIMER)
		return CLOSED_BY_TIMER;
	return cause == CAUSE_OVERFLOW ? CLOSED_BY_STACK : CLOSED_OTHERWISE;
}

static void tell(struct story *story, const struct event *event, size_t origin)
{
	struct judge_event *to;

	if (event->kind == EVENT_SEGMENT) {
		crosses(story, event, origin);
	} else if (event->kind == EVENT_OUTCOME) {
		meets_fate(story, event, origin);
	} else if (event->flow) {
		to = add(story, JUDGE_STATE, event, origin);
		to->from = judge_state(event->from);
		to->to = judge_state(event->to);
		to->cause = cause_of(event);
	}
}

/*
 * A RST made where a segment leaves is recorded where it comes; one made
 * further on its way, for one end or the other, need not be.
 */
static bool makes_rst(const struct event *event)
{
	return event->kind == EVENT_SEGMENT &&
	       event_verdict(event) == VERDICT_RESET &&
	       event->hook != HOOK_POST_ROUTING;
}

static void story_tell(struct story *story, const struct close *close,
		       const struct log *log, const char *name)
{
	story->name = name;
	story->event = calloc(2 * close->count, sizeof(*story->event));
	story->from = calloc(2 * close->count, sizeof(*story->from));
	if (!story->event || !story->from)
		abort();
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];
		const char *local = event_local(event);

		if (local && !strcmp(local, name))
			tell(story, event, i);
		if (makes_rst(event))
			add(story, JUDGE_CAME, event, i)->flags = FLAG_RST |
								  FLAG_MADE;
	}
}

static void story_free(struct story *story)
{
	free(story->event);
	free(story->from);
}

static const char * const counted[] = { "fin1", "ack1", "fin2", "ack2" };

/* The kernel counts each class at each crossing, from 1. */
static const struct judge_rule *
count_class(unsigned int *count, const struct event *event, const char *class)
{
	const char *seg = event->seg, *nth = event->nth;
	size_t size = strlen(class);
	unsigned int number;

	while (*seg && *nth) {
		size_t length = strcspn(seg, ",");

		if (length == size && !strncmp(seg, class, size)) {
			number = strtoul(nth, NULL, 10);
			if (number <= *count)
				return &twice;
			if (number > ++*count)
				return &gap;
		}
		seg += length + (seg[length] == ',');
		nth += strcspn(nth, ",");
		nth += *nth == ',';
	}
	return NULL;
}

static const struct judge_rule *miscounted(const struct close *close,
					   const struct log *log,
					   const char *name)
{
	unsigned int count[HOOKS][4] = { 0 };
	const struct judge_rule *rule;

	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];
		const char *local = event_local(event);

		if (event->kind != EVENT_SEGMENT || !local || strcmp(local, name))
			continue;
		for (int j = 0; j < 4; j++) {
			rule = count_class(&count[event->hook][j], event,
					   counted[j]);
			if (rule)
				return rule;
		}
	}
	return NULL;
}

/* What comes may be a part of what left: a FIN is cut off the data before it. */
static bool carries(const struct event *whole, const struct event *part)
{
	u32 end = whole->seq + whole->len, last = part->seq + part->len;

	if (!part->len && !strchr(part->flags, 'F'))
		return is_same(whole, part);
	return !strcmp(whole->src, part->src) &&
	       (s32)(part->seq - whole->seq) >= 0 && (s32)(end - last) >= 0;
}

static bool leaves(const struct close *close, const struct log *log,
		   size_t from, size_t to, const struct event *segment)
{
	const u64 on_its_way = 1000000;

	for (size_t i = from; i < to; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->t > segment->t + on_its_way)
			break;
		if (event_is_segment(event) &&
		    (event->hook == HOOK_POST_ROUTING ||
		     event->hook == HOOK_LOCAL_OUT) &&
		    carries(event, segment))
			return true;
	}
	return false;
}

/*
 * RSTs may be the module's own. What comes first and leaves afterwards is on
 * its way through a router. Payload is cut up and put together on its way.
 */
static const struct judge_rule *strayed(const struct close *close,
					const struct log *log)
{
	const struct judge_rule *rule = NULL;

	if (close->ends < 2)
		return NULL;
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind != EVENT_SEGMENT ||
		    event->hook != HOOK_PRE_ROUTING ||
		    strchr(event->flags, 'R') || strchr(event->flags, 'S') ||
		    leaves(close, log, 0, i, event))
			continue;
		if (strchr(event->flags, 'F') &&
		    leaves(close, log, i + 1, close->count, event))
			return &forwarded;
		if (!event->len)
			rule = &stray;
	}
	return rule;
}

static bool is_strange(const struct close *close, const struct log *log)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event_is_segment(event) && event_verdict(event) == VERDICTS)
			return true;
	}
	return false;
}

static const struct judge_rule *doubt(const struct closes *closes,
				      const struct close *close,
				      const struct log *log, const char *name)
{
	const struct judge_rule *rule = miscounted(close, log, name);
	const struct judge_rule *path = strayed(close, log);

	if (closes->lost)
		return &lost;
	if (close->forwarded || path == &forwarded)
		return &forwarded;
	if (is_strange(close, log))
		return &strange;
	if (close->soon)
		return &soon;
	return rule ? rule : path;
}

static size_t address_size(const char *name)
{
	const char *port = strrchr(name, ':');

	return port ? (size_t)(port - name) : strlen(name);
}

/*
 * A flow is watched as long as there are records of it, or of later flows of
 * the same place.
 */
static u64 watched_until(const struct close *close, const struct close_end *end,
			 const struct log *log)
{
	u64 until = log->event[close->event[close->count - 1]].t;
	size_t size = address_size(end->name);

	for (size_t i = log->count; i--;) {
		const struct event *event = &log->event[i];
		const char *local = event_local(event);

		if (event->t <= until)
			break;
		if (local && event->flow > end->flow &&
		    address_size(local) == size &&
		    !strncmp(local, end->name, size))
			return event->t;
	}
	return until;
}

static void find_peer_fin(struct judge_end *end, const struct close *close,
			  const struct log *log, const char *name)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (!event_is_segment(event) || strcmp(event->dst, name) ||
		    !strchr(event->flags, 'F'))
			continue;
		end->peer_fin = true;
		end->peer_fin_end = event->seq + event->len + 1;
		return;
	}
}

static struct end_verdict explain(const struct judge_verdict *found,
				  const struct story *story)
{
	struct end_verdict verdict = {
		.result = found->result,
		.rule = found->rule,
	};

	if (found->rule && story->count) {
		verdict.event = story->from[found->at];
		verdict.place = story->event[found->at].origin;
	}
	return verdict;
}

/**
 * judge_log() - judge one end of a connection
 * @closes: the connections in the log
 * @index: which of them
 * @end: which of its ends that were watched
 * @log: the log
 *
 * When a log is known to be incomplete by the kernel's own account, nothing
 * that is missing in it is held against anyone. A record that is missing
 * without such account leaves undecided what the judge finds no fault with.
 *
 * Return: the verdict. @event points into @log.
 */
struct end_verdict judge_log(const struct closes *closes, size_t index,
			     size_t end, const struct log *log)
{
	const struct close *close = &closes->close[index];
	const struct close_end *who = &close->end[end];
	const struct judge_rule *reason = doubt(closes, close, log, who->name);
	struct judge_end known = { 0 };
	struct end_verdict verdict = { 0 };
	struct judge_verdict found;
	struct story story = { 0 };

	if (!reason || reason == &gap || reason == &stray) {
		story_tell(&story, close, log, who->name);
		known.event = story.event;
		known.count = story.count;
		known.whole = reason != &gap;
		known.until = watched_until(close, who, log);
		find_peer_fin(&known, close, log, who->name);
		found = judge(&known);
		verdict = explain(&found, &story);
		story_free(&story);
	}
	if (reason && verdict.result == JUDGE_OK) {
		verdict.result = JUDGE_UNDECIDED;
		verdict.rule = reason;
	}
	return verdict;
}
