// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ladder as SVG: the two lines of life downwards, an arrow a segment from
 * where it left to where it came, a box where it was parked, a cross where it
 * was lost. Rows are of one height; a long wait is a break in the lines.
 *
 * A page may have thousands of drawings, so what is alike is one path, or
 * inherits from one group.
 */
#include <stdlib.h>
#include <string.h>

#include "ladder.h"
#include "ladder_label.h"
#include "ladder_rows.h"
#include "made.h"
#include "page.h"
#include "rule_texts.h"
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
 * @about: what else is known
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
	const struct svg_about *about;
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

static void line(const struct picture *p, int x1, int y1, int x2, int y2)
{
	fprintf(p->out, "M%d %dL%d %d", x1, y1, x2, y2);
}

/* A @class or an @anchor of NULL is inherited. */
static void words(const struct picture *p, const char *class, int x, int y,
		  const char *anchor, const char *text)
{
	fputs("<text", p->out);
	if (class)
		fprintf(p->out, " class=\"%s\"", class);
	fprintf(p->out, " x=\"%d\" y=\"%d\"", x, y);
	if (anchor)
		fprintf(p->out, " text-anchor=\"%s\"", anchor);
	fputc('>', p->out);
	svg_text(text, p->out);
	fputs("</text>\n", p->out);
}

static void draw_names(const struct picture *p)
{
	char name[ENDPOINT + 3];

	for (int end = END_A; end <= END_B; end++) {
		snprintf(name, sizeof(name), "%c %s", 'A' + end,
			 p->ladder->name[end]);
		words(p, "name", life_x(end), 24, "middle", name);
	}
}

/* The row in which an end comes into a state, or their number. */
static size_t row_of(const struct picture *p, enum ladder_end end,
		     const char *state)
{
	for (size_t i = 0; i < p->rows; i++)
		if (p->row[i].state[end] && !strcmp(p->row[i].state[end], state))
			return i;
	return p->rows;
}

static int upper(const struct picture *p, size_t row)
{
	return p->y[row] - ROW - BREAK + 8;
}

static int below(const struct picture *p, size_t row)
{
	return row < p->rows ? p->y[row] + SLANT : p->height - ROW / 2;
}

/* Draw a line of life from @y down to the row @last, but for the waits. */
static void draw_part(const struct picture *p, int x, int y, size_t last,
		      const char *class)
{
	fprintf(p->out, "<path class=\"%s\" d=\"", class);
	for (size_t i = 0; i < p->rows && i <= last; i++) {
		if (!p->wait[i] || upper(p, i) < y)
			continue;
		line(p, x, y, x, upper(p, i));
		y = upper(p, i) + BREAK;
	}
	line(p, x, y, x, below(p, last));
	fputs("\"/>\n", p->out);
}

/*
 * A line of life ends where nothing is left of the socket, and is dashed where
 * nobody knows.
 */
static void draw_life(const struct picture *p, enum ladder_end end)
{
	size_t last = row_of(p, end, "CLOSED");
	size_t unknown = row_of(p, end, LADDER_UNKNOWN);
	int x = life_x(end);

	draw_part(p, x, TOP - 22, unknown < last ? unknown : last, "life");
	if (unknown < last)
		draw_part(p, x, below(p, unknown), last, "life unknown");
	fputs("<path class=\"wait\" d=\"", p->out);
	for (size_t i = 0; i < p->rows && i <= last; i++)
		if (p->wait[i])
			line(p, x, upper(p, i), x, upper(p, i) + BREAK);
	fputs("\"/>\n", p->out);
}

/* A state stands where its arrow begins or ends on that line of life. */
static int state_y(const struct picture *p, size_t i, enum ladder_end end)
{
	const struct ladder_row *row = &p->row[i];
	bool comes = row->arrow && row->arrow->from != end &&
		     row->part != PART_DEPARTS;

	return p->y[i] + (comes ? SLANT : 0);
}

static void draw_states(const struct picture *p, enum ladder_end end)
{
	int x = life_x(end), beside = end == END_A ? x - GAP : x + GAP;

	fprintf(p->out, "<g class=\"state\" text-anchor=\"%s\">\n",
		end == END_A ? "end" : "start");
	words(p, NULL, beside, TOP - 8, NULL, p->ladder->start[end]);
	for (size_t i = 0; i < p->rows; i++)
		if (p->row[i].state[end])
			words(p, NULL, beside, state_y(p, i, end) + 4, NULL,
			      p->row[i].state[end]);
	fputs("</g>\n<path class=\"dot\" d=\"", p->out);
	for (size_t i = 0; i < p->rows; i++)
		if (p->row[i].state[end])
			fprintf(p->out, "M%d %dh0", x, state_y(p, i, end));
	fputs("\"/>\n", p->out);
}

