// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "grow.h"

/**
 * grow() - make room for one more element of an array
 * @array: the array, or NULL
 * @count: number of its elements
 * @room: number of elements that there is room for
 * @size: of an element
 *
 * Return: the array, which may have moved.
 */
void *grow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room ? 2 * *room : 32;
	array = reallocarray(array, *room, size);
	if (!array)
		abort();
	return array;
}
