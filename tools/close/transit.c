// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same hooks see the segments of an end and those that a router forwards.
 * A router sees a segment come in and then leave, over loopback an end sees it
 * leave and then come in, and only an end has a socket. Where NAT is, a segment
 * comes in under one pair of names and leaves under another.
 */
#include <stdlib.h>
#include <string.h>

#include "event_compare.h"
#include "log.h"
#include "transit.h"

/* How far apart equal segments are compared. */
enum { NEAR = 8 };

/**
 * struct flow_view - one flow of one source, between one pair of names
 * @source: the source
 * @flow: number of the flow
 * @named: a record tells the connection under other names, conn=
 * @socket: it has a state of a socket, or was seen at a hook for local sockets
 * @passed: a segment came in and left again
 * @first: the first event of each direction; the second is the one from the
 *	greater name
 */
struct flow_view {
	unsigned int source;
	u64 flow;
	bool named;
	bool socket;
	bool passed;
	const struct event *first[2];
};

/**
 * struct sighting - an event, and the view that it belongs to
 * @event: the event
 * @view: index of the view
 */
struct sighting {
	struct event *event;
	size_t view;
};

struct views {
	struct flow_view *view;
	size_t count;
	struct sighting *sighting;
	size_t sightings;
};

static int compare_flow(const struct event *a, const struct event *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->flow != b->flow)
		return a->flow < b->flow ? -1 : 1;
	return event_compare_pair(a, b);
}

/* Events of a flow are together, and in their order. */
static int by_flow(const void *left, const void *right)
{
	const struct event *a = ((const struct sighting *)left)->event;
	const struct event *b = ((const struct sighting *)right)->event;
	int order = compare_flow(a, b);

	return order ? order : a < b ? -1 : a > b;
}

static void view_learn(struct flow_view *view, const struct event *event)
{
	const struct event **first = &view->first[event_is_reverse(event)];

	view->named |= !!strstr(event->more, " conn=");
	if (!event_is_segment(event)) {
		view->socket = true;
		return;
	}
	if (!*first)
		*first = event;
	switch (event->hook) {
	case HOOK_LOCAL_IN:
	case HOOK_LOCAL_OUT:
		view->socket = true;
		break;
	case HOOK_POST_ROUTING:
		view->passed |= (*first)->hook == HOOK_PRE_ROUTING;
		break;
	case HOOK_PRE_ROUTING:
		break;
	default:
		view->passed = true;
	}
}

static void views_collect(struct views *views, struct log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		struct event *event = &log->event[i];

		if (event->kind != EVENT_LOST && event->flow)
			views->sighting[views->sightings++].event = event;
	}
	qsort(views->sighting, views->sightings, sizeof(*views->sighting),
	      by_flow);
	for (size_t i = 0; i < views->sightings; i++) {
		struct sighting *at = &views->sighting[i];

		if (!i || compare_flow(at[-1].event, at->event)) {
			views->view[views->count].source = at->event->source;
			views->view[views->count++].flow = at->event->flow;
		}
		at->view = views->count - 1;
		view_learn(&views->view[at->view], at->event);
	}
}

/*
 * A flow under several names that has no socket is translated on its way, also
 * when rules let nothing of it pass.
 */
static void views_translate(struct views *views)
{
	for (size_t from = 0, to; from < views->count; from = to) {
		struct flow_view *view = &views->view[from];
		bool named = false, socket = false;

		for (to = from; to < views->count &&
		     views->view[to].source == view->source &&
		     views->view[to].flow == view->flow; to++) {
			named |= views->view[to].named;
			socket |= views->view[to].socket;
		}
		for (size_t i = from; i < to; i++)
			views->view[i].passed |= named && !socket &&
						 to - from > 1;
	}
}

static bool has_fin_or_rst(const struct event *event)
{
	return event_is_segment(event) && strpbrk(event->flags, "FR");
}

static int compare_source(const struct event *a, const struct event *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return event_compare_segment(a, b);
}

static int by_segment(const void *left, const void *right)
{
	const struct event *a = ((const struct sighting *)left)->event;
	const struct event *b = ((const struct sighting *)right)->event;
	int order = compare_source(a, b);

	return order ? order : a < b ? -1 : a > b;
}

/* Two are enough: one of them is of another pair than any third. */
static void remember_in(const struct sighting **in, const struct sighting *at)
{
	if (!in[0])
		in[0] = at;
	else if (!in[1] && event_compare_pair(in[0]->event, at->event))
		in[1] = at;
}

