/* SPDX-License-Identifier: GPL-2.0-only */
/* The allocator's names, for the unit tests' build on the host. */
#ifndef FINJECT_TESTS_HOST_LINUX_SLAB_H
#define FINJECT_TESTS_HOST_LINUX_SLAB_H

#include <stdlib.h>
#include <string.h>

#define GFP_KERNEL	0

static inline void *kmemdup(const void *from, size_t size, int gfp)
{
	void *copy = malloc(size);

	return copy ? memcpy(copy, from, size) : NULL;
}

static inline void kfree(const void *pointer)
{
	free((void *)pointer);
}

#endif /* FINJECT_TESTS_HOST_LINUX_SLAB_H */
