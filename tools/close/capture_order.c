// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "capture_order.h"
#include "grow.h"

/* Some 2 MB. */
enum { MOST = 16384 };

struct capture_waiting {
	u64 serial;
	struct capture_segment segment;
};

/* Equal times keep the order of the capture. */
static bool is_before(const struct capture_waiting *a,
		      const struct capture_waiting *b)
{
	if (a->segment.t != b->segment.t)
		return a->segment.t < b->segment.t;
	return a->serial < b->serial;
}

static void swap(struct capture_waiting *a, struct capture_waiting *b)
{
	struct capture_waiting third = *a;

	*a = *b;
	*b = third;
}

/**
 * capture_order_add() - let a segment wait
 * @order: the others, capture_order_is_full() of which is false
 * @segment: the segment
 */
void capture_order_add(struct capture_order *order,
		       const struct capture_segment *segment)
{
	size_t at = order->count;

	order->heap = grow(order->heap, order->count++, &order->room,
			   sizeof(*order->heap));
	order->heap[at].serial = order->serial++;
	order->heap[at].segment = *segment;
	for (; at; at = (at - 1) / 2) {
		size_t above = (at - 1) / 2;

		if (!is_before(&order->heap[at], &order->heap[above]))
			break;
		swap(&order->heap[at], &order->heap[above]);
	}
}

/**
 * capture_order_is_full() - check that one has to be taken first
 * @order: the segments
 *
 * Return: true when there is no room for another.
 */
bool capture_order_is_full(const struct capture_order *order)
{
	return order->count == MOST;
}

static void sink(struct capture_order *order)
{
	struct capture_waiting *heap = order->heap;
	size_t at = 0, below;

	while ((below = 2 * at + 1) < order->count) {
		if (below + 1 < order->count &&
		    is_before(&heap[below + 1], &heap[below]))
			below++;
		if (!is_before(&heap[below], &heap[at]))
			break;
		swap(&heap[below], &heap[at]);
		at = below;
	}
}

/**
 * capture_order_take() - take the earliest segment
 * @order: the segments
 * @segment: set to it
 *
 * Return: false when there is none.
 */
bool capture_order_take(struct capture_order *order,
			struct capture_segment *segment)
{
	if (!order->count)
		return false;
	*segment = order->heap[0].segment;
	order->heap[0] = order->heap[--order->count];
	sink(order);
	order->late += segment->t < order->last;
	if (segment->t > order->last)
		order->last = segment->t;
	return true;
}

/**
 * capture_order_free() - forget all segments
 * @order: them
 */
void capture_order_free(struct capture_order *order)
{
	free(order->heap);
	memset(order, 0, sizeof(*order));
}
