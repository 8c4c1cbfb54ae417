/* SPDX-License-Identifier: GPL-2.0-only */
/* A rule set under construction, beside the current one of its namespace. */
#ifndef FINJECT_TRANSACTION_H
#define FINJECT_TRANSACTION_H

#include "netns.h"

/**
 * struct finject_transaction - a rule set under construction
 * @fnet: the namespace, whose mutex is held from begin to end
 * @rule: rules of the new set in their order, each with a reference; NULL in
 *	place of one that was removed
 * @slots: entries of @rule in use
 * @count: rules in @rule
 * @max: bound of @count: max_rules, read once, because it may change meanwhile
 * @by_id: hash table of the rules by their ids
 * @bits: binary logarithm of the size of @by_id
 * @next_id: id of the next rule that names none
 * @next_serial: serial of the next rule
 */
struct finject_transaction {
	struct finject_net *fnet;
	struct finject_rule **rule;
	unsigned int slots;
	unsigned int count;
	unsigned int max;
	struct hlist_head *by_id;
	unsigned int bits;
	u32 next_id;
	u64 next_serial;
};

int finject_transaction_begin(struct finject_transaction *ta,
			      struct finject_net *fnet, size_t additions);
struct finject_rule *
finject_transaction_find(const struct finject_transaction *ta, u32 id);
u32 finject_transaction_free_id(struct finject_transaction *ta);
void finject_transaction_append(struct finject_transaction *ta,
				struct finject_rule *rule);
void finject_transaction_replace(struct finject_transaction *ta,
				 struct finject_rule *old,
				 struct finject_rule *rule);
void finject_transaction_remove(struct finject_transaction *ta,
				struct finject_rule *rule);
void finject_transaction_clear(struct finject_transaction *ta);
int finject_transaction_commit(struct finject_transaction *ta);
void finject_transaction_end(struct finject_transaction *ta);

#endif /* FINJECT_TRANSACTION_H */
