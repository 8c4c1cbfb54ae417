// SPDX-License-Identifier: GPL-2.0-only
#include "ruleset.h"

#include <linux/mm.h>

#include "compat.h"
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
	set->judged = alloc_percpu_gfp(u64, GFP_KERNEL_ACCOUNT);
	return set->slots && set->judged ? 0 : -ENOMEM;
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
	free_percpu(set->judged);
	kvfree(set->slots);
	kvfree(set);
}

static u64 ruleset_judged(const struct finject_ruleset *set)
{
	u64 judged = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		judged += READ_ONCE(*per_cpu_ptr(set->judged, cpu));
	return judged;
}

/**
 * finject_ruleset_passed - count the segments that the index passed over
 * @set: the current set
 * @passed: set for each rule: the segments that came as far as it, and about
 *	which it was not asked, in this set and those before
 *
 * A segment is counted as judged before rules are asked about it. So read that
 * count last, or a rule would seem to be asked about more than there were.
 *
 * Context: process, under finject_net.mutex, after finject_ruleset_settle().
 */
void finject_ruleset_passed(const struct finject_ruleset *set, u64 *passed)
{
	u64 judged, decided = 0;
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		passed[i] = atomic64_read(&set->rule[i]->passed);
		if (!set->slots)
			continue;
		passed[i] -= decided + atomic64_read(&set->slots[i].asked);
		decided += atomic64_read(&set->slots[i].decided);
	}
	if (!set->slots)
		return;
	smp_rmb(); /* pairs with ruleset_count() */
	judged = ruleset_judged(set);
	for (i = 0; i < set->count; i++)
		passed[i] += judged;
}

/*
 * Add what a set counted so far to its rules, or take it from them. Read what
 * it judged first, or more would be taken than is there.
 */
static void ruleset_carry(struct finject_ruleset *set, int sign)
{
	unsigned int i;
	u64 left;

	if (!set->slots)
		return;
	left = ruleset_judged(set);
	smp_rmb(); /* the counts of the rules are later ones */
	for (i = 0; i < set->count; i++) {
		u64 asked = atomic64_read(&set->slots[i].asked);

		atomic64_add(sign * (s64)(left - asked), &set->rule[i]->passed);
		left -= atomic64_read(&set->slots[i].decided);
	}
}

static void ruleset_free_rcu(struct rcu_head *rcu)
{
	struct finject_ruleset *set = container_of(rcu, struct finject_ruleset,
						   rcu);
	atomic_t *retiring = set->retiring;

	ruleset_carry(set, 1);
	finject_ruleset_free(set);
	atomic_dec(retiring);
}

/**
 * finject_ruleset_free_rcu - free a set that was current until now
 * @set: the set, or NULL
 * @retiring: counts the namespace's sets that are not free yet; it outlives them
 *
 * Once nobody judges by the set any more, its rules get what it counted.
 *
 * Context: any; does not wait.
 */
void finject_ruleset_free_rcu(struct finject_ruleset *set, atomic_t *retiring)
{
	if (!set)
		return;
	set->retiring = retiring;
	atomic_inc(retiring);
	call_rcu(&set->rcu, ruleset_free_rcu);
}

/**
 * finject_ruleset_settle - wait until rules have what former sets counted
 * @retiring: the number of these sets
 *
 * Context: process, under finject_net.mutex. May sleep.
 */
void finject_ruleset_settle(const atomic_t *retiring)
{
	if (atomic_read(retiring))
		rcu_barrier();
}

/**
 * finject_ruleset_zero - start counting anew
 * @set: the current set
 *
 * Context: process, under finject_net.mutex, after finject_ruleset_settle().
 */
void finject_ruleset_zero(struct finject_ruleset *set)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		atomic64_set(&set->rule[i]->passed, 0);
	ruleset_carry(set, -1);
}

/* Test whether a rule, with @early one about early segments, admits a tuple. */
static bool ruleset_admits(const struct finject_rule *rule,
			   const struct finject_tuple *tuple, unsigned int dir,
			   bool early)
{
	return (!early || ruleset_wants_early(&rule->spec)) &&
	       finject_match_tuple(rule, tuple, dir) == FINJECT_KEYWORD_NONE;
}

