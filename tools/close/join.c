// SPDX-License-Identifier: GPL-2.0-only
/*
 * NAT changes addresses and ports, and leaves the numbers of a segment alone. So
 * two closes that have a FIN or a RST with the same numbers, at the same time,
 * are one connection, unless both were seen at the same end of it. Where the
 * namespace itself translates, its flow number is the same, and records have the
 * key conn=.
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

static bool has_socket(const struct close *close, const char *name,
		       const struct log *log)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind == EVENT_SOCKET && !strcmp(event->src, name))
			return true;
	}
	return false;
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

/* A socket knows its own name. Else it is that under which it first came. */
static const char *name_side(const struct close *close,
			     const struct close *other, bool crossed,
			     const struct log *log, int side)
{
	const char *name = end_name(close, false, side);
	const char *theirs = end_name(other, crossed, side);
	size_t first, second;

	if (!name || (theirs && has_socket(other, theirs, log)))
		name = theirs;
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

/* One end under two names is still one. */
static void add_end(struct close *close, const struct close_end *end)
{
	for (size_t i = 0; i < close->ends; i++) {
		if (strcmp(close->end[i].name, end->name))
			continue;
		close->end[i].closed |= end->closed;
		close->end[i].fin |= end->fin;
		return;
	}
	close->end[close->ends++] = *end;
}

static void rename_ends(struct close *close, bool crossed,
			char (*name)[ENDPOINT])
{
	for (size_t i = 0; i < close->ends; i++) {
		int side = side_of(close, close->end[i].name, crossed);

		memcpy(close->end[i].name, name[side], ENDPOINT);
	}
}

static void move(struct close *close, struct close *other)
{
	for (size_t i = 0; i < other->ends; i++)
		add_end(close, &other->end[i]);
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
	rename_ends(close, false, name);
	rename_ends(other, crossed, name);
	memcpy(close->name, name, sizeof(name));
	move(close, other);
}

static size_t root_of(const size_t *into, size_t i)
{
	while (into[i] != i)
		i = into[i];
	return i;
}

static void join_if(struct closes *closes, size_t *into,
		    const struct mark *mark, struct log *log)
{
	size_t a = root_of(into, mark[0].close);
	size_t b = root_of(into, mark[1].close);
	struct close *close, *other;
	bool crossed;
	int side;

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
 * struct member - a close that has a flow
 * @source: where that is
 * @flow: its number
 * @close: index of the close
 */
struct member {
	unsigned int source;
	u64 flow;
	size_t close;
};

static int by_flow(const void *left, const void *right)
{
	const struct member *a = left, *b = right;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->flow != b->flow)
		return a->flow < b->flow ? -1 : 1;
	return a->close < b->close ? -1 : a->close > b->close;
}

/* The key conn= of a record: the connection as its opener sends it. */
static bool is_translated(const struct close *close, const struct log *log)
{
	for (size_t i = 0; i < close->count; i++)
		if (strstr(log->event[close->event[i]].more, " conn="))
			return true;
	return false;
}

/* Return: 0 or 1 for the side that closed first, as a source counts; -1: unknown. */
static int closer_side(const struct close *close, const struct log *log,
		       unsigned int source, bool router)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (!event_is_segment(event) || event->source != source ||
		    (router && event->place != PLACE_ROUTER))
			continue;
		if (list_has(event->seg, "fin1"))
			return side_of(close, event->src, false);
		if (list_has(event->seg, "fin2"))
			return side_of(close, event->dst, false);
	}
	return -1;
}

/*
 * An end that has kept its name tells which sides are the same. Else the closer
 * does, as the namespace itself counts: to an end on which a FIN did not leave, or
 * came later, the other one's may be fin1.
 *
 * Return: false when nothing tells.
 */
static bool find_sides(const struct close *close, const struct close *other,
		       const struct log *log, unsigned int source,
		       bool *crossed)
{
	int side = -1, theirs = -1;

	for (int i = 0; i < 2; i++) {
		if (strcmp(close->name[i], other->name[0]) &&
		    strcmp(close->name[i], other->name[1]))
			continue;
		*crossed = strcmp(close->name[i], other->name[i]);
		return true;
	}
	for (int router = 1; router >= 0 && (side < 0 || theirs < 0); router--) {
		side = closer_side(close, log, source, router);
		theirs = closer_side(other, log, source, router);
	}
	*crossed = side != theirs;
	return side >= 0 && theirs >= 0;
}

static void join_flow(struct closes *closes, size_t *into,
		      const struct member *member, struct log *log)
{
	size_t a = root_of(into, member[0].close);
	size_t b = root_of(into, member[1].close);
	struct close *close = &closes->close[a < b ? a : b];
	struct close *other = &closes->close[a < b ? b : a];
	bool crossed;

	if (a == b || is_apart(close, other, log) ||
	    (!is_translated(close, log) && !is_translated(other, log)) ||
	    !find_sides(close, other, log, member->source, &crossed))
		return;
	join(close, other, crossed, log);
	into[a < b ? b : a] = a < b ? a : b;
}

struct members {
	struct member *member;
	size_t count;
	size_t room;
};

static void member_add(struct members *members, unsigned int source, u64 flow,
		       size_t close)
{
	members->member = grow(members->member, members->count, &members->room,
			       sizeof(*members->member));
	members->member[members->count++] = (struct member){
		source, flow, close
	};
}

static void members_collect(struct members *members,
			    const struct closes *closes)
{
	for (size_t i = 0; i < closes->count; i++) {
		const struct close *close = &closes->close[i];

		for (size_t j = 0; j < close->ends; j++)
			member_add(members, close->end[j].source,
				   close->end[j].flow, i);
		for (size_t j = 0; j < close->routers; j++)
			member_add(members, close->router[j].source,
				   close->router[j].flow, i);
	}
}

static void join_flows(struct closes *closes, size_t *into, struct log *log)
{
	struct members members = { 0 };

	members_collect(&members, closes);
	if (members.count)
		qsort(members.member, members.count, sizeof(*members.member),
		      by_flow);
	for (size_t i = 1; i < members.count; i++) {
		const struct member *member = &members.member[i - 1];

		if (member[0].source == member[1].source &&
		    member[0].flow == member[1].flow)
			join_flow(closes, into, member, log);
	}
	free(members.member);
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
	join_flows(closes, into, log);
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
