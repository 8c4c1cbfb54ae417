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

/**
 * finject_put_string - print a string to the end of a text
 * @out: the text; output that does not fit is cut off
 * @string: the string
 *
 * Context: any.
 */
void finject_put_string(struct finject_text *out, const char *string)
{
	while (*string && out->len + 1 < out->size)
		out->buf[out->len++] = *string++;
	if (out->len < out->size)
		out->buf[out->len] = '\0';
}

/**
 * finject_put_number - print a number to the end of a text, in decimal
 * @out: the text; output that does not fit is cut off
 * @number: the number
 *
 * Context: any.
 */
void finject_put_number(struct finject_text *out, u64 number)
{
	char digits[21], *first = &digits[sizeof(digits) - 1];
	u32 rest;

	*first = '\0';
	do {
		number = div_u64_rem(number, 10, &rest);
		*--first = '0' + rest;
	} while (number);
	finject_put_string(out, first);
}
