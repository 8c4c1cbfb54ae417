// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "capture_table.h"

/* Some 300 MB of closes and segments. */
enum {
	CLOSES_MOST = 500000,
	SEGMENTS_MOST = 3000000,
};

/*
 * After 2 MSL (RFC 9293, 3.4.2) neither end answers an old duplicate. A close
 * that is not over waits for an application, or its retransmissions, which a
 * stack gives up after some minutes, are lost.
 */
static const u64 over_ns = 240000000000;
static const u64 open_ns = 3600000000000;

static size_t hash_of(const struct capture_flow *flow)
{
	u32 hash = flow->port[0] + flow->port[1];

	for (size_t i = 0; i < sizeof(flow->address[0]); i += 4) {
		u32 part[2];

		memcpy(&part[0], &flow->address[0][i], 4);
		memcpy(&part[1], &flow->address[1][i], 4);
		hash = (hash ^ (part[0] + part[1])) * 2654435761u;
	}
	return hash ^ hash >> 15;
}

static struct capture_flow **bucket_of(const struct capture_table *table,
				       const struct capture_flow *flow)
{
	return &table->bucket[hash_of(flow) & (table->buckets - 1)];
}

static void resize(struct capture_table *table)
{
	struct capture_table larger = *table;

	larger.buckets = table->buckets ? 4 * table->buckets : 256;
	larger.bucket = calloc(larger.buckets, sizeof(*larger.bucket));
	if (!larger.bucket)
		abort();
	for (size_t i = 0; i < table->buckets; i++) {
		struct capture_flow *flow = table->bucket[i], *next;

		for (; flow; flow = next) {
			struct capture_flow **bucket = bucket_of(&larger, flow);

			next = flow->chain;
			flow->chain = *bucket;
			*bucket = flow;
		}
	}
	free(table->bucket);
	*table = larger;
}

static struct capture_queue *queue_of(struct capture_table *table,
				      const struct capture_flow *flow)
{
	return finject_stage_finished(&flow->stage) ? &table->over :
						      &table->open;
}

static void queue_add(struct capture_queue *queue, struct capture_flow *flow)
{
	flow->older = queue->newest;
	flow->newer = NULL;
	if (queue->newest)
		queue->newest->newer = flow;
	else
		queue->oldest = flow;
	queue->newest = flow;
}

static void queue_remove(struct capture_queue *queue, struct capture_flow *flow)
{
	if (flow->older)
		flow->older->newer = flow->newer;
	else
		queue->oldest = flow->newer;
	if (flow->newer)
		flow->newer->older = flow->older;
	else
		queue->newest = flow->older;
}

static void unlink_flow(struct capture_table *table, struct capture_flow *flow)
{
	struct capture_flow **at = bucket_of(table, flow);

	while (*at != flow)
		at = &(*at)->chain;
	*at = flow->chain;
	queue_remove(queue_of(table, flow), flow);
	table->count--;
	table->segments -= flow->count;
}

/* A close goes to the log, and is forgotten here. */
static void let_go(struct capture_table *table, struct capture_flow *flow)
{
	unlink_flow(table, flow);
	capture_flow_log(flow, table->log);
	capture_flow_free(flow);
}

static void expire(struct capture_table *table, struct capture_queue *queue,
		   u64 limit, u64 now)
{
	while (queue->oldest && now > queue->oldest->last + limit)
		let_go(table, queue->oldest);
}

static bool is_full(const struct capture_table *table)
{
	return table->count > CLOSES_MOST || table->segments > SEGMENTS_MOST;
}

static void make_room(struct capture_table *table)
{
	while (is_full(table)) {
		struct capture_flow *flow = table->over.oldest;

		let_go(table, flow ? flow : table->open.oldest);
		table->early++;
	}
}

