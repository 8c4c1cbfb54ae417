/* SPDX-License-Identifier: GPL-2.0-only */
/* Segments that wait: until a time, or until they are released. */
#ifndef FINJECT_PARK_H
#define FINJECT_PARK_H

#include <linux/hrtimer.h>
#include <linux/rbtree.h>
#include <linux/wait.h>

#include "flow.h"
#include "reinject.h"
#include "rule.h"

/**
 * struct finject_tag - what hold=TAG parks under and release=TAG lets go
 * @list: in finject_park.tags
 * @park: where it belongs
 * @refs: one for each rule that names it
 * @parked: its segments, in the order they came
 * @firsts: those of them that are first transmissions, for gather=
 * @name: NUL-terminated
 *
 * @list, @parked and @firsts are guarded by finject_park.lock.
 */
struct finject_tag {
	struct list_head list;
	struct finject_park *park;
	refcount_t refs;
	struct list_head parked;
	unsigned int firsts;
	char name[FINJECT_TAG_MAX];
};

/**
 * struct finject_parked - one parked segment
 * @node: in finject_park.tree while it waits
 * @list: on its tag's list, or on finject_park.ready, or on a batch
 * @skb: the segment, orphaned
 * @place: where it goes on
 * @rule: that parked it, referenced
 * @tag: of hold=, or NULL
 * @id: its number, from 1, in the order of parking
 * @due: ktime at which it goes on, ns
 * @at: ktime of parking, ns
 * @generation: of the rule set that judged it
 * @sight: its place in its flow
 * @bytes: skb->truesize, as counted
 * @copy: made by duplicate=
 * @ready: it is on finject_park.ready
 * @gathered: its gather= is reached, and @due soon; no gather= counts it
 *
 * At most 256 bytes (asserted), the skb apart.
 */
struct finject_parked {
	struct rb_node node;
	struct list_head list;
	struct sk_buff *skb;
	struct finject_place place;
	struct finject_rule *rule;
	struct finject_tag *tag;
	u64 id;
	u64 due;
	u64 at;
	u64 generation;
	struct finject_sight sight;
	u32 bytes;
	bool copy;
	bool ready;
	bool gathered;
};

/**
 * struct finject_park - all that is parked in one namespace
 * @lock: guards the rest; taken with BH off; may nest in finject_flows.lock
 * @tree: by (due, id)
 * @ready: released ahead of time, next to go
 * @tags: the tags in use
 * @timer: the only runner: what goes on, goes on from its softirq, where no
 *	socket lock is held
 * @idle: woken when @ready has run empty
 * @running: the runner is between taking a batch and having sent it
 * @closed: the namespace is going: nothing parks any more
 * @gauge: of segments
 * @bytes: of their truesize
 * @copies: those of the segments that are copies
 * @next_id: of the next segment
 */
struct finject_park {
	spinlock_t lock;	/* may nest in finject_flows.lock */
	struct rb_root_cached tree;
	struct list_head ready;
	struct list_head tags;
	struct hrtimer timer;
	wait_queue_head_t idle;
	bool running;
	bool closed;
	struct finject_gauge gauge;
	struct finject_gauge bytes;
	unsigned long copies;
	u64 next_id;
};

/**
 * struct finject_choice - which parked segments are meant; what is zero or
 *	NULL does not choose, so that zeroed memory means all
 * @rule: those that this rule parked
 * @tag: those held under this name
 * @id: the one with this number
 * @dev: those that need this device
 */
struct finject_choice {
	const struct finject_rule *rule;
	const char *tag;
	u64 id;
	const struct net_device *dev;
};

void finject_park_init(struct finject_park *park);
struct finject_parked *finject_park_prepare(struct finject_park *park,
					    struct sk_buff *skb,
					    const struct nf_hook_state *state,
					    const struct nf_hook_ops *ops);
void finject_park_commit(struct finject_park *park,
			 struct finject_parked *parked);
unsigned long finject_park_release(struct finject_park *park,
				   const struct finject_choice *choice);
void finject_park_end_rule(struct finject_park *park,
			   struct finject_rule *rule);
void finject_park_wait(struct finject_park *park);
unsigned long finject_park_purge(struct finject_park *park,
				 const struct finject_choice *choice);
void finject_park_close(struct finject_park *park);

struct finject_tag *finject_tag_get(struct finject_park *park,
				    const char *name);
void finject_tag_put(struct finject_tag *tag);
void finject_tag_release(struct finject_tag *tag);

int finject_park_cache_init(void);
void finject_park_cache_exit(void);

extern unsigned int finject_max_parked;
extern unsigned long finject_max_parked_bytes;

#endif /* FINJECT_PARK_H */
