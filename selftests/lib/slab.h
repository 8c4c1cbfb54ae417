/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SLAB_H
#define SLAB_H

#include <stdbool.h>

long slab_objects(const char *name);
bool slabs_idle(void);
bool slabs_settle(void);

#endif /* SLAB_H */
