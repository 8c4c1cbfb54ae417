// SPDX-License-Identifier: GPL-2.0-only
/*
 * Link headers, as https://www.tcpdump.org/linktypes.html describes them.
 */
#include <net/ethernet.h>
#include <pcap/dlt.h>

#include "capture_link.h"

/* Not in the oldest headers, and the same everywhere. */
#ifndef DLT_LINUX_SLL2
#define DLT_LINUX_SLL2 276
#endif

enum {
	SLL = 16,
	SLL_PROTOCOL = 14,
	SLL2 = 20,
	SLL2_INTERFACE = 4,
	FAMILY = 4,
	TAG = 4,
	PPPOE = 8,
	PPP_IP = 0x21,
	PPP_IPV6 = 0x57,
	QINQ_OLD = 0x9100,
	ETHERTYPE_8021AD = 0x88a8,
	ETHERTYPE_PPPOE = 0x8864,
};

/* IP itself says which version it is. */
static int raw(const struct capture_span *span)
{
	if (!span->caught)
		return 0;
	switch (*span->at >> 4) {
	case 4:
		return ETHERTYPE_IP;
	case 6:
		return ETHERTYPE_IPV6;
	default:
		return 0;
	}
}

/* The family's number differs by system, and its byte order by machine. */
static int loopback(struct capture_span *span)
{
	return span_skip(span, FAMILY) ? raw(span) : 0;
}

static bool is_tag(int protocol)
{
	return protocol == ETHERTYPE_VLAN || protocol == ETHERTYPE_8021AD ||
	       protocol == QINQ_OLD;
}

/* Tags of 802.1Q and 802.1ad, any number of them; then PPPoE (RFC 2516). */
static int shims(struct capture_span *span, int protocol, u32 *hash)
{
	while (is_tag(protocol)) {
		if (span->caught < TAG)
			return 0;
		*hash = span_hash(*hash, span, 0, 2);
		protocol = span_number(span, 2, 2);
		span_skip(span, TAG);
	}
	if (protocol != ETHERTYPE_PPPOE)
		return protocol;
	if (span->caught < PPPOE)
		return 0;
	protocol = span_number(span, 6, 2);
	span_skip(span, PPPOE);
	if (protocol == PPP_IP)
		return ETHERTYPE_IP;
	return protocol == PPP_IPV6 ? ETHERTYPE_IPV6 : 0;
}

static int ethernet(struct capture_span *span, u32 *hash)
{
	int protocol;

	if (span->caught < ETHER_HDR_LEN)
		return 0;
	*hash = span_hash(0, span, 0, 2 * ETHER_ADDR_LEN);
	protocol = span_number(span, 2 * ETHER_ADDR_LEN, 2);
	span_skip(span, ETHER_HDR_LEN);
	return shims(span, protocol, hash);
}

static int cooked(struct capture_span *span, u32 *hash)
{
	int protocol;

	if (span->caught < SLL)
		return 0;
	*hash = span_hash(0, span, 0, SLL_PROTOCOL);
	protocol = span_number(span, SLL_PROTOCOL, 2);
	span_skip(span, SLL);
	return shims(span, protocol, hash);
}

static int cooked2(struct capture_span *span, u32 *hash)
{
	int protocol;

	if (span->caught < SLL2)
		return 0;
	*hash = span_hash(0, span, SLL2_INTERFACE, SLL2 - SLL2_INTERFACE);
	protocol = span_number(span, 0, 2);
	span_skip(span, SLL2);
	return shims(span, protocol, hash);
}

/**
 * capture_link_known() - check that a link type can be read
 * @type: DLT_* of libpcap
 *
 * Return: true when it can.
 */
bool capture_link_known(int type)
{
	switch (type) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_NULL:
	case DLT_LOOP:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return true;
	default:
		return false;
	}
}

/**
 * capture_link() - step over the link header of a packet
 * @type: DLT_* of libpcap
 * @span: the packet; what is behind its link header afterwards
 * @hash: set to a hash of the addresses, tags and interface in the header: it
 *	differs where the same packet was captured in two places
 *
 * Return: the protocol, as an Ethernet type; 0 when it is not known.
 */
int capture_link(int type, struct capture_span *span, u32 *hash)
{
	*hash = 0;
	switch (type) {
	case DLT_EN10MB:
		return ethernet(span, hash);
	case DLT_LINUX_SLL:
		return cooked(span, hash);
	case DLT_LINUX_SLL2:
		return cooked2(span, hash);
	case DLT_NULL:
	case DLT_LOOP:
		return loopback(span);
	default:
		return raw(span);
	}
}
