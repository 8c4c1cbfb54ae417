/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule, and what it counted. */
#ifndef FINJECT_RULE_H
#define FINJECT_RULE_H

#include <linux/refcount.h>

#include "author.h"
#include "flow.h"
#include "lang/keyword.h"
#include "tag.h"

enum { FINJECT_ASKED = 23 };	/* words that a rule may ask, and the end */

/**
 * struct finject_rule - one rule of one namespace
 * @refs: one for each set it is in, one for each segment it parked
 * @rcu: to free it, because hooks may be judging by it
 * @serial: never given twice, unlike @spec.id
 * @generation: generation of the newest set it is in (under finject_net.mutex)
 * @owner: the open file that leases it, or NULL (changed under
 *	finject_net.mutex)
 * @author: the process that added it
 * @dead: no longer in the current set; a segment that it still parks is
 *	released at once (guarded by finject_park.lock)
 * @parked: parked segments that are not released yet (guarded by
 *	finject_park.lock)
 * @by_id: in the hash table of a transaction; @slot is its place there (both
 *	guarded by finject_net.mutex)
 * @slot: see @by_id
 * @expires: ktime at which timeout= removes it, ns; 0 for never
 * @hold: tag of hold=, or NULL
 * @release: tag of release=, or NULL
 * @spec: specification; does not change once published
 * @pair: finject_index_pair() of @spec
 * @asks: the words that it asks, in this order, then FINJECT_KEYWORD_NONE
 * @lock: guards @tally and @flows_seen; taken with BH off; may nest in
 *	finject_flow.lock
 * @tally: matched and fired
 * @flows_seen: number of flows that matched it
 * @failed: for each word, the segments for which it was the first that was not
 *	true: a match word, or a word of the schedule; per= where there was no
 *	room for state of the flow
 * @passed: segments that earlier sets did not ask it about; see
 *	finject_ruleset_free_rcu()
 */
struct finject_rule {
	refcount_t refs;
	struct rcu_head rcu;
	u64 serial;
	u64 generation;
	const void *owner;
	struct finject_author author;
	u64 expires;
	bool dead;
	struct list_head parked;
	struct hlist_node by_id;
	unsigned int slot;
	struct finject_tag *hold;
	struct finject_tag *release;
	struct finject_spec spec;
	u8 pair;
	u8 asks[FINJECT_ASKED];
	spinlock_t lock;	/* may nest in finject_flow.lock */
	struct finject_tally tally;
	u64 flows_seen;
	atomic64_t failed[FINJECT_KEYWORDS];
	atomic64_t passed;
};

struct finject_rule *finject_rule_new(const struct finject_spec *spec);
void finject_rule_get(struct finject_rule *rule);
void finject_rule_put(struct finject_rule *rule);

#endif /* FINJECT_RULE_H */
