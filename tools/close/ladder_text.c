// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draws a ladder in 80 columns: time, states of A, its line of life, the
 * segments, B's line of life, states of B.
 */
#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "ladder.h"
#include "ladder_label.h"
#include "ladder_rows.h"
#include "ladder_text.h"

enum {
	TIME_END = 9,
	LEFT = 23,
	RIGHT = 67,
	SPAN = RIGHT - LEFT,
	HOOK = 4,
	WAIT_NS = 100000000,
};

struct drawing {
	const struct ladder *ladder;
	struct canvas canvas;
	FILE *out;
	u64 start;
	u64 t;
	bool gone[2];
	bool unknown[2];
};

static void mark(struct drawing *d, int column, enum glyph glyph,
		 enum colour colour)
{
	canvas_mark(&d->canvas, column, glyph, colour);
}

static void write_at(struct drawing *d, int column, enum colour colour,
		     const char *text)
{
	canvas_write(&d->canvas, column, colour, text);
}

static void write_to(struct drawing *d, int end, enum colour colour,
		     const char *text)
{
	canvas_write(&d->canvas, end - (int)strlen(text), colour, text);
}

/* Columns are counted from the end a segment comes from. */
static int column(const struct ladder_arrow *arrow, int distance)
{
	return arrow->from == END_A ? LEFT + distance : RIGHT - distance;
}

static int hook_column(const struct ladder_arrow *arrow)
{
	return column(arrow, arrow->there ? SPAN - HOOK : HOOK);
}

static void mark_parked(struct drawing *d)
{
	for (size_t i = 0; i < d->ladder->arrows; i++) {
		const struct ladder_arrow *arrow = &d->ladder->arrow[i];
		u64 since = arrow->there ? arrow->in : arrow->out;

		if (arrow->copy || since > d->t)
			continue;
		if (arrow->parked ? arrow->released > d->t :
		    arrow->fault == FAULT_PARKED)
			mark(d, hook_column(arrow), WAIT, YELLOW);
	}
}

static void clear(struct drawing *d)
{
	canvas_clear(&d->canvas);
	mark_parked(d);
	if (!d->gone[END_A])
		mark(d, LEFT, d->unknown[END_A] ? DASHED : LINE, PLAIN);
	if (!d->gone[END_B])
		mark(d, RIGHT, d->unknown[END_B] ? DASHED : LINE, PLAIN);
}

static void flush_line(struct drawing *d)
{
	canvas_print(&d->canvas, d->out);
	clear(d);
}

static void way(struct drawing *d, const struct ladder_arrow *arrow, int from,
		int to, enum colour colour)
{
	for (int i = from; i < to; i++)
		mark(d, column(arrow, i), DASH, colour);
}

static void write_on(struct drawing *d, const struct ladder_arrow *arrow,
		     int distance, enum colour colour, const char *text)
{
	if (arrow->from == END_A)
		write_at(d, LEFT + distance, colour, text);
	else
		write_to(d, RIGHT - distance + 1, colour, text);
}

static void tail(struct drawing *d, const struct ladder_arrow *arrow)
{
	if (!d->gone[arrow->from])
		mark(d, column(arrow, 0),
		     arrow->from == END_A ? FROM_LEFT : FROM_RIGHT, PLAIN);
}

static void duration(u64 ns, char *out, size_t size)
{
	if (ns < 10000000000ULL)
		snprintf(out, size, "%.3f s", ns / 1e9);
	else
		snprintf(out, size, "%.1f s", ns / 1e9);
}

static bool is_missing(const struct ladder_arrow *arrow, enum ladder_part part)
{
	return part != PART_DEPARTS && !arrow->in && !arrow->unseen;
}

/**
 * ladder_note() - write what became of a segment
 * @arrow: the segment
 * @part: the part of its way that is drawn
 * @out: where it is put; "" when there is nothing to say
 * @size: how much room there is
 */
void ladder_note(const struct ladder_arrow *arrow, enum ladder_part part,
		 char *out, size_t size)
{
	char time[24];

	*out = '\0';
	if (part == PART_RELEASED && !arrow->copy) {
		duration(arrow->parked, time, sizeof(time));
		snprintf(out, size, "%s %s",
			 arrow->fault == FAULT_PURGED ? "lost after" :
			 strcmp(arrow->verdict, "delay") ? "held" : "delayed",
			 time);
	} else if (arrow->copy) {
		snprintf(out, size, "copy by rule %u", arrow->rule);
	} else if (is_missing(arrow, part) && !arrow->fault) {
		snprintf(out, size, "not seen at %c",
			 arrow->from == END_A ? 'B' : 'A');
	} else if (arrow->rule) {
		snprintf(out, size, "rule %u %s", arrow->rule, arrow->verdict);
	}
}

