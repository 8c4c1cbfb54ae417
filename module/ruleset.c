// SPDX-License-Identifier: GPL-2.0-only
#include "ruleset.h"

#include <linux/mm.h>

#include "lang/parse.h"
#include "match.h"

/*
 * Any rule needs PRE and POST: the tracker watches both directions there. A
 * rule at another hook also needs the hook at which the tracker sees the answer
 * under the same addresses: NAT stands between these and PRE or POST.
 */
static unsigned int ruleset_hooks(const struct finject_spec *spec)
{
	unsigned int hooks = BIT(NF_INET_PRE_ROUTING) |
			     BIT(NF_INET_POST_ROUTING);

	switch ((int)spec->at) {
	case FINJECT_AT_HOOK + NF_INET_LOCAL_IN:
	case FINJECT_AT_HOOK + NF_INET_LOCAL_OUT:
		hooks |= BIT(NF_INET_LOCAL_IN) | BIT(NF_INET_LOCAL_OUT);
		break;
	case FINJECT_AT_HOOK + NF_INET_FORWARD:
		hooks |= BIT(NF_INET_FORWARD);
		break;
	}
	return hooks;
}

/**
 * finject_ruleset_new - make an empty set
 * @room: number of rules that it can take
 *
 * Context: process.
 * Return: the set, or NULL.
 */
struct finject_ruleset *finject_ruleset_new(unsigned int room)
{
	struct finject_ruleset *set;

	set = kvzalloc(struct_size(set, rule, room), GFP_KERNEL_ACCOUNT);
	return set;
}

static bool ruleset_wants_early(const struct finject_spec *spec)
{
	return spec->seg & FINJECT_EARLY_CLASSES;
}

/**
 * finject_ruleset_add - append a rule to a set
 * @set: the set, not yet published, with room
 * @rule: the rule; the set takes a reference of its own
 */
void finject_ruleset_add(struct finject_ruleset *set,
			 struct finject_rule *rule)
{
	finject_rule_get(rule);
	set->rule[set->count++] = rule;
	set->hooks |= ruleset_hooks(&rule->spec);
	set->early |= ruleset_wants_early(&rule->spec);
}

/**
 * finject_ruleset_index - prepare a set to be published
 * @set: the set, to which no rule is added any more
 *
 * A short set needs no memory, and cannot fail.
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int finject_ruleset_index(struct finject_ruleset *set)
{
	int err = finject_index_build(&set->index, set->rule, set->count);

	if (err || !set->index.lists)
		return err;
	set->slots = kvcalloc(set->count, sizeof(*set->slots),
			      GFP_KERNEL_ACCOUNT);
	return set->slots ? 0 : -ENOMEM;
}

/**
 * finject_ruleset_free - free a set that no reader can see
 * @set: the set, or NULL
 */
void finject_ruleset_free(struct finject_ruleset *set)
{
	unsigned int i;

	if (!set)
		return;
	for (i = 0; i < set->count; i++)
		finject_rule_put(set->rule[i]);
	finject_index_free(&set->index);
	kvfree(set->slots);
	kvfree(set);
}

static void ruleset_free_rcu(struct rcu_head *rcu)
{
	finject_ruleset_free(container_of(rcu, struct finject_ruleset, rcu));
}

/**
 * finject_ruleset_free_rcu - free a set that was current until now
 * @set: the set, or NULL
 *
 * Context: any; does not wait.
 */
void finject_ruleset_free_rcu(struct finject_ruleset *set)
{
	if (set)
		call_rcu(&set->rcu, ruleset_free_rcu);
}

/* Get how often one rule was passed over; @left came as far as this one. */
static u64 ruleset_passed(const struct finject_ruleset *set, unsigned int i,
			  u64 *left)
{
	u64 passed = *left - set->slots[i].asked;

	*left -= set->slots[i].decided;
	return passed;
}

/**
 * finject_ruleset_passed - count the segments that the index passed over
 * @set: the current set
 * @passed: set for each rule: the segments that came as far as it, and about
 *	which it was not asked, in this set and those before
 *
 * Context: under finject_net.mutex and finject_flows.lock.
 */
