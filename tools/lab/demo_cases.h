/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_DEMO_CASES_H
#define FINJECT_DEMO_CASES_H

#include "ladder.h"
#include "term.h"
#include "trial.h"

/**
 * struct result - the result of a trial, to be judged
 * @trial: the trial
 * @ladder: its ladder
 * @term: the abilities of the terminal
 * @count: the TCP counters of each end
 * @fired: how often the rules fired
 * @silent: id of a rule that did not, or 0
 * @failed: a claim did not hold
 */
struct result {
	struct trial *trial;
	struct ladder ladder;
	struct term term;
	const struct trial_counters *count;
	u64 fired;
	u64 silent;
	bool failed;
};

/**
 * struct demo_case - a close that is known to show something
 * @title: its title
 * @end: the end in whose namespace the rule is set
 * @rule: the rule, or several, one a line, or NULL
 * @judge: checks and prints the claims, or NULL
 */
struct demo_case {
	const char *title;
	enum ladder_end end;
	const char *rule;
	void (*judge)(struct result *result);
};

enum { DEMO_CASES = 5 };

extern const struct demo_case demo_cases[DEMO_CASES];

#endif /* FINJECT_DEMO_CASES_H */
