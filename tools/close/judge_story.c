// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes of a log what the judge can read: from what crossed the border of a
 * namespace, and what rules did to it there, what came to an end and what it
 * sent.
 */
#include <stdlib.h>
#include <string.h>

#include "judge_story.h"

static unsigned int flags_of(const char *text)
{
	return (strchr(text, 'F') ? FLAG_FIN : 0) |
	       (strchr(text, 'S') ? FLAG_SYN : 0) |
	       (strchr(text, 'R') ? FLAG_RST : 0) |
	       (strchr(text, 'A') ? FLAG_ACK : 0);
}

/**
 * judge_is_same() - check that two observations are of one segment, or a copy
 * @a: one
 * @b: the other
 *
 * Return: true when they have the same source, numbers and flags.
 */
bool judge_is_same(const struct event *a, const struct event *b)
{
	return a->seq == b->seq && a->ack == b->ack && a->len == b->len &&
	       !strcmp(a->flags, b->flags) && !strcmp(a->src, b->src);
}

static struct judge_event *add(struct judge_story *story, enum judge_kind kind,
			       const struct event *event, size_t origin)
{
	struct judge_event *to = &story->event[story->count];

	story->from[story->count++] = event;
	to->kind = kind;
	to->t = event->t;
	to->origin = origin;
	return to;
}

static void add_segment(struct judge_story *story, enum judge_kind kind,
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

static long last_same(const struct judge_story *story, enum judge_kind kind,
		      const struct event *event)
{
	for (size_t i = story->count; i--;)
		if (story->event[i].kind == kind &&
		    judge_is_same(story->from[i], event))
			return i;
	return -1;
}

static void take_back(struct judge_story *story, long at)
{
	size_t behind = story->count - at - 1;

	memmove(&story->event[at], &story->event[at + 1],
		behind * sizeof(*story->event));
	memmove(&story->from[at], &story->from[at + 1],
		behind * sizeof(*story->from));
	story->count--;
}

/* What a rule at `input` keeps had come already, but not to the end. */
static void inside(struct judge_story *story, const struct event *event)
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
static void sent(struct judge_story *story, const struct event *event, size_t origin)
{
	long at;

	if (event->hook == HOOK_POST_ROUTING) {
		at = last_same(story, JUDGE_SENT, event);
		if (at >= 0 && story->from[at]->hook == HOOK_LOCAL_OUT)
			return;
	}
	add_segment(story, JUDGE_SENT, event, origin);
}

static void crosses(struct judge_story *story, const struct event *event,
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
		else if (event_verdict(event) == VERDICT_DROP)
			add_segment(story, JUDGE_STOPPED, event, origin);
		break;
	case HOOK_LOCAL_IN:
		inside(story, event);
		break;
	default:
		break;
	}
}

static void meets_fate(struct judge_story *story, const struct event *event,
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
	switch (cause) {
	case CAUSE_TIMER:
		return CLOSED_BY_TIMER;
	case CAUSE_OVERFLOW:
		return CLOSED_BY_STACK;
	case CAUSE_ABORT:
	case CAUSE_KILLED:
		return CLOSED_BY_USER;
	case CAUSE_TIMEOUT:
		return CLOSED_BY_TIMEOUT;
	default:
		return CLOSED_OTHERWISE;
	}
}

static void tell_here(struct judge_story *story, const struct event *event, size_t origin)
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
 * Seen from elsewhere, an end has sent a segment when that enters a namespace
 * on its way, whatever happens to it there; and a segment has come to the end
 * when it left the last namespace on its way. What a router parks as it enters
 * leaves later. A capture sees both in one.
 */
static void tell_far(struct judge_story *story, const struct event *event,
		     size_t origin)
{
	bool sent = !strcmp(event->src, story->name);
	bool came = !strcmp(event->dst, story->name);
	bool outcome = event->kind == EVENT_OUTCOME;

	if (!event_is_segment(event) || sent == came ||
	    event->source != story->source)
		return;
	if (sent) {
		if (!outcome && event->hook == story->enters)
			add_segment(story, JUDGE_SENT, event, origin);
	} else if (event->hook == story->leaves &&
		   (outcome ? event_verdict(event) == VERDICT_RELEASED :
			      continues(event))) {
		add_segment(story, JUDGE_CAME, event, origin);
	} else if (!outcome && event_verdict(event) == VERDICT_DROP) {
		add_segment(story, JUDGE_STOPPED, event, origin);
	}
}

/* Without states, what left an end and what may have come to it. */
static void tell_blind(struct judge_story *story, const struct event *event,
		       size_t origin)
{
	if (event->kind != EVENT_SEGMENT)
		return;
	if (!strcmp(event->src, story->name))
		sent(story, event, origin);
	else
		add_segment(story, JUDGE_CAME, event, origin);
}

