// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses and ports alone do not name a connection: they are used again, in
 * one namespace under a new flow number, in another with the old one.
 * Observations in several namespaces are of one connection when its ends have
 * the same names in them; join.c finds those where NAT gave them others.
 */
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "grow.h"
#include "join.h"
#include "transit.h"

static const u64 soon_ns = 100000000000;

/**
 * event_local() - find the end that is in the namespace of an observation
 * @event: the observation
 *
 * Return: its address and port; NULL for a segment that was forwarded.
 */
const char *event_local(const struct event *event)
{
	if (event->place == PLACE_ROUTER)
		return NULL;
	if (!event_is_segment(event))
		return event->src;
	switch (event->hook) {
	case HOOK_POST_ROUTING:
	case HOOK_LOCAL_OUT:
		return event->src;
	case HOOK_PRE_ROUTING:
	case HOOK_LOCAL_IN:
		return event->dst;
	default:
		return NULL;
	}
}

/* Return: number, from 1, of the latest connection between the same two. */
static size_t latest_number(const struct closes *closes,
			    const struct event *event)
{
	return pair_table_get(&closes->latest, event->src, event->dst);
}

static struct close_end *end_find(struct close *close, const char *name)
{
	for (size_t i = 0; i < close->ends; i++)
		if (!strcmp(close->end[i].name, name))
			return &close->end[i];
	return NULL;
}

static struct close_router *router_find(struct close *close,
					unsigned int source)
{
	for (size_t i = 0; i < close->routers; i++)
		if (close->router[i].source == source)
			return &close->router[i];
	return NULL;
}

static struct close *close_add(struct closes *closes,
			       const struct event *event)
{
	struct close *close;

	closes->close = grow(closes->close, closes->count, &closes->room,
			     sizeof(*closes->close));
	close = &closes->close[closes->count++];
	memset(close, 0, sizeof(*close));
	memcpy(close->name[0], event->src, ENDPOINT);
	memcpy(close->name[1], event->dst, ENDPOINT);
	close->before = latest_number(closes, event);
	pair_table_set(&closes->latest, event->src, event->dst, closes->count);
	return close;
}

static void event_add(struct close *close, size_t index)
{
	close->event = grow(close->event, close->count, &close->room,
			    sizeof(*close->event));
	close->event[close->count++] = index;
}

static const struct event *last_of(const struct close *close,
				   const struct log *log)
{
	return &log->event[close->event[close->count - 1]];
}

static struct close *latest(struct closes *closes, const struct event *event)
{
	size_t number = latest_number(closes, event);
	struct close *close = number ? &closes->close[number - 1] : NULL;

	return close && !close->over ? close : NULL;
}

/* Number one of all FINs, where it crosses the border of a namespace. */
static bool is_first_fin(const struct event *event)
{
	return event->kind == EVENT_SEGMENT && list_has(event->seg, "fin1") &&
	       event->nth[0] == '1' && (!event->nth[1] || event->nth[1] == ',') &&
	       (event->hook == HOOK_PRE_ROUTING ||
		event->hook == HOOK_POST_ROUTING);
}

/* A socket that was closed begins anew: so does the flow, whatever its number. */
static bool begins(const struct close_end *end, const struct event *event)
{
	if (!end->closed)
		return false;
	if (event->kind == EVENT_SOCKET)
		return !strcmp(event->from, "ESTABLISHED");
	return end->fin && is_first_fin(event);
}

static bool is_at_end(struct close *close, const struct event *event,
		      const char *local)
{
	struct close_end *end = end_find(close, local);

	return end && end->source == event->source && end->flow == event->flow;
}

static bool is_at_router(struct close *close, const struct event *event)
{
	struct close_router *router = router_find(close, event->source);

	return router && router->flow == event->flow;
}

static struct close *known(struct closes *closes, const struct event *event,
			   const char *local)
{
	size_t number = latest_number(closes, event);

	for (; number; number = closes->close[number - 1].before) {
		struct close *close = &closes->close[number - 1];

		if (close->over)
			return NULL;
		if (!local && is_at_router(close, event))
			return close;
		if (!local || !is_at_end(close, event, local))
			continue;
		close->over = begins(end_find(close, local), event);
		return close->over ? NULL : close;
	}
	return NULL;
}

static void end_add(struct close *close, const struct event *event,
		    const char *local)
{
	struct close_end *end = &close->end[close->ends++];

	memcpy(end->name, local, ENDPOINT);
	end->seen = true;
	end->source = event->source;
	end->flow = event->flow;
}

static void router_add(struct close *close, const struct event *event)
{
	close->router = grow(close->router, close->routers, &close->router_room,
			     sizeof(*close->router));
	close->router[close->routers++] = (struct close_router){
		event->source, event->flow
	};
}

/* Another flow of the place of this observation is in that close already. */
static bool is_taken(struct close *close, const struct event *event,
		     const char *local)
{
	if (!local)
		return router_find(close, event->source);
	return close->ends == 2 || end_find(close, local);
}

/*
 * The same flow number once more is another namespace's, or a close cut short
 * by the next on the same addresses. Then late segments may be of either.
 */
