// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write to `rules` costs time for each of its lines and for each rule that is
 * there, but not for their product: rules are found by a hash of their ids, and
 * one that is removed leaves its slot empty.
 */
#include "transaction.h"

#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "armed.h"

static struct hlist_head *transaction_bucket(const struct finject_transaction *ta,
					     u32 id)
{
	return &ta->by_id[hash_32(id, ta->bits)];
}

static void transaction_set(struct finject_transaction *ta, unsigned int slot,
			    struct finject_rule *rule)
{
	ta->rule[slot] = rule;
	rule->slot = slot;
	hlist_add_head(&rule->by_id, transaction_bucket(ta, rule->spec.id));
}

static void transaction_put(struct finject_rule *rule)
{
	hlist_del(&rule->by_id);
	finject_rule_put(rule);
}

/**
 * finject_transaction_begin - begin with the current set
 * @ta: zeroed memory
 * @fnet: the namespace
 * @additions: the most rules that will be added
 *
 * Context: process, under fnet->mutex, until finject_transaction_end().
 * Return: 0 or -ENOMEM; finject_transaction_end() is due in both cases.
 */
int finject_transaction_begin(struct finject_transaction *ta,
			      struct finject_net *fnet, size_t additions)
{
	const struct finject_ruleset *set = finject_net_rules(fnet);
	size_t room = set->count + additions;
	unsigned int i;

	ta->fnet = fnet;
	ta->max = READ_ONCE(finject_max_rules);
	ta->next_id = fnet->next_id;
	ta->next_serial = fnet->next_serial;
	ta->bits = order_base_2(max_t(size_t, room, 2));
	ta->rule = kvcalloc(room, sizeof(*ta->rule), GFP_KERNEL_ACCOUNT);
	ta->by_id = kvcalloc(BIT(ta->bits), sizeof(*ta->by_id),
			     GFP_KERNEL_ACCOUNT);
	if (!ta->rule || !ta->by_id)
		return -ENOMEM;
	for (i = 0; i < set->count; i++) {
		finject_rule_get(set->rule[i]);
		finject_transaction_append(ta, set->rule[i]);
	}
	return 0;
}

/**
 * finject_transaction_find - find a rule
 * @ta: the transaction
 * @id: its id
 *
 * Return: the rule, or NULL.
 */
struct finject_rule *
finject_transaction_find(const struct finject_transaction *ta, u32 id)
{
	struct finject_rule *rule;

	hlist_for_each_entry(rule, transaction_bucket(ta, id), by_id)
		if (rule->spec.id == id)
			return rule;
	return NULL;
}

/**
 * finject_transaction_free_id - get an id that no rule has
 * @ta: the transaction
 */
u32 finject_transaction_free_id(struct finject_transaction *ta)
{
	do {
		if (!++ta->next_id)
			++ta->next_id;
	} while (finject_transaction_find(ta, ta->next_id));
	return ta->next_id;
}

/**
 * finject_transaction_append - add a rule behind all others
 * @ta: the transaction, with room
 * @rule: the rule; the caller's reference is the transaction's from now on
 */
void finject_transaction_append(struct finject_transaction *ta,
				struct finject_rule *rule)
{
	transaction_set(ta, ta->slots++, rule);
	ta->count++;
}

/**
 * finject_transaction_replace - put a rule in the place of another
 * @ta: the transaction
 * @old: a rule of it
 * @rule: another of the same id, with the caller's reference
 */
void finject_transaction_replace(struct finject_transaction *ta,
				 struct finject_rule *old,
				 struct finject_rule *rule)
{
	unsigned int slot = old->slot;

	transaction_put(old);
	transaction_set(ta, slot, rule);
}

/**
 * finject_transaction_remove - remove a rule
 * @ta: the transaction
 * @rule: a rule of it
 */
void finject_transaction_remove(struct finject_transaction *ta,
				struct finject_rule *rule)
{
	ta->rule[rule->slot] = NULL;
	ta->count--;
	transaction_put(rule);
}

/**
 * finject_transaction_clear - remove all rules
 * @ta: the transaction
 */
void finject_transaction_clear(struct finject_transaction *ta)
{
	for (; ta->slots; ta->slots--)
		if (ta->rule[ta->slots - 1])
			transaction_put(ta->rule[ta->slots - 1]);
	ta->count = 0;
}

/**
 * finject_transaction_commit - make the new set the current one
 * @ta: the transaction
 *
 * Context: process.
 * Return: 0, or a negative errno; then nothing has changed.
 */
int finject_transaction_commit(struct finject_transaction *ta)
{
	struct finject_ruleset *set = finject_ruleset_new(ta->count);
	unsigned int i;
	int err;

	if (!set)
		return -ENOMEM;
	for (i = 0; i < ta->slots; i++)
		if (ta->rule[i])
			finject_ruleset_add(set, ta->rule[i]);
	err = finject_armed_publish(ta->fnet, set);
	if (err) {
		finject_ruleset_free(set);
		return err;
	}
	ta->fnet->next_id = ta->next_id;
	ta->fnet->next_serial = ta->next_serial;
	return 0;
}

/**
 * finject_transaction_end - free a transaction's memory
 * @ta: the transaction
 */
void finject_transaction_end(struct finject_transaction *ta)
{
	finject_transaction_clear(ta);
	kvfree(ta->rule);
	kvfree(ta->by_id);
}
