/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `events` does not tell of the closes under way: the states of ends that
 * have not changed yet.
 */
#ifndef FINJECT_LOOK_H
#define FINJECT_LOOK_H

#include "types.h"
#include "watched.h"

/**
 * struct look - where to ask
 * @diag: from diag_open() for each namespace, -1 for none
 * @from: the close to go on with, by its serial number
 */
struct look {
	int diag[VIEWS];
	u64 from;
};

bool look_run(struct look *look, struct watched_set *set);

#endif /* FINJECT_LOOK_H */
