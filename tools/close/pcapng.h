/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records as a pcapng file, for Wireshark: each segment a packet, its record in
 * the packet's comments. check and report read the records back.
 */
#ifndef FINJECT_PCAPNG_H
#define FINJECT_PCAPNG_H

#include <stdio.h>

#include "log.h"

/**
 * struct pcapng - a file that is being written
 * @out: the file
 * @offset: what is added to a CLOCK_MONOTONIC time to get the time since 1970,
 *	ns
 * @interface: names of the interfaces: `NETNS.HOOK`, or `HOOK`
 * @interfaces: their number
 * @interface_room: number of those that fit
 * @last: time of the last record, ns
 * @pending: records that are no packets, as text, for the comments of the next
 *	one
 * @pendings: their number
 * @pending_room: number of those that fit
 */
struct pcapng {
	FILE *out;
	u64 offset;
	char (*interface)[ENDPOINT];
	size_t interfaces;
	size_t interface_room;
	u64 last;
	char **pending;
	size_t pendings;
	size_t pending_room;
};

void pcapng_begin(struct pcapng *pcapng, FILE *out);
void pcapng_add(struct pcapng *pcapng, const struct log *log, size_t index);
void pcapng_flush(struct pcapng *pcapng);
void pcapng_end(struct pcapng *pcapng);

#endif /* FINJECT_PCAPNG_H */
