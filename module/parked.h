/* SPDX-License-Identifier: GPL-2.0-only */
/* One parked segment. */
#ifndef FINJECT_PARKED_H
#define FINJECT_PARKED_H

#include <linux/rbtree.h>

#include "flow.h"
#include "reinject.h"

struct finject_rule;
struct finject_tag;

/**
 * struct finject_park_key - the order in which parked segments are sent
 * @due: ktime, ns
 * @order: order among the segments due at one time: 0, or set by the release
 * @id: number of the segment, from 1, in the order of parking
 */
struct finject_park_key {
	u64 due;
	u64 order;
	u64 id;
};

/**
 * struct finject_parked - one parked segment
 * @node: in finject_park.tree
 * @batch: in the list of the function that took it out of the tree
 * @tag_node: in finject_tag.waiting, until anything releases it
 * @by_rule: in finject_rule.parked, until anything releases it
 * @skb: the segment, orphaned
 * @resume: the place where the segment continues
 * @rule: rule that parked it, referenced
 * @tag: tag of hold=, or NULL
 * @key: position in the tree
 * @at: ktime of parking, ns
 * @generation: generation of the rule set that judged it
 * @position: position in its flow
 * @tuple: key of its flow
 * @wire: sequence numbers, length and flags
 * @bytes: memory it takes, as counted
 * @epoch: epoch of its tag when it joined; once the tag has a later one,
 *	gather= no longer counts the segment
 * @dir: end of @tuple that sent it
 * @class: enum finject_class by which the rule matched it
 * @copy: the segment was made by duplicate=
 */
struct finject_parked {
	union {
		struct rb_node node;
		struct list_head batch;
	};
	struct rb_node tag_node;
	struct list_head by_rule;
	struct sk_buff *skb;
	struct finject_resume resume;
	struct finject_rule *rule;
	struct finject_tag *tag;
	struct finject_park_key key;
	u64 at;
	u64 generation;
	struct finject_position position;
	struct finject_tuple tuple;
	struct finject_wire wire;
	u32 bytes;
	u32 epoch;
	u8 dir;
	u8 class;
	bool copy;
};

#endif /* FINJECT_PARKED_H */
