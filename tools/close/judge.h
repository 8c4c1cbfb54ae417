/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Did one end of a connection close as RFC 9293 says? Judged from what came to
 * that end, what it sent and the states it went through. No I/O, no memory.
 */
#ifndef FINJECT_JUDGE_H
#define FINJECT_JUDGE_H

#include "judge_end.h"

enum { JUDGE_NOTES = 4 };

/**
 * struct judge_finding - a rule, and where it applies
 * @rule: the rule
 * @at: index of the event where that shows
 */
struct judge_finding {
	const struct judge_rule *rule;
	size_t at;
};

/**
 * struct judge_verdict - the outcome for one end
 * @result: how it did
 * @rule: the rule that was broken first, or that leaves it undecided
 * @at: index of the event where that shows
 * @note: what is told besides, each rule once, the first JUDGE_NOTES of them
 * @notes: their number
 */
struct judge_verdict {
	enum judge_result result;
	const struct judge_rule *rule;
	size_t at;
	struct judge_finding note[JUDGE_NOTES];
	size_t notes;
};

extern const char * const judge_results[];

const char *judge_maybe(const struct judge_rule *rule,
			enum judge_result result);
struct judge_verdict judge(const struct judge_end *end);

#endif /* FINJECT_JUDGE_H */
