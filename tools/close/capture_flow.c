// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "capture_flow.h"
#include "grow.h"
#include "log.h"

/*
 * Of one close at most MOST segments are kept, and every FIN and RST. A segment
 * that passed two places is looked for among the latest NEAR.
 */
enum {
	MOST = 4096,
	NEAR = 32,
};

/* From one place of the capture to the other. */
static const u64 way_ns = 2000000000;
static const u64 bridge_ns = 1000000;

/**
 * capture_flow_new() - begin to follow a close
 * @segment: its first segment
 * @number: of the flow
 *
 * Return: the close, without that segment.
 */
struct capture_flow *capture_flow_new(const struct capture_segment *segment,
				      u64 number)
{
	struct capture_flow *flow = calloc(1, sizeof(*flow));

	if (!flow)
		abort();
	flow->family = segment->family;
	memcpy(flow->address, segment->address, sizeof(flow->address));
	memcpy(flow->port, segment->port, sizeof(flow->port));
	flow->number = number;
	flow->stage.self = segment->port[0] == segment->port[1] &&
			   !memcmp(segment->address[0], segment->address[1],
				   sizeof(segment->address[0]));
	return flow;
}

/**
 * capture_flow_is() - check that a segment is of a connection
 * @flow: its close
 * @segment: the segment
 * @dir: set to the direction of the segment, if it is of it
 *
 * Return: true when it is.
 */
bool capture_flow_is(const struct capture_flow *flow,
		     const struct capture_segment *segment, unsigned int *dir)
{
	const size_t size = sizeof(flow->address[0]);

	if (flow->family != segment->family)
		return false;
	for (unsigned int i = 0; i < 2; i++) {
		*dir = i;
		if (flow->port[0] == segment->port[i] &&
		    flow->port[1] == segment->port[!i] &&
		    !memcmp(flow->address[0], segment->address[i], size) &&
		    !memcmp(flow->address[1], segment->address[!i], size))
			return true;
	}
	return false;
}

/* Has it passed a router, or another interface, since? */
static bool is_elsewhere(const struct capture_seen *seen,
			 const struct capture_segment *segment, bool interfaces)
{
	u64 later = segment->t - seen->t;

	if (seen->hops != segment->hops || seen->link != segment->link)
		return later < way_ns;
	return interfaces && later < bridge_ns;
}

/* A part of the other, or the other a part of it. */
static bool is_part(const struct finject_wire *a, const struct finject_wire *b)
{
	s32 begin = b->seq - a->seq;
	s32 end = finject_wire_end(b) - finject_wire_end(a);

	return (begin >= 0 && end <= 0) || (begin <= 0 && end >= 0);
}

static bool is_equal(const struct capture_seen *seen,
		     const struct capture_segment *segment)
{
	return seen->id == segment->id &&
	       !memcmp(&seen->wire, &segment->wire, sizeof(seen->wire));
}

/*
 * A retransmission passes both places as well. Its IPv4 identification or its
 * time stamp is another one; where it has neither, the place tells: it is
 * compared with the latest of its like, which was seen where it began its way.
 */
static bool is_second_witness(const struct capture_flow *flow,
			      const struct capture_segment *segment,
			      unsigned int dir, bool interfaces)
{
	size_t last = flow->count > NEAR ? flow->count - NEAR : 0;

	for (size_t i = flow->count; i-- > last;) {
		const struct capture_seen *seen = &flow->seen[i];

		if (seen->dir != dir || seen->same != segment->same)
			continue;
		if (is_equal(seen, segment))
			return is_elsewhere(seen, segment, interfaces);
		if (segment->wire.len &&
		    is_part(&seen->wire, &segment->wire) &&
		    is_elsewhere(seen, segment, interfaces))
			return true;
	}
	return false;
}

static void note_syn(struct capture_flow *flow,
		     const struct finject_wire *wire, unsigned int dir)
{
	if (!(wire->flags & FINJECT_TCP_SYN) || !flow->stage.reused)
		return;
	flow->syn[dir] = wire->seq;
	flow->syn_seen |= BIT(dir);
}

/*
 * The tracker lets a RST belong to the close on record. After a SYN the number
 * tells: that of a new incarnation is behind the SYN, while an old one is before
 * it (RFC 9293, 3.4.1).
 */
static bool is_new_rst(const struct capture_flow *flow,
		       const struct finject_wire *wire, unsigned int dir)
{
	const u32 window = 1 << 30;

	return wire->flags & FINJECT_TCP_RST &&
	       flow->syn_seen & BIT(dir) && wire->seq - flow->syn[dir] < window;
}