/* NAT: what came in as a segment of one view left as one of another. */
static void views_pair(struct views *views, size_t from, size_t to)
{
	const struct sighting *in[2] = { NULL };

	for (size_t i = from; i < to; i++) {
		const struct sighting *at = &views->sighting[i];

		if (at->event->hook == HOOK_PRE_ROUTING &&
		    !views->view[at->view].socket)
			remember_in(in, at);
		if (at->event->hook != HOOK_POST_ROUTING)
			continue;
		for (int j = 0; j < 2 && in[j]; j++) {
			if (!event_compare_pair(in[j]->event, at->event))
				continue;
			views->view[in[j]->view].passed = true;
			views->view[at->view].passed = true;
		}
	}
}

static bool is_other_fin(const struct event *a, const struct event *b)
{
	return list_has(a->seg, "fin1") && !list_has(a->seg, "fin2") &&
	       list_has(b->seg, "fin2") && !list_has(b->seg, "fin1");
}

/* One namespace counts a segment, and names its FIN, in one way only. */
static bool is_contradiction(const struct event *a, const struct event *b)
{
	if (a->kind != EVENT_SEGMENT || b->kind != EVENT_SEGMENT ||
	    a->hook != b->hook || event_compare_pair(a, b))
		return false;
	return (!strcmp(a->seg, b->seg) && !strcmp(a->nth, b->nth)) ||
	       is_other_fin(a, b) || is_other_fin(b, a);
}

/* Several namespaces gave their flows the same number. */
static void views_mixed(struct views *views, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct sighting *at = &views->sighting[i];

		for (size_t j = i; j-- > from && i - j <= NEAR;) {
			const struct sighting *before = &views->sighting[j];

			views->view[at->view].passed |=
				at->view == before->view &&
				is_contradiction(at->event, before->event);
		}
	}
}

static void views_match(struct views *views)
{
	size_t kept = 0, from = 0;

	for (size_t i = 0; i < views->sightings; i++)
		if (has_fin_or_rst(views->sighting[i].event))
			views->sighting[kept++] = views->sighting[i];
	views->sightings = kept;
	qsort(views->sighting, kept, sizeof(*views->sighting), by_segment);
	for (size_t i = 1; i <= kept; i++) {
		if (i < kept && !compare_source(views->sighting[from].event,
						views->sighting[i].event))
			continue;
		views_pair(views, from, i);
		views_mixed(views, from, i);
		from = i;
	}
}

/* A namespace that forwards and has no socket at all is a router throughout. */
static void views_spread(struct views *views, size_t sources)
{
	bool *sockets = calloc(sources + 1, sizeof(*sockets));
	bool *passed = calloc(sources + 1, sizeof(*passed));

	if (!sockets || !passed)
		abort();
	for (size_t i = 0; i < views->count; i++) {
		const struct flow_view *view = &views->view[i];

		sockets[view->source] |= view->socket;
		passed[view->source] |= view->passed;
	}
	for (size_t i = 0; i < views->count; i++) {
		struct flow_view *view = &views->view[i];

		view->passed |= passed[view->source] && !sockets[view->source];
	}
	free(sockets);
	free(passed);
}

static enum event_place place_of(const struct flow_view *view,
				 const struct log *log)
{
	bool named = log_source_get(&log->sources, view->source)->named;

	if (!view->passed || (view->socket && named))
		return PLACE_END;
	return view->socket ? PLACE_UNKNOWN : PLACE_ROUTER;
}

/**
 * transit_mark() - find out which observations were made on a router
 * @log: the log, by time; @place of each observation is set
 *
 * A log of several namespaces that does not say which observation is from
 * which may give an end's flow and a router's the same number. Then the place
 * is not known.
 */
void transit_mark(struct log *log)
{
	struct views views = { 0 };
	struct sighting *all;
	size_t count;

	views.view = calloc(log->count + 1, sizeof(*views.view));
	views.sighting = calloc(log->count + 1, sizeof(*views.sighting));
	all = calloc(log->count + 1, sizeof(*all));
	if (!views.view || !views.sighting || !all)
		abort();
	views_collect(&views, log);
	views_translate(&views);
	count = views.sightings;
	memcpy(all, views.sighting, count * sizeof(*all));
	views_match(&views);
	views_spread(&views, log->sources.count);
	for (size_t i = 0; i < count; i++)
		all[i].event->place = place_of(&views.view[all[i].view],
					       log);
	free(all);
	free(views.sighting);
	free(views.view);
}
