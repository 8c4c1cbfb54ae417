/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TCP segment in a captured packet. No I/O, no memory.
 */
#ifndef FINJECT_CAPTURE_PACKET_H
#define FINJECT_CAPTURE_PACKET_H

#include "capture_span.h"
#include "stage.h"

/**
 * enum capture_kind - what a packet is
 * @CAPTURE_SEGMENT: a TCP segment
 * @CAPTURE_OTHER: something else, or a TCP segment in a tunnel
 * @CAPTURE_FRAGMENT: a fragment of an IP packet
 * @CAPTURE_SHORT: cut off before the flags of TCP, or its lengths contradict
 *	each other
 * @CAPTURE_KINDS: number of kinds
 */
enum capture_kind {
	CAPTURE_SEGMENT,
	CAPTURE_OTHER,
	CAPTURE_FRAGMENT,
	CAPTURE_SHORT,
	CAPTURE_KINDS,
};

/**
 * struct capture_segment - one TCP segment, where it was captured
 * @t: when, ns since 1970
 * @family: AF_INET or AF_INET6
 * @address: source and destination; IPv4 has the first four bytes
 * @port: source and destination, host order
 * @wire: numbers, length and flags
 * @stamped: it has a TCP timestamps option (RFC 7323): @value and @echo
 * @value: TSval
 * @echo: TSecr
 * @id: identification of IPv4, 0 with IPv6
 * @same: hash of what is the same in all parts into which a segment is split on
 *	its way, by TSO, or merged, by GRO
 * @hops: TTL or hop limit
 * @link: hash of the link header
 */
struct capture_segment {
	u64 t;
	u8 family;
	u8 hops;
	bool stamped;
	u8 address[2][16];
	u16 port[2];
	struct finject_wire wire;
	u32 value;
	u32 echo;
	u32 id;
	u32 same;
	u32 link;
};

enum capture_kind capture_packet(int type, struct capture_span span,
				 struct capture_segment *segment);

#endif /* FINJECT_CAPTURE_PACKET_H */
