// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each rule has a key: those of its words that leave most segments out. A list
 * of ports and an address together are one; where there is neither, a device, a
 * whole mark, or else the classes. A hash table finds the rules by the values of
 * their keys. A segment has few values of each word, so that it is compared with
 * few rules, however many there are.
 *
 * A key never leaves out a rule that matches. It may find one that does not: a
 * hash may be that of another value, and a prefix is looked up by a shorter one.
 */
#include "index.h"

#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "rule.h"

enum {
	SHORT_SET = 16,		/* rules that are asked without an index */
	PORTS_MAX = 64,		/* a list of more ports is no key */
	LENS = 5,		/* lengths of prefixes that are looked up */
	ADDRS = 16,		/* words for addresses with lengths, and none */
	PAIRS = 4 * ADDRS,
	WIDE = 0,		/* the pair of no word and no word */
	WHAT_SHIFT = 25,	/* above a port */
};

static_assert(1 + 3 * LENS == ADDRS);
static_assert(PAIRS <= 64 && FINJECT_KEYWORDS <= 64);
static_assert(PAIRS + FINJECT_KEYWORDS <= 1 << (32 - WHAT_SHIFT));

/* In bits, whole bytes; a longer prefix is looked up by the next shorter. */
static const u8 lens4[LENS] = { 8, 16, 24, 32, 32 };
static const u8 lens6[LENS] = { 16, 32, 48, 64, 128 };

static const u8 port_words[] = {
	FINJECT_KEYWORD_DPORT, FINJECT_KEYWORD_SPORT, FINJECT_KEYWORD_PORT,
};

static const u8 addr_words[] = {
	FINJECT_KEYWORD_SRC, FINJECT_KEYWORD_DST, FINJECT_KEYWORD_ADDR,
};

static const u8 *index_lens(u16 family)
{
	return family == AF_INET ? lens4 : lens6;
}

static const struct finject_ports *index_ports(const struct finject_spec *spec,
					       unsigned int which)
{
	const struct finject_ports *ports[] = {
		&spec->dport, &spec->sport, &spec->port,
	};

	return ports[which];
}

static const struct finject_cidr *index_cidr(const struct finject_spec *spec,
					     unsigned int which)
{
	const struct finject_cidr *cidr[] = {
		&spec->src, &spec->dst, &spec->addr,
	};

	return cidr[which];
}

/* Count the ports in a list, those in two ranges twice. */
static unsigned int index_width(const struct finject_ports *ports)
{
	unsigned int i, width = 0;

	for (i = 0; i < FINJECT_PORTS_MAX && ports->range[i].max; i++)
		width += ports->range[i].max - ports->range[i].min + 1;
	return width;
}

/**
 * finject_index_pair - get the pair of words that are the key of a rule
 * @spec: specification of the rule
 *
 * Return: the number of the pair of the first words that are narrow, and of the
 *	length of the prefix; 0 for a rule that has none.
 */
u8 finject_index_pair(const struct finject_spec *spec)
{
	unsigned int which, len, port = 0, addr = 0;

	for (which = 0; !port && which < ARRAY_SIZE(port_words); which++) {
		unsigned int width = index_width(index_ports(spec, which));

		if (width && width <= PORTS_MAX)
			port = 1 + which;
	}
	for (which = 0; !addr && which < ARRAY_SIZE(addr_words); which++) {
		const struct finject_cidr *cidr = index_cidr(spec, which);

		for (len = 0; cidr->family && len < LENS; len++)
			if (index_lens(cidr->family)[len] <= cidr->len)
				addr = 1 + which * LENS + len;
	}
	return port * ADDRS + addr;
}

/* Get the key of a rule that is wide. */
static enum finject_keyword_id index_other(const struct finject_spec *spec)
{
	if (spec->iif.text[0])
		return FINJECT_KEYWORD_IIF;
	if (spec->oif.text[0])
		return FINJECT_KEYWORD_OIF;
	if (spec->mark.mask == U32_MAX)
		return FINJECT_KEYWORD_MARK;
	return FINJECT_KEYWORD_SEG;
}

/**
 * finject_index_key - get the words that are the key of a rule
 * @spec: specification of the rule
 * @pair: its finject_index_pair()
 * @words: set to them
 *
 * Return: their number.
 */
unsigned int finject_index_key(const struct finject_spec *spec, u8 pair,
			       u8 words[FINJECT_INDEX_KEY])
{
	unsigned int count = 0;

	if (pair / ADDRS)
		words[count++] = port_words[pair / ADDRS - 1];
	if (pair % ADDRS)
		words[count++] = addr_words[(pair % ADDRS - 1) / LENS];
	if (!count)
		words[count++] = index_other(spec);
	return count;
}

