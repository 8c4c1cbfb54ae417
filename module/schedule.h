/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The schedule of a rule, and the dice it rolls.
 * Pure: counters and a seed in, a decision out; sees no skb, no lock, no clock.
 */
#ifndef FINJECT_SCHEDULE_H
#define FINJECT_SCHEDULE_H

#include "names.h"

enum {
	FINJECT_PPM = 1000000,	/* probability 100% */
};

/* The greatest time in a rule. */
#define FINJECT_NSEC_MAX	(365ULL * 24 * 3600 * 1000000000ULL)

/**
 * struct finject_schedule - the schedule words of one rule
 * @probability: chance that a match fires, in parts per million, 0..1000000
 * @interval: every Nth match fires, from 1
 * @times: fire at most that often; -1 for no limit (as in fault-injection)
 * @skip: number of first matches that pass
 * @per_flow: the tally is kept per flow, not per rule, and chance decides once
 *	a flow
 */
struct finject_schedule {
	u32 probability;
	u32 interval;
	s32 times;
	u32 skip;
	bool per_flow;
};

/**
 * struct finject_tally - the counters of a schedule
 * @matched: segments that matched
 * @fired: segments of @matched on which the rule fired
 */
struct finject_tally {
	u64 matched;
	u64 fired;
};

/**
 * struct finject_dice_input - the input of a rule's dice
 * @seed: seed of the rule
 * @flow: ordinal of the flow among those that matched the rule, from 1
 * @class: enum finject_class by which the rule matched
 * @nth: ordinal of the segment in that class
 *
 * A roll is a pure function of this input, its purpose and its ordinal.
 */
struct finject_dice_input {
	u64 seed;
	u64 flow;
	u32 class;
	u32 nth;
};

/**
 * enum finject_keeper - the word that keeps a match from firing
 * @FINJECT_KEPT_BY_NONE: the rule fires
 * @FINJECT_KEPT_BY_SKIP: skip=
 * @FINJECT_KEPT_BY_INTERVAL: interval=
 * @FINJECT_KEPT_BY_CHANCE: probability=
 * @FINJECT_KEPT_BY_TIMES: times=
 */
enum finject_keeper {
	FINJECT_KEPT_BY_NONE,
	FINJECT_KEPT_BY_SKIP,
	FINJECT_KEPT_BY_INTERVAL,
	FINJECT_KEPT_BY_CHANCE,
	FINJECT_KEPT_BY_TIMES,
};

/* Purposes of dice: each has a die of its own. */
enum finject_die {
	FINJECT_DIE_CHANCE,
	FINJECT_DIE_JITTER,
};

u64 finject_dice_roll(const struct finject_dice_input *dice,
		      enum finject_die purpose, unsigned int roll);
enum finject_keeper
finject_schedule_keeps(const struct finject_schedule *schedule,
		       struct finject_tally *tally,
		       const struct finject_dice_input *dice);
u64 finject_schedule_delay(u64 delay, u64 jitter, enum finject_dist dist,
			   const struct finject_dice_input *dice);

#endif /* FINJECT_SCHEDULE_H */
