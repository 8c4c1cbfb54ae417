// SPDX-License-Identifier: GPL-2.0-only
#include "match.h"

#include <linux/netdevice.h>

#include "index.h"

/*
 * The words in the order in which a rule asks those that it has; but its key
 * comes first. From FLOW on the order is that of the schedule.
 */
static const u8 order[] = {
	FINJECT_KEYWORD_SPORT, FINJECT_KEYWORD_DPORT, FINJECT_KEYWORD_PORT,
	FINJECT_KEYWORD_FAMILY, FINJECT_KEYWORD_SRC, FINJECT_KEYWORD_DST,
	FINJECT_KEYWORD_ADDR, FINJECT_KEYWORD_SEG, FINJECT_KEYWORD_DIR,
	FINJECT_KEYWORD_HOOK, FINJECT_KEYWORD_BY, FINJECT_KEYWORD_SIMULTANEOUS,
	FINJECT_KEYWORD_MARK, FINJECT_KEYWORD_IIF, FINJECT_KEYWORD_OIF,
	FINJECT_KEYWORD_NTH, FINJECT_KEYWORD_PURE, FINJECT_KEYWORD_PER,
	FINJECT_KEYWORD_FLOW, FINJECT_KEYWORD_SKIP, FINJECT_KEYWORD_INTERVAL,
	FINJECT_KEYWORD_PROBABILITY, FINJECT_KEYWORD_TIMES,
};

/* One of DIR and HOOK is asked; the list ends with FINJECT_KEYWORD_NONE. */
static_assert(ARRAY_SIZE(order) == FINJECT_ASKED);

static bool match_at_side(const struct finject_spec *spec)
{
	return spec->at == FINJECT_AT_IN || spec->at == FINJECT_AT_OUT;
}

/* Words that every rule asks. */
static const u64 always = BIT_ULL(FINJECT_KEYWORD_SEG) |
			  BIT_ULL(FINJECT_KEYWORD_NTH) |
			  BIT_ULL(FINJECT_KEYWORD_PURE) |
			  BIT_ULL(FINJECT_KEYWORD_PER) |
			  BIT_ULL(FINJECT_KEYWORD_FLOW) |
			  BIT_ULL(FINJECT_KEYWORD_SKIP) |
			  BIT_ULL(FINJECT_KEYWORD_INTERVAL) |
			  BIT_ULL(FINJECT_KEYWORD_PROBABILITY) |
			  BIT_ULL(FINJECT_KEYWORD_TIMES);

static u64 match_bit(enum finject_keyword_id word, bool asked)
{
	return (u64)asked << word;
}

/* Get the words that a rule asks, a bit each. */
static u64 match_words(const struct finject_spec *spec)
{
	return always |
	       match_bit(FINJECT_KEYWORD_SPORT, spec->sport.range[0].max) |
	       match_bit(FINJECT_KEYWORD_DPORT, spec->dport.range[0].max) |
	       match_bit(FINJECT_KEYWORD_PORT, spec->port.range[0].max) |
	       match_bit(FINJECT_KEYWORD_FAMILY, spec->family) |
	       match_bit(FINJECT_KEYWORD_SRC, spec->src.family) |
	       match_bit(FINJECT_KEYWORD_DST, spec->dst.family) |
	       match_bit(FINJECT_KEYWORD_ADDR, spec->addr.family) |
	       match_bit(FINJECT_KEYWORD_DIR, match_at_side(spec)) |
	       match_bit(FINJECT_KEYWORD_HOOK, !match_at_side(spec)) |
	       match_bit(FINJECT_KEYWORD_BY, spec->by != FINJECT_BY_ANY) |
	       match_bit(FINJECT_KEYWORD_SIMULTANEOUS, spec->simultaneous) |
	       match_bit(FINJECT_KEYWORD_MARK, spec->mark.mask) |
	       match_bit(FINJECT_KEYWORD_IIF, spec->iif.text[0]) |
	       match_bit(FINJECT_KEYWORD_OIF, spec->oif.text[0]);
}

/**
 * finject_match_prepare - put the words of a rule in the order of asking
 * @rule: a rule that is in no set yet; its key and the words it asks are set, those
 *	of its key first
 */
void finject_match_prepare(struct finject_rule *rule)
{
	const struct finject_spec *spec = &rule->spec;
	u64 words = match_words(spec);
	unsigned int count, i;

	rule->pair = finject_index_pair(spec);
	count = finject_index_key(spec, rule->pair, rule->asks);
	words &= ~(BIT_ULL(rule->asks[0]) | BIT_ULL(rule->asks[count - 1]));
	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (words & BIT_ULL(order[i]))
			rule->asks[count++] = order[i];
	rule->asks[count] = FINJECT_KEYWORD_NONE;
}

static bool match_cidr(const struct finject_cidr *cidr,
		       const struct finject_tuple *tuple, unsigned int end)
{
	unsigned int whole = cidr->len / 8, rest = cidr->len % 8;
	const u8 *bytes = (const u8 *)&tuple->addr[end];

	if (cidr->family != tuple->family ||
	    memcmp(cidr->addr, bytes, whole))
		return false;
	return !rest || !((cidr->addr[whole] ^ bytes[whole]) >> (8 - rest));
}

