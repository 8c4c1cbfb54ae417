// SPDX-License-Identifier: GPL-2.0-only
#include "event.h"

#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <net/tcp_states.h>

unsigned int finject_max_events = 16384;
module_param_named(max_events, finject_max_events, uint, 0644);
MODULE_PARM_DESC(max_events,
		 "records kept for readers of events, per network namespace");

const char * const finject_verdict_names[FINJECT_VERDICTS] = {
	[FINJECT_PASSED] = "pass",
	[FINJECT_DROPPED] = "drop",
	[FINJECT_DELAYED] = "delay",
	[FINJECT_DUPLICATED] = "duplicate",
	[FINJECT_HELD] = "hold",
	[FINJECT_RESETTED] = "reset",
	[FINJECT_RELEASED] = "released",
	[FINJECT_PURGED] = "purged",
};

const char * const finject_hook_names[FINJECT_HOOKS] = {
	[NF_INET_PRE_ROUTING] = "in",
	[NF_INET_LOCAL_IN] = "input",
	[NF_INET_FORWARD] = "forward",
	[NF_INET_LOCAL_OUT] = "output",
	[NF_INET_POST_ROUTING] = "out",
};

static const char * const state_names[] = {
	[TCP_ESTABLISHED] = "ESTABLISHED",
	[TCP_SYN_SENT] = "SYN_SENT",
	[TCP_SYN_RECV] = "SYN_RECV",
	[TCP_FIN_WAIT1] = "FIN_WAIT1",
	[TCP_FIN_WAIT2] = "FIN_WAIT2",
	[TCP_TIME_WAIT] = "TIME_WAIT",
	[TCP_CLOSE] = "CLOSE",
	[TCP_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_LAST_ACK] = "LAST_ACK",
	[TCP_LISTEN] = "LISTEN",
	[TCP_CLOSING] = "CLOSING",
	[TCP_NEW_SYN_RECV] = "NEW_SYN_RECV",
};

/**
 * finject_events_init - make an empty ring
 * @events: zeroed memory
 */
void finject_events_init(struct finject_events *events)
{
	spin_lock_init(&events->lock);
	init_waitqueue_head(&events->wait);
}

/**
 * finject_events_open - count one more reader
 * @events: the ring
 * @position: where the reader begins: at the next record
 *
 * Context: process, under finject_net.mutex.
 * Return: 0 or -ENOMEM.
 */
int finject_events_open(struct finject_events *events, u64 *position)
{
	unsigned int size = roundup_pow_of_two(clamp(finject_max_events,
						     16U, 1U << 20));
	struct finject_record *ring = NULL;

	if (!events->ring) {
		ring = kvcalloc(size, sizeof(*ring), GFP_KERNEL_ACCOUNT);
		if (!ring)
			return -ENOMEM;
	}
	spin_lock_irq(&events->lock);
	if (ring) {
		events->ring = ring;
		events->size = size;
	}
	WRITE_ONCE(events->readers, events->readers + 1);
	*position = events->head;
	spin_unlock_irq(&events->lock);
	return 0;
}

/**
 * finject_events_release - count one reader less; the last frees the ring
 * @events: the ring
 *
 * Context: process, under finject_net.mutex.
 */
void finject_events_release(struct finject_events *events)
{
	struct finject_record *ring = NULL;

	spin_lock_irq(&events->lock);
	WRITE_ONCE(events->readers, events->readers - 1);
	if (!events->readers)
		swap(ring, events->ring);
	spin_unlock_irq(&events->lock);
	kvfree(ring);
}

/**
 * finject_events_close - end of file for every reader
 * @events: of a namespace that is going
 */
void finject_events_close(struct finject_events *events)
{
	spin_lock_irq(&events->lock);
	WRITE_ONCE(events->closed, true); /* poll looks without the lock */
	spin_unlock_irq(&events->lock);
	wake_up_interruptible_all(&events->wait);
}

/**
 * finject_event_write - add a record
 * @events: the ring
 * @record: the record; its time is set here, under the lock that orders the
 *	records, so that no record is older than the one before it
 *
 * Context: any. Without readers it does nothing.
 */
void finject_event_write(struct finject_events *events,
			 const struct finject_record *record)
{
	struct finject_record *slot;
	unsigned long flags;

	if (!finject_events_read(events))
		return;
	spin_lock_irqsave(&events->lock, flags);
	if (events->ring) {
		slot = &events->ring[events->head++ & (events->size - 1)];
		*slot = *record;
		slot->t = ktime_get_ns();
	}
	spin_unlock_irqrestore(&events->lock, flags);
	wake_up_interruptible_poll(&events->wait, EPOLLIN | EPOLLRDNORM);
}

/**
 * finject_event_pending - whether a reader would not block
 * @events: the ring
 * @position: the reader's, which other threads of it may move
 */
bool finject_event_pending(struct finject_events *events, const u64 *position)
{
	bool pending;

	spin_lock_irq(&events->lock);
	pending = events->head != *position || events->closed;
	spin_unlock_irq(&events->lock);
	return pending;
}

/**
 * finject_event_read - the next record of a reader
 * @events: the ring
 * @position: the reader's; moves on, under the lock: threads that share a
 *	reader get each record once
 * @record: where the record is put
 * @lost: set to the number of records that were overwritten before it
 *
 * Context: process.
 * Return: whether there was one.
 */
bool finject_event_read(struct finject_events *events, u64 *position,
			struct finject_record *record, u64 *lost)
{
	bool found;

	*lost = 0;
	spin_lock_irq(&events->lock);
	if (events->head - *position > events->size) {
		*lost = events->head - *position - events->size;
		*position += *lost;
		events->lost += *lost;
	}
	found = events->ring && *position != events->head;
	if (found)
		*record = events->ring[(*position)++ & (events->size - 1)];
	spin_unlock_irq(&events->lock);
	return found;
}

