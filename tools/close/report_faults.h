/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The different faults of a log, for a list to choose from.
 */
#ifndef FINJECT_REPORT_FAULTS_H
#define FINJECT_REPORT_FAULTS_H

#include <stdio.h>

#include "tally.h"

struct rule_texts;

/**
 * struct report_fault - a rule that did something
 * @verdict: what
 * @rule: its id
 * @text: its words, or NULL
 */
struct report_fault {
	const char *verdict;
	u64 rule;
	const char *text;
};

/**
 * struct report_faults - all of a log; rules of one id without words count as one
 * @fault: they
 * @count: their number
 * @room: number of those that fit
 * @rules: what the rules say, or NULL
 */
struct report_faults {
	struct report_fault *fault;
	size_t count;
	size_t room;
	const struct rule_texts *rules;
};

void report_faults_add(struct report_faults *faults,
		       const struct tally_fault *fault);
size_t report_faults_find(const struct report_faults *faults,
			  const struct tally_fault *fault);
void report_faults_print(const struct report_faults *faults, FILE *out);

#endif /* FINJECT_REPORT_FAULTS_H */
