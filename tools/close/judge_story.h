/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one end of a connection did, out of a log, as the judge reads it.
 */
#ifndef FINJECT_JUDGE_STORY_H
#define FINJECT_JUDGE_STORY_H

#include "closes.h"
#include "judge.h"

/**
 * struct judge_story - what one end did
 * @name: the end
 * @place: from where it was seen
 * @source: (far) the namespace that is next to it on the way
 * @enters: (far) the hook at which its segments were seen there
 * @leaves: (far) the hook from which segments went on to it
 * @event: for the judge
 * @from: the observation behind each
 * @count: their number
 */
struct judge_story {
	const char *name;
	enum judge_place place;
	unsigned int source;
	enum hook enters;
	enum hook leaves;
	struct judge_event *event;
	const struct event **from;
	size_t count;
};

void judge_story_tell(struct judge_story *story, const struct close *close,
		      const struct log *log, const char *name);
void judge_story_free(struct judge_story *story);
bool judge_is_same(const struct event *a, const struct event *b);
bool judge_has_socket(const struct close *close, const struct log *log,
		      const char *name);

#endif /* FINJECT_JUDGE_STORY_H */