static struct capture_flow *find(const struct capture_table *table,
				 const struct capture_flow *key,
				 const struct capture_segment *segment,
				 unsigned int *dir)
{
	struct capture_flow *flow;

	if (!table->buckets)
		return NULL;
	flow = *bucket_of(table, key);
	while (flow && !capture_flow_is(flow, segment, dir))
		flow = flow->chain;
	return flow;
}

static struct capture_flow *begin(struct capture_table *table,
				  const struct capture_segment *segment)
{
	struct capture_flow *flow, **bucket;

	if (table->count >= table->buckets)
		resize(table);
	flow = capture_flow_new(segment, ++table->flows);
	bucket = bucket_of(table, flow);
	flow->chain = *bucket;
	*bucket = flow;
	queue_add(&table->open, flow);
	table->count++;
	return flow;
}

/*
 * An end that has no connection answers a SYN with a RST of sequence number 0
 * (RFC 9293, 3.10.7.1). Nothing is closed by that.
 */
static bool is_refusal(const struct capture_segment *segment)
{
	return segment->wire.flags & FINJECT_TCP_RST &&
	       segment->wire.flags & FINJECT_TCP_ACK && !segment->wire.seq;
}

static bool begins_close(struct capture_table *table,
			 const struct capture_segment *segment)
{
	const u8 flags = segment->wire.flags;

	if (!(flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST)) ||
	    flags & FINJECT_TCP_SYN)
		return false;
	if (!is_refusal(segment))
		return true;
	table->refused++;
	return false;
}

static void take(struct capture_table *table, struct capture_flow *flow,
		 const struct capture_segment *segment, unsigned int dir,
		 bool interfaces)
{
	size_t before = flow->count;
	enum capture_taken taken;

	queue_remove(queue_of(table, flow), flow);
	taken = capture_flow_take(flow, segment, dir, interfaces);
	queue_add(queue_of(table, flow), flow);
	table->segments += flow->count - before;
	table->twice += taken == TAKEN_TWICE;
	if (taken != TAKEN_NOT)
		return;
	let_go(table, flow);
	take(table, begin(table, segment), segment, 0, interfaces);
}

/**
 * capture_table_take() - take a segment into account
 * @table: the closes
 * @segment: the segment
 * @interfaces: the capture is of more than one interface
 *
 * A close is followed from its first FIN or RST. It goes to the log when a new
 * incarnation begins, when nothing came for 240 s after it was over, or for an
 * hour while it was not.
 */
void capture_table_take(struct capture_table *table,
			const struct capture_segment *segment, bool interfaces)
{
	struct capture_flow *flow;
	struct capture_flow key;
	unsigned int dir;

	memcpy(key.address, segment->address, sizeof(key.address));
	memcpy(key.port, segment->port, sizeof(key.port));
	expire(table, &table->over, over_ns, segment->t);
	expire(table, &table->open, open_ns, segment->t);
	flow = find(table, &key, segment, &dir);
	if (!flow && !begins_close(table, segment))
		return;
	if (!flow) {
		flow = begin(table, segment);
		dir = 0;
	}
	take(table, flow, segment, dir, interfaces);
	make_room(table);
}

/**
 * capture_table_drain() - let one close go to the log, when nothing more comes
 * @table: the closes
 *
 * Return: false when there is none.
 */
bool capture_table_drain(struct capture_table *table)
{
	struct capture_flow *flow = table->over.oldest;

	if (!flow)
		flow = table->open.oldest;
	if (flow)
		let_go(table, flow);
	return flow;
}

/**
 * capture_table_free() - forget all closes
 * @table: them; they do not go to the log
 */
void capture_table_free(struct capture_table *table)
{
	struct log *log = table->log;

	for (size_t i = 0; i < table->buckets; i++) {
		struct capture_flow *flow = table->bucket[i], *next;

		for (; flow; flow = next) {
			next = flow->chain;
			capture_flow_free(flow);
		}
	}
	free(table->bucket);
	memset(table, 0, sizeof(*table));
	table->log = log;
}
