/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_MATRIX_JUDGE_H
#define FINJECT_MATRIX_JUDGE_H

#include "matrix_bed.h"

void matrix_judge(struct matrix_bed *bed, bool draws);
void __attribute((format(printf, 3, 4)))
matrix_find(struct matrix_case *one, enum matrix_result result,
	    const char *format, ...);

#endif /* FINJECT_MATRIX_JUDGE_H */
