/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_MATRIX_PAGE_H
#define FINJECT_MATRIX_PAGE_H

#include "matrix.h"

void matrix_page(const struct matrix *matrix, FILE *out);

#endif /* FINJECT_MATRIX_PAGE_H */