/* Ask the rules that the index finds; the stack of a short set is smaller. */
static noinline bool ruleset_found_wants(const struct finject_ruleset *set,
					 const struct finject_tuple *tuple,
					 unsigned int dir, bool early)
{
	struct finject_index_walk walk FINJECT_FILLED_LATER;
	unsigned int i;

	finject_index_begin(&walk, &set->index);
	finject_index_tuple(&walk, tuple, dir);
	finject_index_wide(&walk);
	while (finject_index_next(&walk, &i))
		if (ruleset_admits(set->rule[i], tuple, dir, early))
			return true;
	return false;
}

static bool ruleset_wants(const struct finject_ruleset *set,
			  const struct finject_tuple *tuple, bool early)
{
	unsigned int i;

	if (set->slots)
		return ruleset_found_wants(set, tuple, 0, early) ||
		       ruleset_found_wants(set, tuple, 1, early);
	for (i = 0; i < set->count; i++)
		if (ruleset_admits(set->rule[i], tuple, 0, early) ||
		    ruleset_admits(set->rule[i], tuple, 1, early))
			return true;
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

	lockdep_assert_held(&rule->lock);
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

/*
 * Get the first word of a rule that is not true, which is counted, or
 * FINJECT_KEYWORD_NONE.
 */
static __always_inline enum finject_keyword_id
ruleset_ask(struct finject_rule *rule, struct finject_flows *flows,
	    struct finject_flow *flow, const struct finject_segment *segment,
	    const struct finject_position *position,
	    struct finject_dice_input *dice)
{
	enum finject_keyword_id failed;
	unsigned int class = 0;

	failed = finject_match_segment(rule, segment, position, &class);
	if (failed == FINJECT_KEYWORD_NONE) {
		dice->class = class;
		dice->nth = position->nth[class];
		spin_lock(&rule->lock);
		failed = ruleset_keeps(rule, flows, flow, dice);
		spin_unlock(&rule->lock);
	}
	if (failed != FINJECT_KEYWORD_NONE)
		atomic64_inc(&rule->failed[failed]);
	return failed;
}

/* Count a segment about which a rule was asked; @failed is its answer. */
static void ruleset_count(struct finject_ruleset *set, unsigned int i,
			  enum finject_keyword_id failed)
{
	smp_wmb(); /* it is among those judged; finject_ruleset_passed() */
	atomic64_inc(&set->slots[i].asked);
	if (failed == FINJECT_KEYWORD_NONE)
		atomic64_inc(&set->slots[i].decided);
}

/* Ask the rules that the index finds; the stack of a short set is smaller. */
static noinline struct finject_rule *
ruleset_judge_found(struct finject_ruleset *set, struct finject_flows *flows,
		    struct finject_flow *flow,
		    const struct finject_segment *segment,
		    const struct finject_position *position,
		    struct finject_dice_input *dice)
{
	struct finject_index_walk walk FINJECT_FILLED_LATER;
	enum finject_keyword_id failed;
	unsigned int i;

	this_cpu_inc(*set->judged);
	finject_index_begin(&walk, &set->index);
	finject_index_segment(&walk, segment, position->classes);
	while (finject_index_next(&walk, &i)) {
		failed = ruleset_ask(set->rule[i], flows, flow, segment,
				     position, dice);
		ruleset_count(set, i, failed);
		if (failed == FINJECT_KEYWORD_NONE)
			return set->rule[i];
	}
	return NULL;
}

/**
 * finject_ruleset_judge - find the rule that decides about a segment
 * @set: the rules
 * @flows: the namespace's flows
 * @flow: the segment's flow
 * @segment: the segment
 * @position: position of the segment in the flow
 * @dice: set to the dice input of the rule found, for its action
 *
 * The first rule that matches and fires decides; the schedules of those before
 * it that matched have counted the segment.
 *
 * Context: under RCU and @flow->lock.
 * Return: the rule, or NULL when none fires.
 */
struct finject_rule *finject_ruleset_judge(struct finject_ruleset *set,
					   struct finject_flows *flows,
					   struct finject_flow *flow,
					   const struct finject_segment *segment,
					   const struct finject_position *position,
					   struct finject_dice_input *dice)
{
	unsigned int i;

	lockdep_assert_held(&flow->lock);
	if (set->slots)
		return ruleset_judge_found(set, flows, flow, segment, position,
					   dice);
	for (i = 0; i < set->count; i++)
		if (ruleset_ask(set->rule[i], flows, flow, segment, position,
				dice) == FINJECT_KEYWORD_NONE)
			return set->rule[i];
	return NULL;
}
