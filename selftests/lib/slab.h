/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SLAB_H
#define SLAB_H

long slab_objects(const char *name);

#endif /* SLAB_H */
