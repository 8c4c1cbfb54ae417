/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Thousands of connections at once, with both ends in this process, and the
 * ends that have read the end of data.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>

#include "bed.h"

enum {
	CROWD_PORT = 10000,	/* the first client's; the others follow */
	CROWD_PORTS = 50000,	/* clients of one server */
};

/**
 * struct side - all ends of one side
 * @epoll: reports the ends that can read
 * @fd: the sockets
 * @ended: number of ends that have read the end of data
 * @order: their indices, in the order in which the kernel woke them
 * @others: number of ends that have read anything else
 */
struct side {
	int epoll;
	int *fd;
	unsigned int ended;
	unsigned int *order;
	unsigned int others;
};

/**
 * struct crowd - connections from A to B of a bed
 * @count: number of connections
 * @a: the connecting side
 * @b: the accepting side
 */
struct crowd {
	unsigned int count;
	struct side a, b;
};

void crowd_open(struct crowd *crowd, const struct bed *bed,
		unsigned int count);
void crowd_close(struct crowd *crowd);
bool crowd_repeats_late(const struct bed *bed);
unsigned int crowd_port(unsigned int index);
void side_shut(const struct side *side, unsigned int from, unsigned int count);
unsigned int side_ended(struct side *side, unsigned int count);

#endif /* CROWD_H */
