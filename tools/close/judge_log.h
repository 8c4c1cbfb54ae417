/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_JUDGE_LOG_H
#define FINJECT_JUDGE_LOG_H

#include "closes.h"
#include "judge.h"

enum { JUDGE_ENDS = 2 };

/**
 * struct end_note - what is told of an end besides its verdict
 * @rule: the note
 * @event: the observation where that shows
 */
struct end_note {
	const struct judge_rule *rule;
	const struct event *event;
};

/**
 * struct end_verdict - the outcome for one end of a connection
 * @result: how it did
 * @rule: the rule that was broken first, or that leaves it undecided, or NULL
 * @event: the observation where that shows, or NULL
 * @place: its index among the observations of the connection
 * @note: what is told besides
 * @notes: their number
 */
struct end_verdict {
	enum judge_result result;
	const struct judge_rule *rule;
	const struct event *event;
	size_t place;
	struct end_note note[JUDGE_NOTES];
	size_t notes;
};

const char *judge_name(const struct close *close, size_t end);

struct end_verdict judge_log(const struct closes *closes, size_t index,
			     size_t end, const struct log *log);

#endif /* FINJECT_JUDGE_LOG_H */