/*
 * Pairs have the numbers below PAIRS, other words those from there. Only rules
 * are put into the table, so that no stranger chooses what its lists are.
 */
static u32 index_hash(unsigned int what, u32 port, u32 addr)
{
	return hash_32(hash_32(addr, 32) ^ port ^ what << WHAT_SHIFT, 32);
}

static u32 index_hash_name(const char *name)
{
	return jhash(name, strnlen(name, IFNAMSIZ), 0);
}

/* The rest of an IPv4 address is not read. */
static u32 index_hash_addr(u16 family, const void *addr, unsigned int len)
{
	__be32 words[4] = { };

	if (family == AF_INET) {
		memcpy(words, addr, sizeof(words[0]));
		return (__force u32)(words[0] & inet_make_mask(len));
	}
	memcpy(words, addr, len / 8);
	return jhash2((__force u32 *)words, 4, 0);
}

/* A rule of one list. */
struct index_entry {
	u32 hash;
	u32 pos;
};

/* What is being built; @entry is the next, in the order of the rules. */
struct index_build {
	struct finject_index *index;
	struct index_entry *entry;
	u32 pos;
};

static void index_put(struct index_build *build, u32 hash)
{
	*build->entry++ = (struct index_entry){ hash, build->pos };
}

/* Count the entries of a rule. */
static unsigned int index_size(const struct finject_rule *rule)
{
	const struct finject_spec *spec = &rule->spec;

	if (rule->pair / ADDRS)
		return index_width(index_ports(spec, rule->pair / ADDRS - 1));
	if (rule->pair != WIDE)
		return 1;
	return 1 + (index_other(spec) == FINJECT_KEYWORD_SEG ?
		    hweight16(spec->seg) : 1);
}

static void index_put_pair(struct index_build *build,
			   const struct finject_spec *spec, unsigned int pair)
{
	const struct finject_ports *ports;
	unsigned int addr = pair % ADDRS, i, port;
	u32 hash = 0;

	build->index->pairs |= BIT_ULL(pair);
	if (addr) {
		const struct finject_cidr *cidr;

		cidr = index_cidr(spec, (addr - 1) / LENS);
		hash = index_hash_addr(cidr->family, cidr->addr,
				       index_lens(cidr->family)[(addr - 1) % LENS]);
	}
	if (!(pair / ADDRS)) {
		index_put(build, index_hash(pair, 0, hash));
		return;
	}
	ports = index_ports(spec, pair / ADDRS - 1);
	for (i = 0; i < FINJECT_PORTS_MAX && ports->range[i].max; i++)
		for (port = ports->range[i].min; port <= ports->range[i].max;
		     port++)
			index_put(build, index_hash(pair, port, hash));
}

static void index_put_other(struct index_build *build,
			    const struct finject_spec *spec)
{
	enum finject_keyword_id word = index_other(spec);
	unsigned int class;

	build->index->words |= BIT_ULL(word);
	switch ((int)word) {
	case FINJECT_KEYWORD_IIF:
		index_put(build, index_hash(PAIRS + word,
					    index_hash_name(spec->iif.text), 0));
		break;
	case FINJECT_KEYWORD_OIF:
		index_put(build, index_hash(PAIRS + word,
					    index_hash_name(spec->oif.text), 0));
		break;
	case FINJECT_KEYWORD_MARK:
		index_put(build, index_hash(PAIRS + word, spec->mark.value, 0));
		break;
	default:
		for (class = 0; class < FINJECT_CLASSES; class++)
			if (spec->seg & BIT(class))
				index_put(build, index_hash(PAIRS + word, class,
							    0));
	}
}

/* A wide rule is also found among all those that are. */
static void index_put_rule(struct index_build *build,
			   const struct finject_rule *rule)
{
	if (rule->pair != WIDE) {
		index_put_pair(build, &rule->spec, rule->pair);
		return;
	}
	index_put_other(build, &rule->spec);
	index_put(build, index_hash(WIDE, 0, 0));
}

/* Find the list of a hash, or the place for it. */
static struct finject_index_list *index_find(const struct finject_index *index,
					     u32 hash)
{
	u32 i = hash >> index->shift;

	while (index->lists[i].end && index->lists[i].hash != hash)
		i = (i + 1) & index->mask;
	return &index->lists[i];
}