static void count(struct capture_flow *flow, struct capture_seen *seen)
{
	for (int i = 0; i < FINJECT_CLASSES; i++) {
		if (!(seen->classes & BIT(i)))
			continue;
		if (flow->nth[i] < U16_MAX)
			flow->nth[i]++;
		seen->nth[i] = flow->nth[i];
	}
}

static void keep(struct capture_flow *flow,
		 const struct capture_segment *segment, unsigned int dir,
		 u16 classes)
{
	struct capture_seen seen = {
		.t = segment->t,
		.wire = segment->wire,
		.dir = dir,
		.classes = classes,
		.hops = segment->hops,
		.stamped = segment->stamped,
		.value = segment->value,
		.echo = segment->echo,
		.id = segment->id,
		.same = segment->same,
		.link = segment->link,
	};

	count(flow, &seen);
	if (flow->count >= MOST &&
	    !(segment->wire.flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST)))
		return;
	flow->seen = grow(flow->seen, flow->count, &flow->room,
			  sizeof(*flow->seen));
	flow->seen[flow->count++] = seen;
}

/**
 * capture_flow_take() - take a segment into account
 * @flow: its close
 * @segment: the segment, no earlier than those before
 * @dir: its direction
 * @interfaces: the capture is of more than one interface
 *
 * Return: what became of it.
 */
enum capture_taken capture_flow_take(struct capture_flow *flow,
				     const struct capture_segment *segment,
				     unsigned int dir, bool interfaces)
{
	u16 classes;

	if (is_second_witness(flow, segment, dir, interfaces))
		return TAKEN_TWICE;
	if (is_new_rst(flow, &segment->wire, dir) ||
	    (finject_stage_incarnation(&flow->stage, &segment->wire, dir) &&
	     flow->count))
		return TAKEN_NOT;
	classes = finject_stage_classes(&flow->stage, &segment->wire, dir);
	finject_stage_advance(&flow->stage, &segment->wire, dir, classes);
	note_syn(flow, &segment->wire, dir);
	if (segment->t > flow->last)
		flow->last = segment->t;
	if (classes)
		keep(flow, segment, dir, classes);
	return TAKEN;
}

static void print_end(const struct capture_flow *flow, unsigned int end,
		      char *text)
{
	bool ip4 = flow->family == AF_INET;
	char address[INET6_ADDRSTRLEN];

	inet_ntop(flow->family, flow->address[end], address, sizeof(address));
	snprintf(text, ENDPOINT, ip4 ? "%s:%u" : "[%s]:%u", address,
		 flow->port[end]);
}

static void print_classes(const struct capture_seen *seen, struct event *event)
{
	char *seg = event->seg, *nth = event->nth;
	const char *comma = "";

	for (int i = 0; i < FINJECT_CLASSES; i++) {
		if (!(seen->classes & BIT(i)))
			continue;
		seg += sprintf(seg, "%s%s", comma, finject_class_names[i]);
		nth += sprintf(nth, "%s%u", comma, seen->nth[i]);
		comma = ",";
	}
}

static void print_flags(u8 flags, char *text)
{
	for (int i = 0; finject_flag_letters[i]; i++)
		if (flags & 1 << i)
			*text++ = finject_flag_letters[i];
	*text = '\0';
}

static void add_event(const struct capture_flow *flow,
		      const struct capture_seen *seen, struct event *event)
{
	event->kind = EVENT_SEGMENT;
	event->t = seen->t;
	event->flow = flow->number;
	event->hook = HOOK_FORWARD;
	print_end(flow, seen->dir, event->src);
	print_end(flow, !seen->dir, event->dst);
	print_classes(seen, event);
	print_flags(seen->wire.flags, event->flags);
	event->seq = seen->wire.seq;
	event->ack = seen->wire.flags & FINJECT_TCP_ACK ? seen->wire.ack : 0;
	event->len = seen->wire.len;
	snprintf(event->verdict, sizeof(event->verdict), "%s",
		 finject_verdict_names[FINJECT_VERDICT_PASS]);
	if (seen->stamped)
		snprintf(event->more, sizeof(event->more),
			 " tsval=%u tsecr=%u", seen->value, seen->echo);
}

/**
 * capture_flow_log() - add the segments of a close to a log
 * @flow: the close
 * @log: the log
 *
 * They are as a router saw them on their way: neither end is here.
 */
void capture_flow_log(const struct capture_flow *flow, struct log *log)
{
	unsigned int source = log_source(&log->sources, NULL);

	for (size_t i = 0; i < flow->count; i++) {
		struct event *event = log_add(log);

		add_event(flow, &flow->seen[i], event);
		event->source = source;
	}
}

/**
 * capture_flow_free() - forget a close
 * @flow: it
 */
void capture_flow_free(struct capture_flow *flow)
{
	free(flow->seen);
	free(flow);
}