/**
 * finject_record_nth - the nth of each class, for a tracepoint
 * @record: the record
 * @nth: where they are put, 0 for a class that the segment has not
 */
void finject_record_nth(const struct finject_record *record,
			u16 nth[FINJECT_CLASSES])
{
	unsigned int class;

	for (class = 0; class < FINJECT_CLASSES; class++)
		nth[class] = record->position.classes & BIT(class) ?
				     record->position.nth[class] : 0;
}

/**
 * finject_record_end - one end of a flow as a socket address
 * @record: the record
 * @end: 0 or 1, of its tuple
 * @sockaddr: where it is put, room for a struct sockaddr_in6
 */
void finject_record_end(const struct finject_record *record, unsigned int end,
			void *sockaddr)
{
	const struct finject_tuple *tuple = &record->tuple;
	struct sockaddr_in6 *v6 = sockaddr;
	struct sockaddr_in *v4 = sockaddr;

	memset(v6, 0, sizeof(*v6));
	if (tuple->family == AF_INET) {
		v4->sin_family = AF_INET;
		v4->sin_port = tuple->port[end];
		v4->sin_addr = tuple->addr[end].in;
	} else {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = tuple->port[end];
		v6->sin6_addr = tuple->addr[end].in6;
	}
}

struct line {
	char *buf;
	size_t size;
	size_t len;
};

static __printf(2, 3) void put(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line->len += vscnprintf(line->buf + line->len, line->size - line->len,
				format, args);
	va_end(args);
}

static void put_endpoint(struct line *line, const char *key,
			 const struct finject_tuple *tuple, unsigned int end)
{
	if (tuple->family == AF_INET)
		put(line, " %s=%pI4:%u", key, &tuple->addr[end].ip,
		    ntohs(tuple->port[end]));
	else
		put(line, " %s=[%pI6c]:%u", key, &tuple->addr[end].in6,
		    ntohs(tuple->port[end]));
}

static void put_ends(struct line *line, const struct finject_tuple *tuple,
		     unsigned int dir)
{
	put_endpoint(line, "src", tuple, dir);
	put_endpoint(line, "dst", tuple, !dir);
}

/**
 * finject_position_print - the classes of a segment and the nth of each
 * @position: its place in its flow
 * @buf: where " seg=ack1,fin2 nth=2,1" is put; 96 bytes are enough for any
 * @size: of @buf
 *
 * Return: bytes written, the final NUL not counted.
 */
int finject_position_print(const struct finject_position *position, char *buf,
			size_t size)
{
	struct line line = { .buf = buf, .size = size };
	const char *comma = "";
	unsigned int class;

	put(&line, " seg=");
	for (class = 0; class < FINJECT_CLASSES; class++) {
		if (!(position->classes & BIT(class)))
			continue;
		put(&line, "%s%s", comma, finject_class_names[class]);
		comma = ",";
	}
	comma = "";
	put(&line, " nth=");
	for (class = 0; class < FINJECT_CLASSES; class++) {
		if (!(position->classes & BIT(class)))
			continue;
		put(&line, "%s%u", comma, position->nth[class]);
		comma = ",";
	}
	return line.len;
}

static void put_classes(struct line *line, const struct finject_position *position)
{
	line->len += finject_position_print(position, line->buf + line->len,
					 line->size - line->len);
}

static void put_flags(struct line *line, u8 flags)
{
	static const char letters[] = "FSRPAUEC";
	unsigned int bit;

	put(line, " flags=%s", flags ? "" : "-");
	for (bit = 0; bit < 8; bit++)
		if (flags & BIT(bit))
			put(line, "%c", letters[bit]);
}

static void put_segment(struct line *line, const struct finject_record *record)
{
	put(line, "%s t=%llu flow=%llu hook=%s",
	    record->kind == FINJECT_RECORD_OUTCOME ? "outcome" : "seg",
	    record->t, record->position.flow,
	    finject_hook_names[record->hook]);
	put_classes(line, &record->position);
	put_ends(line, &record->tuple, record->dir);
	put_flags(line, record->wire.flags);
	put(line, " seq=%u ack=%u len=%u gen=%llu", record->wire.seq,
	    record->wire.flags & FINJECT_TCP_ACK ? record->wire.ack : 0,
	    record->wire.len, record->generation);
	if (record->rule)
		put(line, " rule=%u", record->rule);
	else
		put(line, " rule=-");
	put(line, " verdict=%s", finject_verdict_names[record->verdict]);
	if (record->kind == FINJECT_RECORD_OUTCOME)
		put(line, " parked=%llu copy=%u", record->parked,
		    record->copy);
}

static const char *state_name(unsigned int state)
{
	if (state < ARRAY_SIZE(state_names) && state_names[state])
		return state_names[state];
	return "-";
}

/**
 * finject_event_print - a record as one line of text
 * @record: the record
 * @buf: where the line is put, its newline counted
 * @size: of @buf; 512 bytes are enough for any
 *
 * Return: bytes written, the final NUL not counted.
 */
int finject_event_print(const struct finject_record *record, char *buf,
			size_t size)
{
	struct line line = { .buf = buf, .size = size };

	if (record->kind == FINJECT_RECORD_SOCKET) {
		put(&line, "sk t=%llu flow=%llu", record->t,
		    record->position.flow);
		put_ends(&line, &record->tuple, record->dir);
		put(&line, " from=%s to=%s", state_name(record->from),
		    state_name(record->to));
	} else {
		put_segment(&line, record);
	}
	put(&line, "\n");
	return line.len;
}
