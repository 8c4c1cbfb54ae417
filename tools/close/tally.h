/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One close in a row of a table.
 */
#ifndef FINJECT_TALLY_H
#define FINJECT_TALLY_H

#include "judge_log.h"

struct ladder;

/**
 * struct tally_fault - what one rule did
 * @verdict: the word for it
 * @rule: the rule's id
 * @local: the end in whose namespace it fired, or NULL: on the way
 * @count: to how many segments
 */
struct tally_fault {
	const char *verdict;
	u64 rule;
	const char *local;
	unsigned int count;
};

/**
 * struct tally - one close in numbers
 * @segments: that were sent
 * @lost: of them
 * @parked: of them
 * @copies: made by a rule
 * @made: RSTs made by a rule
 * @begin: when it was first seen to do something, ns
 * @took: from then to the last observation, ns
 * @result: what the judge says
 * @end: of each end
 * @fault: what was done to it
 * @faults: their number
 */
struct tally {
	unsigned int segments;
	unsigned int lost;
	unsigned int parked;
	unsigned int copies;
	unsigned int made;
	u64 begin;
	u64 took;
	enum judge_result result;
	struct end_verdict end[JUDGE_ENDS];
	struct tally_fault *fault;
	size_t faults;
};

void tally_close(struct tally *tally, const struct closes *closes,
		 size_t index, const struct log *log,
		 const struct ladder *ladder);
void tally_free(struct tally *tally);

#endif /* FINJECT_TALLY_H */
