/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_SVG_H
#define FINJECT_SVG_H

#include <stdio.h>

#include "types.h"

struct ladder;

void svg_ladder(const struct ladder *ladder, const char *title, bool alone,
		FILE *out);
void svg_text(const char *text, FILE *out);
const char *svg_span(u64 ns, char *text, size_t size);

#endif /* FINJECT_SVG_H */
