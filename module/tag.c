// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tag may be let go from a netfilter hook, with a hundred thousand segments
 * under it: there it is only marked, and the runner makes its segments due, so
 * many a turn.
 */
#include "tag.h"

#include <linux/slab.h>

#include "park.h"

enum {
	WALK_TURN = 256,	/* segments the runner makes due a turn */
};

/*
 * What has gathered goes on this much later, ns. The last of it comes out of a
 * call of its sender, who still owns the socket; what Linux finds for a socket
 * that is owned waits in its backlog, where a FIN and the ACK behind it become
 * one segment if their options are the same, timestamps of one ms included
 * (tcp_add_backlog()). By then the call is over, and the next timestamp is
 * another one.
 */
static const u64 SETTLE = 2 * NSEC_PER_MSEC;

static struct finject_parked *waiting_of(struct rb_node *node)
{
	return node ? rb_entry(node, struct finject_parked, tag_node) : NULL;
}

static bool precedes(u64 flow, u64 id, const struct finject_parked *parked)
{
	return flow < parked->position.flow ||
	       (flow == parked->position.flow && id < parked->key.id);
}

/* The first of a tag's segments behind (@flow, @id). */
static struct finject_parked *waiting_after(const struct finject_tag *tag,
					    u64 flow, u64 id)
{
	struct rb_node *node = tag->waiting.rb_node;
	struct finject_parked *found = NULL;

	while (node) {
		if (precedes(flow, id, waiting_of(node))) {
			found = waiting_of(node);
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

static void insert(struct finject_tag *tag, struct finject_parked *parked)
{
	struct rb_node **link = &tag->waiting.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (precedes(parked->position.flow, parked->key.id,
			     waiting_of(parent)))
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&parked->tag_node, parent, link);
	rb_insert_color(&parked->tag_node, &tag->waiting);
}

static bool is_first(const struct finject_parked *parked)
{
	return parked->position.nth[parked->class] == 1;
}

static bool counts(const struct finject_parked *parked)
{
	return parked->epoch == parked->tag->epoch && is_first(parked);
}

/**
 * finject_tag_leave - a segment no longer waits for its tag
 * @parked: the segment; it may have no tag, or have left it
 *
 * Context: under finject_park.lock.
 */
void finject_tag_leave(struct finject_parked *parked)
{
	struct finject_tag *tag = parked->tag;

	if (!tag || RB_EMPTY_NODE(&parked->tag_node))
		return;
	lockdep_assert_held(&tag->park->lock);
	tag->firsts -= counts(parked);
	rb_erase(&parked->tag_node, &tag->waiting);
	RB_CLEAR_NODE(&parked->tag_node);
}

/*
 * Segments that have gathered go on flow by flow, and within a flow those that
 * leave the host before those that come in: what comes in is acknowledged at
 * once, and its ACK must not overtake the FIN that was to cross it.
 */
static u64 gathered_order(const struct finject_parked *parked)
{
	bool comes_in = parked->resume.hook == NF_INET_PRE_ROUTING ||
			parked->resume.hook == NF_INET_LOCAL_IN;

	return parked->position.flow << 1 | comes_in;
}

/* What has joined so far goes on at @due; counting begins anew. */
static void release(struct finject_tag *tag, u64 due, bool by_flow)
{
	struct finject_park *park = tag->park;

	lockdep_assert_held(&park->lock);
	tag->firsts = 0;
	tag->epoch++;
	tag->upto = park->next_id;
	tag->due = due;
	tag->by_flow = by_flow;
	tag->cursor_flow = 0;
	tag->cursor_id = 0;
	if (RB_EMPTY_ROOT(&tag->waiting))
		return;
	if (list_empty(&tag->releasing))
		list_add_tail(&tag->releasing, &park->releasing);
	finject_runner_arm(park);
}

/* First transmissions of the segment's own flow, it among them. */
static unsigned int gathered_in_flow(const struct finject_parked *parked)
{
	const struct finject_parked *other;
	unsigned int count = 0;
	u64 flow = parked->position.flow;

	for (other = waiting_after(parked->tag, flow, 0);
	     other && other->position.flow == flow;
	     other = waiting_of(rb_next(&other->tag_node)))
		count += counts(other);
	return count;
}

static void settle_flow(struct finject_tag *tag, u64 flow, u64 due)
{
	struct finject_parked *parked;

	while ((parked = waiting_after(tag, flow, 0)) &&
	       parked->position.flow == flow)
		finject_park_rekey(tag->park, parked, due,
				   gathered_order(parked));
}

/**
 * finject_tag_join - a segment waits for its tag from now on
 * @parked: the segment, in the tree
 *
 * With per=flow a tag gathers within each flow.
 *
 * Context: under finject_park.lock.
 */
void finject_tag_join(struct finject_parked *parked)
{
	struct finject_tag *tag = parked->tag;
	u32 gather = parked->rule->spec.gather;
	u64 due = parked->at + SETTLE;

	lockdep_assert_held(&tag->park->lock);
	parked->epoch = tag->epoch;
	insert(tag, parked);
	tag->firsts += is_first(parked);
	if (!gather)
		return;
	if (!parked->rule->spec.schedule.per_flow) {
		if (tag->firsts >= gather)
			release(tag, due, true);
	} else if (gathered_in_flow(parked) >= gather) {
		settle_flow(tag, parked->position.flow, due);
		finject_runner_arm(tag->park);
	}
}

/* One turn for one tag. */
static bool walk(struct finject_tag *tag)
{
	struct finject_parked *parked;
	unsigned int turn = 0;

	while ((parked = waiting_after(tag, tag->cursor_flow,
				       tag->cursor_id)) &&
	       turn++ < WALK_TURN) {
		tag->cursor_flow = parked->position.flow;
		tag->cursor_id = parked->key.id;
		if (parked->key.id <= tag->upto)
			finject_park_rekey(tag->park, parked, tag->due,
					   tag->by_flow ?
					   gathered_order(parked) : 0);
	}
	return parked;
}

/**
 * finject_tags_walk - make segments due whose tags were let go
 * @park: the namespace's
 *
 * Context: the runner, under park->lock.
 * Return: whether there are more, for another turn.
 */
bool finject_tags_walk(struct finject_park *park)
{
	struct finject_tag *tag;

	lockdep_assert_held(&park->lock);
	tag = list_first_entry_or_null(&park->releasing, struct finject_tag,
				       releasing);
	if (tag && !walk(tag))
		list_del_init(&tag->releasing);
	return !list_empty(&park->releasing);
}

static struct finject_tag *find_tag(struct finject_park *park,
				    const char *name)
{
	struct finject_tag *tag;

	list_for_each_entry(tag, &park->tags, list)
		if (!strcmp(tag->name, name))
			return tag;
	return NULL;
}

/**
 * finject_tag_get - the tag of a name, made if there is none
 * @park: the namespace's
 * @name: at most FINJECT_TAG_MAX - 1 bytes
 *
 * Tags are bounded by the rules that name them.
 *
 * Context: process.
 * Return: the tag with a reference, or NULL when there is no memory.
 */
struct finject_tag *finject_tag_get(struct finject_park *park,
				    const char *name)
{
	struct finject_tag *tag, *fresh = kzalloc(sizeof(*fresh),
							  GFP_KERNEL_ACCOUNT);

	if (!fresh)
		return NULL;
	fresh->park = park;
	refcount_set(&fresh->refs, 1);
	fresh->waiting = RB_ROOT;
	INIT_LIST_HEAD(&fresh->releasing);
	strscpy(fresh->name, name, sizeof(fresh->name));

	spin_lock_bh(&park->lock);
	tag = find_tag(park, name);
	if (tag && refcount_inc_not_zero(&tag->refs)) {
		kfree(fresh);
	} else {
		tag = fresh;
		list_add_tail(&tag->list, &park->tags);
	}
	spin_unlock_bh(&park->lock);
	return tag;
}

/**
 * finject_tag_put - drop a reference
 * @tag: the tag; with the last one gone no rule, hence no parked segment, has it
 *
 * Context: any, without finject_park.lock.
 */
void finject_tag_put(struct finject_tag *tag)
{
	struct finject_park *park = tag->park;

	if (!refcount_dec_and_test(&tag->refs))
		return;
	spin_lock_bh(&park->lock);
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&tag->waiting));
	list_del(&tag->releasing);
	list_del(&tag->list);
	spin_unlock_bh(&park->lock);
	kfree(tag);
}

/**
 * finject_tag_release - let go what is held under a tag, in the order of parking
 * @tag: the tag
 *
 * The segments go on from the runner, not from here: the caller may hold the
 * lock of a socket that one of them is for.
 *
 * Context: any but hard interrupts.
 */
void finject_tag_release(struct finject_tag *tag)
{
	struct finject_park *park = tag->park;

	spin_lock_bh(&park->lock);
	release(tag, ktime_get_ns(), false);
	spin_unlock_bh(&park->lock);
}
