// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ladder as SVG: the two lines of life downwards, an arrow a segment from
 * where it left to where it came, a box where it was parked, a cross where it
 * was lost. Rows are of one height; a long wait is a break in the lines.
 */
#include <stdlib.h>
#include <string.h>

#include "ladder.h"
#include "ladder_label.h"
#include "ladder_rows.h"
#include "page.h"
#include "svg.h"

enum {
	WIDTH = 800,
	TIME_X = 74,
	LIFE_A = 210,
	LIFE_B = 658,
	SPAN = LIFE_B - LIFE_A,
	HOOK = 60,		/* from an end to the place of faults */
	GAP = 10,		/* between a line of life and its words */
	TOP = 64,
	ROW = 40,
	SLANT = 10,		/* an arrow that takes no time to speak of */
	ASIDE = 18,		/* keeps what is parked at one end apart */
	BREAK = 44,
	WAIT_NS = 100000000,
};

/**
 * struct place - where on the page an arrow is
 * @begin: its first row
 * @end: its last row
 */
struct place {
	int begin;
	int end;
};

/**
 * struct picture - an SVG in the making
 * @ladder: what it shows
 * @row: its rows
 * @rows: their number
 * @y: where each row is
 * @wait: what passed before each row, ns, 0 when the lines are not broken
 * @place: of each arrow
 * @height: of all of it
 * @out: where to
 */
struct picture {
	const struct ladder *ladder;
	struct ladder_row *row;
	size_t rows;
	int *y;
	u64 *wait;
	struct place *place;
	int height;
	FILE *out;
};

/**
 * svg_text() - write text so that it stays text in XML and HTML
 * @text: the text
 * @out: where to
 */
void svg_text(const char *text, FILE *out)
{
	static const char special[] = "<>&\"'";
	static const char * const names[] = { "lt", "gt", "amp", "quot", "#39" };

	for (; *text; text++) {
		const char *found = strchr(special, *text);

		if (found)
			fprintf(out, "&%s;", names[found - special]);
		/* XML 1.0 has no other control characters */
		else if ((unsigned char)*text >= ' ' || *text == '\n')
			fputc(*text, out);
	}
}

/**
 * svg_span() - format a span of time for people
 * @ns: the span, ns
 * @text: where it is put
 * @size: how much room there is
 *
 * Return: @text.
 */
const char *svg_span(u64 ns, char *text, size_t size)
{
	if (ns < 1000000)
		snprintf(text, size, "%.3g µs", ns / 1e3);
	else if (ns < 1000000000)
		snprintf(text, size, "%.3g ms", ns / 1e6);
	else
		snprintf(text, size, "%.4g s", ns / 1e9);
	return text;
}

static const struct place *place_of(const struct picture *p,
				    const struct ladder_arrow *arrow)
{
	return &p->place[arrow - p->ladder->arrow];
}

static void lay_out(struct picture *p)
{
	u64 latest = 0;
	int y = TOP;

	for (size_t i = 0; i < p->ladder->arrows; i++)
		p->place[i].begin = -1;
	for (size_t i = 0; i < p->rows; i++) {
		const struct ladder_row *row = &p->row[i];
		struct place *place;

		if (i && row->t > latest && row->t - latest > WAIT_NS) {
			p->wait[i] = row->t - latest;
			y += BREAK;
		}
		if (!i || row->t > latest)
			latest = row->t;
		y += ROW;
		p->y[i] = y;
		if (!row->arrow)
			continue;
		place = (struct place *)place_of(p, row->arrow);
		if (place->begin < 0)
			place->begin = i;
		place->end = i;
	}
	p->height = y + ROW;
}

static int life_x(enum ladder_end end)
{
	return end == END_A ? LIFE_A : LIFE_B;
}

/* Distances are counted from the end a segment comes from. */
static int at_x(const struct ladder_arrow *arrow, int distance)
{
	return arrow->from == END_A ? LIFE_A + distance : LIFE_B - distance;
}

