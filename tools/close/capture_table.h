/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes in a capture that are under way.
 */
#ifndef FINJECT_CAPTURE_TABLE_H
#define FINJECT_CAPTURE_TABLE_H

#include "capture_flow.h"

/**
 * struct capture_queue - closes by the time of their latest segment
 * @oldest: the one that has been silent for the longest time
 * @newest: the one whose segment came last
 */
struct capture_queue {
	struct capture_flow *oldest;
	struct capture_flow *newest;
};

/**
 * struct capture_table - the closes that are under way
 * @bucket: hash chains
 * @buckets: their number, a power of two, or 0
 * @open: closes that are not over
 * @over: closes of which old duplicates may yet come
 * @count: number of closes
 * @segments: number of segments kept of them
 * @flows: number of flows that were begun
 * @twice: number of segments that were captured twice
 * @refused: number of RSTs that refused a connection
 * @early: number of closes that were given up for want of room
 * @log: closes that are over and silent are added here
 *
 * Memory that is all zero, but for @log, is an empty table.
 */
struct capture_table {
	struct capture_flow **bucket;
	size_t buckets;
	struct capture_queue open;
	struct capture_queue over;
	size_t count;
	size_t segments;
	u64 flows;
	u64 twice;
	u64 refused;
	u64 early;
	struct log *log;
};

void capture_table_take(struct capture_table *table,
			const struct capture_segment *segment, bool interfaces);
bool capture_table_drain(struct capture_table *table);
void capture_table_free(struct capture_table *table);

#endif /* FINJECT_CAPTURE_TABLE_H */
