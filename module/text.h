/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text that is being printed into a buffer.
 * Pure.
 */
#ifndef FINJECT_TEXT_H
#define FINJECT_TEXT_H

#include "pure.h"

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
void finject_put_bytes(struct finject_text *out, const char *bytes, size_t len);
void finject_put_string(struct finject_text *out, const char *string);
void finject_put_number(struct finject_text *out, u64 number);

#endif /* FINJECT_TEXT_H */
