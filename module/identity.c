// SPDX-License-Identifier: GPL-2.0-only
/*
 * A host sees a connection under more than one tuple where it translates
 * addresses or ports, where it forwards from one VRF to another, and where
 * conntrack zones keep equal tuples apart. The tuples of a segment are:
 *
 *	its own at the hook
 *	conntrack's two, where they differ
 *	that under which it came into the namespace, or left its socket
 *	that under which the answer will do so
 *	in a zone, that without the zone and the device
 *
 * Any of them finds the flow. Those that are not known yet become tuples of it.
 */
#include "identity.h"

enum { MOST = 6 };	/* tuples of one segment */

/**
 * struct identity_tuple - one of the tuples of a segment
 * @tuple: the tuple
 * @sender: end of @tuple that sent the segment
 * @way: enum finject_way
 * @opener: end of @tuple that opened the connection, unless @way is _SEEN
 * @weak: it has no zone, and the segment's own has one: connections of several
 *	zones may have it
 */
struct identity_tuple {
	struct finject_tuple tuple;
	u8 sender;
	u8 way;
	u8 opener;
	bool weak;
};

struct identity_tuples {
	struct identity_tuple tuple[MOST];
	unsigned int count;
};

static void identity_collect(struct identity_tuples *all,
			     const struct finject_tuple *tuple,
			     unsigned int sender)
{
	unsigned int i;

	for (i = 0; i < all->count && i < MOST; i++)
		if (!memcmp(&all->tuple[i].tuple, tuple, sizeof(*tuple)))
			return;
	if (WARN_ON_ONCE(i == MOST))
		return;
	all->tuple[all->count++] = (struct identity_tuple){
		.tuple = *tuple,
		.sender = sender,
	};
}

static void identity_collect_conn(struct identity_tuples *all,
				  const struct finject_conn *conn)
{
	struct identity_tuple *tuple;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(conn->tuple); i++) {
		identity_collect(all, &conn->tuple[i],
				 conn->opener[i] ^ conn->dir);
		if (i && all->count == i)
			return;		/* a zone, and no translation */
		tuple = &all->tuple[i];
		tuple->way = i ? FINJECT_WAY_REPLY : FINJECT_WAY_ORIG;
		tuple->opener = conn->opener[i];
	}
}

/* Collect a tuple as it is before conntrack, in no zone. */
static void identity_collect_at(struct identity_tuples *all,
				const struct finject_tuple *tuple,
				unsigned int sender, u32 dev, bool weak)
{
	unsigned int count = all->count;
	struct finject_tuple at = *tuple;

	at.zone = 0;
	at.dev = dev;
	identity_collect(all, &at, sender);
	if (all->count > count)
		all->tuple[count].weak = weak;
}

static void identity_collect_all(struct identity_tuples *all,
				 const struct finject_segment *segment,
				 const struct finject_conn *conn)
{
	const struct finject_tuple *came = &segment->tuple, *answer = came;
	unsigned int came_from = segment->dir, answer_to = segment->dir;
	bool zoned = segment->tuple.zone ||
		     (segment->hook == NF_INET_PRE_ROUTING &&
		      segment->to_dev != segment->tuple.dev);

	all->count = 0;
	if (conn->known) {
		identity_collect_conn(all, conn);
		came = &conn->tuple[conn->dir];
		came_from = conn->opener[conn->dir] ^ conn->dir;
		answer = &conn->tuple[!conn->dir];
		answer_to = conn->opener[!conn->dir] ^ conn->dir;
	}
	identity_collect(all, &segment->tuple, segment->dir);
	identity_collect_at(all, came, came_from, segment->from_dev, zoned);
	identity_collect_at(all, answer, answer_to, segment->to_dev, zoned);
	/* before the first segment in a zone, and of a socket */
	if (segment->tuple.zone)
		identity_collect_at(all, came, came_from, 0, true);
}

static bool identity_has_zone(const struct finject_flow *flow)
{
	const struct finject_further *further;

	if (flow->tuples.hash.tuple.zone)
		return true;
	for (further = flow->tuples.further; further; further = further->next)
		if (further->hash.tuple.zone)
			return true;
	return false;
}

/*
 * Test whether a flow is of an earlier connection, to whose translated address
 * and port conntrack has since given another one.
 */
static bool identity_is_stale(struct finject_flow *flow,
			      const struct finject_conn *conn)
{
	const struct finject_tuplehash *orig;

	orig = finject_tuple_of(&flow->tuples, FINJECT_WAY_ORIG);
	return conn->known && orig &&
	       !finject_tuple_same_ends(&orig->tuple, &conn->tuple[0]);
}

