/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share: a claim that stops the run when it does not
 * hold, and bytes of an input taken one after the other.
 */
#ifndef FINJECT_FUZZ_H
#define FINJECT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Not assert(): it says where, and libFuzzer then says with which input. */
#define CLAIM(holds)							\
	do {								\
		if (holds)						\
			break;						\
		fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__,	\
			__LINE__, #holds);				\
		abort();						\
	} while (0)

/**
 * struct bytes - what is left of an input
 * @at: the next byte
 * @left: how many there are
 */
struct bytes {
	const uint8_t *at;
	size_t left;
};

/**
 * bytes_take - the next bytes as a number
 * @bytes: the input
 * @count: how many bytes, 8 at most; those beyond its end are 0
 *
 * Return: the number, its least byte first.
 */
static inline uint64_t bytes_take(struct bytes *bytes, unsigned int count)
{
	uint64_t number = 0;
	unsigned int i;

	for (i = 0; i < count && bytes->left; i++, bytes->left--)
		number |= (uint64_t)*bytes->at++ << 8 * i;
	return number;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* FINJECT_FUZZ_H */
