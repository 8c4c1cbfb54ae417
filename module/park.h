/* SPDX-License-Identifier: GPL-2.0-only */
/* Segments that wait: until a time, or until they are released. */
#ifndef FINJECT_PARK_H
#define FINJECT_PARK_H

#include <linux/hrtimer.h>
#include <linux/wait.h>

#include "counter.h"
#include "event.h"
#include "parked.h"
#include "rule.h"
#include "tag.h"

/**
 * struct finject_park - all that is parked in one namespace
 * @lock: guards the rest; taken with BH off; may nest in finject_flows.lock
 * @tree: all of it, by finject_parked.key; what is due by now is sent next
 * @tags: the tags in use
 * @timer: the only runner: it sends from its softirq, where no socket lock is
 *	held
 * @idle: woken at the end of each of the runner's turns
 * @rest: ktime before which the runner takes no turn, ns
 * @behind: the last turn left segments that were due (the runner's own)
 * @held_back: turns it has given up in a row for the stack's sake (the same)
 * @running: the runner is between taking a batch and having sent it
 * @closed: the namespace is going: nothing parks any more
 * @gauge: of segments
 * @bytes: of their memory
 * @copies: those of the segments that are copies
 * @next_id: of the next segment
 * @counters: the namespace's
 * @events: the namespace's
 * @ops: the namespace's entries at the hooks
 */
struct finject_park {
	spinlock_t lock;	/* may nest in finject_flows.lock */
	struct rb_root_cached tree;
	struct finject_tags tags;
	struct hrtimer timer;
	wait_queue_head_t idle;
	u64 rest;
	bool behind;
	unsigned int held_back;
	bool running;
	bool closed;
	struct finject_gauge gauge;
	struct finject_gauge bytes;
	unsigned long copies;
	u64 next_id;
	struct finject_counters __percpu *counters;
	struct finject_events *events;
	const struct nf_hook_ops *ops;
};

void finject_park_init(struct finject_park *park,
		       struct finject_counters __percpu *counters,
		       struct finject_events *events,
		       const struct nf_hook_ops *ops);
struct finject_parked *finject_park_prepare(struct finject_park *park,
					    struct sk_buff *skb,
					    const struct nf_hook_state *state);
void finject_park_commit(struct finject_park *park,
			 struct finject_parked *parked);
void finject_park_arm(struct finject_park *park);

struct finject_parked *finject_park_first(struct finject_park *park);
struct finject_parked *finject_park_after(struct finject_park *park,
					  const struct finject_park_key *key);
void finject_park_take_out(struct finject_park *park,
			   struct finject_parked *parked);
void finject_park_rekey(struct finject_park *park,
			struct finject_parked *parked, u64 due, u64 order);
void finject_parked_record(struct finject_park *park,
			   const struct finject_parked *parked,
			   enum finject_verdict verdict);
void finject_parked_purge(struct finject_park *park,
			  struct finject_parked *parked);
void finject_parked_free(struct finject_parked *parked);

int finject_park_cache_init(void);
void finject_park_cache_exit(void);

extern unsigned int finject_max_parked;
extern unsigned long finject_max_parked_bytes;

#endif /* FINJECT_PARK_H */
