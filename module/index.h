/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find the rules of a set that may match a segment, in the order of the set,
 * without asking each.
 */
#ifndef FINJECT_INDEX_H
#define FINJECT_INDEX_H

#include "lang/keyword.h"
#include "segment.h"

struct finject_rule;

/* A walk that would read more lists than this reads all rules instead. */
enum { FINJECT_INDEX_LISTS = 32 };

/* Words in the key of a rule, at most. */
enum { FINJECT_INDEX_KEY = 2 };

/**
 * struct finject_index_list - the rules of one value of one key
 * @hash: hash of the key's words and the value
 * @next: the first of its rules among finject_index.rules
 * @end: behind the last; 0 for no list
 */
struct finject_index_list {
	u32 hash;
	u32 next;
	u32 end;
};

/**
 * struct finject_index - the rules of a set by their keys
 * @count: number of rules in the set
 * @pairs: bit for each pair of a word for ports and a word for addresses, with
 *	its length of prefixes, that is the key of a rule
 * @words: bit for each other word that is the key of a rule
 * @mask: number of places in @lists less one
 * @shift: what a hash is shifted by for its place: its high bits are the best
 * @lists: hash table with open addressing; NULL for a short set, all of whose
 *	rules are asked
 * @rules: positions of rules, those of each list together, in their order
 *
 * Immutable once built.
 */
struct finject_index {
	unsigned int count;
	u64 pairs;
	u64 words;
	u32 mask;
	u8 shift;
	struct finject_index_list *lists;
	u32 *rules;
};

/**
 * struct finject_index_walk - a walk over the rules that may match
 * @index: the index
 * @from: least position that is still to be found
 * @all: find all rules
 * @count: lists that are not at their end
 * @list: what is left of them
 */
struct finject_index_walk {
	const struct finject_index *index;
	unsigned int from;
	bool all;
	unsigned int count;
	struct finject_index_list list[FINJECT_INDEX_LISTS];
};

u8 finject_index_pair(const struct finject_spec *spec);
unsigned int finject_index_key(const struct finject_spec *spec, u8 pair,
			       u8 words[FINJECT_INDEX_KEY]);
int finject_index_build(struct finject_index *index,
			struct finject_rule *const *rules, unsigned int count);
void finject_index_free(struct finject_index *index);

void finject_index_begin(struct finject_index_walk *walk,
			 const struct finject_index *index);
void finject_index_tuple(struct finject_index_walk *walk,
			 const struct finject_tuple *tuple, unsigned int dir);
void finject_index_wide(struct finject_index_walk *walk);
void finject_index_segment(struct finject_index_walk *walk,
			   const struct finject_segment *segment, u16 classes);
bool finject_index_next(struct finject_index_walk *walk, unsigned int *pos);

#endif /* FINJECT_INDEX_H */
