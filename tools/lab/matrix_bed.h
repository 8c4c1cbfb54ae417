/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two namespaces, in which many cases run at once, and one batch after another.
 */
#ifndef FINJECT_MATRIX_BED_H
#define FINJECT_MATRIX_BED_H

#include "experiment.h"
#include "matrix_link.h"

enum { MATRIX_BATCH = 128 };

/**
 * struct matrix_bed - the namespaces, and the cases that run in them
 * @run: the namespaces, and what is observed
 * @scenario: names the bed
 * @port: of A, for the next connection
 * @link: the connections of a batch
 * @links: their number
 * @counters: what is wrong with the counters, or ""
 * @left: what is left behind besides sockets, or ""
 */
struct matrix_bed {
	struct experiment run;
	struct scenario scenario;
	unsigned int port;
	struct matrix_link link[MATRIX_BATCH];
	size_t links;
	char counters[128];
	char left[128];
};

int matrix_bed_open(struct matrix_bed *bed, unsigned int family);
int matrix_bed_run(struct matrix_bed *bed, struct matrix_case **cases,
		   size_t count);
void matrix_bed_clear(struct matrix_bed *bed);
void matrix_bed_close(struct matrix_bed *bed);

#endif /* FINJECT_MATRIX_BED_H */
