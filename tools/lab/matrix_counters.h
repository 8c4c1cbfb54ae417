/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_MATRIX_COUNTERS_H
#define FINJECT_MATRIX_COUNTERS_H

#include "matrix_bed.h"

void matrix_counters(struct matrix_bed *bed, enum host host, char *stats);

#endif /* FINJECT_MATRIX_COUNTERS_H */