static bool match_range(const struct finject_range *range, u16 value)
{
	return value >= range->min && value <= range->max;
}

static bool match_ports(const struct finject_ports *ports, __be16 port)
{
	unsigned int i;

	for (i = 0; i < FINJECT_PORTS_MAX && ports->range[i].max; i++)
		if (match_range(&ports->range[i], ntohs(port)))
			return true;
	return false;
}

/* Test a word for ports or addresses; any other is true. */
static __always_inline bool match_tuple_word(const struct finject_spec *spec,
					     enum finject_keyword_id word,
					     const struct finject_tuple *tuple,
					     unsigned int dir)
{
	switch ((int)word) {
	case FINJECT_KEYWORD_SPORT:
		return match_ports(&spec->sport, tuple->port[dir]);
	case FINJECT_KEYWORD_DPORT:
		return match_ports(&spec->dport, tuple->port[!dir]);
	case FINJECT_KEYWORD_PORT:
		return match_ports(&spec->port, tuple->port[0]) ||
		       match_ports(&spec->port, tuple->port[1]);
	case FINJECT_KEYWORD_FAMILY:
		return spec->family == tuple->family;
	case FINJECT_KEYWORD_SRC:
		return match_cidr(&spec->src, tuple, dir);
	case FINJECT_KEYWORD_DST:
		return match_cidr(&spec->dst, tuple, !dir);
	case FINJECT_KEYWORD_ADDR:
		return match_cidr(&spec->addr, tuple, 0) ||
		       match_cidr(&spec->addr, tuple, 1);
	default:
		return true;
	}
}

static bool match_hook(const struct finject_spec *spec,
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

static bool match_is_named(const struct net_device *dev, const char *name)
{
	return dev && !strcmp(dev->name, name);
}

/* At a VRF, match its name as well as the name of its port. */
static bool match_device(const struct finject_name *name,
			 const struct net_device *dev,
			 const struct net_device *too)
{
	return match_is_named(dev, name->text) ||
	       match_is_named(too, name->text);
}

static bool match_word(const struct finject_spec *spec,
		       enum finject_keyword_id word,
		       const struct finject_segment *segment,
		       const struct finject_position *position)
{
	/* asked of every rule: a switch without a jump table is a search */
	if (word == FINJECT_KEYWORD_SEG)
		return spec->seg & position->classes;
	if (word == FINJECT_KEYWORD_DIR || word == FINJECT_KEYWORD_HOOK)
		return match_hook(spec, segment);
	switch ((int)word) {
	case FINJECT_KEYWORD_BY:
		return spec->by == FINJECT_BY_ACTIVE ? position->active :
						       position->passive;
	case FINJECT_KEYWORD_SIMULTANEOUS:
		return position->simultaneous;
	case FINJECT_KEYWORD_MARK:
		return (segment->mark & spec->mark.mask) == spec->mark.value;
	case FINJECT_KEYWORD_IIF:
		return match_device(&spec->iif, segment->in, segment->in_too);
	case FINJECT_KEYWORD_OIF:
		return match_device(&spec->oif, segment->out, segment->out_too);
	default:
		return match_tuple_word(spec, word, &segment->tuple,
					segment->dir);
	}
}

/*
 * Get the class by which a rule matches: the first of the segment's classes
 * that the rule names and whose nth is in its range. Return the word that is
 * not true, or FINJECT_KEYWORD_NONE.
 */
static noinline enum finject_keyword_id
match_class(const struct finject_spec *spec,
	    const struct finject_segment *segment,
	    const struct finject_position *position, unsigned int *found)
{
	enum finject_keyword_id failed = FINJECT_KEYWORD_NTH;
	unsigned int left = spec->seg & position->classes, class;

	for (; left; left &= left - 1) {
		class = __ffs(left);
		if (spec->nth.max &&
		    !match_range(&spec->nth, position->nth[class]))
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

/**
 * finject_match_tuple - match the addresses and ports of a segment
 * @rule: the rule
 * @tuple: key of the segment's flow
 * @dir: end of @tuple that sent it
 *
 * Return: the first word that is not true, or FINJECT_KEYWORD_NONE.
 */
enum finject_keyword_id finject_match_tuple(const struct finject_rule *rule,
					    const struct finject_tuple *tuple,
					    unsigned int dir)
{
	const u8 *word;

	for (word = rule->asks; *word != FINJECT_KEYWORD_NTH; word++)
		if (!match_tuple_word(&rule->spec, *word, tuple, dir))
			return *word;
	return FINJECT_KEYWORD_NONE;
}

/**
 * finject_match_segment - match a segment
 * @rule: the rule
 * @segment: the segment
 * @position: its position in its flow
 * @class: set to the class by which the rule matches
 *
 * Context: under RCU, for the devices.
 * Return: the first word that is not true, or FINJECT_KEYWORD_NONE.
 */
enum finject_keyword_id
finject_match_segment(const struct finject_rule *rule,
		      const struct finject_segment *segment,
		      const struct finject_position *position,
		      unsigned int *class)
{
	const u8 *word;

	for (word = rule->asks; *word != FINJECT_KEYWORD_NTH; word++)
		if (!match_word(&rule->spec, *word, segment, position))
			return *word;
	return match_class(&rule->spec, segment, position, class);
}