static void draw_times(const struct picture *p)
{
	char text[32];

	fputs("<g class=\"dim\" text-anchor=\"end\">\n", p->out);
	words(p, NULL, TIME_X, TOP - 8, NULL, "seconds");
	for (size_t i = 0; i < p->rows; i++) {
		snprintf(text, sizeof(text), "%.6f",
			 log_seconds(p->row[i].t, p->row[0].t));
		words(p, NULL, TIME_X, p->y[i] + 4, NULL, text);
		if (p->wait[i])
			words(p, NULL, (LIFE_A + LIFE_B) / 2,
			      p->y[i] - ROW - 6, "middle",
			      svg_span(p->wait[i], text, sizeof(text)));
	}
	fputs("</g>\n", p->out);
}

static void label_of(const struct picture *p, const struct ladder_arrow *arrow,
		     char *text, size_t size)
{
	const struct ladder_arrow *reset = made_from(p->ladder, arrow);
	size_t used = ladder_label(arrow, text, size);

	if (reset)
		snprintf(text + used, size - used, ", made by rule %u",
			 reset->rule);
	else if (arrow->copy && arrow->rule)
		snprintf(text + used, size - used, ", copy by rule %u",
			 arrow->rule);
	else if (arrow->fault != FAULT_NONE && arrow->rule)
		snprintf(text + used, size - used, ", rule %u %s", arrow->rule,
			 arrow->verdict);
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
	if (made_from(p->ladder, arrow))
		fputs(", sent by no stack", out);
	fclose(out);
}

/* The words of the rule that did something to it, where they are known. */
static const char *rule_of(const struct picture *p,
			   const struct ladder_arrow *arrow)
{
	const struct ladder_arrow *reset = made_from(p->ladder, arrow);
	const char *local = NULL;

	if (reset)
		arrow = reset;
	if (!p->about->rules || !arrow->rule || arrow->fault == FAULT_NONE)
		return NULL;
	if (!p->about->forwarded)
		local = p->ladder->name[arrow->there ? !arrow->from :
							arrow->from];
	return rule_texts_find(p->about->rules, local, arrow->rule);
}

static void draw_tip(const struct picture *p, const struct ladder_arrow *arrow,
		     int x, int y)
{
	int back = arrow->from == END_A ? -9 : 9;

	fprintf(p->out, "<path class=\"tip\" d=\"M%d %dl%d-4v8z\"/>\n", x, y,
		back);
}

static void draw_cross(const struct picture *p, int x, int y)
{
	fprintf(p->out, "<path class=\"cross\" d=\"M%d %dl12 12m0-12l-12 12\"/>\n",
		x - 6, y - 6);
}

/* The way of a segment. */
static void draw_line(const struct picture *p, int x1, int y1, int x2, int y2)
{
	fputs("<path d=\"", p->out);
	line(p, x1, y1, x2, y2);
	fputs("\"/>\n", p->out);
}

