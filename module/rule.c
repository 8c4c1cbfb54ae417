// SPDX-License-Identifier: GPL-2.0-only
#include "rule.h"

#include <linux/netdevice.h>
#include <linux/slab.h>

#include "lang/parse.h"

/*
 * Any rule needs PRE and POST: the tracker watches both directions there. A
 * rule at another hook also needs the hook at which the tracker sees the answer
 * under the same addresses: NAT stands between these and PRE or POST.
 */
static unsigned int rule_hooks(const struct finject_spec *spec)
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
 * finject_rule_new - make a rule, in no set yet
 * @spec: specification of the rule
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

static bool rule_is_early(const struct finject_spec *spec)
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
	set->hooks |= rule_hooks(&rule->spec);
	set->early |= rule_is_early(&rule->spec);
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
	kvfree(set);
}

static void rule_free_set(struct rcu_head *rcu)
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
		call_rcu(&set->rcu, rule_free_set);
}

static bool rule_match_cidr(const struct finject_cidr *cidr, const void *addr)
{
	const u8 *bytes = addr;
	unsigned int whole = cidr->len / 8, rest = cidr->len % 8;

	if (memcmp(cidr->addr, bytes, whole))
		return false;
	return !rest || !((cidr->addr[whole] ^ bytes[whole]) >> (8 - rest));
}

static bool rule_match_range(const struct finject_range *range, u16 value)
{
	return value >= range->min && value <= range->max;
}

static bool rule_match_ports(const struct finject_ports *ports, u16 port)
{
	unsigned int i;

	for (i = 0; i < FINJECT_PORTS_MAX && ports->range[i].max; i++)
		if (rule_match_range(&ports->range[i], port))
			return true;
	return false;
}

static bool rule_has_ports(const struct finject_ports *ports)
{
	return ports->range[0].max;
}

/* The words in the order in which a rule asks them. */
const u8 finject_rule_asks[FINJECT_ASKED] = {
	FINJECT_KEYWORD_SEG, FINJECT_KEYWORD_DIR, FINJECT_KEYWORD_HOOK,
	FINJECT_KEYWORD_NTH, FINJECT_KEYWORD_PURE, FINJECT_KEYWORD_SPORT,
	FINJECT_KEYWORD_DPORT, FINJECT_KEYWORD_PORT, FINJECT_KEYWORD_FAMILY,
	FINJECT_KEYWORD_SRC, FINJECT_KEYWORD_DST, FINJECT_KEYWORD_ADDR,
	FINJECT_KEYWORD_BY, FINJECT_KEYWORD_SIMULTANEOUS, FINJECT_KEYWORD_MARK,
	FINJECT_KEYWORD_IIF, FINJECT_KEYWORD_OIF, FINJECT_KEYWORD_PER,
	FINJECT_KEYWORD_FLOW, FINJECT_KEYWORD_SKIP, FINJECT_KEYWORD_INTERVAL,
	FINJECT_KEYWORD_PROBABILITY, FINJECT_KEYWORD_TIMES,
};

static bool rule_match_family(const struct finject_cidr *cidr, u16 family,
			      const void *addr)
{
	return cidr->family == family && rule_match_cidr(cidr, addr);
}

/**
 * finject_rule_tuple - match the addresses and ports of a segment
 * @spec: specification of the rule
 * @tuple: key of the segment's flow
 * @dir: end of @tuple that sent it
 *
 * Return: the first word that is not true, or FINJECT_KEYWORD_NONE.
 */
enum finject_keyword_id finject_rule_tuple(const struct finject_spec *spec,
					   const struct finject_tuple *tuple,
					   unsigned int dir)
{
	u16 sport = ntohs(tuple->port[dir]), dport = ntohs(tuple->port[!dir]);
	const void *src = &tuple->addr[dir], *dst = &tuple->addr[!dir];
	u16 family = tuple->family;

	if (rule_has_ports(&spec->sport) &&
	    !rule_match_ports(&spec->sport, sport))
		return FINJECT_KEYWORD_SPORT;
	if (rule_has_ports(&spec->dport) &&
	    !rule_match_ports(&spec->dport, dport))
		return FINJECT_KEYWORD_DPORT;
	if (rule_has_ports(&spec->port) &&
	    !rule_match_ports(&spec->port, sport) &&
	    !rule_match_ports(&spec->port, dport))
		return FINJECT_KEYWORD_PORT;
	if (spec->family && spec->family != family)
		return FINJECT_KEYWORD_FAMILY;
	if (spec->src.family && !rule_match_family(&spec->src, family, src))
		return FINJECT_KEYWORD_SRC;
	if (spec->dst.family && !rule_match_family(&spec->dst, family, dst))
		return FINJECT_KEYWORD_DST;
	if (spec->addr.family && !rule_match_family(&spec->addr, family, src) &&
	    !rule_match_family(&spec->addr, family, dst))
		return FINJECT_KEYWORD_ADDR;
	return FINJECT_KEYWORD_NONE;
}

static bool rule_concerns(const struct finject_spec *spec,
			  const struct finject_tuple *tuple)
{
	return finject_rule_tuple(spec, tuple, 0) == FINJECT_KEYWORD_NONE ||
	       finject_rule_tuple(spec, tuple, 1) == FINJECT_KEYWORD_NONE;
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
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (rule_concerns(&set->rule[i]->spec, tuple))
			return true;
	return false;
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
	unsigned int i;

	for (i = 0; set->early && i < set->count; i++)
		if (rule_is_early(&set->rule[i]->spec) &&
		    rule_concerns(&set->rule[i]->spec, tuple))
			return true;
	return false;
}