static void identity_forget(struct finject_flows *flows,
			    struct finject_flow *flow,
			    struct finject_tuplehash *hash)
{
	spin_lock(&flow->lock);
	finject_tuple_remove(&flows->tuples, hash);
	spin_unlock(&flow->lock);
}

static struct finject_flow *identity_find(struct finject_flows *flows,
					  const struct identity_tuples *all,
					  const struct finject_conn *conn,
					  struct finject_segment *segment)
{
	unsigned int i;

	for (i = 0; i < all->count; i++) {
		const struct identity_tuple *tuple = &all->tuple[i];
		struct finject_tuplehash *hash;
		struct finject_flow *flow;

		hash = finject_tuple_find(&flows->tuples, &tuple->tuple);
		if (!hash)
			continue;
		flow = finject_flow_of(hash);
		if (tuple->weak && identity_has_zone(flow))
			continue;
		if (!identity_is_stale(flow, conn)) {
			segment->flow_dir = tuple->sender ^ hash->flipped;
			return flow;
		}
		if (hash->further)
			identity_forget(flows, flow, hash);
		else
			finject_flow_remove(flows, flow);
	}
	return NULL;
}

/* A connection that conntrack translates anew has no more use for the old. */
static void identity_replace_reply(struct finject_flows *flows,
				   struct finject_flow *flow,
				   const struct finject_tuple *tuple)
{
	struct finject_tuplehash *hash;

	hash = finject_tuple_of(&flow->tuples, FINJECT_WAY_REPLY);
	if (!hash || finject_tuple_same_ends(&hash->tuple, tuple))
		return;
	spin_lock(&flow->lock);
	if (hash->further)
		finject_tuple_remove(&flows->tuples, hash);
	else
		hash->way = FINJECT_WAY_SEEN;
	spin_unlock(&flow->lock);
}

/*
 * Let a tuple find the flow. A flow of which only a socket's state was seen, by
 * that tuple, is the other end of the same connection.
 */
static void identity_learn(struct finject_flows *flows,
			   struct finject_flow *flow,
			   const struct identity_tuple *tuple,
			   unsigned int flow_dir)
{
	unsigned long max = (unsigned long)finject_max_flows *
			    FINJECT_TUPLES_PER_FLOW;
	struct finject_tuplehash *hash;
	struct finject_flow *other;

	if (tuple->way == FINJECT_WAY_REPLY)
		identity_replace_reply(flows, flow, &tuple->tuple);
	hash = finject_tuple_find(&flows->tuples, &tuple->tuple);
	other = hash ? finject_flow_of(hash) : flow;
	if (other != flow) {
		if (!finject_flow_remove_unseen(flows, other))
			return;
		hash = NULL;
	}
	spin_lock(&flow->lock);
	if (!hash)
		hash = finject_tuple_add(&flows->tuples, &flow->tuples,
					 &tuple->tuple,
					 tuple->sender ^ flow_dir, max);
	if (hash && tuple->way != FINJECT_WAY_SEEN) {
		hash->way = tuple->way;
		hash->opener = tuple->opener;
	}
	spin_unlock(&flow->lock);
}

/**
 * finject_identity_flow - get the flow of a connection, by any of its tuples
 * @flows: the namespace's table
 * @segment: a segment of it; its flow_dir is set
 * @conn: its tuples, as far as conntrack tells
 * @now: ktime, ns
 *
 * The flow is made if there is none. It is found by all tuples afterwards, as
 * far as there is memory, and room (counted).
 *
 * Context: under flows->lock.
 * Return: the flow, or NULL when there is no room or no memory.
 */
struct finject_flow *finject_identity_flow(struct finject_flows *flows,
					   struct finject_segment *segment,
					   const struct finject_conn *conn,
					   u64 now)
{
	struct identity_tuples all;
	struct finject_flow *flow;
	unsigned int i;

	lockdep_assert_held(&flows->lock);
	if (finject_identity_plain(segment, conn))
		return finject_flow_get(flows, &segment->tuple, now);
	identity_collect_all(&all, segment, conn);
	flow = identity_find(flows, &all, conn, segment);
	if (!flow) {
		segment->flow_dir = segment->dir;
		flow = finject_flow_get(flows, &segment->tuple, now);
	}
	if (!flow)
		return NULL;
	for (i = 0; i < all.count; i++)
		identity_learn(flows, flow, &all.tuple[i], segment->flow_dir);
	spin_lock(&flow->lock);
	flow->named |= conn->known;
	spin_unlock(&flow->lock);
	return flow;
}
