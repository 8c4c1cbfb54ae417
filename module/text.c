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
 * finject_put_cut - print the bytes of which there is room
 * @out: the text
 * @bytes: the bytes, none of which is NUL
 * @len: their number
 *
 * Context: any.
 */
void finject_put_cut(struct finject_text *out, const char *bytes, size_t len)
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
 * finject_number_before - write a number, in decimal
 * @end: end of its digits; there is room for FINJECT_DIGITS before it
 * @number: the number
 *
 * Context: any.
 * Return: its first digit.
 */
char *finject_number_before(char *end, u64 number)
{
	u32 low, two;

	while (number > U32_MAX) {
		number = div_u64_rem(number, 100, &two);
		*--end = '0' + two % 10;
		*--end = '0' + two / 10;
	}
	for (low = number; low >= 100; low /= 100) {
		two = low % 100;
		*--end = '0' + two % 10;
		*--end = '0' + two / 10;
	}
	*--end = '0' + low % 10;
	if (low >= 10)
		*--end = '0' + low / 10;
	return end;
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
	char digits[FINJECT_DIGITS], *end = digits + sizeof(digits), *first;

	first = finject_number_before(end, number);
	finject_put_bytes(out, first, end - first);
}
