/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules that do to the segments of a close what was done to those of another.
 */
#ifndef FINJECT_DERIVE_H
#define FINJECT_DERIVE_H

#include <stdio.h>

#include "history.h"

struct json_object;

/**
 * struct derived - one rule
 * @text: the rule, as the kernel reads it
 * @first: the first transmission that it concerns
 * @last: the last of them, the one after the other of its class
 * @count: their number
 * @nth: number of the first of them in its class
 */
struct derived {
	char text[128];
	const struct sending *first;
	const struct sending *last;
	unsigned int count;
	unsigned int nth;
};

/**
 * struct derived_rules - the rules for one close
 * @rule: them, in the order of the transmissions
 * @count: their number
 * @room: number of those that fit
 */
struct derived_rules {
	struct derived *rule;
	size_t count;
	size_t room;
};

void derive_rules(struct derived_rules *rules, const struct history *history);
void derive_text(const struct derived_rules *rules,
		 const struct history *history, FILE *out);
struct json_object *derive_json(const struct derived_rules *rules,
				const struct history *history);
void derive_free(struct derived_rules *rules);

#endif /* FINJECT_DERIVE_H */