void finject_ruleset_passed(const struct finject_ruleset *set, u64 *passed)
{
	u64 left = set->judged;
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		passed[i] = set->rule[i]->passed;
		if (set->slots)
			passed[i] += ruleset_passed(set, i, &left);
	}
}

/**
 * finject_ruleset_retire - add what a set counted to its rules
 * @set: the set, which is not the current one any more
 * @flows: the namespace's flows
 *
 * The judge takes the set under flows->lock: after that was free once, nobody
 * judges by this one.
 *
 * Context: process, under finject_net.mutex.
 */
void finject_ruleset_retire(struct finject_ruleset *set,
			    struct finject_flows *flows)
{
	u64 left;
	unsigned int i;

	if (!set->slots)
		return;
	spin_lock_bh(&flows->lock);
	spin_unlock_bh(&flows->lock);
	left = set->judged;
	for (i = 0; i < set->count; i++)
		set->rule[i]->passed += ruleset_passed(set, i, &left);
}

/**
 * finject_ruleset_zero - start counting anew
 * @set: the current set
 * @flows: the namespace's flows
 *
 * Context: process, under finject_net.mutex.
 */
void finject_ruleset_zero(struct finject_ruleset *set,
			  struct finject_flows *flows)
{
	unsigned int i;

	spin_lock_bh(&flows->lock);
	set->judged = 0;
	if (set->slots)
		memset(set->slots, 0, array_size(set->count,
						 sizeof(*set->slots)));
	spin_unlock_bh(&flows->lock);
	for (i = 0; i < set->count; i++)
		set->rule[i]->passed = 0;
}

/* Find the next rule that admits addresses and ports. */
static const struct finject_rule *
ruleset_admits(const struct finject_ruleset *set,
	       struct finject_index_walk *walk,
	       const struct finject_tuple *tuple, unsigned int dir)
{
	const struct finject_rule *rule;
	unsigned int i;

	while (finject_index_next(walk, &i)) {
		rule = set->rule[i];
		if (finject_match_tuple(rule, tuple, dir) ==
		    FINJECT_KEYWORD_NONE)
			return rule;
	}
	return NULL;
}

/* Test whether a rule, with @early one about early segments, admits a tuple. */
static bool ruleset_wants(const struct finject_ruleset *set,
			  const struct finject_tuple *tuple, bool early)
{
	const struct finject_rule *rule;
	struct finject_index_walk walk;
	unsigned int dir;

	for (dir = 0; dir < 2; dir++) {
		finject_index_begin(&walk, &set->index);
		finject_index_tuple(&walk, tuple, dir);
		finject_index_wide(&walk);
		while ((rule = ruleset_admits(set, &walk, tuple, dir)))
			if (!early || ruleset_wants_early(&rule->spec))
				return true;
	}
	return false;
}

/**
 * finject_ruleset_concerns - test whether any rule could match in a flow
 * @set: the rules
 * @tuple: a tuple of the flow
 *
 * A flow that no rule's addresses and ports admit, in either direction, need
 * not be tracked.
 */
bool finject_ruleset_concerns(const struct finject_ruleset *set,
			      const struct finject_tuple *tuple)
{
	return ruleset_wants(set, tuple, false);
}

/**
 * finject_ruleset_is_early - test whether a rule wants a flow before its close
 * @set: the rules
 * @tuple: a tuple of the flow
 *
 * Return: true if a rule about segments before the first FIN admits the
 *	addresses and ports, in either direction.
 */
bool finject_ruleset_is_early(const struct finject_ruleset *set,
			      const struct finject_tuple *tuple)
{
	return set->early && ruleset_wants(set, tuple, true);
}

static bool ruleset_match_flow(const struct finject_range *range, u64 ordinal)
{
	return ordinal >= range->min &&
	       (ordinal <= range->max || range->max == FINJECT_NTH_MAX);
}

