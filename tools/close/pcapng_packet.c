// SPDX-License-Identifier: GPL-2.0-only
/*
 * The headers of a segment, as far as its record tells: no options, and nothing
 * of a window, TTL or identification.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "pcapng_packet.h"

enum {
	IP4 = 20,
	IP6 = 40,
	TCP = 20,
	DONT_FRAGMENT = 0x4000,
	HOPS = 64,
	WINDOW = 0xffff,
};

#define FLAG(bit, identifier, letter) { letter[0], bit },

static const struct {
	char letter;
	u8 bit;
} flags[] = {
	FINJECT_FLAG_LIST(FLAG, FLAG)
};

/**
 * struct place - an endpoint, in network byte order
 * @family: AF_INET or AF_INET6, 0 when it is neither
 * @address: the address
 * @port: the port
 */
struct place {
	int family;
	u8 address[16];
	u16 port;
};

static struct place place_of(const char *name)
{
	char text[ENDPOINT], *port, *address = text;
	struct place place = { 0 };

	snprintf(text, sizeof(text), "%s", name);
	port = strrchr(text, ':');
	if (!port)
		return place;
	*port++ = '\0';
	place.family = AF_INET;
	if (*address == '[') {
		place.family = AF_INET6;
		address++;
		address[strcspn(address, "]")] = '\0';
	}
	place.port = htons(strtoul(port, NULL, 10));
	if (inet_pton(place.family, address, place.address) != 1)
		place.family = 0;
	return place;
}

static u8 *put(u8 *at, u32 number, int size)
{
	for (int i = size; i--; number >>= 8)
		at[i] = number;
	return at + size;
}

static u8 *put_bytes(u8 *at, const void *bytes, size_t size)
{
	memcpy(at, bytes, size);
	return at + size;
}

/* The sum of RFC 1071, not yet folded. @size is even. */
static u32 add_up(u32 sum, const u8 *at, size_t size)
{
	for (size_t i = 0; i < size; i += 2)
		sum += at[i] << 8 | at[i + 1];
	return sum;
}

static u32 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static u8 flags_of(const char *text)
{
	u8 mask = 0;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (strchr(text, flags[i].letter))
			mask |= flags[i].bit;
	return mask;
}

static void put_tcp(u8 *at, const struct event *event, const struct place *src,
		    const struct place *dst)
{
	at = put_bytes(at, &src->port, 2);
	at = put_bytes(at, &dst->port, 2);
	at = put(at, event->seq, 4);
	at = put(at, event->ack, 4);
	at = put(at, TCP / 4 << 12 | flags_of(event->flags), 2);
	at = put(at, WINDOW, 2);
	put(at, 0, 4);
}

/* A length that the header has no room for is 0, as that of a TSO packet. */
static u32 length_of(u32 length)
{
	return length > 0xffff ? 0 : length;
}

static void put_ip4(u8 *begin, u32 length, const struct place *src,
		    const struct place *dst)
{
	u8 *at = put(begin, 0x4500, 2);

	at = put(at, length_of(IP4 + length), 2);
	at = put(at, DONT_FRAGMENT, 4);
	at = put(at, HOPS << 8 | IPPROTO_TCP, 2);
	at = put(at, 0, 2);
	at = put_bytes(at, src->address, 4);
	put_bytes(at, dst->address, 4);
	put(begin + 10, fold(add_up(0, begin, IP4)), 2);
}

static void put_ip6(u8 *begin, u32 length, const struct place *src,
		    const struct place *dst)
{
	u8 *at = put(begin, 0x60000000, 4);

	at = put(at, length_of(length), 2);
	at = put(at, IPPROTO_TCP << 8 | HOPS, 2);
	at = put_bytes(at, src->address, 16);
	put_bytes(at, dst->address, 16);
}

/* That of a segment with payload is not known. */
static void put_checksum(u8 *tcp, const struct place *src,
			 const struct place *dst)
{
	u32 sum = IPPROTO_TCP + TCP;

	sum = add_up(sum, src->address, sizeof(src->address));
	sum = add_up(sum, dst->address, sizeof(dst->address));
	put(tcp + 16, fold(add_up(sum, tcp, TCP)), 2);
}

/**
 * pcapng_headers() - make the headers of a segment
 * @event: its record
 * @bytes: the IP and the TCP header, at most PCAPNG_HEADERS bytes
 *
 * The lengths in them are those of the segment as it was, with its payload. The
 * checksums are right but for that of TCP over a payload, which is 0.
 *
 * Return: number of bytes; 0 when the record has no addresses.
 */
u32 pcapng_headers(const struct event *event, u8 *bytes)
{
	struct place src = place_of(event->src), dst = place_of(event->dst);
	u32 ip = src.family == AF_INET ? IP4 : IP6;
	u32 length = TCP + event->len;

	if (!src.family || src.family != dst.family)
		return 0;
	if (ip == IP4)
		put_ip4(bytes, length, &src, &dst);
	else
		put_ip6(bytes, length, &src, &dst);
	put_tcp(bytes + ip, event, &src, &dst);
	if (!event->len)
		put_checksum(bytes + ip, &src, &dst);
	return ip + TCP;
}