static bool is_soon(const struct closes *closes, const struct event *event,
		    const struct log *log)
{
	size_t number = latest_number(closes, event);
	const struct close *close = number ? &closes->close[number - 1] : NULL;

	return close && close->over && close->count &&
	       event->t - last_of(close, log)->t < soon_ns;
}

static struct close *close_of(struct closes *closes, const struct event *event,
			      const char *local, const struct log *log)
{
	struct close *close = known(closes, event, local);

	if (close)
		return close;
	close = latest(closes, event);
	if (!close || is_taken(close, event, local)) {
		bool soon = is_soon(closes, event, log);

		close = close_add(closes, event);
		close->soon = soon;
	}
	if (local)
		end_add(close, event, local);
	else
		router_add(close, event);
	return close;
}

/* A state read from inet_diag says that another connection begins here. */
static struct close *stated(struct closes *closes, const struct event *event)
{
	struct close *close = latest(closes, event);

	if (close && close->ends) {
		close->over = true;
		close = NULL;
	}
	return close ? close : close_add(closes, event);
}

static void swap_names(struct close *close)
{
	char name[ENDPOINT];

	memcpy(name, close->name[0], ENDPOINT);
	memcpy(close->name[0], close->name[1], ENDPOINT);
	memcpy(close->name[1], name, ENDPOINT);
}

static bool is_time_wait(const struct event *event)
{
	return event->kind == EVENT_SOCKET && !strcmp(event->to, "TIME_WAIT");
}

static bool is_syn(const struct event *event)
{
	return event_is_segment(event) && list_has(event->seg, "syn");
}

static void learn(struct close *close, const struct event *event)
{
	const char *local = event_local(event);
	struct close_end *end = local ? end_find(close, local) : NULL;

	if (end && (event_is_closed(event) || is_time_wait(event)))
		end->closed = true;
	if (event->flow && !is_syn(event))
		close->any = true;
	if (end && is_first_fin(event))
		end->fin = true;
	if (event_is_segment(event) && list_has(event->seg, "fin1") &&
	    strcmp(close->name[0], event->src))
		swap_names(close);
}

static void place(struct closes *closes, const struct log *log, size_t index)
{
	const struct event *event = &log->event[index];
	const char *local;
	struct close *close;

	if (event->kind == EVENT_LOST) {
		closes->lost += event->lost;
		return;
	}
	if (event_is_segment(event) && seg_is_early(event->seg))
		return;		/* it is of no close */
	local = event_local(event);
	if (event->kind == EVENT_SOCKET && !event->flow)
		close = stated(closes, event);
	else
		close = close_of(closes, event, local, log);
	close->forwarded |= event->place == PLACE_UNKNOWN;
	event_add(close, index);
	learn(close, event);
}

static void close_free(struct close *close)
{
	free(close->router);
	free(close->event);
}

static void end_add_unseen(struct close *close)
{
	for (; close->ends < 2; close->ends++) {
		struct close_end *end = &close->end[close->ends];

		memcpy(end->name, close->name[close->ends], ENDPOINT);
		end->source = close->router[0].source;
		end->flow = close->router[0].flow;
	}
	close->forwarded = true;
}

/* A lone SYN on addresses of before is no close, and neither is a state. */
static void drop_empty(struct closes *closes)
{
	size_t kept = 0;

	for (size_t i = 0; i < closes->count; i++) {
		struct close *close = &closes->close[i];

		if (close->any) {
			if (!close->ends)
				end_add_unseen(close);
			closes->close[kept++] = *close;
		} else {
			close_free(close);
		}
	}
	closes->count = kept;
}

/**
 * closes_split() - find the connections in a log
 * @closes: where they are put
 * @log: what was observed in network namespaces, by time: those of ends, and
 *	of routers between them. It learns the place of each observation. Where
 *	NAT is, the names in it become those by which the ends know themselves
 */
void closes_split(struct closes *closes, struct log *log)
{
	memset(closes, 0, sizeof(*closes));
	transit_mark(log);
	for (size_t i = 0; i < log->count; i++)
		place(closes, log, i);
	pair_table_free(&closes->latest);
	closes_join(closes, log);
	drop_empty(closes);
}

/**
 * closes_free() - forget the connections
 * @closes: them
 */
void closes_free(struct closes *closes)
{
	for (size_t i = 0; i < closes->count; i++)
		close_free(&closes->close[i]);
	free(closes->close);
	memset(closes, 0, sizeof(*closes));
}

/**
 * close_begin() - find when a connection was first seen to do something
 * @close: the connection
 * @log: the log it was found in
 *
 * Return: the time, ns; 0 when nothing but states of before is known.
 */
u64 close_begin(const struct close *close, const struct log *log)
{
	for (size_t i = 0; i < close->count; i++)
		if (!event_is_hand_over(&log->event[close->event[i]]))
			return log->event[close->event[i]].t;
	return 0;
}

/**
 * close_log() - copy what was observed of one connection
 * @close: the connection
 * @log: the log it was found in
 * @from: the first of its observations to take
 * @to: the one behind the last
 * @part: they are added here
 */
void close_log(const struct close *close, const struct log *log, size_t from,
	       size_t to, struct log *part)
{
	for (size_t i = from; i < to && i < close->count; i++)
		*log_add(part) = log->event[close->event[i]];
}
