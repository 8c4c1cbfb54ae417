/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Closes by the million: one process has both ends, enters a namespace once,
 * and checks nothing on the way.
 */
#ifndef CLOSER_H
#define CLOSER_H

#include "bed.h"

enum { CLOSER_PORTS = 64 };	/* so that tuples do not run out in TIME_WAIT */

/**
 * struct closer - where closes are made, and how many were
 * @ns: where the connecting ends are
 * @to: what they connect to
 * @listener: of each of these
 * @seed: of the dice that choose who closes how
 * @made: closes that had both ends
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
