/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LADDER_TEXT_H
#define FINJECT_LADDER_TEXT_H

#include <stdio.h>

#include "types.h"

struct ladder;
struct term;

void ladder_text(const struct ladder *ladder, const struct term *term,
		 FILE *out);
long ladder_text_until(const struct ladder *ladder, const struct term *term,
		       FILE *out, u64 until);

#endif /* FINJECT_LADDER_TEXT_H */
