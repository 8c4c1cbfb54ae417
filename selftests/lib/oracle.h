/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which classes a segment has, by what stages.rst says, written
 * without a look at the module's own way of telling them.
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
 * @dir: which end sent it, 0 or 1
 * @seq: of its first byte
 * @ack: as on the wire
 * @len: payload
 */
struct wire {
	unsigned char flags;
	unsigned int dir;
	__u32 seq, ack, len;
};

/**
 * struct oracle - what is known of one close
 * @fin: a FIN of that end was seen
 * @end: the sequence number after it
 * @acked: and it was acknowledged
 * @active: the end whose FIN came first
 * @reset: a RST was seen
 * @reused: a SYN was seen after all that
 */
struct oracle {
	bool fin[2];
	__u32 end[2];
	bool acked[2];
	unsigned int active;
	bool reset;
	bool reused;
};

unsigned int oracle_classes(struct oracle *oracle, const struct wire *wire);

#endif /* ORACLE_H */
