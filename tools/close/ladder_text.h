/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LADDER_TEXT_H
#define FINJECT_LADDER_TEXT_H

#include <stdio.h>

#include "canvas.h"
#include "ladder_rows.h"

struct ladder;
struct ladder_arrow;
struct term;

void ladder_text(const struct ladder *ladder, const struct term *term,
		 FILE *out);
void ladder_note(const struct ladder_arrow *arrow, enum ladder_part part,
		 char *out, size_t size);
enum colour ladder_colour(const struct ladder_arrow *arrow);

#endif /* FINJECT_LADDER_TEXT_H */
