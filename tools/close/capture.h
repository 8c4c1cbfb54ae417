/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes of a capture: a file of tcpdump, Wireshark or anything else that
 * writes pcap or pcapng.
 */
#ifndef FINJECT_CAPTURE_H
#define FINJECT_CAPTURE_H

#include <stdio.h>

#include "capture_packet.h"

struct capture;
struct log;

/**
 * struct capture_count - what is in a capture
 * @packets: number of packets of each kind
 * @twice: number of segments that were captured in two places
 * @refused: number of connections that were refused by a RST
 * @late: number of segments that are too far behind later ones to be sorted
 * @early: number of closes that were judged before they were over, for want of
 *	room
 */
struct capture_count {
	u64 packets[CAPTURE_KINDS];
	u64 twice;
	u64 refused;
	u64 late;
	u64 early;
};

struct capture *capture_open(const char *name, struct log *log);
bool capture_read(struct capture *capture, struct log *log, size_t enough);
struct capture_count capture_counts(const struct capture *capture);
int capture_close(struct capture *capture);

#endif /* FINJECT_CAPTURE_H */
