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
	char *at = out->buf + out->len, *end = out->buf + out->size - 1;

	if (out->len + 1 >= out->size)
		return;
	/* words of a few letters: strlen() and memcpy() cost more */
	while (*string && at < end)
		*at++ = *string++;
	*at = '\0';
	out->len = at - out->buf;
}

/**
 * finject_number_before - write a number, in decimal
 * @end: end of its digits; there is room for them before it
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
		end = finject_pair_before(end, two);
	}
	for (low = number; low >= 100; low /= 100)
		end = finject_pair_before(end, low % 100);
	if (low >= 10)
		return finject_pair_before(end, low);
	*--end = '0' + low;
	return end;
}

/* Count the digits of a number: 1233 / 4096 is log10(2). */
static unsigned int text_digits(u64 number)
{
	static const u64 powers[FINJECT_DIGITS] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
		1000000000, 10000000000, 100000000000, 1000000000000,
		10000000000000, 100000000000000, 1000000000000000,
		10000000000000000, 100000000000000000, 1000000000000000000,
		10000000000000000000ULL,
	};
	unsigned int digits = fls64(number) * 1233 >> 12;

	return digits + (number >= powers[digits]);
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
	unsigned int count = number ? text_digits(number) : 1;

	if (likely(count < out->size - out->len)) {
		out->len += count;
		out->buf[out->len] = '\0';
		finject_number_before(out->buf + out->len, number);
		return;
	}
	first = finject_number_before(end, number);
	finject_put_cut(out, first, end - first);
}
