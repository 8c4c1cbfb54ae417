/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LADDER_SLIM_H
#define FINJECT_LADDER_SLIM_H

#include <stdio.h>

struct ladder;
struct term;

/* Least width that it can be drawn in. */
enum { LADDER_SLIM = 30 };

void ladder_slim(const struct ladder *ladder, const struct term *term,
		 int columns, FILE *out);

#endif /* FINJECT_LADDER_SLIM_H */
