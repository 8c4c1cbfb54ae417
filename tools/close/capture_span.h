/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CAPTURE_SPAN_H
#define FINJECT_CAPTURE_SPAN_H

#include "types.h"

/**
 * struct capture_span - a part of a packet, from some byte to its end
 * @at: the first byte
 * @caught: number of bytes that were captured
 * @length: number of bytes that were on the wire, not less than @caught
 */
struct capture_span {
	const u8 *at;
	u32 caught;
	u32 length;
};

/**
 * span_skip() - step over bytes
 * @span: the rest of a packet
 * @size: number of bytes
 *
 * Return: false when fewer were captured; then nothing is stepped over.
 */
static inline bool span_skip(struct capture_span *span, u32 size)
{
	if (span->caught < size)
		return false;
	span->at += size;
	span->caught -= size;
	span->length -= size;
	return true;
}

/**
 * span_number() - read a number in network byte order
 * @span: the rest of a packet
 * @offset: where the number begins
 * @size: of the number, 1 to 4 bytes, all of which were captured
 *
 * Return: the number.
 */
static inline u32 span_number(const struct capture_span *span, u32 offset,
			      u32 size)
{
	u32 number = 0;

	for (u32 i = 0; i < size; i++)
		number = number << 8 | span->at[offset + i];
	return number;
}

/**
 * span_hash() - hash bytes (FNV-1a)
 * @hash: what was hashed before, 0 for nothing
 * @span: the rest of a packet
 * @offset: where the bytes begin
 * @size: their number; those that were not captured are left out
 *
 * Return: the hash.
 */
static inline u32 span_hash(u32 hash, const struct capture_span *span,
			    u32 offset, u32 size)
{
	hash = hash ? hash : 2166136261u;
	for (u32 i = offset; i < offset + size && i < span->caught; i++)
		hash = (hash ^ span->at[i]) * 16777619u;
	return hash;
}

#endif /* FINJECT_CAPTURE_SPAN_H */