/**
 * ladder_colour() - choose a colour for a segment
 * @arrow: the segment
 *
 * Return: the colour that tells its fault.
 */
enum colour ladder_colour(const struct ladder_arrow *arrow)
{
	static const enum colour colours[] = {
		[FAULT_NONE] = PLAIN,
		[FAULT_LOST] = RED,
		[FAULT_PARKED] = YELLOW,
		[FAULT_PURGED] = RED,
		[FAULT_COPIED] = CYAN,
		[FAULT_OTHER] = CYAN,
	};

	return colours[arrow->fault];
}

/*
 * Stopped near its sender: a stump, the mark, and what it was. The text does
 * not lie on the line, as the segment never came that far.
 */
static void draw_stump(struct drawing *d, const struct ladder_arrow *arrow,
		       enum glyph glyph, const char *text)
{
	tail(d, arrow);
	way(d, arrow, 1, HOOK, ladder_colour(arrow));
	mark(d, column(arrow, HOOK), glyph, ladder_colour(arrow));
	write_on(d, arrow, HOOK + 2, ladder_colour(arrow), text);
}

static bool is_stump(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (part == PART_DEPARTS)
		return arrow->fault == FAULT_PARKED && !arrow->there;
	if (part == PART_WHOLE)
		return arrow->fault == FAULT_LOST && !arrow->there;
	return part == PART_RELEASED && arrow->fault == FAULT_PURGED;
}

static bool is_stopped_there(const struct ladder_arrow *arrow,
			     enum ladder_part part)
{
	return arrow->there && part != PART_RELEASED &&
	       (arrow->fault == FAULT_LOST || arrow->fault == FAULT_PARKED ||
		arrow->fault == FAULT_PURGED);
}

static int way_begin(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (part == PART_ARRIVES)
		return HOOK;
	if (part != PART_RELEASED)
		return 0;
	return arrow->there ? SPAN - HOOK : HOOK;
}

static int way_end(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (is_stopped_there(arrow, part))
		return SPAN - HOOK;
	if (is_missing(arrow, part))
		return SPAN - 2 * HOOK;
	return SPAN - 1;
}

static void draw_tip(struct drawing *d, const struct ladder_arrow *arrow,
		     enum ladder_part part)
{
	int end = way_end(arrow, part);

	if (is_stopped_there(arrow, part))
		mark(d, column(arrow, end),
		     arrow->fault == FAULT_LOST ? CROSS : PARK,
		     ladder_colour(arrow));
	else if (is_missing(arrow, part))
		mark(d, column(arrow, end), CROSS, RED);
	else if (part != PART_DEPARTS)
		mark(d, column(arrow, end),
		     arrow->from == END_A ? TO_RIGHT : TO_LEFT,
		     ladder_colour(arrow));
}

static void draw_root(struct drawing *d, const struct ladder_arrow *arrow,
		      enum ladder_part part)
{
	enum glyph branch = arrow->from == END_A ? BRANCH_RIGHT : BRANCH_LEFT;

	if (part == PART_RELEASED)
		mark(d, column(arrow, way_begin(arrow, part)),
		     arrow->copy ? branch : PARK, ladder_colour(arrow));
	else if (part != PART_ARRIVES)
		tail(d, arrow);
}

static void draw_way(struct drawing *d, const struct ladder_arrow *arrow,
		     enum ladder_part part, const char *text)
{
	way(d, arrow, way_begin(arrow, part) + 1, way_end(arrow, part),
	    ladder_colour(arrow));
	draw_root(d, arrow, part);
	draw_tip(d, arrow, part);
	write_on(d, arrow, part == PART_RELEASED ? HOOK + 3 : 3,
		 ladder_colour(arrow), text);
}

/* How much text there is room for on the row of an arrow. */
static size_t room_of(const struct ladder_arrow *arrow, enum ladder_part part)
{
	if (is_stump(arrow, part))
		return SPAN - HOOK - 1;
	return way_end(arrow, part) - 4 - (part == PART_RELEASED ? HOOK : 0);
}

