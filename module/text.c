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
 * finject_put_bytes - print some bytes to the end of a text
 * @out: the text; output that does not fit is cut off
 * @bytes: the bytes, none of which is NUL
 * @len: their number
 *
 * Context: any.
 */
void finject_put_bytes(struct finject_text *out, const char *bytes, size_t len)
{
	if (out->len + 1 >= out->size)
		return;
	len = min_t(size_t, len, out->size - out->len - 1);
	memcpy(out->buf + out->len, bytes, len);
	out->len += len;
	out->buf[out->len] = '\0';
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
	finject_put_bytes(out, string, strlen(string));
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
	char digits[20], *end = digits + sizeof(digits), *first = end;
	u32 rest;

	do {
		number = div_u64_rem(number, 10, &rest);
		*--first = '0' + rest;
	} while (number);
	finject_put_bytes(out, first, end - first);
}
