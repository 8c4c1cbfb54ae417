/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_SVG_H
#define FINJECT_SVG_H

#include <stdio.h>

#include "types.h"

struct ladder;
struct rule_texts;

/**
 * struct svg_about - what a drawing says beside its ladder
 * @title: what it shows
 * @rules: what the rules say, or NULL
 * @forwarded: rules may have fired on the way between both ends
 * @alone: a document of its own, not a part of a page that has ladder_css
 */
struct svg_about {
	const char *title;
	const struct rule_texts *rules;
	bool forwarded;
	bool alone;
};

int svg_ladder(const struct ladder *ladder, const struct svg_about *about,
	       FILE *out);
void svg_text(const char *text, FILE *out);
const char *svg_span(u64 ns, char *text, size_t size);

#endif /* FINJECT_SVG_H */
