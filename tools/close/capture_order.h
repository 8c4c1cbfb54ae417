/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CAPTURE_ORDER_H
#define FINJECT_CAPTURE_ORDER_H

#include "capture_packet.h"

/**
 * struct capture_order - segments that wait for earlier ones
 * @heap: the segments, the earliest first: a binary heap
 * @count: their number
 * @room: number of those that fit
 * @serial: number of segments that were added
 * @last: time of the latest segment that was taken, ns
 * @late: number of segments that were taken after a later one
 *
 * Memory that is all zero is empty. The packets of several interfaces, or
 * CPUs, are written to a capture in blocks, so their times go back and forth.
 */
struct capture_order {
	struct capture_waiting *heap;
	size_t count;
	size_t room;
	u64 serial;
	u64 last;
	u64 late;
};

void capture_order_add(struct capture_order *order,
		       const struct capture_segment *segment);
bool capture_order_is_full(const struct capture_order *order);
bool capture_order_take(struct capture_order *order,
			struct capture_segment *segment);
void capture_order_free(struct capture_order *order);

#endif /* FINJECT_CAPTURE_ORDER_H */
