/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TERM_H
#define FINJECT_TERM_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct term - what may be sent to where the output goes
 * @utf8: characters beyond ASCII
 * @colour: colours
 */
struct term {
	bool utf8;
	bool colour;
};

struct term term_of(FILE *out, bool ascii);

#endif /* FINJECT_TERM_H */
