// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "canvas.h"
#include "term.h"

static const char * const glyphs[2][GLYPHS] = {
	{ "-", "|", "|", "|", ">", "<", "X", "@", "'", "+", "+",
	  ":", "!" },
	{ "─", "│", "├", "┤", "►", "◄", "✗", "⧖", "┊", "└", "┘",
	  "⋮", "╎" },
};

static const char * const escapes[] = {
	"\033[0m", "\033[2m", "\033[1m", "\033[1;31m", "\033[1;33m",
	"\033[36m",
};

static void put(struct canvas *canvas, int column, const char *glyph,
		enum colour colour)
{
	if (column < 0 || column >= CANVAS_WIDTH)
		return;
	canvas->cell[column] = glyph;
	canvas->colour[column] = colour;
}

/**
 * canvas_clear() - an empty line
 * @canvas: the line
 */
void canvas_clear(struct canvas *canvas)
{
	for (int i = 0; i < CANVAS_WIDTH; i++)
		put(canvas, i, " ", PLAIN);
}

/**
 * canvas_mark() - put a drawn character
 * @canvas: the line
 * @column: where; outside the line nothing is drawn
 * @glyph: the character
 * @colour: its colour
 */
void canvas_mark(struct canvas *canvas, int column, enum glyph glyph,
		 enum colour colour)
{
	put(canvas, column, glyphs[canvas->term->utf8][glyph], colour);
}

/**
 * canvas_write() - write a text
 * @canvas: the line
 * @column: where its first character stands
 * @colour: its colour
 * @text: the text, in ASCII
 */
void canvas_write(struct canvas *canvas, int column, enum colour colour,
		  const char *text)
{
	static char letters[128][2];

	for (; *text; text++, column++) {
		char *letter = letters[*text & 127];

		letter[0] = *text;
		put(canvas, column, letter, colour);
	}
}

static void print_cell(const struct canvas *canvas, int column,
		       enum colour before, FILE *out)
{
	enum colour colour = canvas->colour[column];

	if (canvas->term->colour && colour != before)
		fprintf(out, "%s%s", before ? escapes[PLAIN] : "",
			colour ? escapes[colour] : "");
	fputs(canvas->cell[column], out);
}

/**
 * canvas_print() - print a line without the blanks at its end
 * @canvas: the line
 * @out: where to
 */
void canvas_print(const struct canvas *canvas, FILE *out)
{
	enum colour before = PLAIN;
	int end = CANVAS_WIDTH;

	while (end && !strcmp(canvas->cell[end - 1], " "))
		end--;
	for (int i = 0; i < end; i++) {
		print_cell(canvas, i, before, out);
		before = canvas->colour[i];
	}
	if (canvas->term->colour && before)
		fputs(escapes[PLAIN], out);
	fputc('\n', out);
}
