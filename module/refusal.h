/* SPDX-License-Identifier: GPL-2.0-only */
/* The last refused writes of a namespace, for error_log. */
#ifndef FINJECT_REFUSAL_H
#define FINJECT_REFUSAL_H

#include "lang/spec.h"

enum { FINJECT_REFUSALS = 16 };	/* in the log */

/**
 * struct finject_refusal - one refused write
 * @number: ordinal of the refusal, from 1
 * @line: number of the refused line in that write, from 1
 * @error: place in the line, and reason
 * @text: the line
 */
struct finject_refusal {
	u64 number;
	unsigned int line;
	struct finject_error error;
	char text[FINJECT_LINE_MAX];
};

/**
 * struct finject_refusals - the last refused writes
 * @ring: by number modulo FINJECT_REFUSALS; NULL before the first
 * @count: number of refused writes so far
 *
 * Guarded by finject_net.mutex.
 */
struct finject_refusals {
	struct finject_refusal *ring;
	u64 count;
};

void finject_refusals_add(struct finject_refusals *refusals, unsigned int line,
			  const char *text, size_t len,
			  const struct finject_error *error);

#endif /* FINJECT_REFUSAL_H */
