// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make the kernel's heap alike for all measurements. TCP allocates a packet of
 * about 700 bytes for each segment, and frees it soon. Where all slabs of that
 * size but for an object or two are in use, each packet is of another slab, which
 * costs about a thousand instructions a connection; where one slab is nearly
 * free, nothing. Which it is depends on what ran before. So take the free objects:
 * then the next slab is a new one.
 */
#include <err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "heap.h"

/* A packet of so many bytes is of the size of TCP's; a queue holds ten. */
enum { PACKET = 512, QUEUED = 8, QUEUES = 32 };

/**
 * heap_fill() - hold packets until this process ends
 */
void heap_fill(void)
{
	static const char packet[PACKET];
	int fd[2], queue, i;

	for (queue = 0; queue < QUEUES; queue++) {
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fd))
			err(1, "socketpair");
		for (i = 0; i < QUEUED; i++)
			if (send(fd[0], packet, PACKET, 0) != PACKET)
				err(1, "a packet to hold");
	}
}
