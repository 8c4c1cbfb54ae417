// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "watch_list.h"
#include "watched.h"

/* Widths: of a cell, of any IPv4 end, of a shortened end, of a port alone. */
enum { CELL = 96, IPV4_END = 21, SHORT_END = 14, PORT = 6 };

enum cell {
	CELL_FLOW,
	CELL_A,
	CELL_STATE_A,
	CELL_B,
	CELL_STATE_B,
	CELL_FAULTS,
	CELL_AGE,
	CELLS,
};

/**
 * struct layout - how a table is fitted into its columns
 * @width: of each column, 0 for one that is left out
 * @brief: states are abbreviated
 */
struct layout {
	int width[CELLS];
	bool brief;
};

struct row {
	char cell[CELLS][CELL];
};

static const struct {
	const char *name;
	const char *brief;
} states[] = {
	{ "ESTABLISHED", "ESTAB" },
	{ "FIN_WAIT1", "FIN_W1" },
	{ "FIN_WAIT2", "FIN_W2" },
	{ "CLOSE_WAIT", "CLOSE_W" },
	{ "TIME_WAIT", "TIME_W" },
	{ "LAST_ACK", "LAST_A" },
	{ "undecided", "undec." },
};

static const char *brief_of(const char *state)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (!strcmp(states[i].name, state))
			return states[i].brief;
	return state;
}

static bool is_number(enum cell cell)
{
	return cell == CELL_FLOW || cell == CELL_FAULTS || cell == CELL_AGE;
}

static bool is_end(enum cell cell)
{
	return cell == CELL_A || cell == CELL_B;
}

static void write_state(char *cell, const char *state, bool brief)
{
	snprintf(cell, CELL, "%s", !*state ? "-" : brief ? brief_of(state) :
		 state);
}

static void write_age(char *cell, const struct watched *one, u64 now)
{
	u64 until = one->phase == WATCHED_UNDER_WAY ? now : one->last;
	double age = until > one->first ? (until - one->first) / 1e9 : 0;

	if (age < 1000)
		snprintf(cell, CELL, "%.1f s", age);
	else
		snprintf(cell, CELL, "%.0f min", age / 60);
}

static void write_row(struct row *row, const struct watched *one, u64 now,
		      bool brief)
{
	snprintf(row->cell[CELL_FLOW], CELL, one->id[0] ? "%llu" : "-",
		 one->id[0]);
	snprintf(row->cell[CELL_A], CELL, "%s", one->end[0].name);
	snprintf(row->cell[CELL_B], CELL, "%s", one->end[1].name);
	write_state(row->cell[CELL_STATE_A], one->end[0].state, brief);
	if (one->phase == WATCHED_UNDER_WAY)
		write_state(row->cell[CELL_STATE_B], one->end[1].state, brief);
	else
		write_state(row->cell[CELL_STATE_B],
			    judge_results[one->verdict.result], brief);
	snprintf(row->cell[CELL_FAULTS], CELL, "%u", one->faults);
	write_age(row->cell[CELL_AGE], one, now);
}

static void write_heads(struct row *row, bool brief)
{
	static const char * const heads[CELLS] = {
		"flow", "A", "state", "B", "state", "faults", "age",
	};

	for (int i = 0; i < CELLS; i++)
		snprintf(row->cell[i], CELL, "%s", brief && i == CELL_FAULTS ?
			 "flt" : heads[i]);
}

static void widen(struct layout *layout, const struct row *row)
{
	for (int i = 0; i < CELLS; i++) {
		int width = strlen(row->cell[i]);

		if (width > layout->width[i])
			layout->width[i] = width;
	}
}

/* Room for both ends, beside all other columns. */
static int room_for_ends(const struct layout *layout, int columns)
{
	int used = 1;

	for (int i = 0; i < CELLS; i++)
		if (layout->width[i])
			used += 1 + (is_end(i) ? 0 : layout->width[i]);
	return columns - used;
}

static void measure(const struct watch_list *list, struct layout *layout,
		    bool brief)
{
	struct row row;

	memset(layout, 0, sizeof(*layout));
	layout->brief = brief;
	write_heads(&row, brief);
	widen(layout, &row);
	for (size_t i = 0; i < list->count; i++) {
		write_row(&row, list->one[i], list->now, brief);
		widen(layout, &row);
	}
}

