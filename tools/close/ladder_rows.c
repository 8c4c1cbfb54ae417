// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts what happened into rows. A segment that takes a noticeable time has a
 * row where it leaves and one where it comes. A state stands beside the
 * segment it belongs to: FIN_WAIT1 and LAST_ACK beside the FIN that the
 * closing end sends, all others beside the segment that brought them about.
 */
#include <stdlib.h>
#include <string.h>

#include "ladder_rows.h"

enum {
	FLIGHT_NS = 2000000,
	BESIDE_NS = 5000000,
};

struct rows {
	struct ladder_row *row;
	size_t count;
	size_t last[2];
};

static void add(struct rows *rows, const struct ladder_arrow *arrow,
		enum ladder_part part, u64 t)
{
	struct ladder_row *row = &rows->row[rows->count++];

	row->t = t;
	row->arrow = arrow;
	row->part = part;
}

static void add_arrow(struct rows *rows, const struct ladder_arrow *arrow,
		      bool live)
{
	u64 first = arrow->out ? arrow->out : arrow->in;
	bool slow = arrow->out && arrow->in &&
		    arrow->in - arrow->out > FLIGHT_NS;

	if (arrow->copy) {
		add(rows, arrow, PART_RELEASED, first);
	} else if (arrow->released) {
		add(rows, arrow, PART_DEPARTS, first);
		add(rows, arrow, PART_RELEASED, arrow->released);
	} else if (arrow->fault == FAULT_PARKED) {
		add(rows, arrow, PART_DEPARTS, first);
	} else if (slow) {
		add(rows, arrow, PART_DEPARTS, first);
		add(rows, arrow, PART_ARRIVES, arrow->in);
	} else if (live && !arrow->unseen && ladder_is_under_way(arrow)) {
		add(rows, arrow, PART_DEPARTS, first);
	} else {
		add(rows, arrow, PART_WHOLE, first);
	}
}

static int by_time(const void *left, const void *right)
{
	const struct ladder_row *a = left, *b = right;

	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	if (a->arrow != b->arrow)
		return a->arrow < b->arrow ? -1 : 1;
	return (int)a->part - (int)b->part;
}

/* When the row's segment was at an end: 0 when it was not. */
static u64 touches(const struct ladder_row *row, enum ladder_end end)
{
	const struct ladder_arrow *arrow = row->arrow;

	if (!arrow)
		return 0;
	if (end == arrow->from)
		return row->part == PART_WHOLE || row->part == PART_DEPARTS ?
			arrow->out : 0;
	if (row->part == PART_DEPARTS || arrow->fault == FAULT_LOST)
		return 0;
	return arrow->there && row->part == PART_RELEASED ? arrow->released :
		arrow->in;
}

static bool is_own_close(const char *name)
{
	return !strcmp(name, "FIN_WAIT1") || !strcmp(name, "LAST_ACK");
}

/* The first row in which the end itself sends something in that time. */
static long row_sent(const struct rows *rows, const struct ladder_state *s,
		     u64 from, u64 to)
{
	for (size_t i = rows->last[s->end]; i < rows->count; i++) {
		const struct ladder_row *row = &rows->row[i];
		u64 t = touches(row, s->end);

		if (t && row->arrow->from == s->end && t >= from && t <= to)
			return i;
	}
	return -1;
}

/* The row in which the end acknowledges what led to a state. */
static long row_answered(const struct rows *rows, const struct ladder_state *s)
{
	u64 since = s->t > BESIDE_NS ? s->t - BESIDE_NS : 0;
	long at = row_sent(rows, s, since, s->t + BESIDE_NS);

	while (at >= 0 && !strstr(rows->row[at].arrow->seg, "ack"))
		at = row_sent(rows, s, rows->row[at].t + 1, s->t + BESIDE_NS);
	return at;
}

static long row_before(const struct rows *rows, const struct ladder_state *s)
{
	u64 latest = 0;
	long found = -1;

	for (size_t i = rows->last[s->end]; i < rows->count; i++) {
		u64 t = touches(&rows->row[i], s->end);

		if (!t || t > s->t || s->t - t > BESIDE_NS || t < latest)
			continue;
		latest = t;
		found = i;
	}
	return found;
}

static long row_insert(struct rows *rows, const struct ladder_state *s)
{
	size_t at = rows->last[s->end];

	while (at < rows->count && rows->row[at].t <= s->t)
		at++;
	memmove(&rows->row[at + 1], &rows->row[at],
		(rows->count - at) * sizeof(*rows->row));
	memset(&rows->row[at], 0, sizeof(*rows->row));
	rows->row[at].t = s->t;
	rows->count++;
	if (rows->last[!s->end] > at)
		rows->last[!s->end]++;
	return at;
}

static bool was_fin_wait2(const struct ladder *ladder, size_t i)
{
	enum ladder_end end = ladder->state[i].end;

	while (i--)
		if (ladder->state[i].end == end)
			return !strcmp(ladder->state[i].name, "FIN_WAIT2");
	return false;
}

/*
 * A line of life is read downwards: no state stands above an earlier one.
 * TIME_WAIT after FIN_WAIT2 stands beside the ACK of the other FIN, as RFC 9293
 * figure 12 has it.
 */
static void add_state(struct rows *rows, const struct ladder *ladder, size_t i)
{
	const struct ladder_state *s = &ladder->state[i];
	long at = -1;

	if (is_own_close(s->name))
		at = row_sent(rows, s, s->t, s->t + BESIDE_NS - 1);
	else if (!strcmp(s->name, "TIME_WAIT") && was_fin_wait2(ladder, i))
		at = row_answered(rows, s);
	if (at < 0)
		at = row_before(rows, s);
	if (at < 0)
		at = row_insert(rows, s);
	rows->row[at].state[s->end] = s->name;
	rows->last[s->end] = at + 1;
}

/**
 * ladder_rows() - lay out the rows of a drawing
 * @ladder: the picture
 * @count: number of rows
 *
 * Return: the rows, for the caller to free. They point into @ladder.
 */
struct ladder_row *ladder_rows(const struct ladder *ladder, size_t *count)
{
	struct rows rows = { 0 };

	rows.row = calloc(2 * ladder->arrows + ladder->states + 1,
			  sizeof(*rows.row));
	if (!rows.row)
		abort();
	for (size_t i = 0; i < ladder->arrows; i++)
		add_arrow(&rows, &ladder->arrow[i], ladder->now);
	qsort(rows.row, rows.count, sizeof(*rows.row), by_time);
	for (size_t i = 0; i < ladder->states; i++)
		add_state(&rows, ladder, i);
	*count = rows.count;
	return rows.row;
}
