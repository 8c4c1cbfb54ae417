/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network of a run: that of the caller, one of its own with lo alone, or
 * that of a router between a client and a server.
 */
#ifndef FINJECT_PLACE_H
#define FINJECT_PLACE_H

#include "ns.h"
#include "setting.h"

enum { ENDS = 2 };

/**
 * struct place - the network of a run; its rules are in that of the process
 * @end: the client and the server beside a router
 * @ends: their number, 0 without a router
 */
struct place {
	struct ns end[ENDS];
	unsigned int ends;
};

int place_check(const struct options *opt);
int place_make(struct place *place, const struct setting *setting);
char **place_words(const struct setting *setting);

#endif /* FINJECT_PLACE_H */
