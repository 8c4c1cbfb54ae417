// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

/**
 * finject_put - print to the end of a text
 * @out: the text; output that does not fit is cut off
 * @fmt: as of printf()
 *
 * Context: any.
 */
void finject_put(struct finject_text *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out->len += vscnprintf(out->buf + out->len, out->size - out->len, fmt,
			       args);
	va_end(args);
}
