/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LADDER_LABEL_H
#define FINJECT_LADDER_LABEL_H

#include <stdio.h>

struct ladder_arrow;

void ladder_label(const struct ladder_arrow *arrow, FILE *out);

#endif /* FINJECT_LADDER_LABEL_H */
