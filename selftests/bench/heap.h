/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HEAP_H
#define HEAP_H

void heap_fill(void);

#endif /* HEAP_H */
