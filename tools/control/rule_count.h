/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of one run: which they are, and how often each fired.
 */
#ifndef FINJECT_RULE_COUNT_H
#define FINJECT_RULE_COUNT_H

#include <stdio.h>

#include "recorder.h"
#include "types.h"

/**
 * struct rule_count - a rule and its counters
 * @id: its id
 * @text: the rule, as the kernel prints it, behind `add `
 * @matched: number of segments that it matched
 * @fired: number of those to which it did something
 * @why: what became of it, in a sentence, or NULL
 * @gone: it ended before the counters were read; @matched is not known, and
 *	@fired is by the records
 */
struct rule_count {
	u64 id;
	char *text;
	u64 matched;
	u64 fired;
	char *why;
	bool gone;
};

/**
 * struct rule_counts - the rules of one run
 * @rule: them, in the order in which they are asked
 * @count: their number
 */
struct rule_counts {
	struct rule_count *rule;
	size_t count;
};

void rule_counts_find(struct rule_counts *counts, const char *rules,
		      const char *before, const char *commands);
void rule_counts_read(struct rule_counts *counts, char *stats,
		      const struct recorder *recorder);
void rule_counts_ask(struct rule_counts *counts, const char *why);
bool rule_counts_wait(const struct rule_counts *counts, char *held, u64 span);
void rule_count_why(const struct rule_count *rule, FILE *out);
void rule_counts_free(struct rule_counts *counts);

#endif /* FINJECT_RULE_COUNT_H */
