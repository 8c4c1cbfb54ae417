/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_MATRIX_COUNTERS_H
#define FINJECT_MATRIX_COUNTERS_H

#include "matrix_link.h"

/**
 * struct matrix_counters - the counters of a host, after a batch
 * @host: the host
 * @link: the connections of the batch; receive how often their rules fired
 * @links: their number
 * @wrong: receives what does not add up
 * @size: of @wrong
 */
struct matrix_counters {
	enum host host;
	struct matrix_link *link;
	size_t links;
	char *wrong;
	size_t size;
};

void matrix_counters(const struct matrix_counters *counters, char *stats);

#endif /* FINJECT_MATRIX_COUNTERS_H */