static void tell(struct judge_story *story, const struct event *event,
		 size_t origin)
{
	const char *local = event_local(event);

	if (story->place == JUDGE_FAR)
		tell_far(story, event, origin);
	else if (story->place == JUDGE_BLIND)
		tell_blind(story, event, origin);
	else if (local && !strcmp(local, story->name))
		tell_here(story, event, origin);
}

/*
 * A RST made where a segment leaves is recorded where it comes; one made
 * further on its way, for one end or the other, need not be.
 */
static bool makes_rst(const struct judge_story *story,
		      const struct event *event)
{
	return event->kind == EVENT_SEGMENT &&
	       event_verdict(event) == VERDICT_RESET &&
	       (event->hook != HOOK_POST_ROUTING ||
		story->place != JUDGE_HERE);
}

/**
 * judge_has_socket() - check that the states of an end's socket were recorded
 * @close: the connection
 * @log: the log it was found in
 * @name: the end
 *
 * Return: true when there is at least one.
 */
bool judge_has_socket(const struct close *close, const struct log *log,
		      const char *name)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind == EVENT_SOCKET && event->flow &&
		    !strcmp(event->src, name))
			return true;
	}
	return false;
}

/* The first observation of a segment from @src; a RST may be a rule's. */
static const struct event *first_from(const struct close *close,
				      const struct log *log, const char *src,
				      bool rst)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event_is_segment(event) && !strcmp(event->src, src) &&
		    (rst || !strchr(event->flags, 'R')))
			return event;
	}
	return NULL;
}

/* The last of those to @dst: where it was seen is nearest to that end. */
static const struct event *last_to(const struct close *close,
				   const struct log *log, const char *dst)
{
	for (size_t i = close->count; i--;) {
		const struct event *event = &log->event[close->event[i]];

		if (event_is_segment(event) && !strcmp(event->dst, dst))
			return event;
	}
	return NULL;
}

static bool crosses_at(const struct close *close, const struct log *log,
		       const struct judge_story *story, enum hook hook)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event_is_segment(event) && event->hook == hook &&
		    event->source == story->source &&
		    !strcmp(event->dst, story->name))
			return true;
	}
	return false;
}

/*
 * What an end sends leaves its own namespace, and enters any other, first the
 * one that is next to it. Of one that sent nothing, what is sent to it tells:
 * it enters the end's namespace, and leaves any other, last the one that is next
 * to it.
 */
static enum judge_place place_of(struct judge_story *story,
				 const struct close *close,
				 const struct log *log)
{
	const struct event *first = first_from(close, log, story->name, false);
	const struct event *next = first ? first :
		last_to(close, log, story->name);
	bool leaves;

	if (judge_has_socket(close, log, story->name))
		return JUDGE_HERE;
	if (!next) {
		first = first_from(close, log, story->name, true);
		next = first;
	}
	if (!next)
		return JUDGE_BLIND;
	story->source = next->source;
	leaves = crosses_at(close, log, story, HOOK_POST_ROUTING);
	story->leaves = leaves ? HOOK_POST_ROUTING : HOOK_FORWARD;
	story->enters = next->hook == HOOK_FORWARD ? HOOK_FORWARD :
		HOOK_PRE_ROUTING;
	if (first)
		story->enters = first->hook;
	if (first)
		return first->hook == HOOK_PRE_ROUTING ||
		       first->hook == HOOK_FORWARD ? JUDGE_FAR : JUDGE_BLIND;
	return leaves || next->hook == HOOK_FORWARD ? JUDGE_FAR : JUDGE_BLIND;
}

/**
 * judge_story_tell() - find out what one end of a connection did
 * @story: where that is put; freed by judge_story_free()
 * @close: the connection
 * @log: the log it was found in
 * @name: the end, seen where it is or from elsewhere
 */
void judge_story_tell(struct judge_story *story, const struct close *close,
		      const struct log *log, const char *name)
{
	memset(story, 0, sizeof(*story));
	story->name = name;
	story->place = place_of(story, close, log);
	story->event = calloc(2 * close->count, sizeof(*story->event));
	story->from = calloc(2 * close->count, sizeof(*story->from));
	if (!story->event || !story->from)
		abort();
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		tell(story, event, i);
		if (makes_rst(story, event))
			add(story, JUDGE_CAME, event, i)->flags = FLAG_RST |
								  FLAG_MADE;
	}
}

/**
 * judge_story_free() - forget it
 * @story: what judge_story_tell() made
 */
void judge_story_free(struct judge_story *story)
{
	free(story->event);
	free(story->from);
}
