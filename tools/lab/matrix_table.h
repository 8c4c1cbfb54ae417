/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_MATRIX_TABLE_H
#define FINJECT_MATRIX_TABLE_H

#include "matrix.h"

struct term;

enum { MATRIX_DRAWINGS = 200 };

char matrix_symbol(const struct matrix *matrix, int at);
void matrix_table(const struct matrix *matrix, const struct term *term,
		  FILE *out);
void matrix_tap(const struct matrix *matrix, FILE *out);
void matrix_json(const struct matrix *matrix, FILE *out);

#endif /* FINJECT_MATRIX_TABLE_H */