/* Each has half of the room, and what the other one leaves of its half. */
static void limit_ends(struct layout *layout, int room)
{
	int *a = &layout->width[CELL_A], *b = &layout->width[CELL_B];
	int half = room > 2 ? room / 2 : 1;

	if (*a + *b <= room)
		return;
	if (*b <= half)
		*a = room - *b;
	else if (*a <= half)
		*b = room - *a;
	else
		*a = *b = half;
}

static bool ends_fit(const struct layout *layout, int columns)
{
	return room_for_ends(layout, columns) >=
	       layout->width[CELL_A] + layout->width[CELL_B];
}

/*
 * First states are abbreviated; then the age goes, and addresses are shortened;
 * the number goes before a port would.
 */
static struct layout fit(const struct watch_list *list)
{
	struct layout layout;

	measure(list, &layout, false);
	if (ends_fit(&layout, list->columns))
		return layout;
	measure(list, &layout, true);
	if (!ends_fit(&layout, list->columns) &&
	    room_for_ends(&layout, list->columns) < 2 * IPV4_END)
		layout.width[CELL_AGE] = 0;
	if (room_for_ends(&layout, list->columns) < 2 * PORT)
		layout.width[CELL_FLOW] = 0;
	limit_ends(&layout, room_for_ends(&layout, list->columns));
	return layout;
}

/* Of an address that is too long the middle goes; its port stays. */
static void shorten(char *cell, int width, const struct term *term)
{
	const char *gap = term->utf8 ? "…" : "~", *port = strrchr(cell, ':');
	int size = strlen(cell), tail, head;
	char text[CELL];

	if (size <= width || !port)
		return;
	if (width < SHORT_END && (int)strlen(port) <= width) {
		memmove(cell, port, strlen(port) + 1);
		return;
	}
	tail = (width - 1) * 2 / 3;
	if (tail < (int)strlen(port) && (int)strlen(port) < width)
		tail = strlen(port);
	head = width - 1 - tail;
	snprintf(text, sizeof(text), "%.*s%s%s", head, cell, gap,
		 cell + size - tail);
	memcpy(cell, text, sizeof(text));
}

/* In columns, not in bytes. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static void print_cell(const struct layout *layout, enum cell i,
		       const char *text, bool last, FILE *out)
{
	int blanks = layout->width[i] - width_of(text);

	if (is_number(i))
		fprintf(out, " %*s%s", blanks, "", text);
	else
		fprintf(out, " %s%*s", text, last ? 0 : blanks, "");
}

static const char *colour_of(const struct watch_list *list,
			     const struct watched *one)
{
	if (!list->term.colour)
		return "";
	if (one == list->chosen)
		return "\033[1m";
	if (!one || one->phase != WATCHED_UNDER_WAY)
		return "\033[2m";
	return one->faults ? "\033[33m" : "";
}

static void print_row(const struct watch_list *list,
		      const struct layout *layout, struct row *row,
		      const struct watched *one, FILE *out)
{
	const char *colour = colour_of(list, one);
	int last = layout->width[CELL_AGE] ? CELL_AGE : CELL_FAULTS;

	shorten(row->cell[CELL_A], layout->width[CELL_A], &list->term);
	shorten(row->cell[CELL_B], layout->width[CELL_B], &list->term);
	fprintf(out, "%s%c", colour, one && one == list->chosen ? '>' : ' ');
	for (int i = 0; i < CELLS; i++)
		if (layout->width[i])
			print_cell(layout, i, row->cell[i], i == last, out);
	fprintf(out, "%s\n", *colour ? "\033[0m" : "");
}

/**
 * watch_list() - print closes, one a line
 * @list: the table
 * @out: where to
 */
void watch_list(const struct watch_list *list, FILE *out)
{
	struct layout layout = fit(list);
	struct row row;

	if (list->heads) {
		write_heads(&row, layout.brief);
		print_row(list, &layout, &row, NULL, out);
	}
	for (size_t i = 0; i < list->count; i++) {
		write_row(&row, list->one[i], list->now, layout.brief);
		print_row(list, &layout, &row, list->one[i], out);
	}
}
