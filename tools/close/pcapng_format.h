/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of pcapng, of those that are written or looked at here
 * (https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng).
 */
#ifndef FINJECT_PCAPNG_FORMAT_H
#define FINJECT_PCAPNG_FORMAT_H

enum {
	PCAPNG_SECTION = 0x0a0d0d0a,
	PCAPNG_INTERFACE = 1,
	PCAPNG_STATISTICS = 5,
	PCAPNG_PACKET = 6,
};

enum {
	PCAPNG_ORDER = 0x1a2b3c4d,
	PCAPNG_RAW = 101,	/* LINKTYPE_RAW */
};

/* Options of any block, then those of one kind of block. */
enum {
	PCAPNG_END = 0,
	PCAPNG_COMMENT = 1,
	PCAPNG_IF_NAME = 2,
	PCAPNG_IF_TSRESOL = 9,
	PCAPNG_SHB_APPLICATION = 4,
	PCAPNG_EPB_FLAGS = 2,
};

/* Of PCAPNG_EPB_FLAGS. */
enum {
	PCAPNG_INBOUND = 1,
	PCAPNG_OUTBOUND = 2,
};

/* Bytes of a block before its options, its type and length included. */
enum {
	PCAPNG_HEAD = 8,
	PCAPNG_PACKET_HEAD = 28,
	PCAPNG_STATISTICS_HEAD = 20,
	PCAPNG_OPTION_HEAD = 4,
	PCAPNG_TAIL = 4,
};

#endif /* FINJECT_PCAPNG_FORMAT_H */
