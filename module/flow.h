/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracked closes of one namespace: a bounded table of flows. */
#ifndef FINJECT_FLOW_H
#define FINJECT_FLOW_H

#include <linux/jump_label.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "counter.h"
#include "schedule.h"
#include "segment.h"
#include "tuple.h"

enum {
	FINJECT_RULES_PER_FLOW = 4,	/* flow_rules per flow of max_flows */
	FINJECT_PLACE_SHIFT = 30,	/* log2 of ns for which a place is good */
};

/**
 * struct finject_flow_rule - per-flow rule state
 * @next: state of the flow's next rule
 * @rule: serial of the rule; no serial is given twice
 * @flow: ordinal of the flow among those that matched the rule, from 1
 * @tally: the rule's counters with per=flow
 */
struct finject_flow_rule {
	struct finject_flow_rule *next;
	u64 rule;
	u64 flow;
	struct finject_tally tally;
};

/**
 * enum finject_flow_state - the state of a flow
 * @FINJECT_FLOW_UNSEEN: no segment was seen, only a state of its socket
 * @FINJECT_FLOW_SEEN: a segment was seen
 * @FINJECT_FLOW_REMOVED: the flow is no longer in the table
 */
enum finject_flow_state {
	FINJECT_FLOW_UNSEEN,
	FINJECT_FLOW_SEEN,
	FINJECT_FLOW_REMOVED,
};

/**
 * enum finject_flow_list - the lists of flows, in the order in which they give
 *	way to new ones
 * @FINJECT_FLOWS_LEFT: only a socket's state was seen, and the socket is gone,
 *	or no longer watched
 * @FINJECT_FLOWS_FINISHED: the close is over
 * @FINJECT_FLOWS_UNSEEN: only a socket's state was seen
 * @FINJECT_FLOWS_BEFORE: neither FIN nor RST was seen
 * @FINJECT_FLOWS_OPEN: the close is not over
 * @FINJECT_FLOW_LISTS: number of lists
 */
enum finject_flow_list {
	FINJECT_FLOWS_LEFT,
	FINJECT_FLOWS_FINISHED,
	FINJECT_FLOWS_UNSEEN,
	FINJECT_FLOWS_BEFORE,
	FINJECT_FLOWS_OPEN,
	FINJECT_FLOW_LISTS,
};

/**
 * struct finject_flow - one tracked close
 * @tuples: its tuples; they change under finject_flows.lock and @lock
 * @age_list: in one of finject_flows.lists (guarded by finject_flows.lock)
 * @rcu: to free it; by then it is on no list
 * @id: number of the flow, from 1; a new incarnation gets a new one; also read
 *	without the lock
 * @born: ktime of its first segment, ns
 * @last: ktime of its latest segment, ns
 * @rules: per-flow rule states
 * @stage: progress of the close
 * @placed: time of its place in the list, ns >> FINJECT_PLACE_SHIFT
 * @count: segments seen so far, by hook and class; stops at FINJECT_NTH_MAX
 * @state: enum finject_flow_state
 * @list: the enum finject_flow_list where it belongs
 * @misplaced: it belongs elsewhere in the lists, see finject_flow_place()
 * @named: conntrack's tuples of the connection are among its tuples
 * @settled: it is under way, and all its tuples are known; also read without
 *	the lock
 * @lock: guards the rest; taken with BH off; may nest in finject_flows.lock
 *
 * A flow is at most 240 bytes (asserted), because there may be many.
 */
struct finject_flow {
	struct finject_tuples tuples;
	union {
		struct list_head age_list;
		struct rcu_head rcu;
	};
	u64 id;
	u64 born;
	u64 last;
	struct finject_flow_rule *rules;
	struct finject_stage stage;
	u16 placed;
	u16 count[FINJECT_HOOKS][FINJECT_CLASSES];
	u8 state:2;
	u8 list:3;
	u8 misplaced:1;
	u8 named:1;
	bool settled;
	spinlock_t lock;	/* may nest in finject_flows.lock */
};

/**
 * struct finject_flows - the flow table of one namespace
 * @tuples: finds a flow by each of its tuples
 * @counters: the namespace's counters
 * @watched: ktime since when hooks have seen all segments, ns
 * @zoned: a segment in a conntrack zone was seen
 * @early: rules want segments before the first FIN
 * @lock: guards the table: which flows there are, by which tuples they are
 *	found, and their order; and, while somebody reads the events, that of all
 *	segments. Taken with BH off. All members above it but @tuples are also
 *	read without it
 * @lists: by enum finject_flow_list, those that have not been active for longest
 *	first, to about a second
 * @gauge: gauge of flows
 * @gc: removes flows that have been idle too long
 * @rules_lock: guards @rules; innermost
 * @rules: gauge of per-flow rule states
 * @last_id: id of the newest flow
 *
 * A segment of a flow that is there takes only the flow's own lock: closes do
 * not wait for each other.
 */
