/* SPDX-License-Identifier: GPL-2.0-only */
/* The names under which hold= parks, and the segments that wait for each. */
#ifndef FINJECT_TAG_H
#define FINJECT_TAG_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

#include "lang/spec.h"

struct finject_parked;

/**
 * struct finject_tags - the tags of one namespace
 * @lock: the park's lock; guards the rest
 * @used: all tags
 * @releasing: tags with segments that the runner is still to make due
 */
struct finject_tags {
	spinlock_t *lock;	/* the park's */
	struct list_head used;
	struct list_head releasing;
};

/**
 * struct finject_tag - the tag of hold=TAG and release=TAG
 * @used: in finject_tags.used
 * @releasing: in finject_tags.releasing while the runner has segments of the
 *	tag to make due
 * @tags: the namespace's tags
 * @refs: one for each rule that names it
 * @waiting: its segments, by (flow, id)
 * @firsts: number of first transmissions that count for gather=
 * @epoch: rises when all of them are released; segments that joined before no
 *	longer count
 * @until: id of the last segment to release
 * @due: ktime at which released segments are sent, ns
 * @by_flow: send them flow by flow, see finject_tag_order()
 * @cursor_flow: position of the runner in @waiting
 * @cursor_id: see @cursor_flow
 * @name: NUL-terminated
 *
 * All but @refs and @name is guarded by finject_tags.lock.
 */
struct finject_tag {
	struct list_head used;
	struct list_head releasing;
	struct finject_tags *tags;
	refcount_t refs;
	struct rb_root waiting;
	unsigned int firsts;
	u32 epoch;
	u64 until;
	u64 due;
	bool by_flow;
	u64 cursor_flow;
	u64 cursor_id;
	char name[FINJECT_TAG_MAX];
};

void finject_tags_init(struct finject_tags *tags, spinlock_t *lock);
struct finject_tag *finject_tag_get(struct finject_tags *tags,
				    const char *name);
void finject_tag_put(struct finject_tag *tag);

void finject_tag_join(struct finject_parked *parked);
void finject_tag_leave(struct finject_parked *parked);
struct finject_parked *finject_tag_after(const struct finject_tag *tag,
					 u64 flow, u64 id);
unsigned int finject_tag_gathered(const struct finject_parked *parked);
u64 finject_tag_order(const struct finject_parked *parked);
void finject_tag_release(struct finject_tag *tag, u64 until, u64 due,
			 bool by_flow);
struct finject_tag *finject_tags_releasing(struct finject_tags *tags);
void finject_tag_released(struct finject_tag *tag);

#endif /* FINJECT_TAG_H */
