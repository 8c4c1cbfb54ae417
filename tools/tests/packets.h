/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets, made byte by byte, for tests of what reads them.
 */
#ifndef FINJECT_TESTS_PACKETS_H
#define FINJECT_TESTS_PACKETS_H

#include <netinet/in.h>
#include <string.h>

#include "types.h"

enum { ROOM = 512 };

/* Flags of TCP. */
enum { F = 1, S = 2, R = 4, P = 8, A = 16 };

/**
 * struct packet - one packet, as it is made
 * @t: when, ns
 * @back: from B to A
 * @flags: of TCP
 * @seq: relative
 * @ack: relative
 * @len: of the payload, the bytes of which are not captured with @cut
 * @hops: TTL
 * @place: where it is captured: chooses link addresses
 * @id: identification of IPv4
 * @port: of A
 */
struct packet {
	u64 t;
	bool back;
	u8 flags;
	u32 seq;
	u32 ack;
	u32 len;
	u8 hops;
	u8 place;
	u16 id;
	u16 port;
};

/**
 * struct form - how packets are captured
 * @name: for messages
 * @type: link type in the file
 * @ip6: IPv6
 * @tags: number of VLAN tags
 * @pppoe: inside PPPoE
 * @extension: IPv6 with hop-by-hop options and an atomic fragment header
 * @pad: bytes behind the packet
 * @magic: of the file
 * @swapped: written by a machine of the other byte order
 * @snap: bytes of a packet that are kept, 0 for all
 */
struct form {
	const char *name;
	u16 type;
	bool ip6;
	u8 tags;
	bool pppoe;
	bool extension;
	u8 pad;
	u32 magic;
	bool swapped;
	u32 snap;
};

static u8 *put(u8 *at, u32 number, int size)
{
	for (int i = size; i--; number >>= 8)
		at[i] = number;
	return at + size;
}

static u8 *put_tcp(u8 *at, const struct packet *packet)
{
	u16 port[2] = { packet->port, 80 };

	at = put(at, port[packet->back], 2);
	at = put(at, port[!packet->back], 2);
	at = put(at, packet->seq + (packet->back ? 9000 : 1000), 4);
	at = put(at, packet->ack + (packet->back ? 1000 : 9000), 4);
	at = put(at, 5 << 12 | packet->flags, 2);
	at = put(at, 500, 2);
	at = put(at, 0, 4);
	memset(at, 'x', packet->len);
	return at + packet->len;
}

static u8 *put_ip4(u8 *at, const struct packet *packet)
{
	at = put(at, 0x4500, 2);
	at = put(at, 40 + packet->len, 2);
	at = put(at, packet->id, 2);
	at = put(at, 0x4000, 2);
	at = put(at, packet->hops << 8 | IPPROTO_TCP, 2);
	at = put(at, 0, 2);
	at = put(at, packet->back ? 0xc0000202 : 0xc0000201, 4);
	return put(at, packet->back ? 0xc0000201 : 0xc0000202, 4);
}

static u8 *put_address(u8 *at, int last)
{
	at = put(at, 0x20010db8, 4);
	memset(at, 0, 8);
	return put(at + 8, last, 4);
}

static u8 *put_ip6(u8 *at, const struct packet *packet, bool extension)
{
	at = put(at, 0x60000000, 4);
	at = put(at, 20 + packet->len + (extension ? 16 : 0), 2);
	at = put(at, extension ? IPPROTO_HOPOPTS : IPPROTO_TCP, 1);
	at = put(at, packet->hops, 1);
	at = put_address(at, packet->back ? 2 : 1);
	at = put_address(at, packet->back ? 1 : 2);
	if (!extension)
		return at;
	at = put(at, IPPROTO_FRAGMENT << 24 | 0x0001, 4);
	at = put(at, 0x04000000, 4);
	at = put(at, IPPROTO_TCP << 24, 4);
	return put(at, 77, 4);
}

static u8 *put_protocol(u8 *at, const struct form *form)
{
	int protocol = form->ip6 ? 0x86dd : 0x0800;

	for (int i = form->tags; i; i--) {
		at = put(at, i > 1 ? 0x88a8 : 0x8100, 2);
		at = put(at, 0x2000 + i, 2);
	}
	if (!form->pppoe)
		return put(at, protocol, 2);
	at = put(at, 0x8864, 2);
	at = put(at, 0x1100, 2);
	at = put(at, 1, 2);
	at = put(at, 0, 2);
	return put(at, form->ip6 ? 0x57 : 0x21, 2);
}

static u8 *put_link(u8 *at, const struct form *form, const struct packet *packet)
{
	switch (form->type) {
	case 1:
		memset(at, packet->back ? 2 : 4, 12);
		at[5] = packet->place;
		return put_protocol(at + 12, form);
	case 113:
		memset(at, 0, 14);
		at[1] = packet->place;
		return put_protocol(at + 14, form);
	case 276:
		at = put_protocol(at, form);
		memset(at, 0, 18);
		at[5] = packet->place;
		return at + 18;
	case 0:
		return put(at, form->ip6 ? 0x1e000000 : 0x02000000, 4);
	case 108:
		return put(at, form->ip6 ? 30 : 2, 4);
	default:
		return at;
	}
}

/**
 * packet_make() - make a packet
 * @bytes: the packet, ROOM bytes
 * @form: link and IP headers
 * @packet: the segment
 *
 * Return: number of bytes.
 */
static inline u32 packet_make(u8 *bytes, const struct form *form,
			      const struct packet *packet)
{
	u8 *at = put_link(bytes, form, packet);

	if (form->ip6)
		at = put_ip6(at, packet, form->extension);
	else
		at = put_ip4(at, packet);
	at = put_tcp(at, packet);
	memset(at, 0xee, form->pad);
	return at + form->pad - bytes;
}

#endif /* FINJECT_TESTS_PACKETS_H */
