/* SPDX-License-Identifier: GPL-2.0-only */
/* Segments that wait: until a time, or until they are released. */
#ifndef FINJECT_PARK_H
#define FINJECT_PARK_H

#include <linux/hrtimer.h>
#include <linux/rbtree.h>
#include <linux/wait.h>

#include "event.h"
#include "flow.h"
#include "reinject.h"
#include "rule.h"
#include "tag.h"

/**
 * struct finject_park_key - the order in which parked segments go on
 * @due: ktime, ns
 * @order: among those due at one time: 0, or what released them says
 * @id: the segment's number, from 1, in the order of parking
 */
struct finject_park_key {
	u64 due;
	u64 order;
	u64 id;
};

/**
 * struct finject_parked - one parked segment
 * @node: in finject_park.tree
 * @tag_node: in finject_tag.waiting, until the tag or anything else lets it go
 * @by_rule: in finject_rule.parked, as long
 * @batch: of whoever took it out of the tree
 * @skb: the segment, orphaned
 * @resume: where it goes on
 * @rule: that parked it, referenced
 * @tag: of hold=, or NULL
 * @key: its position in the tree
 * @at: ktime of parking, ns
 * @generation: of the rule set that judged it
 * @position: its place in its flow
 * @bytes: memory it takes, as counted
 * @epoch: of its tag when it joined; a later one of the tag's no longer counts
 *	it for gather=
 * @class: enum finject_class by which the rule matched it
 * @copy: made by duplicate=
 *
 * At most 256 bytes (asserted), the skb apart.
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
	u32 bytes;
	u32 epoch;
	u8 class;
	bool copy;
};

/**
 * struct finject_park - all that is parked in one namespace
 * @lock: guards the rest; taken with BH off; may nest in finject_flows.lock
 * @tree: all of it, by finject_parked.key; what is due by now goes next
 * @tags: the tags in use
 * @releasing: of these, those whose segments the runner is still to make due
 * @timer: the only runner: what goes on, goes on from its softirq, where no
 *	socket lock is held
 * @idle: woken at the end of each of the runner's turns
 * @rest: ktime before which the runner takes no turn, ns
 * @behind: the last turn left segments that were due (the runner's own)
 * @held_back: turns it has given up in a row for the stack's sake (the same)
 * @running: the runner is between taking a batch and having sent it
 * @closed: the namespace is going: nothing parks any more
 * @gauge: of segments
 * @bytes: of their memory
 * @copies: those of the segments that are copies
 * @next_id: of the next segment
 */
struct finject_park {
	spinlock_t lock;	/* may nest in finject_flows.lock */
	struct rb_root_cached tree;
	struct list_head tags;
	struct list_head releasing;
	struct hrtimer timer;
	wait_queue_head_t idle;
	u64 rest;
	bool behind;
	unsigned int held_back;
	bool running;
	bool closed;
	struct finject_gauge gauge;
	struct finject_gauge bytes;
	unsigned long copies;
	u64 next_id;
};

/**
 * struct finject_park_filter - which parked segments are meant; what is zero or
 *	NULL does not choose, so that zeroed memory means all
 * @rule: those that this rule parked
 * @tag: those held under this name
 * @id: the one with this number
 * @dev: those that need this device
 * @module: those that would go on in the code of this module
 */
struct finject_park_filter {
	const struct finject_rule *rule;
	const char *tag;
	u64 id;
	const struct net_device *dev;
	const struct module *module;
};

void finject_park_init(struct finject_park *park);
struct finject_parked *finject_park_prepare(struct finject_park *park,
					    struct sk_buff *skb,
					    const struct nf_hook_state *state);
void finject_park_commit(struct finject_park *park,
			 struct finject_parked *parked);
unsigned long finject_park_release(struct finject_park *park,
				   const struct finject_park_filter *filter);
void finject_park_end_rule(struct finject_park *park,
			   struct finject_rule *rule);
void finject_park_wait(struct finject_park *park);
unsigned long finject_park_purge(struct finject_park *park,
				 const struct finject_park_filter *filter);
void finject_park_close(struct finject_park *park);

struct finject_parked *finject_park_first(struct finject_park *park);
struct finject_parked *finject_park_after(struct finject_park *park,
					  const struct finject_park_key *key);
void finject_park_take_out(struct finject_park *park,
			   struct finject_parked *parked);
void finject_park_rekey(struct finject_park *park,
			struct finject_parked *parked, u64 due, u64 order);
void finject_parked_record(struct finject_park *park,
			   const struct finject_parked *parked,
			   enum finject_verdict outcome);
bool finject_parked_read(const struct finject_parked *parked,
			 struct finject_segment *segment);
void finject_parked_purge(struct finject_park *park,
			  struct finject_parked *parked);
void finject_parked_free(struct finject_parked *parked);

void finject_runner_init(struct finject_park *park);
void finject_runner_arm(struct finject_park *park);

int finject_park_cache_init(void);
void finject_park_cache_exit(void);

extern unsigned int finject_max_parked;
extern unsigned long finject_max_parked_bytes;

#endif /* FINJECT_PARK_H */