static void stroke(const struct picture *p, const char *class, int x1, int y1,
		   int x2, int y2)
{
	fprintf(p->out, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
		class, x1, y1, x2, y2);
}

static void words(const struct picture *p, const char *class, int x, int y,
		  const char *anchor, const char *text)
{
	fprintf(p->out, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">",
		class, x, y, anchor);
	svg_text(text, p->out);
	fputs("</text>\n", p->out);
}

static void draw_names(const struct picture *p)
{
	const struct ladder *ladder = p->ladder;
	char name[ENDPOINT + 3];

	for (int end = END_A; end <= END_B; end++) {
		int x = life_x(end);

		snprintf(name, sizeof(name), "%c %s", 'A' + end,
			 ladder->name[end]);
		words(p, "name", x, 24, "middle", name);
		words(p, "state", end == END_A ? x - GAP : x + GAP, TOP - 8,
		      end == END_A ? "end" : "start", ladder->start[end]);
	}
	words(p, "dim", TIME_X, TOP - 8, "end", "seconds");
}

/*
 * A line of life ends where nothing is left of the socket, and is dashed where
 * nobody knows.
 */
static void draw_life(const struct picture *p, enum ladder_end end)
{
	int x = life_x(end), y = TOP - 22;
	const char *line = "life";

	for (size_t i = 0; i < p->rows; i++) {
		const char *state = p->row[i].state[end];

		if (p->wait[i]) {
			int upper = p->y[i] - ROW - BREAK + 8;

			stroke(p, line, x, y, x, upper);
			stroke(p, "wait", x, upper, x, upper + BREAK);
			y = upper + BREAK;
		}
		if (state && !strcmp(state, "CLOSED")) {
			stroke(p, line, x, y, x, p->y[i] + SLANT);
			return;
		}
		if (state && !strcmp(state, ladder_unknown)) {
			stroke(p, line, x, y, x, p->y[i] + SLANT);
			y = p->y[i] + SLANT;
			line = "life unknown";
		}
	}
	stroke(p, line, x, y, x, p->height - ROW / 2);
}

/* A state stands where its arrow begins or ends on that line of life. */
static void draw_state(const struct picture *p, size_t i, enum ladder_end end)
{
	const struct ladder_row *row = &p->row[i];
	bool comes = row->arrow && row->arrow->from != end &&
		     row->part != PART_DEPARTS;
	int x = life_x(end), y = p->y[i] + (comes ? SLANT : 0);

	if (!row->state[end])
		return;
	fprintf(p->out, "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>\n",
		x, y);
	words(p, "state", end == END_A ? x - GAP : x + GAP, y + 4,
	      end == END_A ? "end" : "start", row->state[end]);
}

static void draw_rows(const struct picture *p)
{
	char text[32];

	for (size_t i = 0; i < p->rows; i++) {
		snprintf(text, sizeof(text), "%.6f",
			 log_seconds(p->row[i].t, p->row[0].t));
		words(p, "dim", TIME_X, p->y[i] + 4, "end", text);
		if (p->wait[i])
			words(p, "dim", (LIFE_A + LIFE_B) / 2,
			      p->y[i] - ROW - 6, "middle",
			      svg_span(p->wait[i], text, sizeof(text)));
		draw_state(p, i, END_A);
		draw_state(p, i, END_B);
	}
}

static void label_of(const struct ladder_arrow *arrow, char *text, size_t size)
{
	size_t used = ladder_label(arrow, text, size);

	if (arrow->fault != FAULT_NONE && arrow->rule)
		snprintf(text + used, size - used, ", %srule %u %s",
			 arrow->copy ? "copy by " : "", arrow->rule,
			 arrow->copy ? "" : arrow->verdict);
}

