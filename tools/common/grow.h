/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_GROW_H
#define FINJECT_GROW_H

#include <stddef.h>

void *grow(void *array, size_t count, size_t *room, size_t size);

#endif /* FINJECT_GROW_H */
