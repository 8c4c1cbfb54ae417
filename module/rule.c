// SPDX-License-Identifier: GPL-2.0-only
#include "rule.h"

#include <linux/slab.h>

/**
 * finject_rule_new - make a rule, in no set yet
 * @spec: specification of the rule
 *
 * finject_match_prepare() is due before it is added to a set.
 *
 * Context: process.
 * Return: the rule with one reference, or NULL.
 */
struct finject_rule *finject_rule_new(const struct finject_spec *spec)
{
	struct finject_rule *rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);

	if (!rule)
		return NULL;
	refcount_set(&rule->refs, 1);
	INIT_LIST_HEAD(&rule->parked);
	spin_lock_init(&rule->lock);
	rule->spec = *spec;
	return rule;
}

/**
 * finject_rule_get - take a reference
 * @rule: the rule; the caller has one, or is under RCU and the rule's set was
 *	current
 */
void finject_rule_get(struct finject_rule *rule)
{
	refcount_inc(&rule->refs);
}

/**
 * finject_rule_put - drop a reference
 * @rule: the rule
 *
 * Context: any.
 */
void finject_rule_put(struct finject_rule *rule)
{
	if (!refcount_dec_and_test(&rule->refs))
		return;
	if (rule->hold)
		finject_tag_put(rule->hold);
	if (rule->release)
		finject_tag_put(rule->release);
	finject_author_put(&rule->author);
	kfree_rcu(rule, rcu);
}
