/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CANVAS_H
#define FINJECT_CANVAS_H

#include <stdio.h>

struct term;

enum { CANVAS_WIDTH = 80 };

enum glyph {
	DASH, LINE, FROM_LEFT, FROM_RIGHT, TO_RIGHT, TO_LEFT, CROSS, PARK, WAIT,
	BRANCH_RIGHT, BRANCH_LEFT, DOTS, DASHED, GLYPHS,
};

enum colour { PLAIN, DIM, BOLD, RED, YELLOW, CYAN };

/**
 * struct canvas - one line of a drawing
 * @term: what may be printed
 * @cell: what stands in each column
 * @colour: and in which colour
 */
struct canvas {
	const struct term *term;
	const char *cell[CANVAS_WIDTH];
	enum colour colour[CANVAS_WIDTH];
};

void canvas_clear(struct canvas *canvas);
void canvas_mark(struct canvas *canvas, int column, enum glyph glyph,
		 enum colour colour);
void canvas_write(struct canvas *canvas, int column, enum colour colour,
		  const char *text);
void canvas_print(const struct canvas *canvas, FILE *out);

#endif /* FINJECT_CANVAS_H */
