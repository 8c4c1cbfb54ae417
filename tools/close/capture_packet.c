// SPDX-License-Identifier: GPL-2.0-only
#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

#include "capture_link.h"
#include "capture_packet.h"

enum {
	IP4 = 20,
	IP6 = 40,
	HEAD6 = 8,
	TCP = 20,
	TCP_FLAGS = 13,
	MORE_FRAGMENTS = 0x2000,
	FRAGMENT_OFFSET = 0x1fff,
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_TIMESTAMPS = 8,
	TIMESTAMPS = 10,
};

/* The wire may pad a packet; IP knows its length. */
static bool shorten(struct capture_span *span, u32 length)
{
	if (length > span->length)
		return false;
	span->length = length;
	if (span->caught > length)
		span->caught = length;
	return true;
}

static void timestamps(const struct capture_span *tcp, u32 header,
		       struct capture_segment *segment)
{
	u32 end = header < tcp->caught ? header : tcp->caught;
	u32 at = TCP, size;

	for (; at < end && tcp->at[at] != OPTION_END; at += size) {
		size = 1;
		if (tcp->at[at] == OPTION_NOP)
			continue;
		if (at + 1 >= end || tcp->at[at + 1] < 2)
			return;
		size = tcp->at[at + 1];
		if (tcp->at[at] != OPTION_TIMESTAMPS || size != TIMESTAMPS ||
		    at + size > end)
			continue;
		segment->stamped = true;
		segment->value = span_number(tcp, at + 2, 4);
		segment->echo = span_number(tcp, at + 6, 4);
	}
}

/* Neither ports nor checksum: they are the flow's, or not yet computed. */
static enum capture_kind tcp(const struct capture_span *span,
			     struct capture_segment *segment)
{
	u32 header;

	if (span->caught <= TCP_FLAGS)
		return CAPTURE_SHORT;
	header = (span->at[TCP_FLAGS - 1] >> 4) * 4;
	if (header < TCP || header > span->length)
		return CAPTURE_SHORT;
	segment->port[0] = span_number(span, 0, 2);
	segment->port[1] = span_number(span, 2, 2);
	segment->wire.seq = span_number(span, 4, 4);
	segment->wire.ack = span_number(span, 8, 4);
	segment->wire.flags = span->at[TCP_FLAGS];
	segment->wire.len = span->length - header;
	segment->same = span_hash(0, span, 8, 4);
	segment->same = span_hash(segment->same, span, 14, 2);
	segment->same = span_hash(segment->same, span, TCP, header - TCP);
	timestamps(span, header, segment);
	return CAPTURE_SEGMENT;
}

/*
 * A total length of 0 is that of a packet of more than 64 KiB, or of one that
 * the device was to split.
 */
static enum capture_kind ip4(struct capture_span *span,
			     struct capture_segment *segment)
{
	u32 header, total;

	if (span->caught < IP4 || *span->at >> 4 != 4)
		return CAPTURE_SHORT;
	header = (*span->at & 15) * 4;
	total = span_number(span, 2, 2);
	if (header < IP4 || (total && (total < header || !shorten(span, total))))
		return CAPTURE_SHORT;
	if (span->at[9] != IPPROTO_TCP)
		return CAPTURE_OTHER;
	if (span_number(span, 6, 2) & (MORE_FRAGMENTS | FRAGMENT_OFFSET))
		return CAPTURE_FRAGMENT;
	segment->family = AF_INET;
	segment->id = span_number(span, 4, 2);
	segment->hops = span->at[8];
	memcpy(segment->address[0], span->at + 12, 4);
	memcpy(segment->address[1], span->at + 16, 4);
	return span_skip(span, header) ? tcp(span, segment) : CAPTURE_SHORT;
}

/* Return: size of an extension header (RFC 8200, 4); 0 when it is none. */
static u32 extension_size(u8 type, const struct capture_span *span)
{
	switch (type) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return (span->at[1] + 1) * 8;
	case IPPROTO_AH:
		return (span->at[1] + 2) * 4;
	case IPPROTO_FRAGMENT:
		return HEAD6;
	default:
		return 0;
	}
}

/* A fragment that is the whole is none (RFC 6946). */
static enum capture_kind extensions(struct capture_span *span, u8 type,
				    struct capture_segment *segment)
{
	while (type != IPPROTO_TCP) {
		u32 size;

		if (span->caught < HEAD6)
			return CAPTURE_SHORT;
		size = extension_size(type, span);
		if (!size)
			return CAPTURE_OTHER;
		if (type == IPPROTO_FRAGMENT && span_number(span, 2, 2) & ~6u)
			return CAPTURE_FRAGMENT;
		type = *span->at;
		if (!span_skip(span, size))
			return CAPTURE_SHORT;
	}
	return tcp(span, segment);
}

/* A payload length of 0 is that of a jumbogram (RFC 2675), as of BIG TCP. */
static enum capture_kind ip6(struct capture_span *span,
			     struct capture_segment *segment)
{
	u32 payload;
	u8 type;

	if (span->caught < IP6 || *span->at >> 4 != 6)
		return CAPTURE_SHORT;
	payload = span_number(span, 4, 2);
	type = span->at[6];
	if (payload && !shorten(span, IP6 + payload))
		return CAPTURE_SHORT;
	segment->family = AF_INET6;
	segment->id = 0;
	segment->hops = span->at[7];
	memcpy(segment->address[0], span->at + 8, 16);
	memcpy(segment->address[1], span->at + 24, 16);
	span_skip(span, IP6);
	return extensions(span, type, segment);
}

/**
 * capture_packet() - find the TCP segment in a packet
 * @type: DLT_* of libpcap, one that capture_link_known() knows
 * @span: the packet
 * @segment: filled in, but for its time
 *
 * The length of the payload is taken from the IP header: the capture may have
 * cut it off, or the link padded it.
 *
 * Return: what the packet is; @segment is of use with CAPTURE_SEGMENT.
 */
enum capture_kind capture_packet(int type, struct capture_span span,
				 struct capture_segment *segment)
{
	memset(segment, 0, sizeof(*segment));
	if (!span.caught)
		return CAPTURE_SHORT;
	switch (capture_link(type, &span, &segment->link)) {
	case ETHERTYPE_IP:
		return ip4(&span, segment);
	case ETHERTYPE_IPV6:
		return ip6(&span, segment);
	default:
		return CAPTURE_OTHER;
	}
}
