/* SPDX-License-Identifier: GPL-2.0-only */
/* Match the words of one rule against a segment. */
#ifndef FINJECT_MATCH_H
#define FINJECT_MATCH_H

#include "rule.h"

void finject_match_prepare(struct finject_rule *rule);
enum finject_keyword_id
finject_match_tuple(const struct finject_rule *rule,
		    const struct finject_tuple *tuple, unsigned int dir);
enum finject_keyword_id
finject_match_segment(const struct finject_rule *rule,
		      const struct finject_segment *segment,
		      const struct finject_position *position,
		      unsigned int *class);

#endif /* FINJECT_MATCH_H */