static void index_rest(unsigned int i)
{
	if (i % 4096 == 0)
		cond_resched();
}

/* Put entries that are in the order of the rules into their lists. */
static void index_fill(struct finject_index *index,
		       const struct index_entry *entries, unsigned int count)
{
	struct finject_index_list *list;
	unsigned int i, sum = 0;

	for (i = 0; i < count; i++) {
		list = index_find(index, entries[i].hash);
		list->hash = entries[i].hash;
		list->end++;
		index_rest(i);
	}
	for (i = 0; i <= index->mask; i++) {
		list = &index->lists[i];
		if (!list->end)
			continue;
		sum += list->end;
		list->end = sum;
		list->next = sum;
	}
	for (i = count; i--;) {
		list = index_find(index, entries[i].hash);
		index->rules[--list->next] = entries[i].pos;
		index_rest(i);
	}
}

/* Half of the places stay free, so that the search for one is short. */
static int index_alloc(struct finject_index *index, unsigned int count)
{
	unsigned int places = roundup_pow_of_two(2 * count);

	index->mask = places - 1;
	index->shift = 32 - ilog2(places);
	index->lists = kvcalloc(places, sizeof(*index->lists),
				GFP_KERNEL_ACCOUNT);
	index->rules = kvmalloc_array(count, sizeof(*index->rules),
				      GFP_KERNEL_ACCOUNT);
	if (index->lists && index->rules)
		return 0;
	finject_index_free(index);
	return -ENOMEM;
}

static int index_rules(struct finject_index *index,
		       struct finject_rule *const *rules, unsigned int count)
{
	struct index_build build = { .index = index };
	struct index_entry *entries;
	unsigned int size = 0;
	int err;

	for (build.pos = 0; build.pos < count; build.pos++)
		size += index_size(rules[build.pos]);
	entries = kvmalloc_array(size, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	build.entry = entries;
	for (build.pos = 0; build.pos < count; build.pos++) {
		index_put_rule(&build, rules[build.pos]);
		index_rest(build.pos);
	}
	WARN_ON_ONCE(build.entry != entries + size);
	err = index_alloc(index, size);
	if (!err)
		index_fill(index, entries, size);
	kvfree(entries);
	return err;
}

/**
 * finject_index_build - index the rules of a set
 * @index: zeroed memory
 * @rules: the rules, in their order
 * @count: number of @rules
 *
 * A short set needs no memory, and cannot fail.
 *
 * Context: process.
 * Return: 0 or -ENOMEM; then @index is that of an empty set.
 */
int finject_index_build(struct finject_index *index,
			struct finject_rule *const *rules, unsigned int count)
{
	int err = count > SHORT_SET ? index_rules(index, rules, count) : 0;

