/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text that is being printed into a buffer.
 * Pure.
 */
#ifndef FINJECT_TEXT_H
#define FINJECT_TEXT_H

#include "pure.h"

enum { FINJECT_DIGITS = 20 };	/* of the greatest number */

/**
 * struct finject_text - text that is being printed
 * @buf: buffer to print to
 * @size: size of @buf
 * @len: bytes printed, without the NUL
 */
struct finject_text {
	char *buf;
	size_t size;
	size_t len;
};

__printf(2, 3)
void finject_put(struct finject_text *out, const char *fmt, ...);
void finject_put_cut(struct finject_text *out, const char *bytes, size_t len);
void finject_put_string(struct finject_text *out, const char *string);
void finject_put_number(struct finject_text *out, u64 number);
char *finject_number_before(char *end, u64 number);

/**
 * finject_put_bytes - print some bytes to the end of a text
 * @out: the text; output that does not fit is cut off
 * @bytes: the bytes, none of which is NUL
 * @len: their number; where it is a constant, no function is called
 *
 * Context: any.
 */
static inline void finject_put_bytes(struct finject_text *out,
				     const char *bytes, size_t len)
{
	if (len >= out->size - out->len) {
		finject_put_cut(out, bytes, len);
		return;
	}
	memcpy(out->buf + out->len, bytes, len);
	out->len += len;
	out->buf[out->len] = '\0';
}

/**
 * finject_pair_before - write two digits
 * @end: end of them
 * @pair: the number, below 100
 *
 * Return: the first digit.
 */
static __always_inline char *finject_pair_before(char *end, unsigned int pair)
{
	unsigned int tens = pair / 10;

	*--end = '0' + pair - 10 * tens;
	*--end = '0' + tens;
	return end;
}

#endif /* FINJECT_TEXT_H */
