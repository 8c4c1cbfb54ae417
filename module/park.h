/* SPDX-License-Identifier: GPL-2.0-only */
/* The parked segments of a namespace: until a time, or until a release. */
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
 * struct finject_park - the parked segments of one namespace
 * @lock: guards the rest; taken with BH off; may nest in finject_flow.lock
 * @tree: all segments, by finject_parked.key; those due by now are sent next
 * @tags: the tags in use
 * @due: ktime at which the first segment of @tree is due, ns; U64_MAX for none.
 *	A hint where it is read without the lock: 32 bit may read half of it
 * @timer: it gives the runner its turns, in its softirq, where no socket lock is
 *	held
 * @cpu: the CPU of the timer
 * @idle: woken at the end of each turn of the runner
 * @rest: ktime before which the runner takes no turn, ns
 * @behind: the last turn left due segments
 * @held_back: consecutive turns given up because of full backlogs (used by the
 *	timer only)
 * @running: the runner is in a turn: nobody else begins one
 * @closed: the namespace is going away: nothing parks any more
 * @gauge: gauge of segments
 * @bytes: gauge of their memory
 * @copies: number of parked segments that are copies
 * @next_id: id of the next segment
 * @counters: the namespace's counters
 * @events: the namespace's events
 * @ops: the namespace's hook entries
 */
struct finject_park {
	spinlock_t lock;	/* may nest in finject_flow.lock */
	struct rb_root_cached tree;
	struct finject_tags tags;
	u64 due;
	struct hrtimer timer;
	int cpu;
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
