/* SPDX-License-Identifier: GPL-2.0-only */
/* Words of a scenario: KEY=VALUE, states, error numbers. */
#ifndef FINJECT_SCENARIO_WORDS_H
#define FINJECT_SCENARIO_WORDS_H

#include "diag.h"
#include "range.h"
#include "scenario.h"

enum { WORDS_NO_STATE = -1 };

const char *words_get(const struct scenario_line *line, unsigned int from,
		      const char *key);
const char *words_only(const struct scenario_line *line, unsigned int from,
		       const char *keys);
int words_state(const char *word);
int words_errno(const char *name);
bool words_in(const struct scenario_line *line, unsigned int from,
	      const char *key, struct range *range);

#endif /* FINJECT_SCENARIO_WORDS_H */
