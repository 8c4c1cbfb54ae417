/* SPDX-License-Identifier: GPL-2.0-only */
/* The names under which hold= parks, and what lets go of them. */
#ifndef FINJECT_TAG_H
#define FINJECT_TAG_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>

#include "parse.h"

struct finject_park;
struct finject_parked;

/**
 * struct finject_tag - what hold=TAG parks under and release=TAG lets go
 * @list: in finject_park.tags
 * @releasing: in finject_park.releasing while the runner has segments of it to
 *	make due
 * @park: where it belongs
 * @refs: one for each rule that names it
 * @waiting: its segments, by (flow, id)
 * @firsts: those of them that count for gather=
 * @epoch: rises when all of them are let go; those that joined before no longer
 *	count
 * @upto: id of the last segment that @releasing is about
 * @due: when these go on, ktime, ns
 * @by_flow: and that flow by flow, see finject_tag_order()
 * @cursor_flow: how far the runner has come in @waiting
 * @cursor_id: see @cursor_flow
 * @name: NUL-terminated
 *
 * All but @refs and @name is guarded by finject_park.lock.
 */
struct finject_tag {
	struct list_head list;
	struct list_head releasing;
	struct finject_park *park;
	refcount_t refs;
	struct rb_root waiting;
	unsigned int firsts;
	u32 epoch;
	u64 upto;
	u64 due;
	bool by_flow;
	u64 cursor_flow;
	u64 cursor_id;
	char name[FINJECT_TAG_MAX];
};

struct finject_tag *finject_tag_get(struct finject_park *park,
				    const char *name);
void finject_tag_put(struct finject_tag *tag);
void finject_tag_release(struct finject_tag *tag);

void finject_tag_join(struct finject_parked *parked);
void finject_tag_leave(struct finject_parked *parked);
bool finject_tags_walk(struct finject_park *park);

#endif /* FINJECT_TAG_H */
