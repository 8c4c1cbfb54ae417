/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Did one end of a connection close as RFC 9293 says? Judged from what came to
 * that end, what it sent and the states it went through. No I/O, no memory.
 */
#ifndef FINJECT_JUDGE_H
#define FINJECT_JUDGE_H

#include "judge_end.h"

/**
 * struct judge_verdict - the outcome for one end
 * @result: how it did
 * @rule: the rule that was broken first, or that leaves it undecided
 * @at: index of the event where that shows
 */
struct judge_verdict {
	enum judge_result result;
	const struct judge_rule *rule;
	size_t at;
};

extern const char * const judge_results[];

struct judge_verdict judge(const struct judge_end *end);

#endif /* FINJECT_JUDGE_H */