static bool rule_match_hook(const struct finject_spec *spec,
			    const struct finject_segment *segment)
{
	switch (spec->at) {
	case FINJECT_AT_FIRST:
		return segment->first;
	case FINJECT_AT_IN:
		return segment->hook == NF_INET_PRE_ROUTING;
	case FINJECT_AT_OUT:
		return segment->hook == NF_INET_POST_ROUTING;
	default:
		return segment->hook == spec->at - FINJECT_AT_HOOK;
	}
}

static bool rule_is_named(const struct net_device *dev, const char *name)
{
	return dev && !strcmp(dev->name, name);
}

/* At a VRF, match its name as well as the name of its port. */
static bool rule_match_device(const struct finject_name *name,
			      const struct net_device *dev,
			      const struct net_device *too)
{
	return !name->text[0] || rule_is_named(dev, name->text) ||
	       rule_is_named(too, name->text);
}

static bool rule_match_sender(const struct finject_spec *spec,
			      const struct finject_position *position)
{
	switch (spec->by) {
	case FINJECT_BY_ACTIVE:
		return position->active;
	case FINJECT_BY_PASSIVE:
		return position->passive;
	default:
		return true;
	}
}

static enum finject_keyword_id rule_place(const struct finject_spec *spec)
{
	return spec->at == FINJECT_AT_IN || spec->at == FINJECT_AT_OUT ?
		FINJECT_KEYWORD_DIR : FINJECT_KEYWORD_HOOK;
}

/*
 * Get the class by which a rule matches: the first of the segment's classes
 * that the rule names and whose nth is in its range. Return the word that is
 * not true, or FINJECT_KEYWORD_NONE.
 */
static enum finject_keyword_id
rule_match_class(const struct finject_spec *spec,
		 const struct finject_segment *segment,
		 const struct finject_position *position, unsigned int *found)
{
	enum finject_keyword_id failed = FINJECT_KEYWORD_NTH;
	u16 classes = spec->seg & position->classes;
	unsigned int class;

	for (class = 0; class < FINJECT_CLASSES; class++) {
		if (!(classes & BIT(class)))
			continue;
		if (spec->nth.max &&
		    !rule_match_range(&spec->nth, position->nth[class]))
			continue;
		failed = FINJECT_KEYWORD_PURE;
		if (spec->pure &&
		    !finject_stage_pure(BIT(class), &segment->wire))
			continue;
		*found = class;
		return FINJECT_KEYWORD_NONE;
	}
	return failed;
}

/* Get the first word that is not true, in the order of finject_rule_asks. */
static enum finject_keyword_id
rule_match(const struct finject_spec *spec,
	   const struct finject_segment *segment,
	   const struct finject_position *position, unsigned int *class)
{
	enum finject_keyword_id failed;

	if (!(spec->seg & position->classes))
		return FINJECT_KEYWORD_SEG;
	if (!rule_match_hook(spec, segment))
		return rule_place(spec);
	failed = rule_match_class(spec, segment, position, class);
	if (failed == FINJECT_KEYWORD_NONE)
		failed = finject_rule_tuple(spec, &segment->tuple, segment->dir);
	if (failed != FINJECT_KEYWORD_NONE)
		return failed;
	if (!rule_match_sender(spec, position))
		return FINJECT_KEYWORD_BY;
	if (spec->simultaneous && !position->simultaneous)
		return FINJECT_KEYWORD_SIMULTANEOUS;
	if ((segment->mark & spec->mark.mask) != spec->mark.value)
		return FINJECT_KEYWORD_MARK;
	if (!rule_match_device(&spec->iif, segment->in, segment->in_too))
		return FINJECT_KEYWORD_IIF;
	if (!rule_match_device(&spec->oif, segment->out, segment->out_too))
		return FINJECT_KEYWORD_OIF;
	return FINJECT_KEYWORD_NONE;
}

static bool rule_match_flow(const struct finject_range *range, u64 ordinal)
{
	return ordinal >= range->min &&
	       (ordinal <= range->max || range->max == FINJECT_NTH_MAX);
}

static enum finject_keyword_id rule_keeper(enum finject_keeper keeper)
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
static enum finject_keyword_id rule_keeps(struct finject_rule *rule,
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
		    !rule_match_flow(&rule->spec.flow, flow_rule->flow))
			return FINJECT_KEYWORD_FLOW;
	}
	if (schedule->per_flow)
		tally = &flow_rule->tally;

	keeper = finject_schedule_keeps(schedule, tally, dice);
	if (schedule->per_flow) {
		rule->tally.matched++;
		rule->tally.fired += keeper == FINJECT_KEPT_BY_NONE;
	}
	return rule_keeper(keeper);
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
struct finject_rule *finject_ruleset_judge(const struct finject_ruleset *set,
					   struct finject_flows *flows,
					   struct finject_flow *flow,
					   const struct finject_segment *segment,
					   const struct finject_position *position,
					   struct finject_dice_input *dice)
{
	unsigned int i;

	lockdep_assert_held(&flows->lock);
	for (i = 0; i < set->count; i++) {
		struct finject_rule *rule = set->rule[i];
		enum finject_keyword_id failed;
		unsigned int class = 0;

		failed = rule_match(&rule->spec, segment, position, &class);
		if (failed == FINJECT_KEYWORD_NONE) {
			dice->class = class;
			dice->nth = position->nth[class];
			failed = rule_keeps(rule, flows, flow, dice);
			if (failed == FINJECT_KEYWORD_NONE)
				return rule;
		}
		rule->failed[failed]++;
	}
	return NULL;
}
