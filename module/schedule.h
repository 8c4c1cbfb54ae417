/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a rule that matches also fires, and the dice it rolls.
 * Pure: counters and a seed in, a decision out; sees no skb, no lock, no clock.
 */
#ifndef FINJECT_SCHEDULE_H
#define FINJECT_SCHEDULE_H

#include "names.h"

enum {
	FINJECT_PPM = 1000000,	/* probability 100% */
};

#define FINJECT_NSEC_MAX	(365ULL * 24 * 3600 * 1000000000ULL) /* any T */

/**
 * struct finject_schedule - the schedule words of one rule
 * @probability: chance that a match fires, in parts per million, 0..1000000
 * @interval: every Nth match fires, from 1
 * @times: at most that many firings; -1 for no limit (as in fault-injection)
 * @skip: so many first matches pass
 * @per_flow: the tally is kept per flow, not per rule
 */
struct finject_schedule {
	u32 probability;
	u32 interval;
	s32 times;
	u32 skip;
	bool per_flow;
};

/**
 * struct finject_tally - what a schedule counts
 * @matched: segments that matched
 * @fired: those of them on which the rule acted
 */
struct finject_tally {
	u64 matched;
	u64 fired;
};

/**
 * struct finject_dice_input - what a dice of the dice is a pure function of
 * @seed: the rule's seed
 * @flow: the how-many-th flow the rule met, from 1
 * @class: enum finject_class by which the rule matched
 * @nth: the how-many-th segment of that class
 */
struct finject_dice_input {
	u64 seed;
	u64 flow;
	u32 class;
	u32 nth;
};

/* What a dice is for: each purpose has dice of its own. */
enum finject_die {
	FINJECT_DIE_CHANCE,
	FINJECT_DIE_JITTER,
};

u64 finject_dice_roll(const struct finject_dice_input *dice,
		      enum finject_die purpose, unsigned int roll);
bool finject_schedule_fires(const struct finject_schedule *schedule,
			    struct finject_tally *tally,
			    const struct finject_dice_input *dice);
u64 finject_schedule_delay(u64 delay, u64 jitter, enum finject_dist dist,
			   const struct finject_dice_input *dice);

#endif /* FINJECT_SCHEDULE_H */
