/* SPDX-License-Identifier: GPL-2.0-only */
/* The set of rules that a namespace has at one time, and the judge. */
#ifndef FINJECT_RULESET_H
#define FINJECT_RULESET_H

#include "index.h"
#include "rule.h"

/**
 * struct finject_ruleset_slot - what a set counts for one of its rules
 * @asked: segments about which it asked the rule
 * @decided: segments that the rule decided
 */
struct finject_ruleset_slot {
	atomic64_t asked;
	atomic64_t decided;
};

/**
 * struct finject_ruleset - all rules of a namespace, in their order
 * @rcu: to free it
 * @generation: rises by one with every change
 * @hooks: bitmask of the netfilter hooks that its rules need
 * @early: some of its rules are about segments before the first FIN
 * @index: finds the rules that may match
 * @slots: for each rule, or NULL for a set that asks all its rules
 * @judged: segments that it judged, per CPU; NULL as @slots is
 * @retiring: number of the namespace's sets whose counts are on their way to
 *	their rules; set once it is not the current one any more
 * @count: number of rules
 * @rule: the rules
 *
 * Each segment is judged by exactly one. Immutable once published, but for what
 * it counts.
 */
struct finject_ruleset {
	struct rcu_head rcu;
	u64 generation;
	unsigned int hooks;
	bool early;
	struct finject_index index;
	struct finject_ruleset_slot *slots;
	u64 __percpu *judged;
	atomic_t *retiring;
	unsigned int count;
	struct finject_rule *rule[];
};

struct finject_ruleset *finject_ruleset_new(unsigned int room);
void finject_ruleset_add(struct finject_ruleset *set,
			 struct finject_rule *rule);
int finject_ruleset_index(struct finject_ruleset *set);
void finject_ruleset_free(struct finject_ruleset *set);
void finject_ruleset_free_rcu(struct finject_ruleset *set,
			      atomic_t *retiring);

void finject_ruleset_settle(const atomic_t *retiring);
void finject_ruleset_passed(const struct finject_ruleset *set, u64 *passed);
void finject_ruleset_zero(struct finject_ruleset *set);

bool finject_ruleset_is_early(const struct finject_ruleset *set,
			      const struct finject_tuple *tuple);
bool finject_ruleset_concerns(const struct finject_ruleset *set,
			      const struct finject_tuple *tuple);
struct finject_rule *finject_ruleset_judge(struct finject_ruleset *set,
					   struct finject_flows *flows,
					   struct finject_flow *flow,
					   const struct finject_segment *segment,
					   const struct finject_position *position,
					   struct finject_dice_input *dice);

#endif /* FINJECT_RULESET_H */