static void more_of(const struct picture *p, const struct ladder_arrow *arrow,
		    char *text, size_t size)
{
	u64 begin = p->row[0].t;
	FILE *out = fmemopen(text, size, "w");
	char span[32];

	if (!out)
		abort();
	if (arrow->out)
		fprintf(out, "left at %.6f s", log_seconds(arrow->out, begin));
	if (arrow->in)
		fprintf(out, "%scame at %.6f s", arrow->out ? ", " : "",
			log_seconds(arrow->in, begin));
	else if (!arrow->unseen)
		fputs(", never came", out);
	if (arrow->parked)
		fprintf(out, ", parked for %s",
			svg_span(arrow->parked, span, sizeof(span)));
	if (arrow->fault == FAULT_PURGED)
		fputs(", then lost", out);
	fclose(out);
}

static void draw_tip(const struct picture *p, const struct ladder_arrow *arrow,
		     int x, int y)
{
	int back = arrow->from == END_A ? -9 : 9;

	fprintf(p->out, "<path class=\"tip\" d=\"M%d %dL%d %dL%d %dZ\"/>\n",
		x, y, x + back, y - 4, x + back, y + 4);
}

static void draw_cross(const struct picture *p, int x, int y)
{
	fprintf(p->out, "<path class=\"cross\" d=\"M%d %dL%d %dM%d %dL%d %d\"/>\n",
		x - 6, y - 6, x + 6, y + 6, x + 6, y - 6, x - 6, y + 6);
}

static void draw_box(const struct picture *p, int x, int y1, int y2)
{
	fprintf(p->out, "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"%d\" rx=\"3\"/>\n",
		x - 7, y1 - 5, y2 - y1 + 10);
}

static int hook_of(const struct ladder_arrow *arrow)
{
	return arrow->there ? SPAN - HOOK - ASIDE : HOOK;
}

static bool continues(const struct ladder_arrow *arrow)
{
	return arrow->fault != FAULT_LOST && arrow->fault != FAULT_PURGED &&
	       (arrow->fault != FAULT_PARKED || arrow->released);
}

/* From @distance on, at @y: to the other end, or to where it was missed. */
static void draw_rest(const struct picture *p, const struct ladder_arrow *arrow,
		      int distance, int y1, int y2)
{
	bool came = arrow->in || arrow->unseen;
	int end = came ? SPAN : SPAN - HOOK / 2;

	stroke(p, "way", at_x(arrow, distance), y1, at_x(arrow, end), y2);
	if (came)
		draw_tip(p, arrow, at_x(arrow, end), y2);
	else
		draw_cross(p, at_x(arrow, end), y2);
}

static void draw_parked(const struct picture *p,
			const struct ladder_arrow *arrow, int y1, int y2)
{
	int hook = hook_of(arrow);
	int bottom = arrow->released ? y2 : p->height - ROW / 2;

	stroke(p, "way", at_x(arrow, 0), y1, at_x(arrow, hook), y1);
	draw_box(p, at_x(arrow, hook), y1, bottom);
	if (continues(arrow))
		draw_rest(p, arrow, hook, bottom, bottom + SLANT);
	else if (arrow->fault == FAULT_PURGED)
		draw_cross(p, at_x(arrow, hook), bottom);
}

static void draw_lost(const struct picture *p, const struct ladder_arrow *arrow,
		      int y)
{
	int x = at_x(arrow, hook_of(arrow));

	stroke(p, "way", at_x(arrow, 0), y, x, y);
	draw_cross(p, x, y);
}

static void draw_way(const struct picture *p, const struct ladder_arrow *arrow)
{
	const struct place *place = place_of(p, arrow);
	int y1 = p->y[place->begin], y2 = p->y[place->end];

	if (arrow->copy) {
		draw_rest(p, arrow, hook_of(arrow), y1, y1 + SLANT);
		draw_box(p, at_x(arrow, hook_of(arrow)), y1, y1);
	} else if (arrow->fault == FAULT_LOST) {
		draw_lost(p, arrow, y1);
	} else if (arrow->fault == FAULT_PARKED ||
		   arrow->fault == FAULT_PURGED) {
		draw_parked(p, arrow, y1, y2);
	} else {
		draw_rest(p, arrow, 0, y1,
			  y2 + (place->begin == place->end ? SLANT : 0));
	}
}

