/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Common parts of the fuzz targets: a claim that stops the run if it does not
 * hold, and the bytes of an input, taken one after the other.
 */
#ifndef FINJECT_FUZZ_H
#define FINJECT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Print the place, unlike assert(); libFuzzer then prints the input. */
#define CLAIM(holds)							\
	do {								\
		if (holds)						\
			break;						\
		fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__,	\
			__LINE__, #holds);				\
		abort();						\
	} while (0)

/**
 * struct bytes - the rest of an input
 * @at: the next byte
 * @left: number of bytes left
 */
struct bytes {
	const uint8_t *at;
	size_t left;
};

/**
 * bytes_take - take the next bytes as a number
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
