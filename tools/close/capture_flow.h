/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The close of one connection in a capture.
 */
#ifndef FINJECT_CAPTURE_FLOW_H
#define FINJECT_CAPTURE_FLOW_H

#include "capture_packet.h"

struct log;

/**
 * struct capture_seen - a segment of a close
 * @t: when, ns since 1970
 * @wire: its numbers, length and flags
 * @dir: its direction: 0 as the first segment of the close, 1 back
 * @classes: mask of the classes it has
 * @nth: its ordinal in each of them
 * @hops: TTL or hop limit
 * @stamped: it has TCP timestamps, @value and @echo
 * @value: TSval
 * @echo: TSecr
 * @id: identification of IPv4
 * @same: see struct capture_segment
 * @link: hash of the link header
 */
struct capture_seen {
	u64 t;
	struct finject_wire wire;
	u8 dir;
	u16 classes;
	u8 hops;
	bool stamped;
	u16 nth[FINJECT_CLASSES];
	u32 value;
	u32 echo;
	u32 id;
	u32 same;
	u32 link;
};

/**
 * struct capture_flow - the close of one connection, under way
 * @chain: the next one in its bucket
 * @older: the one before it in the order of their latest segments
 * @newer: the one behind it
 * @family: AF_INET or AF_INET6
 * @address: of the ends, the sender of the first segment first
 * @port: of the ends
 * @stage: what the tracker knows
 * @syn: sequence number of the SYN of the next incarnation, for each direction
 * @syn_seen: bit per direction: @syn is valid
 * @number: of the flow, from 1
 * @last: time of its latest segment, ns
 * @nth: number of segments of each class
 * @seen: the segments that are kept
 * @count: their number
 * @room: number of those that fit
 */
struct capture_flow {
	struct capture_flow *chain;
	struct capture_flow *older;
	struct capture_flow *newer;
	u8 family;
	u8 address[2][16];
	u16 port[2];
	struct finject_stage stage;
	u32 syn[2];
	u8 syn_seen;
	u64 number;
	u64 last;
	u16 nth[FINJECT_CLASSES];
	struct capture_seen *seen;
	size_t count;
	size_t room;
};

/**
 * enum capture_taken - what became of a segment
 * @TAKEN: it belongs to the close, or has no class
 * @TAKEN_TWICE: it was captured in two places, and this is the second
 * @TAKEN_NOT: it begins another incarnation of the connection
 */
enum capture_taken {
	TAKEN,
	TAKEN_TWICE,
	TAKEN_NOT,
};

struct capture_flow *capture_flow_new(const struct capture_segment *segment,
				      u64 number);
bool capture_flow_is(const struct capture_flow *flow,
		     const struct capture_segment *segment, unsigned int *dir);
enum capture_taken capture_flow_take(struct capture_flow *flow,
				     const struct capture_segment *segment,
				     unsigned int dir, bool interfaces);
void capture_flow_log(const struct capture_flow *flow, struct log *log);
void capture_flow_free(struct capture_flow *flow);

#endif /* FINJECT_CAPTURE_FLOW_H */