static const char *class_of(const struct ladder_arrow *arrow)
{
	static const char * const names[] = {
		[FAULT_NONE] = "seg",
		[FAULT_LOST] = "seg lost",
		[FAULT_PARKED] = "seg parked",
		[FAULT_PURGED] = "seg lost",
		[FAULT_COPIED] = "seg copied",
		[FAULT_OTHER] = "seg",
	};

	if (!arrow->in && !arrow->unseen && continues(arrow))
		return "seg lost";
	return names[arrow->fault];
}

/* Where there is room: beside the middle, behind a cross, before a box. */
static void draw_label(const struct picture *p,
		       const struct ladder_arrow *arrow)
{
	int y = p->y[place_of(p, arrow)->begin];
	bool near = arrow->copy || !arrow->there;
	int x = near && arrow->fault != FAULT_NONE ? HOOK + 14 : 16;
	const char *anchor = arrow->from == END_A ? "start" : "end";
	char text[160];

	label_of(arrow, text, sizeof(text));
	words(p, "label", at_x(arrow, x), y - 6, anchor, text);
	more_of(p, arrow, text, sizeof(text));
	words(p, "more", at_x(arrow, x), y + 19, anchor, text);
}

static void draw_arrow(const struct picture *p,
		       const struct ladder_arrow *arrow)
{
	char text[200];

	if (place_of(p, arrow)->begin < 0)
		return;
	fprintf(p->out, "<g class=\"%s\" tabindex=\"0\" role=\"img\">\n<title>%c to %c: ",
		class_of(arrow), 'A' + arrow->from, 'A' + !arrow->from);
	label_of(arrow, text, sizeof(text));
	svg_text(text, p->out);
	fputs("; ", p->out);
	more_of(p, arrow, text, sizeof(text));
	svg_text(text, p->out);
	fputs("</title>\n", p->out);
	draw_way(p, arrow);
	draw_label(p, arrow);
	fputs("</g>\n", p->out);
}

static void draw_head(const struct picture *p, const char *title, bool alone)
{
	fprintf(p->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" aria-label=\"",
		WIDTH, p->height, WIDTH, p->height);
	svg_text(title, p->out);
	fputs("\">\n", p->out);
	if (!alone)
		return;
	fputs("<title>", p->out);
	svg_text(title, p->out);
	fprintf(p->out, "</title>\n<style>\n%s</style>\n", ladder_css);
	fprintf(p->out, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n",
		WIDTH, p->height);
}

static void draw(struct picture *p, const char *title, bool alone)
{
	lay_out(p);
	draw_head(p, title, alone);
	draw_life(p, END_A);
	draw_life(p, END_B);
	draw_names(p);
	draw_rows(p);
	for (size_t i = 0; i < p->ladder->arrows; i++)
		draw_arrow(p, &p->ladder->arrow[i]);
	if (p->ladder->lost)
		words(p, "dim", WIDTH / 2, p->height - 6, "middle",
		      "records were lost: there may be more");
	fputs("</svg>\n", p->out);
}

/**
 * svg_ladder() - draw one close as SVG
 * @ladder: the close
 * @title: what it is
 * @alone: a document of its own, not a part of a page that has ladder_css
 * @out: where to
 */
void svg_ladder(const struct ladder *ladder, const char *title, bool alone,
		FILE *out)
{
	struct picture p = { .ladder = ladder, .out = out };

	p.row = ladder_rows(ladder, &p.rows);
	p.y = calloc(p.rows + 1, sizeof(*p.y));
	p.wait = calloc(p.rows + 1, sizeof(*p.wait));
	p.place = calloc(ladder->arrows + 1, sizeof(*p.place));
	if (!p.y || !p.wait || !p.place)
		abort();
	draw(&p, title, alone);
	free(p.row);
	free(p.y);
	free(p.wait);
	free(p.place);
}
