/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A frame from a packet socket: its fields, and whether a stack would accept
 * it.
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
 * struct frame - a frame that passed a device
 * @ifindex: the device
 * @out: it was leaving
 * @ether: it begins with an Ethernet header
 * @partial: its TCP checksum is not complete yet (TP_STATUS_CSUMNOTREADY)
 * @len: its length
 * @bytes: its bytes
 * @ip: offset of the network header
 * @tcp: offset of the TCP header, or 0
 * @end: offset of the end of the IP packet, by its own header
 * @proto: protocol above IP, 0 without IP
 * @fragment: it is not the whole IP packet
 * @jumbo: the packet is too long for IP to say its length
 * @src: sender, IPv4 as mapped
 * @dst: receiver, likewise
 * @sport: sender's port
 * @dport: receiver's port
 * @flags: flags of TCP
 * @seq: sequence number of TCP
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
