// SPDX-License-Identifier: GPL-2.0-only
#include "refusal.h"

#include <linux/slab.h>

/**
 * finject_refusals_add - add a refused line to the log
 * @refusals: the namespace's refusals
 * @line: number of the line in the write, from 1
 * @text: the line
 * @len: bytes of @text
 * @error: the error in the line
 *
 * Context: process, under finject_net.mutex. Without memory the line is not
 *	logged.
 */
void finject_refusals_add(struct finject_refusals *refusals, unsigned int line,
			  const char *text, size_t len,
			  const struct finject_error *error)
{
	struct finject_refusal *refusal;

	if (!refusals->ring)
		refusals->ring = kcalloc(FINJECT_REFUSALS,
					 sizeof(*refusals->ring),
					 GFP_KERNEL_ACCOUNT);
	if (!refusals->ring)
		return;
	refusal = &refusals->ring[refusals->count++ % FINJECT_REFUSALS];
	refusal->number = refusals->count;
	refusal->line = line;
	refusal->error = *error;
	len = min_t(size_t, len, sizeof(refusal->text) - 1);
	memcpy(refusal->text, text, len);
	refusal->text[len] = '\0';
}
