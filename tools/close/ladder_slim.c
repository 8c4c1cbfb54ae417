// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draws a ladder where there are fewer than 80 columns: time, A's line of life,
 * a short arrow, B's line of life, and to the right of them what it was and
 * the states that both ends came into, on as many lines as that takes.
 */
#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "ladder.h"
#include "ladder_label.h"
#include "ladder_rows.h"
#include "ladder_slim.h"
#include "ladder_text.h"

enum {
	TIME_END = 8,
	LEFT = 9,
	RIGHT = 16,
	SPAN = RIGHT - LEFT,
	HOOK = 2,
	TEXT = RIGHT + 2,
	WAIT_NS = 100000000,
};

/**
 * struct slim - a drawing in the making
 * @canvas: the line that is drawn
 * @columns: width of the drawing
 * @out: where to
 * @start: when the first row is, ns
 * @t: and the last one
 * @gone: nothing of that end is left
 */
struct slim {
	struct canvas canvas;
	int columns;
	FILE *out;
	u64 start;
	u64 t;
	bool gone[2];
};

static void clear(struct slim *slim)
{
	canvas_clear(&slim->canvas);
	if (!slim->gone[END_A])
		canvas_mark(&slim->canvas, LEFT, LINE, PLAIN);
	if (!slim->gone[END_B])
		canvas_mark(&slim->canvas, RIGHT, LINE, PLAIN);
}

static void flush_line(struct slim *slim)
{
	canvas_print(&slim->canvas, slim->out);
	clear(slim);
}

/* How much of a text goes on a line: whole words, if they are not too long. */
static size_t piece(const char *text, size_t room)
{
	size_t size = strlen(text), at = room;

	if (size <= room)
		return size;
	while (at && text[at] != ' ')
		at--;
	return at ? at : room;
}

static void say(struct slim *slim, int column, enum colour colour,
		const char *text)
{
	char line[CANVAS_WIDTH + 1];

	while (*text) {
		size_t size = piece(text, slim->columns - column);

		snprintf(line, sizeof(line), "%.*s", (int)size, text);
		canvas_write(&slim->canvas, column, colour, line);
		flush_line(slim);
		text += size;
		text += *text == ' ';
	}
}

static int column(const struct ladder_arrow *arrow, int distance)
{
	return arrow->from == END_A ? LEFT + distance : RIGHT - distance;
}

static bool is_stopped(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (part == PART_RELEASED)
		return arrow->fault == FAULT_PURGED;
	return arrow->fault == FAULT_LOST || arrow->fault == FAULT_PARKED ||
	       arrow->fault == FAULT_PURGED;
}

static int way_begin(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (part == PART_ARRIVES)
		return HOOK;
	if (part != PART_RELEASED)
		return 0;
	return arrow->there ? SPAN - HOOK : HOOK;
}

static bool is_missing(const struct ladder_arrow *arrow, enum ladder_part part)
{
	return part != PART_DEPARTS && !arrow->in && !arrow->unseen;
}

static int way_end(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (is_stopped(arrow, part))
		return arrow->there ? SPAN - HOOK : HOOK;
	return is_missing(arrow, part) ? SPAN - HOOK : SPAN - 1;
}

static void draw_tip(struct slim *slim, const struct ladder_arrow *arrow,
		     enum ladder_part part)
{
	int at = column(arrow, way_end(arrow, part));
	enum colour colour = ladder_colour(arrow);

	if (is_stopped(arrow, part))
		canvas_mark(&slim->canvas, at, part != PART_RELEASED &&
			    arrow->fault != FAULT_LOST ? PARK : CROSS, colour);
	else if (is_missing(arrow, part))
		canvas_mark(&slim->canvas, at, CROSS, RED);
	else if (part != PART_DEPARTS)
		canvas_mark(&slim->canvas, at, arrow->from == END_A ?
			    TO_RIGHT : TO_LEFT, colour);
}

static void draw_root(struct slim *slim, const struct ladder_arrow *arrow,
		      enum ladder_part part)
{
	int at = column(arrow, way_begin(arrow, part));
	bool right = arrow->from == END_A;

	if (part == PART_RELEASED)
		canvas_mark(&slim->canvas, at, !arrow->copy ? PARK : right ?
			    BRANCH_RIGHT : BRANCH_LEFT, ladder_colour(arrow));
	else if (part != PART_ARRIVES && !slim->gone[arrow->from])
		canvas_mark(&slim->canvas, at, right ? FROM_LEFT : FROM_RIGHT,
			    PLAIN);
}