	if (!err)
		index->count = count;
	return err;
}

/**
 * finject_index_free - free an index that nobody walks
 * @index: the index
 */
void finject_index_free(struct finject_index *index)
{
	kvfree(index->lists);
	kvfree(index->rules);
	index->lists = NULL;
	index->rules = NULL;
}

static void walk_add(struct finject_index_walk *walk, u32 hash)
{
	const struct finject_index_list *list = index_find(walk->index, hash);

	if (!list->end)
		return;
	if (walk->count < FINJECT_INDEX_LISTS)
		walk->list[walk->count++] = *list;
	else
		walk->all = true;
}

/**
 * finject_index_begin - begin a walk, which finds nothing yet
 * @walk: the walk
 * @index: the index; it stays as long as the walk
 *
 * What is added next says which rules it finds. It finds all of a short set.
 */
void finject_index_begin(struct finject_index_walk *walk,
			 const struct finject_index *index)
{
	walk->index = index;
	walk->from = 0;
	walk->count = 0;
	walk->all = !index->lists;
}

/* Add the rules of one pair under the ports, and one address. */
static void walk_add_ports(struct finject_index_walk *walk, unsigned int pair,
			   u16 sport, u16 dport, u32 addr)
{
	switch (pair / ADDRS) {
	case 0:
		walk_add(walk, index_hash(pair, 0, addr));
		break;
	case 1:
		walk_add(walk, index_hash(pair, dport, addr));
		break;
	case 2:
		walk_add(walk, index_hash(pair, sport, addr));
		break;
	case 3:
		walk_add(walk, index_hash(pair, sport, addr));
		walk_add(walk, index_hash(pair, dport, addr));
		break;
	}
}

static void walk_add_pair(struct finject_index_walk *walk, unsigned int pair,
			  const struct finject_tuple *tuple, unsigned int dir)
{
	u16 sport = ntohs(tuple->port[dir]), dport = ntohs(tuple->port[!dir]);
	unsigned int which, len;

	if (!(pair % ADDRS)) {
		walk_add_ports(walk, pair, sport, dport, 0);
		return;
	}
	which = (pair % ADDRS - 1) / LENS;
	len = index_lens(tuple->family)[(pair % ADDRS - 1) % LENS];
	if (addr_words[which] != FINJECT_KEYWORD_DST)
		walk_add_ports(walk, pair, sport, dport,
			       index_hash_addr(tuple->family,
					       &tuple->addr[dir], len));
	if (addr_words[which] != FINJECT_KEYWORD_SRC)
		walk_add_ports(walk, pair, sport, dport,
			       index_hash_addr(tuple->family,
					       &tuple->addr[!dir], len));
}

/**
 * finject_index_tuple - also find the rules whose ports and addresses may be
 *	those of a segment
 * @walk: the walk
 * @tuple: addresses and ports of the segment
 * @dir: end of @tuple that sent it
 *
 * It does not find those that have no narrow word for ports or addresses.
 */
void finject_index_tuple(struct finject_index_walk *walk,
			 const struct finject_tuple *tuple, unsigned int dir)
{
	u64 pairs;

	if (walk->all)
		return;
	for (pairs = walk->index->pairs; pairs; pairs &= pairs - 1)
		walk_add_pair(walk, __ffs64(pairs), tuple, dir);
}

/**
 * finject_index_wide - also find the rules that have no narrow word for ports or
 *	addresses
 * @walk: the walk
 */
void finject_index_wide(struct finject_index_walk *walk)
{
	if (!walk->all && walk->index->words)
		walk_add(walk, index_hash(WIDE, 0, 0));
}

static void walk_add_device(struct finject_index_walk *walk,
			    enum finject_keyword_id word,
			    const struct net_device *dev)
{
	if (dev && walk->index->words & BIT_ULL(word))
		walk_add(walk, index_hash(PAIRS + word,
					  index_hash_name(dev->name), 0));
}

/**
 * finject_index_segment - find all rules that may match a segment
 * @walk: a walk that has just begun
 * @segment: the segment
 * @classes: its classes
 *
 * Context: under RCU, for the devices.
 */
void finject_index_segment(struct finject_index_walk *walk,
			   const struct finject_segment *segment, u16 classes)
{
	unsigned int left;

	finject_index_tuple(walk, &segment->tuple, segment->dir);
	if (walk->all || !walk->index->words)
		return;
	walk_add_device(walk, FINJECT_KEYWORD_IIF, segment->in);
	walk_add_device(walk, FINJECT_KEYWORD_IIF, segment->in_too);
	walk_add_device(walk, FINJECT_KEYWORD_OIF, segment->out);
	walk_add_device(walk, FINJECT_KEYWORD_OIF, segment->out_too);
	if (walk->index->words & BIT_ULL(FINJECT_KEYWORD_MARK))
		walk_add(walk, index_hash(PAIRS + FINJECT_KEYWORD_MARK,
					  segment->mark, 0));
	if (!(walk->index->words & BIT_ULL(FINJECT_KEYWORD_SEG)))
		return;
	for (left = classes; left; left &= left - 1)
		walk_add(walk, index_hash(PAIRS + FINJECT_KEYWORD_SEG,
					  __ffs(left), 0));
}

/* Get the list whose next rule is the first of all. */
static struct finject_index_list *walk_first(struct finject_index_walk *walk)
{
	struct finject_index_list *first = &walk->list[0];
	const u32 *rules = walk->index->rules;
	unsigned int i;

	for (i = 1; i < walk->count; i++)
		if (rules[walk->list[i].next] < rules[first->next])
			first = &walk->list[i];
	return first;
}

/**
 * finject_index_next - find the next rule
 * @walk: the walk
 * @pos: set to its position, which is greater than the one before
 *
 * Return: true if there is one.
 */
bool finject_index_next(struct finject_index_walk *walk, unsigned int *pos)
{
	struct finject_index_list *list;

	if (walk->all) {
		*pos = walk->from++;
		return *pos < walk->index->count;
	}
	while (walk->count) {
		list = walk_first(walk);
		*pos = walk->index->rules[list->next++];
		if (list->next == list->end)
			*list = walk->list[--walk->count];
		/* two lists may have the same rule */
		if (*pos < walk->from)
			continue;
		walk->from = *pos + 1;
		return true;
	}
	return false;
}
