// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "event_compare.h"
#include "log.h"

/**
 * event_is_reverse() - tell the two directions of a pair of ends apart
 * @event: the observation
 *
 * Return: true when it is from the end whose name is the greater one.
 */
bool event_is_reverse(const struct event *event)
{
	return strcmp(event->src, event->dst) > 0;
}

/**
 * event_compare_pair() - compare the ends of two observations
 * @a: an observation
 * @b: another one
 *
 * Return: 0 when they are between the same two ends, in either direction; else
 * below or above 0, a total order.
 */
int event_compare_pair(const struct event *a, const struct event *b)
{
	bool x = event_is_reverse(a), y = event_is_reverse(b);
	int order = strcmp(x ? a->dst : a->src, y ? b->dst : b->src);

	return order ? order :
	       strcmp(x ? a->src : a->dst, y ? b->src : b->dst);
}

static int compare_number(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

/**
 * event_compare_segment() - compare two segments, but not their ends
 * @a: observation of a segment
 * @b: observation of another one
 *
 * NAT translates addresses and ports. The numbers stay.
 *
 * Return: 0 when both have the same sequence number, acknowledgment number,
 * length and flags; else below or above 0, a total order.
 */
int event_compare_segment(const struct event *a, const struct event *b)
{
	int order = compare_number(a->seq, b->seq);

	if (!order)
		order = compare_number(a->ack, b->ack);
	if (!order)
		order = compare_number(a->len, b->len);
	return order ? order : strcmp(a->flags, b->flags);
}
