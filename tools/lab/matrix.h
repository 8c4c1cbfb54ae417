/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The matrix: each close under each fault, and under each two of them.
 */
#ifndef FINJECT_MATRIX_H
#define FINJECT_MATRIX_H

#include <stdio.h>

#include "matrix_case.h"

/* Instead of the number of a case. */
enum {
	MATRIX_NOT_RUN = -1,
	MATRIX_NEVER = -2,	/* there is no such segment */
	MATRIX_SAME = -3,	/* it is the same as another one */
};

/**
 * struct matrix - the cases
 * @only: which are wanted
 * @sample: number of single faults to choose by chance, 0 for all
 * @pairs: number of pairs, -1 for all
 * @seed: of the choice
 * @draws: keep drawings of what is not as it should be
 * @log: where to print what was observed, or NULL
 * @progress: where to say how far it is, or NULL
 * @one: those that were run, and that are to be
 * @count: their number
 * @room: number of those that fit
 * @at: number of each case, or MATRIX_NOT_RUN ...; see matrix_at()
 * @never: number of cases in which a fault cannot meet a segment
 * @same: number of those that are the same as another one
 * @left_out: number of those that chance did not choose
 */
struct matrix {
	struct matrix_only only;
	unsigned int sample;
	long pairs;
	u64 seed;
	bool draws;
	FILE *log;
	FILE *progress;
	struct matrix_case *one;
	size_t count;
	size_t room;
	int *at;
	size_t never;
	size_t same;
	size_t left_out;
};

int *matrix_at(const struct matrix *matrix, unsigned int close,
	       unsigned int first, unsigned int second);
int matrix_run(struct matrix *matrix);
size_t matrix_count(const struct matrix *matrix, unsigned int faults,
		    enum matrix_result result);
unsigned int matrix_faults(const struct matrix_case *one);
void matrix_free(struct matrix *matrix);

#endif /* FINJECT_MATRIX_H */
