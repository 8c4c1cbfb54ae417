// SPDX-License-Identifier: GPL-2.0-only
/*
 * NAT changes addresses and ports, and leaves the numbers of a segment alone. So
 * two closes that have a FIN or a RST with the same numbers, at the same time,
 * are one connection, unless both were seen at the same end of it.
 */
#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "event_compare.h"
#include "grow.h"
#include "join.h"

static const u64 slack_ns = 1000000000;

/**
 * struct mark - a FIN or a RST, by which a close can be told
 * @event: it
 * @close: index of the close
 */
struct mark {
	const struct event *event;
	size_t close;
};

struct marks {
	struct mark *mark;
	size_t count;
	size_t room;
};

static void marks_collect(struct marks *marks, const struct closes *closes,
			  const struct log *log)
{
	for (size_t i = 0; i < closes->count; i++) {
		const struct close *close = &closes->close[i];

		for (size_t j = 0; j < close->count; j++) {
			const struct event *event = &log->event[close->event[j]];

			if (event->kind != EVENT_SEGMENT ||
			    !strpbrk(event->flags, "FR"))
				continue;
			marks->mark = grow(marks->mark, marks->count,
					   &marks->room, sizeof(*marks->mark));
			marks->mark[marks->count++] = (struct mark){ event, i };
		}
	}
}

static int by_segment(const void *left, const void *right)
{
	const struct mark *a = left, *b = right;
	int order = event_compare_segment(a->event, b->event);

	return order ? order : a->event < b->event ? -1 : a->event > b->event;
}

static u64 time_of(const struct close *close, const struct log *log, size_t i)
{
	return log->event[close->event[i]].t;
}

static bool is_apart(const struct close *a, const struct close *b,
		     const struct log *log)
{
	return time_of(a, log, 0) >
	       time_of(b, log, b->count - 1) + slack_ns ||
	       time_of(b, log, 0) > time_of(a, log, a->count - 1) + slack_ns;
}

/* Return: 0 or 1 for the name in @close; the names of @other may be @crossed. */
static int side_of(const struct close *close, const char *name, bool crossed)
{
	return !!strcmp(close->name[0], name) != crossed;
}

/* Both closes were seen at the end on the same side: those are two ends. */
static bool has_rivals(const struct close *close, const struct close *other,
		       bool crossed)
{
	for (size_t i = 0; i < close->ends; i++)
		for (size_t j = 0; j < other->ends; j++)
			if (side_of(close, close->end[i].name, false) ==
			    side_of(other, other->end[j].name, crossed))
				return true;
	return false;
}

static int by_index(const void *left, const void *right)
{
	size_t a = *(const size_t *)left, b = *(const size_t *)right;

	return a < b ? -1 : a > b;
}

static const char *end_name(const struct close *close, bool crossed, int side)
{
	for (size_t i = 0; i < close->ends; i++)
		if (side_of(close, close->end[i].name, crossed) == side)
			return close->end[i].name;
	return NULL;
}

/* Return: index of the first segment that a side sent, or @none. */
static size_t first_sent(const struct close *close, bool crossed, int side,
			 const struct log *log, size_t none)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind == EVENT_SEGMENT &&
		    side_of(close, event->src, crossed) == side)
			return close->event[i];
	}
	return none;
}

/* An end knows its own name. Else it is that under which it first came. */
static const char *name_side(const struct close *close,
			     const struct close *other, bool crossed,
			     const struct log *log, int side)
{
	const char *name = end_name(close, false, side);
	size_t first, second;

	if (!name)
		name = end_name(other, crossed, side);
	if (name)
		return name;
	first = first_sent(close, false, side, log, log->count);
	second = first_sent(other, crossed, side, log, log->count);
	if (first == log->count && second == log->count)
		return close->name[side];
	return log->event[first < second ? first : second].src;
}

static void rename_events(const struct close *close, bool crossed,
			  char (*name)[ENDPOINT], struct log *log)
{
	for (size_t i = 0; i < close->count; i++) {
		struct event *event = &log->event[close->event[i]];
		int side = side_of(close, event->src, crossed);

		memcpy(event->src, name[side], ENDPOINT);
		memcpy(event->dst, name[!side], ENDPOINT);
	}
}

static bool is_router_of(const struct close *close, unsigned int source)
{
	for (size_t i = 0; i < close->routers; i++)
		if (close->router[i].source == source)
			return true;
	return false;
}

static void move(struct close *close, struct close *other)
{
	for (size_t i = 0; i < other->ends; i++)
		close->end[close->ends++] = other->end[i];
	for (size_t i = 0; i < other->routers; i++) {
		if (is_router_of(close, other->router[i].source))
			continue;
		close->router = grow(close->router, close->routers,
				     &close->router_room,
				     sizeof(*close->router));
		close->router[close->routers++] = other->router[i];
	}
	for (size_t i = 0; i < other->count; i++) {
		close->event = grow(close->event, close->count, &close->room,
				    sizeof(*close->event));
		close->event[close->count++] = other->event[i];
	}
	qsort(close->event, close->count, sizeof(*close->event), by_index);
	close->any |= other->any;
	close->soon |= other->soon;
	close->forwarded |= other->forwarded;
	other->ends = 0;
	other->routers = 0;
	other->count = 0;
	other->any = false;
}

static bool has_other_names(const struct close *close,
			    const struct close *other, bool crossed)
{
	return strcmp(close->name[0], other->name[crossed]) ||
	       strcmp(close->name[1], other->name[!crossed]);
}

static void join(struct close *close, struct close *other, bool crossed,
		 struct log *log)
{
	char name[2][ENDPOINT];

	close->translated |= has_other_names(close, other, crossed) ||
			     other->translated;
	for (int side = 0; side < 2; side++)
		memcpy(name[side], name_side(close, other, crossed, log, side),
		       ENDPOINT);
	rename_events(close, false, name, log);
	rename_events(other, crossed, name, log);
	memcpy(close->name, name, sizeof(name));
	move(close, other);
}

static void join_if(struct closes *closes, size_t *into, const struct mark *mark,
		struct log *log)
{
	size_t a = mark[0].close, b = mark[1].close;
	struct close *close, *other;
	bool crossed;
	int side;

	while (into[a] != a)
		a = into[a];
	while (into[b] != b)
		b = into[b];
	if (a == b)
		return;
	close = &closes->close[a < b ? a : b];
	other = &closes->close[a < b ? b : a];
	side = side_of(&closes->close[a], mark[0].event->src, false);
	crossed = side_of(&closes->close[b], mark[1].event->src, false) != side;
	if (is_apart(close, other, log) || has_rivals(close, other, crossed))
		return;
	join(close, other, crossed, log);
	into[a < b ? b : a] = a < b ? a : b;
}

/**
 * closes_join() - find the closes that are one connection under several names
 * @closes: the closes; all but one of such are left empty
 * @log: the log; its observations get the names by which the ends know
 *	themselves, or under which their segments came first
 */
void closes_join(struct closes *closes, struct log *log)
{
	struct marks marks = { 0 };
	size_t *into = calloc(closes->count + 1, sizeof(*into));

	if (!into)
		abort();
	for (size_t i = 0; i < closes->count; i++)
		into[i] = i;
	marks_collect(&marks, closes, log);
	if (marks.count)
		qsort(marks.mark, marks.count, sizeof(*marks.mark),
		      by_segment);
	for (size_t i = 1; i < marks.count; i++)
		if (!event_compare_segment(marks.mark[i - 1].event,
					   marks.mark[i].event))
			join_if(closes, into, &marks.mark[i - 1], log);
	free(marks.mark);
	free(into);
}