static enum finject_keyword_id ruleset_keeper(enum finject_keeper keeper)
{
	switch (keeper) {
	case FINJECT_KEPT_BY_SKIP:
		return FINJECT_KEYWORD_SKIP;
	case FINJECT_KEPT_BY_INTERVAL:
		return FINJECT_KEYWORD_INTERVAL;
	case FINJECT_KEPT_BY_CHANCE:
		return FINJECT_KEYWORD_PROBABILITY;
	case FINJECT_KEPT_BY_TIMES:
		return FINJECT_KEYWORD_TIMES;
	default:
		return FINJECT_KEYWORD_NONE;
	}
}

/*
 * Get the word that keeps a rule that matches from firing. A rule keeps
 * per-flow state only if its schedule, its dice or flow= need it.
 */
static enum finject_keyword_id ruleset_keeps(struct finject_rule *rule,
					     struct finject_flows *flows,
					     struct finject_flow *flow,
					     struct finject_dice_input *dice)
{
	const struct finject_schedule *schedule = &rule->spec.schedule;
	struct finject_flow_rule *flow_rule = NULL;
	struct finject_tally *tally = &rule->tally;
	enum finject_keeper keeper;

	dice->seed = rule->spec.seed.value;
	dice->flow = 0;
	if (schedule->per_flow || rule->spec.flow.max ||
	    finject_spec_dices(&rule->spec)) {
		flow_rule = finject_flow_rule_get(flows, flow, rule->serial,
						  &rule->flows_seen);
		if (!flow_rule)
			return FINJECT_KEYWORD_PER;
		dice->flow = flow_rule->flow;
		if (rule->spec.flow.max &&
		    !ruleset_match_flow(&rule->spec.flow, flow_rule->flow))
			return FINJECT_KEYWORD_FLOW;
	}
	if (schedule->per_flow)
		tally = &flow_rule->tally;

	keeper = finject_schedule_keeps(schedule, tally, dice);
	if (schedule->per_flow) {
		rule->tally.matched++;
		rule->tally.fired += keeper == FINJECT_KEPT_BY_NONE;
	}
	return ruleset_keeper(keeper);
}

/* Get the first word of a rule that is not true, or FINJECT_KEYWORD_NONE. */
static enum finject_keyword_id
ruleset_ask(struct finject_rule *rule, struct finject_flows *flows,
	    struct finject_flow *flow, const struct finject_segment *segment,
	    const struct finject_position *position,
	    struct finject_dice_input *dice)
{
	enum finject_keyword_id failed;
	unsigned int class = 0;

	failed = finject_match_segment(rule, segment, position, &class);
	if (failed != FINJECT_KEYWORD_NONE)
		return failed;
	dice->class = class;
	dice->nth = position->nth[class];
	return ruleset_keeps(rule, flows, flow, dice);
}

/**
 * finject_ruleset_judge - find the rule that decides about a segment
 * @set: the rules
 * @flows: the namespace's flows, whose lock is held
 * @flow: the segment's flow
 * @segment: the segment
 * @position: position of the segment in the flow
 * @dice: set to the dice input of the rule found, for its action
 *
 * The first rule that matches and fires decides; the schedules of those before
 * it that matched have counted the segment.
 *
 * Context: under RCU and flows->lock.
 * Return: the rule, or NULL when none fires.
 */
struct finject_rule *finject_ruleset_judge(struct finject_ruleset *set,
					   struct finject_flows *flows,
					   struct finject_flow *flow,
					   const struct finject_segment *segment,
					   const struct finject_position *position,
					   struct finject_dice_input *dice)
{
	struct finject_index_walk walk;
	unsigned int i;

	lockdep_assert_held(&flows->lock);
	set->judged++;
	finject_index_begin(&walk, &set->index);
	finject_index_segment(&walk, segment, position->classes);
	while (finject_index_next(&walk, &i)) {
		struct finject_rule *rule = set->rule[i];
		enum finject_keyword_id failed;

		failed = ruleset_ask(rule, flows, flow, segment, position,
				     dice);
		if (set->slots)
			set->slots[i].asked++;
		if (failed == FINJECT_KEYWORD_NONE) {
			if (set->slots)
				set->slots[i].decided++;
			return rule;
		}
		rule->failed[failed]++;
	}
	return NULL;
}
