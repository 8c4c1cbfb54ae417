/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections over loopback with both ends in this process. There every segment
 * passes both of finject's hooks.
 */
#ifndef PAIR_H
#define PAIR_H

#include "addr.h"

enum {
	BENCH_PORT = 5001,
	SEGMENT = 1448,
	PAIR_MSS = SEGMENT + 12,	/* including the timestamp option */
};

/**
 * struct pair - both ends of a connection
 * @a: the connecting end
 * @b: the accepting end
 */
struct pair {
	int a, b;
};

int pair_listen(const struct addr *at);
void pair_open(struct pair *pair, int listener, const struct addr *to);
void pair_end(struct pair *pair);
void pair_close(struct pair *pair);
void pair_send(const struct pair *pair);

#endif /* PAIR_H */
