/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LADDER_LABEL_H
#define FINJECT_LADDER_LABEL_H

#include <stddef.h>

struct ladder_arrow;

size_t ladder_label(const struct ladder_arrow *arrow, char *text, size_t size);

#endif /* FINJECT_LADDER_LABEL_H */
