/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The classes of a segment by the text of stages.rst, written independently of
 * the module's own code.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <linux/types.h>

enum {
	FLAG_FIN = 0x01,
	FLAG_SYN = 0x02,
	FLAG_RST = 0x04,
	FLAG_ACK = 0x10,
	FLAG_CWR = 0x80,
};

/**
 * struct wire - a segment
 * @flags: the flag byte
 * @dir: the end that sent it, 0 or 1
 * @seq: sequence number of its first byte
 * @ack: acknowledgment number, as on the wire
 * @len: length of its payload
 */
struct wire {
	unsigned char flags;
	unsigned int dir;
	__u32 seq, ack, len;
};

/**
 * struct oracle - the state of one close
 * @fin: a FIN of that end was seen
 * @end: the sequence number after it
 * @acked: that FIN was acknowledged
 * @active: the end whose FIN came first
 * @reset: a RST was seen
 * @next: the highest number that end has acknowledged
 * @told: @next is valid
 * @reused: a SYN was seen after the close
 */
struct oracle {
	bool fin[2];
	__u32 end[2];
	bool acked[2];
	unsigned int active;
	bool reset;
	__u32 next[2];
	bool told[2];
	bool reused;
};

unsigned int oracle_classes(struct oracle *oracle, const struct wire *wire);

#endif /* ORACLE_H */
