/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Closes by the million: one process has both ends, enters a namespace once,
 * and checks nothing.
 */
#ifndef CLOSER_H
#define CLOSER_H

#include "bed.h"

enum { CLOSER_PORTS = 64 };	/* so that tuples do not run out in TIME_WAIT */

/**
 * struct closer - a source of closes
 * @ns: the namespace of the connecting ends
 * @to: the addresses that they connect to
 * @listener: the listening socket of each
 * @seed: the state of the dice that choose the kind of close
 * @made: number of closes made
 * @unmet: connections that were not made in time, or lost one end
 */
struct closer {
	const struct ns *ns;
	struct addr to[CLOSER_PORTS];
	int listener[CLOSER_PORTS];
	unsigned int seed;
	unsigned long made;
	unsigned long unmet;
};

void closer_open(struct closer *closer, const struct bed *bed,
		 unsigned int seed);
void closer_plain(struct closer *closer, unsigned long count);
void closer_mixed(struct closer *closer, unsigned long count);
void closer_close(struct closer *closer);

#endif /* CLOSER_H */
