/* SPDX-License-Identifier: GPL-2.0-only */
/* What finject keeps for one network namespace. */
#ifndef FINJECT_NET_H
#define FINJECT_NET_H

#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>

#include "event.h"
#include "flow.h"
#include "park.h"
#include "rule.h"
#include "socket.h"

/**
 * enum finject_stat - what is counted per namespace
 * @FINJECT_SEEN: classified segments at a crossing
 * @FINJECT_STAT_PASSED: of these, those that went on at once
 * @FINJECT_STAT_DROPPED: lost
 * @FINJECT_STAT_RESET: lost to reset=
 * @FINJECT_STAT_RELEASED: parked and gone on
 * @FINJECT_STAT_PURGED: parked and freed
 * @FINJECT_COPIES: made by duplicate=
 * @FINJECT_COPIES_RELEASED: of these, those that went on
 * @FINJECT_COPIES_PURGED: and those that were freed
 * @FINJECT_RESETS: RST segments made by reset= and handed over
 * @FINJECT_RESETS_REFUSED: those that could not be: no route, a policy of IPsec,
 *	a next hop that did not take it
 * @FINJECT_REFUSED: segments and copies that were let go on, of which the next
 *	hop said that it has not taken them
 * @FINJECT_SKIPPED_FRAGMENTS: TCP fragments, passed untouched
 * @FINJECT_SKIPPED_MALFORMED: malformed TCP, passed untouched
 * @FINJECT_SKIPPED_PREFETCHED: segments of a socket assigned before routing
 * @FINJECT_SKIPPED_UNSPLIT: FINs that could not be split off
 * @FINJECT_SKIPPED_NODST: could not be parked, its route or a module that it
 *	needs was going
 * @FINJECT_SKIPPED_NOMEM: could not be tracked, parked, copied or reset, no
 *	memory
 * @FINJECT_STATS: how many there are
 */
enum finject_stat {
	FINJECT_SEEN,
	FINJECT_STAT_PASSED,
	FINJECT_STAT_DROPPED,
	FINJECT_STAT_RESET,
	FINJECT_STAT_RELEASED,
	FINJECT_STAT_PURGED,
	FINJECT_COPIES,
	FINJECT_COPIES_RELEASED,
	FINJECT_COPIES_PURGED,
	FINJECT_RESETS,
	FINJECT_RESETS_REFUSED,
	FINJECT_REFUSED,
	FINJECT_SKIPPED_FRAGMENTS,
	FINJECT_SKIPPED_MALFORMED,
	FINJECT_SKIPPED_PREFETCHED,
	FINJECT_SKIPPED_UNSPLIT,
	FINJECT_SKIPPED_NODST,
	FINJECT_SKIPPED_NOMEM,
	FINJECT_STATS,
};

struct finject_counters {
	u64 count[FINJECT_STATS];
};

enum {
	FINJECT_REFUSALS = 16,	/* remembered in error_log */
};

/**
 * struct finject_refusal - one refused write
 * @number: the how-many-th, from 1
 * @line: the refused line in that write, from 1
 * @error: where in the line, and why
 * @text: the line
 */
struct finject_refusal {
	u64 number;
	unsigned int line;
	struct finject_error error;
	char text[FINJECT_LINE_MAX];
};

/**
 * struct finject_net - what finject keeps for one network namespace
 * @list: of all of them
 * @refs: one of the namespace, one for each open file
 * @net: the namespace; NULL once it is going
 * @mutex: serialises changes of rules, hooks and readers; outermost
 * @rules: the current set, RCU; NULL for none
 * @generation: of the last set published
 * @next_serial: of the next rule made
 * @next_id: of the next rule that names no id
 * @rules_peak: most rules there ever were
 * @rules_refused: rules that found the set full
 * @hooked: bitmask of the hooks that are registered
 * @ops: our entries at them
 * @expiry: removes rules whose timeout= is over
 * @flows: tracked closes
 * @park: parked segments
 * @events: for readers of events
 * @sockets: changes of sockets' states on their way to @events
 * @counters: per CPU
 * @baseline: what `zero` takes off @counters
 * @refusals: the last refused writes, by number modulo FINJECT_REFUSALS
 * @refused: how many there were
 */
struct finject_net {
	struct list_head list;
	refcount_t refs;
	struct net *net;
	struct mutex mutex;	/* of changes; outermost */
	struct finject_ruleset __rcu *rules;
	u64 generation;
	u64 next_serial;
	u32 next_id;
	unsigned int rules_peak;
	unsigned long rules_refused;
	unsigned int hooked;
	struct nf_hook_ops ops[FINJECT_HOOKS];
	struct delayed_work expiry;
	struct finject_flows flows;
	struct finject_park park;
	struct finject_events events;
	struct finject_sockets sockets;
	struct finject_counters __percpu *counters;
	struct finject_counters baseline;
	struct finject_refusal *refusals;
	u64 refused;
};

static inline void finject_count(struct finject_net *fnet,
				 enum finject_stat stat)
{
	this_cpu_inc(fnet->counters->count[stat]);
}

struct finject_net *finject_net_get(struct net *net);
struct finject_net *finject_net_peek(const struct net *net);
void finject_net_put(struct finject_net *fnet);
int finject_net_publish(struct finject_net *fnet, struct finject_ruleset *set);
void finject_net_disown(struct finject_net *fnet, const void *owner);
int finject_net_watch(struct finject_net *fnet, u64 *position);
void finject_net_unwatch(struct finject_net *fnet);
void finject_net_sum(struct finject_net *fnet, struct finject_counters *sum);
void finject_net_zero(struct finject_net *fnet);

int finject_net_init(void);
void finject_net_exit(void);

extern struct list_head finject_nets;
extern struct mutex finject_nets_mutex;
extern unsigned int finject_max_rules;

#endif /* FINJECT_NET_H */