struct finject_flows {
	struct finject_tuple_table tuples;
	struct finject_counters __percpu *counters;
	u64 watched;
	bool zoned;
	bool early;
	spinlock_t lock ____cacheline_aligned_in_smp;	/* of the table */
	struct list_head lists[FINJECT_FLOW_LISTS];
	struct finject_gauge gauge;
	struct delayed_work gc;
	spinlock_t rules_lock ____cacheline_aligned_in_smp;	/* innermost */
	struct finject_gauge rules;
	atomic64_t last_id;
};

/**
 * struct finject_position - the position of a segment in its flow
 * @flow: id of the flow
 * @classes: bitmask of classes
 * @active: the active closer sent it
 * @passive: the passive closer sent it (neither before a FIN was seen)
 * @simultaneous: the flow is a simultaneous close
 * @partial: a FIN of the flow was not seen
 * @nth: per class of @classes: ordinal at this hook, from 1
 * @conn: addresses and ports as the opener of the connection sends them, where
 *	those at the hook differ; its family is 0 where they do not
 * @opener: end of @conn that opened the connection
 */
struct finject_position {
	u64 flow;
	u16 classes;
	bool active;
	bool passive;
	bool simultaneous;
	bool partial;
	u16 nth[FINJECT_CLASSES];
	struct finject_tuple conn;
	u8 opener;
};

DECLARE_STATIC_KEY_FALSE(finject_early_key);

int finject_flows_init(struct finject_flows *flows,
		       struct finject_counters __percpu *counters);
void finject_flows_watch(struct finject_flows *flows, u64 now);
void finject_flows_want_early(struct finject_flows *flows, bool early);
void finject_flows_clear(struct finject_flows *flows);
void finject_flows_destroy(struct finject_flows *flows);

struct finject_flow *finject_flow_find(struct finject_flows *flows,
				       const struct finject_tuple *tuple);
struct finject_flow *finject_flow_create(struct finject_flows *flows,
					 const struct finject_tuple *tuple,
					 enum finject_flow_list list, u64 now);
struct finject_flow *finject_flow_get(struct finject_flows *flows,
				      const struct finject_tuple *tuple,
				      u64 now);
void finject_flow_begin(struct finject_flows *flows, struct finject_flow *flow,
			u64 now, bool renews);
void finject_flow_remove(struct finject_flows *flows,
			 struct finject_flow *flow);
bool finject_flow_remove_unseen(struct finject_flows *flows,
				struct finject_flow *flow);
void finject_flow_place(struct finject_flows *flows,
			struct finject_flow *flow);
void finject_flow_conn(struct finject_flow *flow,
		       const struct finject_tuple *tuple,
		       struct finject_position *position);
void finject_flow_leave(struct finject_flows *flows,
			struct finject_flow *flow);
void finject_flows_leave(struct finject_flows *flows);
bool finject_flow_see(struct finject_flows *flows, struct finject_flow *flow,
		      const struct finject_segment *segment, u64 now,
		      struct finject_position *position);
struct finject_flow_rule *finject_flow_rule_get(struct finject_flows *flows,
						struct finject_flow *flow,
						u64 rule,
						u64 *flows_seen);

/**
 * finject_flow_of - get the flow of a tuple in the table
 * @hash: the tuple
 *
 * Context: under RCU.
 */
static inline struct finject_flow *finject_flow_of(struct finject_tuplehash *hash)
{
	return container_of(finject_tuple_owner(hash), struct finject_flow,
			    tuples);
}

static inline bool finject_flows_any(const struct finject_flows *flows)
{
	return READ_ONCE(flows->gauge.now) != 0;
}

/**
 * finject_flows_early - test whether rules want segments before the first FIN
 * @flows: the namespace's table
 *
 * While no namespace has such a rule, this costs a no-op.
 */
static inline bool finject_flows_early(const struct finject_flows *flows)
{
	return static_branch_unlikely(&finject_early_key) &&
	       READ_ONCE(flows->early);
}

int finject_flow_cache_init(void);
void finject_flow_cache_exit(void);

extern unsigned int finject_max_flows;
extern unsigned int finject_flow_linger;
extern unsigned int finject_flow_idle;

#endif /* FINJECT_FLOW_H */
