// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "watched.h"

static bool is_between(const struct watched *one, const struct event *event)
{
	return event_is_between(event, one->end[0].name, one->end[1].name);
}

/* A number of its own in this namespace is another incarnation. */
static struct watched *find(struct watched_set *set, int view,
			    const struct event *event)
{
	struct watched *found = NULL;

	for (int i = 0; i < WATCHED; i++) {
		struct watched *one = &set->one[i];

		if (!one->first || !is_between(one, event))
			continue;
		if (one->id[view] == event->flow)
			return one;
		if (!one->id[view] && (!found || one->first > found->first))
			found = one;
	}
	return found;
}

/* First what is free, then what was drawn, then what was silent longest. */
static bool goes_before(const struct watched *one, const struct watched *other)
{
	if (!one->first || !other->first)
		return !one->first && other->first;
	if (one->shown != other->shown)
		return one->shown;
	return one->last < other->last;
}

static struct watched *make_room(struct watched_set *set,
				 const struct watched *keep)
{
	struct watched *choice = NULL;

	for (int i = 0; i < WATCHED; i++) {
		struct watched *one = &set->one[i];

		if (one != keep && (!choice || goes_before(one, choice)))
			choice = one;
	}
	set->missed += choice->first && !choice->shown;
	log_free(&choice->log);
	memset(choice, 0, sizeof(*choice));
	return choice;
}

static struct watched *begin(struct watched_set *set,
			     const struct event *event,
			     const struct watched *keep)
{
	struct watched *one = make_room(set, keep);

	memcpy(one->end[0].name, event->src, ENDPOINT);
	memcpy(one->end[1].name, event->dst, ENDPOINT);
	one->end[0].view = -1;
	one->end[1].view = -1;
	one->first = event->t;
	return one;
}

static void socket_changes(struct watched *one, int view,
			   const struct event *event)
{
	struct watched_end *end = &one->end[strcmp(event->src,
						   one->end[0].name) != 0];

	end->view = view;
	end->gone = event_is_closed(event);
}

/**
 * watched_add() - take a record into account
 * @set: the closes
 * @view: number of the namespace it came from
 * @event: the record; a segment, an outcome or a change of state
 * @keep: a close that must not make room for another, or NULL
 *
 * Of a close with very many records the later ones are not kept.
 *
 * Return: the close it is about.
 */
struct watched *watched_add(struct watched_set *set, int view,
			    const struct event *event,
			    const struct watched *keep)
{
	struct watched *one = find(set, view, event);

	if (!one)
		one = begin(set, event, keep);
	one->id[view] = event->flow;
	if (event->t > one->last)
		one->last = event->t;
	if (event->kind == EVENT_SOCKET)
		socket_changes(one, view, event);
	if (one->log.count < WATCHED_EVENTS)
		*log_add(&one->log) = *event;
	return one;
}

/**
 * watched_next() - which close to draw next
 * @set: the closes
 * @flow: its number in the first namespace, or 0 for any
 *
 * Return: the close that began first among those not drawn yet, or NULL.
 */
struct watched *watched_next(struct watched_set *set, u64 flow)
{
	struct watched *next = NULL;

	for (int i = 0; i < WATCHED; i++) {
		struct watched *one = &set->one[i];

		if (!one->first || one->shown || (flow && one->id[0] != flow))
			continue;
		if (!next || one->first < next->first)
			next = one;
	}
	return next;
}

/**
 * watched_start() - record the state of an end when its close was first seen
 * @one: the close
 * @end: the end
 * @now: when it was looked at, ns
 * @state: the state
 */
void watched_start(struct watched *one, int end, u64 now, const char *state)
{
	log_add_state(&one->log, now, one->end[end].name, one->end[!end].name,
		      state);
}

/**
 * watched_is_over() - check that nothing of a close is left
 * @one: the close
 *
 * Return: true when no socket is, as far as can be seen.
 */
bool watched_is_over(const struct watched *one)
{
	bool seen = false;

	for (int i = 0; i < 2; i++) {
		if (one->end[i].view < 0)
			continue;
		if (!one->end[i].gone)
			return false;
		seen = true;
	}
	return seen;
}

/**
 * watched_free() - forget all closes
 * @set: the closes
 */
void watched_free(struct watched_set *set)
{
	for (int i = 0; i < WATCHED; i++)
		log_free(&set->one[i].log);
	memset(set, 0, sizeof(*set));
}
