/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_JUDGE_LOG_H
#define FINJECT_JUDGE_LOG_H

#include "closes.h"
#include "judge.h"

/**
 * struct end_verdict - the outcome for one end of a connection
 * @result: how it did
 * @rule: the rule that was broken first, or that leaves it undecided, or NULL
 * @event: the observation where that shows, or NULL
 * @place: its index among the observations of the connection
 */
struct end_verdict {
	enum judge_result result;
	const struct judge_rule *rule;
	const struct event *event;
	size_t place;
};

struct end_verdict judge_log(const struct closes *closes, size_t index,
			     size_t end, const struct log *log);

#endif /* FINJECT_JUDGE_LOG_H */
