/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rules say. A record names its rule by the id alone; each namespace
 * counts its ids.
 */
#ifndef FINJECT_RULE_TEXTS_H
#define FINJECT_RULE_TEXTS_H

#include <stddef.h>

#include "types.h"

/**
 * struct rule_text - a rule
 * @address: an address of its namespace, "" for any that no other names
 * @id: its id there
 * @text: its words, without `add` and the id
 */
struct rule_text {
	char *address;
	u64 id;
	char *text;
};

/**
 * struct rule_texts - the rules that are known
 * @rule: they
 * @count: their number
 * @room: number of those that fit
 */
struct rule_texts {
	struct rule_text *rule;
	size_t count;
	size_t room;
};

bool rule_texts_add(struct rule_texts *rules, const char *address, u64 id,
		    const char *text);
const char *rule_texts_find(const struct rule_texts *rules, const char *local,
			    u64 id);
void rule_texts_free(struct rule_texts *rules);

#endif /* FINJECT_RULE_TEXTS_H */