static void draw_arrow(struct slim *slim, const struct ladder_row *row)
{
	const struct ladder_arrow *arrow = row->arrow;
	int end = way_end(arrow, row->part);
	char label[128], note[64], text[200];

	for (int i = way_begin(arrow, row->part) + 1; i < end; i++)
		canvas_mark(&slim->canvas, column(arrow, i), DASH,
			    ladder_colour(arrow));
	draw_root(slim, arrow, row->part);
	draw_tip(slim, arrow, row->part);
	ladder_label(arrow, label, sizeof(label));
	ladder_note(arrow, row->part, note, sizeof(note));
	snprintf(text, sizeof(text), "%s%s%s", label, *note ? ", " : "", note);
	say(slim, TEXT, ladder_colour(arrow), text);
}

static bool is_state(const char *state)
{
	return state && *state;
}

/* On one line, if both fit. */
static void draw_states(struct slim *slim, const char * const *state)
{
	char text[64] = "";

	for (int end = END_A; end <= END_B; end++) {
		size_t used = strlen(text);

		if (!is_state(state[end]))
			continue;
		if (used && used + strlen(state[end]) + 4 >
		    (size_t)(slim->columns - TEXT)) {
			say(slim, TEXT, BOLD, text);
			used = 0;
		}
		snprintf(text + used, sizeof(text) - used, "%s%c %s",
			 used ? ", " : "", 'A' + end, state[end]);
	}
	say(slim, TEXT, BOLD, text);
}

static void draw_wait(struct slim *slim, u64 t)
{
	char text[32];

	if (t < slim->t || t - slim->t < WAIT_NS)
		return;
	snprintf(text, sizeof(text), "%.*f s", t - slim->t < 10000000000ULL ?
		 3 : 1, (t - slim->t) / 1e9);
	canvas_mark(&slim->canvas, TIME_END - 1, DOTS, DIM);
	for (int end = END_A; end <= END_B; end++)
		if (!slim->gone[end])
			canvas_mark(&slim->canvas, end == END_A ? LEFT : RIGHT,
				    DOTS, DIM);
	say(slim, TEXT, DIM, text);
}

static void draw_row(struct slim *slim, const struct ladder_row *row)
{
	char time[32];

	draw_wait(slim, row->t);
	if (row->t > slim->t)
		slim->t = row->t;
	snprintf(time, sizeof(time), "%.3f", log_seconds(row->t, slim->start));
	canvas_write(&slim->canvas, TIME_END - (int)strlen(time), DIM, time);
	if (row->arrow)
		draw_arrow(slim, row);
	draw_states(slim, row->state);
	for (int end = END_A; end <= END_B; end++)
		if (row->state[end])
			slim->gone[end] = !strcmp(row->state[end], "CLOSED");
	clear(slim);
}

static void draw_names(struct slim *slim, const struct ladder *ladder)
{
	const char *start[2] = { ladder->start[END_A], ladder->start[END_B] };
	char name[ENDPOINT + 3];

	canvas_clear(&slim->canvas);
	for (int end = END_A; end <= END_B; end++) {
		snprintf(name, sizeof(name), "%c %s", 'A' + end,
			 ladder->name[end]);
		say(slim, 0, BOLD, name);
		canvas_clear(&slim->canvas);
	}
	canvas_write(&slim->canvas, TIME_END - 7, DIM, "seconds");
	canvas_write(&slim->canvas, LEFT, BOLD, "A");
	canvas_write(&slim->canvas, RIGHT, BOLD, "B");
	flush_line(slim);
	draw_states(slim, start);
}

/**
 * ladder_slim() - draw one close in fewer than 80 columns
 * @ladder: the close
 * @term: what may be printed
 * @columns: how many, at least LADDER_SLIM
 * @out: where to
 */
void ladder_slim(const struct ladder *ladder, const struct term *term,
		 int columns, FILE *out)
{
	struct slim slim = {
		.canvas.term = term,
		.columns = columns < CANVAS_WIDTH ? columns : CANVAS_WIDTH,
		.out = out,
	};
	struct ladder_row *rows;
	size_t count;

	if (columns < LADDER_SLIM)
		slim.columns = LADDER_SLIM;
	rows = ladder_rows(ladder, &count);
	if (count)
		slim.start = rows[0].t;
	slim.t = slim.start;
	draw_names(&slim, ladder);
	for (size_t i = 0; i < count; i++)
		draw_row(&slim, &rows[i]);
	if (ladder->lost) {
		char text[64];

		snprintf(text, sizeof(text), "%llu records were lost",
			 ladder->lost);
		say(&slim, TEXT, PLAIN, text);
	}
	free(rows);
}
