/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP in IP that no honest host would send, by seeded dice.
 */
#ifndef PACKET_H
#define PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include <linux/virtio_net.h>

#include "addr.h"
#include "oracle.h"

/* How finject must treat a packet that reaches one of its hooks. */
enum reading {
	READ_SEGMENT,	/* a segment: its classes are the oracle's */
	READ_MALFORMED,	/* counted, and passed */
	READ_FRAGMENT,	/* likewise */
	READ_OTHER,	/* ignored */
	READ_NEVER,	/* the stack drops it before any hook */
};

/**
 * struct dice - a stream of pseudo-random numbers
 * @state: of xorshift64; not 0
 */
struct dice {
	__u64 state;
};

/**
 * struct packet - one packet
 * @family: AF_INET or AF_INET6
 * @bytes: from its network header on
 * @len: length of @bytes
 * @vnet: the device's description of it
 * @wire: the segment in it
 * @wrong_sum: its TCP checksum is wrong
 * @reading: how finject must treat it
 * @kind: name of the oddity, for messages
 */
struct packet {
	int family;
	unsigned char bytes[20000];
	size_t len;
	struct virtio_net_hdr vnet;
	struct wire wire;
	bool wrong_sum;
	enum reading reading;
	const char *kind;
};

void dice_seed(struct dice *dice, __u64 seed);
__u32 dice_throw(struct dice *dice, __u32 sides);
void packet_make(struct packet *packet, struct dice *dice,
		 const struct addr *from, const struct addr *to,
		 const struct wire *wire, bool raw, const char *kind);
bool packet_is_sound(const unsigned char *bytes, size_t len);

#endif /* PACKET_H */