static void draw_arrow(struct drawing *d, const struct ladder_row *row)
{
	const struct ladder_arrow *arrow = row->arrow;
	char label[128], note[64], text[200];

	ladder_label(arrow, label, sizeof(label));
	ladder_note(arrow, row->part, note, sizeof(note));
	snprintf(text, sizeof(text), " %s%s%s ", label, *note ? ", " : "",
		 note);
	if (strlen(text) > room_of(arrow, row->part))
		snprintf(text, sizeof(text), " %s ", label);
	else
		*note = '\0';
	if (is_stump(arrow, row->part))
		draw_stump(d, arrow, row->part == PART_DEPARTS ? PARK : CROSS,
			   text + 1);
	else
		draw_way(d, arrow, row->part, text);
	if (!*note || (arrow->fault == FAULT_COPIED && !arrow->copy))
		return;
	flush_line(d);
	write_on(d, arrow, HOOK + 2, ladder_colour(arrow), note);
}

static void draw_states(struct drawing *d, const struct ladder_row *row)
{
	if (row->state[END_A])
		write_to(d, LEFT - 1, BOLD, row->state[END_A]);
	if (row->state[END_B])
		write_at(d, RIGHT + 2, BOLD, row->state[END_B]);
}

static void draw_time(struct drawing *d, u64 t)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", log_seconds(t, d->start));
	write_to(d, TIME_END, DIM, text);
}

/* A state may stand below a segment that is later, see add_state(). */
static void draw_wait(struct drawing *d, u64 t)
{
	char text[24];

	if (t < d->t || t - d->t < WAIT_NS)
		return;
	duration(t - d->t, text, sizeof(text));
	mark(d, TIME_END - 1, DOTS, DIM);
	for (int end = END_A; end <= END_B; end++)
		if (!d->gone[end])
			mark(d, end == END_A ? LEFT : RIGHT, DOTS, DIM);
	write_at(d, (LEFT + RIGHT - (int)strlen(text)) / 2, DIM, text);
	flush_line(d);
}

static void live_on(struct drawing *d, int end, const char *state)
{
	if (!state)
		return;
	d->gone[end] = !strcmp(state, "CLOSED");
	d->unknown[end] = !strcmp(state, LADDER_UNKNOWN);
}

static void draw_row(struct drawing *d, const struct ladder_row *row)
{
	draw_wait(d, row->t);
	if (row->t > d->t)
		d->t = row->t;
	draw_time(d, row->t);
	draw_states(d, row);
	if (row->arrow)
		draw_arrow(d, row);
	flush_line(d);
	for (int end = END_A; end <= END_B; end++)
		live_on(d, end, row->state[end]);
	clear(d);
}

static void draw_names(struct drawing *d)
{
	const struct ladder *ladder = d->ladder;
	char name[2][ENDPOINT + 3];
	int at, end;

	for (int i = END_A; i <= END_B; i++)
		snprintf(name[i], sizeof(name[i]), "%c %s", 'A' + i,
			 ladder->name[i]);
	canvas_clear(&d->canvas);
	at = LEFT - (int)strlen(name[END_A]) / 2;
	end = RIGHT + (int)strlen(name[END_B]) / 2 + 1;
	write_at(d, at < TIME_END + 2 ? TIME_END + 2 : at, BOLD, name[END_A]);
	if (at + strlen(name[END_A]) + strlen(name[END_B]) + 2 > (size_t)end)
		flush_line(d);
	write_to(d, end > CANVAS_WIDTH - 1 ? CANVAS_WIDTH - 1 : end, BOLD, name[END_B]);
	write_to(d, TIME_END, DIM, "seconds");
	flush_line(d);
	write_to(d, LEFT - 1, BOLD, ladder->start[END_A]);
	write_at(d, RIGHT + 2, BOLD, ladder->start[END_B]);
	flush_line(d);
}

static void print_rows(struct drawing *d, const struct ladder_row *rows,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		draw_row(d, &rows[i]);
	if (d->ladder->lost)
		fprintf(d->out, "%llu records were lost: there may be more\n",
			d->ladder->lost);
}

/**
 * ladder_text() - draw one close for a terminal or a text file
 * @ladder: the close
 * @term: what may be printed
 * @out: where to
 */
void ladder_text(const struct ladder *ladder, const struct term *term,
		 FILE *out)
{
	struct drawing d = {
		.ladder = ladder,
		.canvas.term = term,
		.out = out,
	};
	struct ladder_row *rows;
	size_t count;

	rows = ladder_rows(ladder, &count);
	if (count)
		d.start = rows[0].t;
	clear(&d);
	draw_names(&d);
	d.t = d.start;
	print_rows(&d, rows, count);
	free(rows);
}
