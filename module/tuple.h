/* SPDX-License-Identifier: GPL-2.0-only */
/* The tuples by which the flows of a namespace are found. */
#ifndef FINJECT_TUPLE_H
#define FINJECT_TUPLE_H

#include <linux/rhashtable.h>
#include <linux/spinlock.h>

#include "bloom.h"
#include "counter.h"
#include "segment.h"

enum { FINJECT_TUPLES_PER_FLOW = 4 };	/* flow_tuples per flow of max_flows */

/**
 * enum finject_way - the place of a tuple in its connection
 * @FINJECT_WAY_SEEN: of a segment at a hook, or of a socket
 * @FINJECT_WAY_ORIG: as the opener sends it, conntrack's original tuple
 * @FINJECT_WAY_REPLY: as the answer to that comes, conntrack's reply tuple
 */
enum finject_way {
	FINJECT_WAY_SEEN,
	FINJECT_WAY_ORIG,
	FINJECT_WAY_REPLY,
};

/**
 * struct finject_tuplehash - one tuple of a flow in the table
 * @node: in finject_tuple_table.table
 * @tuple: the key
 * @further: part of a struct finject_further, else of a struct finject_tuples
 * @flipped: end 0 of @tuple is end 1 of the flow
 * @way: enum finject_way
 * @opener: end of @tuple that opened the connection; of no meaning for
 *	FINJECT_WAY_SEEN
 * @gone: no longer in the table
 *
 * @node and @tuple are read under RCU, and so are @further and @flipped, which
 * do not change in the table. The rest changes under finject_tuple_table.lock
 * and the lock of the flow, and is read under either.
 */
struct finject_tuplehash {
	struct rhash_head node;
	struct finject_tuple tuple;
	bool further;
	bool flipped;
	u8 way:2;
	u8 opener:1;
	u8 gone:1;
};

/**
 * struct finject_tuples - the tuples of one flow
 * @hash: the first; the ends of the flow are those of this tuple
 * @further: the others
 */
struct finject_tuples {
	struct finject_tuplehash hash;
	struct finject_further *further;
};

/**
 * struct finject_further - one more tuple of a flow, where a host sees the
 *	connection under several
 * @hash: the tuple
 * @tuples: all tuples of its flow
 * @next: the next of @tuples
 * @rcu: to free it, once it is no longer in the table
 */
struct finject_further {
	struct finject_tuplehash hash;
	struct finject_tuples *tuples;
	union {
		struct finject_further *next;
		struct rcu_head rcu;
	};
};

/**
 * struct finject_tuple_table - the tuples of all flows of one namespace
 * @table: finds a struct finject_tuplehash; looked up under RCU
 * @bloom: addresses and ports of all tuples in @table; looked up under RCU
 * @entered: number of tuples that were ever put into @table; also read without
 *	the lock, see finject_tuple_entered()
 * @lock: guards everything else
 * @gauge: gauge of further tuples
 * @counters: the namespace's counters
 */
struct finject_tuple_table {
	struct rhashtable table;
	struct finject_bloom bloom;
	unsigned long entered;
	spinlock_t *lock;		/* of the flows */
	struct finject_gauge gauge;
	struct finject_counters __percpu *counters;
};

/**
 * finject_tuple_same_ends - test whether addresses and ports are the same
 * @a: a tuple
 * @b: another one
 */
static inline bool finject_tuple_same_ends(const struct finject_tuple *a,
					   const struct finject_tuple *b)
{
	return !memcmp(a, b, offsetof(struct finject_tuple, zone));
}

/**
 * finject_tuple_entered - read how many tuples were put into a table
 * @table: the table
 *
 * A tuple that finject_tuple_find() does not find afterwards is not in the table
 * as long as this number is the same.
 *
 * Context: any.
 */
static inline unsigned long
finject_tuple_entered(const struct finject_tuple_table *table)
{
	return smp_load_acquire(&table->entered); /* pairs with tuple_enter() */
}

/**
 * finject_tuple_owner - get the flow's tuples of which one is in the table
 * @hash: that one
 *
 * Context: under RCU.
 * Return: all of them.
 */
static inline struct finject_tuples *
finject_tuple_owner(struct finject_tuplehash *hash)
{
	if (hash->further)
		return container_of(hash, struct finject_further, hash)->tuples;
	return container_of(hash, struct finject_tuples, hash);
}

int finject_tuple_table_init(struct finject_tuple_table *table,
			     spinlock_t *lock,
			     struct finject_counters __percpu *counters,
			     unsigned int members);
void finject_tuple_table_destroy(struct finject_tuple_table *table);
int finject_tuple_insert(struct finject_tuple_table *table,
			 struct finject_tuples *tuples);
void finject_tuple_remove(struct finject_tuple_table *table,
			  struct finject_tuplehash *hash);
bool finject_tuple_may_be(const struct finject_tuple_table *table,
			  const struct finject_tuple *tuple);
struct finject_tuplehash *
finject_tuple_find_rcu(struct finject_tuple_table *table,
		       const struct finject_tuple *tuple);
struct finject_tuplehash *finject_tuple_find(struct finject_tuple_table *table,
					     const struct finject_tuple *tuple);
struct finject_tuplehash *finject_tuple_add(struct finject_tuple_table *table,
					    struct finject_tuples *tuples,
					    const struct finject_tuple *tuple,
					    bool flipped, unsigned long max);
void finject_tuple_forget(struct finject_tuple_table *table,
			  struct finject_tuples *tuples);
struct finject_tuplehash *finject_tuple_of(struct finject_tuples *tuples,
					   enum finject_way way);

int finject_tuple_cache_init(void);
void finject_tuple_cache_exit(void);

#endif /* FINJECT_TUPLE_H */
