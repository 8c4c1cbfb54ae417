/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A frame as a packet socket gives it: what is in it, and whether a stack
 * would believe it.
 */
#ifndef FRAME_H
#define FRAME_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum {
	FRAME_FIN = 0x01,
	FRAME_SYN = 0x02,
	FRAME_RST = 0x04,
};

/**
 * struct frame - one that passed a device
 * @ifindex: the device
 * @out: it was leaving
 * @ether: it begins with an Ethernet header
 * @partial: its TCP checksum is still to be made (TP_STATUS_CSUMNOTREADY)
 * @len: bytes of it
 * @bytes: these
 * @ip: where the network header begins in it
 * @tcp: where TCP does, 0 without
 * @end: where the IP packet ends, by its own header
 * @proto: what IP carries, 0 without IP
 * @fragment: not the whole IP packet
 * @jumbo: IP does not say its length, the packet is too long for that
 * @src: sender, IPv4 as mapped
 * @dst: receiver, likewise
 * @sport: sender's port
 * @dport: receiver's port
 * @flags: of TCP
 * @seq: of TCP
 */
struct frame {
	int ifindex;
	bool out, ether, partial;
	size_t len;
	unsigned char *bytes;
	size_t ip, tcp, end;
	unsigned char proto;
	bool fragment, jumbo;
	struct in6_addr src, dst;
	unsigned short sport, dport;
	unsigned char flags;
	__u32 seq;
};

void frame_read(struct frame *frame);
const char *frame_wrong(const struct frame *frame);
const char *frame_text(const struct frame *frame);

#endif /* FRAME_H */
