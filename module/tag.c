// SPDX-License-Identifier: GPL-2.0-only
/*
 * A netfilter hook may release a tag with a hundred thousand segments: there
 * the tag is only marked, and the runner makes its segments due, a bounded
 * number a turn.
 */
#include "tag.h"

#include <linux/slab.h>

#include "parked.h"

static struct finject_parked *tag_parked(struct rb_node *node)
{
	return node ? rb_entry(node, struct finject_parked, tag_node) : NULL;
}

static bool tag_precedes(u64 flow, u64 id, const struct finject_parked *parked)
{
	return flow < parked->position.flow ||
	       (flow == parked->position.flow && id < parked->key.id);
}

/**
 * finject_tag_after - find the next segment of a tag
 * @tag: the tag
 * @flow: id of a flow
 * @id: id of a segment of that flow
 *
 * Context: under the tags' lock.
 * Return: the first segment behind (@flow, @id), or NULL.
 */
struct finject_parked *finject_tag_after(const struct finject_tag *tag,
					 u64 flow, u64 id)
{
	struct rb_node *node = tag->waiting.rb_node;
	struct finject_parked *found = NULL;

	lockdep_assert_held(tag->tags->lock);
	while (node) {
		if (tag_precedes(flow, id, tag_parked(node))) {
			found = tag_parked(node);
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

static void tag_insert(struct finject_tag *tag, struct finject_parked *parked)
{
	struct rb_node **link = &tag->waiting.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (tag_precedes(parked->position.flow, parked->key.id,
				 tag_parked(parent)))
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&parked->tag_node, parent, link);
	rb_insert_color(&parked->tag_node, &tag->waiting);
}

static bool tag_is_first(const struct finject_parked *parked)
{
	return parked->position.nth[parked->class] == 1;
}

static bool tag_counts(const struct finject_parked *parked)
{
	return parked->epoch == parked->tag->epoch && tag_is_first(parked);
}

/**
 * finject_tag_join - add a segment to those that wait for its tag
 * @parked: the segment, which has an id
 *
 * Context: under the tags' lock.
 */
void finject_tag_join(struct finject_parked *parked)
{
	struct finject_tag *tag = parked->tag;

	lockdep_assert_held(tag->tags->lock);
	parked->epoch = tag->epoch;
	tag_insert(tag, parked);
	tag->firsts += tag_is_first(parked);
}

/**
 * finject_tag_leave - remove a segment from those that wait for its tag
 * @parked: the segment; it may have no tag, or have left it
 *
 * Context: under the tags' lock.
 */
void finject_tag_leave(struct finject_parked *parked)
{
	struct finject_tag *tag = parked->tag;

	if (!tag || RB_EMPTY_NODE(&parked->tag_node))
		return;
	lockdep_assert_held(tag->tags->lock);
	tag->firsts -= tag_counts(parked);
	rb_erase(&parked->tag_node, &tag->waiting);
	RB_CLEAR_NODE(&parked->tag_node);
}

/**
 * finject_tag_gathered - count the first transmissions of a segment's flow
 * @parked: the segment, which waits for its tag and is counted too
 *
 * Context: under the tags' lock.
 */
unsigned int finject_tag_gathered(const struct finject_parked *parked)
{
	const struct finject_parked *other;
	u64 flow = parked->position.flow;
	unsigned int count = 0;

	for (other = finject_tag_after(parked->tag, flow, 0);
	     other && other->position.flow == flow;
	     other = tag_parked(rb_next(&other->tag_node)))
		count += tag_counts(other);
	return count;
}

/**
 * finject_tag_order - compute the order of a gathered segment
 * @parked: the segment
 *
 * Gathered segments are sent flow by flow. Within a flow those that leave the
 * host precede those that come in: a segment that comes in is acknowledged at
 * once, and its ACK must not overtake the FIN that was to cross it.
 *
 * Return: finject_park_key.order.
 */
u64 finject_tag_order(const struct finject_parked *parked)
{
	bool comes_in = parked->resume.hook == NF_INET_PRE_ROUTING ||
			parked->resume.hook == NF_INET_LOCAL_IN;

	return parked->position.flow << 1 | comes_in;
}

/**
 * finject_tag_release - let the runner make all segments of a tag due
 * @tag: the tag; it begins to count anew
 * @until: id of the last segment to release
 * @due: ktime, ns
 * @by_flow: send in the order of finject_tag_order()
 *
 * Context: under the tags' lock; the caller arms the runner.
 */
void finject_tag_release(struct finject_tag *tag, u64 until, u64 due,
			 bool by_flow)
{
	lockdep_assert_held(tag->tags->lock);
	tag->firsts = 0;
	tag->epoch++;
	tag->until = until;
	tag->due = due;
	tag->by_flow = by_flow;
	tag->cursor_flow = 0;
	tag->cursor_id = 0;
	if (!RB_EMPTY_ROOT(&tag->waiting) && list_empty(&tag->releasing))
		list_add_tail(&tag->releasing, &tag->tags->releasing);
}

/**
 * finject_tags_releasing - get a tag with segments that the runner makes due
 * @tags: the namespace's tags
 *
 * Context: under the tags' lock.
 * Return: the tag released first, or NULL.
 */
struct finject_tag *finject_tags_releasing(struct finject_tags *tags)
{
	lockdep_assert_held(tags->lock);
	return list_first_entry_or_null(&tags->releasing, struct finject_tag,
					releasing);
}

/**
 * finject_tag_released - note that all released segments of a tag are due
 * @tag: the tag
 *
 * Context: under the tags' lock.
 */
void finject_tag_released(struct finject_tag *tag)
{
	lockdep_assert_held(tag->tags->lock);
	list_del_init(&tag->releasing);
}

static struct finject_tag *tag_find(struct finject_tags *tags,
				    const char *name)
{
	struct finject_tag *tag;

	list_for_each_entry(tag, &tags->used, used)
		if (!strcmp(tag->name, name))
			return tag;
	return NULL;
}

/**
 * finject_tag_get - get the tag of a name, and make it if there is none
 * @tags: the namespace's tags
 * @name: at most FINJECT_TAG_MAX - 1 bytes
 *
 * The number of tags is bounded by the rules that name them.
 *
 * Context: process.
 * Return: the tag with a reference, or NULL when there is no memory.
 */
struct finject_tag *finject_tag_get(struct finject_tags *tags,
				    const char *name)
{
	struct finject_tag *tag, *fresh = kzalloc(sizeof(*fresh),
						  GFP_KERNEL_ACCOUNT);

	if (!fresh)
		return NULL;
	fresh->tags = tags;
	refcount_set(&fresh->refs, 1);
	fresh->waiting = RB_ROOT;
	INIT_LIST_HEAD(&fresh->releasing);
	strscpy(fresh->name, name, sizeof(fresh->name));

	spin_lock_bh(tags->lock);
	tag = tag_find(tags, name);
	if (tag && refcount_inc_not_zero(&tag->refs)) {
		kfree(fresh);
	} else {
		tag = fresh;
		list_add_tail(&tag->used, &tags->used);
	}
	spin_unlock_bh(tags->lock);
	return tag;
}

/**
 * finject_tag_put - drop a reference
 * @tag: the tag; after the last reference no rule, hence no parked segment, has
 *	it
 *
 * Context: any, without the tags' lock.
 */
void finject_tag_put(struct finject_tag *tag)
{
	struct finject_tags *tags = tag->tags;

	if (!refcount_dec_and_test(&tag->refs))
		return;
	spin_lock_bh(tags->lock);
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&tag->waiting));
	list_del(&tag->releasing);
	list_del(&tag->used);
	spin_unlock_bh(tags->lock);
	kfree(tag);
}

/**
 * finject_tags_init - make an empty set of tags
 * @tags: the namespace's tags
 * @lock: lock of the namespace's park
 */
void finject_tags_init(struct finject_tags *tags, spinlock_t *lock)
{
	tags->lock = lock;
	INIT_LIST_HEAD(&tags->used);
	INIT_LIST_HEAD(&tags->releasing);
}
