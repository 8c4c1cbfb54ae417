// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words of a rule that are never true together.
 *
 * Only what no segment can ever match is refused. Of all pairs of match words,
 * and of the words that name the hook, these remain:
 *
 *	          prerouting  input  forward  output  postrouting  first hook
 *	iif=      yes         yes    yes      no      if forwarded  if received
 *	oif=      no          no     yes      yes     yes          if sent here
 *	both      no          no     yes      no      if forwarded  no
 *
 *	          fin1  ack1  fin2  ack2  rst, data, syn  open, early, earlyack
 *	active    yes   no    no    yes   yes             no
 *	passive   no    yes   yes   no    yes             no
 *
 * dir=in is prerouting, dir=out is postrouting. A port that port= asks for
 * must be one that sport= or dport= admits, when both are there; so with the
 * addresses. The other words say nothing of each other: marks change between
 * hooks, any class crosses any hook, and a simultaneous close is known before
 * late copies of its first FIN, but not before the first FIN.
 */
#include "lang/conflict.h"

#define HOOK(nr)	BIT(FINJECT_AT_HOOK + (nr))

enum { PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING };

/* The values of enum finject_at that know no output device, no input device. */
#define NO_OIF	(BIT(FINJECT_AT_IN) | HOOK(PREROUTING) | HOOK(INPUT))
#define NO_IIF	HOOK(OUTPUT)

static enum finject_keyword_id conflict_place(const struct finject_spec *spec)
{
	return spec->at == FINJECT_AT_IN || spec->at == FINJECT_AT_OUT ?
		FINJECT_KEYWORD_DIR : FINJECT_KEYWORD_HOOK;
}

static bool conflict_of_devices(const struct finject_spec *spec,
				struct finject_conflict *found)
{
	bool in = spec->iif.text[0], out = spec->oif.text[0];

	found->other = conflict_place(spec);
	if (out && BIT(spec->at) & NO_OIF) {
		found->word = FINJECT_KEYWORD_OIF;
		found->reason = "the route, and so the output device, is not known there";
	} else if (in && BIT(spec->at) & NO_IIF) {
		found->word = FINJECT_KEYWORD_IIF;
		found->reason = "segments there are sent here and came in by no device";
	} else if (in && out && spec->at == FINJECT_AT_FIRST) {
		found->word = FINJECT_KEYWORD_OIF;
		found->other = FINJECT_KEYWORD_IIF;
		found->reason = "both are known only with hook=forward or dir=out";
	} else {
		return false;
	}
	return true;
}

static bool conflict_of_closers(const struct finject_spec *spec,
				struct finject_conflict *found)
{
	const u16 actives = BIT(FINJECT_FIN1) | BIT(FINJECT_ACK2);
	const u16 passives = BIT(FINJECT_FIN2) | BIT(FINJECT_ACK1);

	found->word = FINJECT_KEYWORD_BY;
	found->other = FINJECT_KEYWORD_SEG;
	found->reason = "the active closer sends fin1 and ack2, the passive one ack1 and fin2";
	return (spec->by == FINJECT_BY_ACTIVE &&
		!(spec->seg & ~(passives | FINJECT_EARLY_CLASSES))) ||
	       (spec->by == FINJECT_BY_PASSIVE &&
		!(spec->seg & ~(actives | FINJECT_EARLY_CLASSES)));
}

/* Before the first FIN nobody knows who will close first, or how. */
static bool conflict_of_early(const struct finject_spec *spec,
			      struct finject_conflict *found)
{
	found->word = spec->simultaneous ? FINJECT_KEYWORD_SIMULTANEOUS :
					   FINJECT_KEYWORD_BY;
	found->other = FINJECT_KEYWORD_SEG;
	found->reason = "nobody has closed yet";
	return !(spec->seg & ~FINJECT_EARLY_CLASSES) &&
	       (spec->simultaneous || spec->by != FINJECT_BY_ANY);
}

static bool conflict_ports_meet(const struct finject_ports *a,
				const struct finject_ports *b)
{
	unsigned int i, j;

	for (i = 0; i < FINJECT_PORTS_MAX && a->range[i].max; i++)
		for (j = 0; j < FINJECT_PORTS_MAX && b->range[j].max; j++)
			if (a->range[i].min <= b->range[j].max &&
			    b->range[j].min <= a->range[i].max)
				return true;
	return false;
}

static bool conflict_of_ports(const struct finject_spec *spec,
			      struct finject_conflict *found)
{
	found->word = FINJECT_KEYWORD_PORT;
	found->other = FINJECT_KEYWORD_SPORT;
	found->reason = "neither sport= nor dport= admits such a port";
	return spec->port.range[0].max && spec->sport.range[0].max &&
	       spec->dport.range[0].max &&
	       !conflict_ports_meet(&spec->port, &spec->sport) &&
	       !conflict_ports_meet(&spec->port, &spec->dport);
}

static bool conflict_cidrs_meet(const struct finject_cidr *a,
				const struct finject_cidr *b)
{
	unsigned int bits = min_t(u8, a->len, b->len), rest = bits % 8;

	if (memcmp(a->addr, b->addr, bits / 8))
		return false;
	return !rest ||
	       !((a->addr[bits / 8] ^ b->addr[bits / 8]) >> (8 - rest));
}

static bool conflict_of_addresses(const struct finject_spec *spec,
				  struct finject_conflict *found)
{
	found->word = FINJECT_KEYWORD_ADDR;
	found->other = FINJECT_KEYWORD_SRC;
	found->reason = "neither src= nor dst= admits such an address";
	return spec->addr.family && spec->src.family && spec->dst.family &&
	       !conflict_cidrs_meet(&spec->addr, &spec->src) &&
	       !conflict_cidrs_meet(&spec->addr, &spec->dst);
}

/**
 * finject_conflict_find - find words of a rule that are never true together
 * @spec: the rule, its classes filled in, its addresses of one family
 * @found: set to the words
 *
 * Context: any.
 *
 * Return: true when there are any: the rule can match no segment.
 */
bool finject_conflict_find(const struct finject_spec *spec,
			   struct finject_conflict *found)
{
	return conflict_of_devices(spec, found) ||
	       conflict_of_early(spec, found) ||
	       conflict_of_closers(spec, found) ||
	       conflict_of_ports(spec, found) ||
	       conflict_of_addresses(spec, found);
}
