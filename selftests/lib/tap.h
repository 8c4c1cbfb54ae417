/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A witness that is not finject: a packet socket that notes passing segments.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <linux/types.h>

#include "addr.h"
#include "ns.h"

/* The direction of the segments that a tap notes. */
enum tap_way {
	TAP_ARRIVING,	/* from a device to the stack */
	TAP_LEAVING,	/* from the stack to a device */
};

/**
 * struct tap_seen - one segment
 * @flags: its flag byte
 * @sport: its sender's port
 * @dport: its receiver's port
 * @t: when it passed, ns of CLOCK_REALTIME; only of a tap for FINs
 */
struct tap_seen {
	unsigned char flags;
	unsigned short sport, dport;
	__u64 t;
};

/**
 * struct tap - segments that passed the devices of a namespace
 * @fd: the packet socket
 * @way: their direction
 * @seen: the segments, oldest first
 * @count: number of segments
 * @room: number that fit in @seen
 */
struct tap {
	int fd;
	enum tap_way way;
	struct tap_seen *seen;
	size_t count, room;
};

enum {
	TAP_FIN = 0x01,
	TAP_SYN = 0x02,
	TAP_RST = 0x04,
};

void tap_open(struct tap *tap, const struct ns *ns);
void tap_open_fins(struct tap *tap, const struct ns *ns, enum tap_way way,
		   unsigned int most);
void tap_close(struct tap *tap);
size_t tap_pump(struct tap *tap);
void tap_forget(struct tap *tap);
size_t tap_count(struct tap *tap, const struct addr *from, int flag);

#endif /* TAP_H */
