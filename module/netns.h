/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of one network namespace, and how to find it. */
#ifndef FINJECT_NETNS_H
#define FINJECT_NETNS_H

#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>

#include "change.h"
#include "counter.h"
#include "event.h"
#include "flow.h"
#include "other.h"
#include "park.h"
#include "refusal.h"
#include "ruleset.h"
#include "timewait.h"

/**
 * struct finject_net - the state of one network namespace
 * @list: in finject_nets
 * @refs: one of the namespace, one for each open file
 * @net: the namespace; NULL once it is going away
 * @mutex: serialises changes of rules, hooks and readers; outside
 *	finject_flows.lock, inside finject_nets_mutex
 * @rules: the current set, RCU; NULL for none
 * @retiring: number of former sets that are not free yet
 * @generation: generation of the last published set
 * @next_serial: serial of the next rule
 * @next_id: id of the next rule that names none
 * @noticed: the kernel log knows that there are rules
 * @rules_gauge: gauge of rules; @now is not kept
 * @hooked: bitmask of the registered hooks
 * @ops: finject's entries at the hooks
 * @expiry: removes rules whose timeout= is over
 * @flows: tracked closes
 * @park: parked segments
 * @events: records for readers of events
 * @changes: state changes of sockets, on their way to @events
 * @timewaits: watched time-wait sockets
 * @counters: counters per CPU
 * @baseline: values that `zero` subtracts from @counters
 * @other: the latest close that no rule concerned
 * @refusals: the last refused writes
 */
struct finject_net {
	struct list_head list;
	refcount_t refs;
	struct net *net;
	struct mutex mutex;	/* of changes; inside finject_nets_mutex */
	struct finject_ruleset __rcu *rules;
	atomic_t retiring;
	u64 generation;
	u64 next_serial;
	u32 next_id;
	bool noticed;
	struct finject_gauge rules_gauge;
	unsigned int hooked;
	struct nf_hook_ops ops[FINJECT_HOOKS];
	struct delayed_work expiry;
	struct finject_flows flows;
	struct finject_park park;
	struct finject_events events;
	struct finject_changes changes;
	struct finject_timewaits timewaits;
	struct finject_counters __percpu *counters;
	struct finject_counters baseline;
	struct finject_other other;
	struct finject_refusals refusals;
};

/**
 * struct finject_slot - the slot that the kernel keeps in a namespace
 * @live: state of the namespace; NULL before first use and once it is going
 *	away
 * @last: the former @live, which exit drops after RCU has passed
 */
struct finject_slot {
	struct finject_net *live;
	struct finject_net *last;
};

struct finject_slot *finject_slot_of(const struct net *net);
struct finject_net *finject_net_peek(const struct net *net);
bool finject_net_sees(const struct finject_net *own,
		      const struct finject_net *fnet);

/**
 * finject_net_rules - get the current rules, to change them
 * @fnet: the namespace
 *
 * Context: process, under fnet->mutex.
 */
static inline struct finject_ruleset *
finject_net_rules(const struct finject_net *fnet)
{
	return rcu_dereference_protected(fnet->rules,
					 lockdep_is_held(&fnet->mutex));
}

extern struct list_head finject_nets;
extern struct mutex finject_nets_mutex;
extern unsigned int finject_net_id;
extern unsigned int finject_max_rules;

#endif /* FINJECT_NETNS_H */