/* Where a rule made a segment: no stack did. */
static void draw_source(const struct picture *p, int x, int y)
{
	fprintf(p->out, "<path class=\"source\" d=\"M%d %dL%d %dL%d %dL%d %dZ\"/>\n",
		x - 7, y, x, y - 7, x + 7, y, x, y + 7);
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

/* How far from the end that it claims to be from a rule made a RST. */
static int made_at(const struct ladder_arrow *rst,
		   const struct ladder_arrow *reset)
{
	return rst->from == reset->from ? hook_of(reset) :
		SPAN - hook_of(reset);
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

	draw_line(p, at_x(arrow, distance), y1, at_x(arrow, end), y2);
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

	draw_line(p, at_x(arrow, 0), y1, at_x(arrow, hook), y1);
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

	draw_line(p, at_x(arrow, 0), y, x, y);
	draw_cross(p, x, y);
}

static void draw_way(const struct picture *p, const struct ladder_arrow *arrow)
{
	const struct ladder_arrow *reset = made_from(p->ladder, arrow);
	const struct place *place = place_of(p, arrow);
	int y1 = p->y[place->begin], y2 = p->y[place->end];

	if (reset) {
		draw_rest(p, arrow, made_at(arrow, reset), y1, y1 + SLANT);
		draw_source(p, at_x(arrow, made_at(arrow, reset)), y1);
	} else if (arrow->copy) {
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

static const char *class_of(const struct picture *p,
			    const struct ladder_arrow *arrow)
{
	static const char * const names[] = {
		[FAULT_NONE] = "seg",
		[FAULT_LOST] = "seg lost",
		[FAULT_PARKED] = "seg parked",
		[FAULT_PURGED] = "seg lost",
		[FAULT_COPIED] = "seg copied",
		[FAULT_OTHER] = "seg",
	};

	if (made_from(p->ladder, arrow))
		return "seg made";
	if (!arrow->in && !arrow->unseen && continues(arrow))
		return "seg lost";
	return names[arrow->fault];
}

/* There is no room for words between where it was made and where it came. */
static bool is_backward(const struct ladder_arrow *arrow,
			const struct ladder_arrow *reset)
{
	return reset && made_at(arrow, reset) > SPAN / 2;
}

/* Where there is room: beside the middle, behind a cross, before a box. */
static void draw_label(const struct picture *p,
		       const struct ladder_arrow *arrow)
{
	const struct ladder_arrow *reset = made_from(p->ladder, arrow);
	int y = p->y[place_of(p, arrow)->begin];
	bool near = arrow->copy || !arrow->there;
	int x = near && arrow->fault != FAULT_NONE ? HOOK + 14 : 16;
	bool back = is_backward(arrow, reset);
	char text[160];

	if (reset)
		x = made_at(arrow, reset) + (back ? -14 : 14);
	label_of(p, arrow, text, sizeof(text));
	words(p, NULL, at_x(arrow, x), y - (back ? -4 : 6), NULL, text);
	more_of(p, arrow, text, sizeof(text));
	words(p, "more", at_x(arrow, x), y + 19, NULL, text);
}

static void draw_title(const struct picture *p,
		       const struct ladder_arrow *arrow)
{
	const char *rule = rule_of(p, arrow);
	char text[200];

	fprintf(p->out, "<title>%c to %c: ", 'A' + arrow->from,
		'A' + !arrow->from);
	label_of(p, arrow, text, sizeof(text));
	svg_text(text, p->out);
	fputs("; ", p->out);
	more_of(p, arrow, text, sizeof(text));
	svg_text(text, p->out);
	if (rule) {
		fputs("; the rule: ", p->out);
		svg_text(rule, p->out);
	}
	fputs("</title>\n", p->out);
}

static void draw_arrow(const struct picture *p,
		       const struct ladder_arrow *arrow)
{
	bool ends = (arrow->from == END_A) ==
		    is_backward(arrow, made_from(p->ladder, arrow));

	if (place_of(p, arrow)->begin < 0)
		return;
	fprintf(p->out, "<g class=\"%s\"%s tabindex=\"0\" role=\"img\">\n",
		class_of(p, arrow), ends ? " text-anchor=\"end\"" : "");
	draw_title(p, arrow);
	draw_way(p, arrow);
	draw_label(p, arrow);
	fputs("</g>\n", p->out);
}

static void draw_head(const struct picture *p)
{
	const char *title = p->about->title;

	fprintf(p->out, "<svg%s class=\"ladder\" viewBox=\"0 0 %d %d\"",
		p->about->alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "",
		WIDTH, p->height);
	fprintf(p->out, " width=\"%d\" height=\"%d\" role=\"group\"", WIDTH,
		p->height);
	fputs(" aria-label=\"", p->out);
	svg_text(title, p->out);
	fputs("\">\n", p->out);
	if (!p->about->alone)
		return;
	fputs("<title>", p->out);
	svg_text(title, p->out);
	fprintf(p->out, "</title>\n<style>\n%s</style>\n", ladder_css);
	fprintf(p->out, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n",
		WIDTH, p->height);
}

static void draw(struct picture *p)
{
	lay_out(p);
	draw_head(p);
	draw_names(p);
	draw_times(p);
	for (int end = END_A; end <= END_B; end++) {
		draw_life(p, end);
		draw_states(p, end);
	}
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
 * @about: what else is known of it
 * @out: where to
 *
 * Return: how high it is, in units of which its width has 800.
 */
int svg_ladder(const struct ladder *ladder, const struct svg_about *about,
	       FILE *out)
{
	struct picture p = { .ladder = ladder, .about = about, .out = out };

	p.row = ladder_rows(ladder, &p.rows);
	p.y = calloc(p.rows + 1, sizeof(*p.y));
	p.wait = calloc(p.rows + 1, sizeof(*p.wait));
	p.place = calloc(ladder->arrows + 1, sizeof(*p.place));
	if (!p.y || !p.wait || !p.place)
		abort();
	draw(&p);
	free(p.row);
	free(p.y);
	free(p.wait);
	free(p.place);
	return p.height;
}
