/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LADDER_ROWS_H
#define FINJECT_LADDER_ROWS_H

#include "ladder.h"

enum ladder_part {
	PART_WHOLE,
	PART_DEPARTS,
	PART_RELEASED,
	PART_ARRIVES,
};

/**
 * struct ladder_row - what stands side by side in a drawing
 * @t: when, ns
 * @arrow: the segment, or NULL
 * @part: how much of the segment's way this row shows
 * @state: the state each end came into, or NULL
 */
struct ladder_row {
	u64 t;
	const struct ladder_arrow *arrow;
	enum ladder_part part;
	const char *state[2];
};

struct ladder_row *ladder_rows(const struct ladder *ladder, size_t *count);

#endif /* FINJECT_LADDER_ROWS_H */
