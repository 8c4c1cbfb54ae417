// SPDX-License-Identifier: GPL-2.0-only
/*
 * One table finds a flow by any of its tuples, so that a lookup costs the same
 * for a connection that is translated and for one that is not. The first tuple
 * is part of the flow; further ones are allocated for those flows that have
 * some.
 */
#include "tuple.h"

#include <linux/jhash.h>
#include <linux/slab.h>

/* A busy namespace has some thousand closes, and need not grow the table first. */
enum { BUCKETS = 2048 };

static struct kmem_cache *further_cache;

static __always_inline u32 tuple_hash(const void *data, u32 len, u32 seed)
{
	const struct finject_tuple *tuple = data;
	u32 ports;

	if (tuple->family != AF_INET)
		return jhash2(data, sizeof(*tuple) / sizeof(u32), seed);
	memcpy(&ports, tuple->port, sizeof(ports));
	return jhash_3words((__force u32)tuple->addr[0].ip,
			    (__force u32)tuple->addr[1].ip, ports,
			    seed + tuple->dev + ((u32)tuple->zone << 16));
}

/* As memcmp() of the two, but in line; of IPv4 addresses the rest is zero. */
static __always_inline int tuple_compare(struct rhashtable_compare_arg *arg,
					 const void *object)
{
	const struct finject_tuplehash *hash = object;
	const struct finject_tuple *a = arg->key, *b = &hash->tuple;

	if (a->addr[0].all[0] != b->addr[0].all[0] ||
	    a->addr[1].all[0] != b->addr[1].all[0] ||
	    a->port[0] != b->port[0] || a->port[1] != b->port[1] ||
	    a->family != b->family || a->zone != b->zone || a->dev != b->dev)
		return 1;
	return a->family != AF_INET && memcmp(a->addr, b->addr, sizeof(a->addr));
}

static const struct rhashtable_params table_params = {
	.head_offset = offsetof(struct finject_tuplehash, node),
	.key_offset = offsetof(struct finject_tuplehash, tuple),
	.key_len = sizeof(struct finject_tuple),
	.hashfn = tuple_hash,
	.obj_cmpfn = tuple_compare,
	.min_size = BUCKETS,
	.automatic_shrinking = true,
};

static u64 tuple_bloom_key(const struct finject_tuple *tuple)
{
	if (tuple->family == AF_INET)
		return finject_bloom_key4(tuple->addr[0].ip, tuple->addr[1].ip,
					  tuple->port);
	return finject_bloom_key6(&tuple->addr[0].in6, &tuple->addr[1].in6,
				  tuple->port);
}

/**
 * finject_tuple_may_be - test whether a tuple may be in a table, in any VRF or zone
 * @table: the table
 * @tuple: the tuple
 *
 * Context: any.
 * Return: false only if it is not there.
 */
bool finject_tuple_may_be(const struct finject_tuple_table *table,
			  const struct finject_tuple *tuple)
{
	return finject_bloom_any(&table->bloom) &&
	       finject_bloom_has(&table->bloom, tuple_bloom_key(tuple));
}

/* Whoever looks in the table looks in the filter first. */
static int tuple_enter(struct finject_tuple_table *table,
		       struct finject_tuplehash *hash)
{
	int err = rhashtable_lookup_insert_fast(&table->table, &hash->node,
						table_params);

	WARN_ON_ONCE(err == -EEXIST);
	if (err)
		return err;
	/* pairs with finject_tuple_entered() */
	smp_store_release(&table->entered, table->entered + 1);
	finject_bloom_add(&table->bloom, tuple_bloom_key(&hash->tuple));
	return 0;
}

/**
 * finject_tuple_table_init - make an empty table
 * @table: zeroed memory
 * @lock: the lock of the flows
 * @counters: the namespace's counters
 * @members: tuples that there are seldom more of
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int finject_tuple_table_init(struct finject_tuple_table *table,
			     spinlock_t *lock,
			     struct finject_counters __percpu *counters,
			     unsigned int members)
{
	int err;

	table->lock = lock;
	table->counters = counters;
	err = finject_bloom_init(&table->bloom, members);
	if (err)
		return err;
	err = rhashtable_init(&table->table, &table_params);
	if (err)
		finject_bloom_destroy(&table->bloom);
	return err;
}

/**
 * finject_tuple_table_destroy - free a table
 * @table: the table, empty
 *
 * Context: process.
 */
void finject_tuple_table_destroy(struct finject_tuple_table *table)
{
	rhashtable_destroy(&table->table);
	finject_bloom_destroy(&table->bloom);
}

/**
 * finject_tuple_insert - let a flow be found by its first tuple
 * @table: the table
 * @tuples: tuples of the flow, of which only the first is set
 *
 * Context: under the lock.
 * Return: 0 or a negative errno.
 */
int finject_tuple_insert(struct finject_tuple_table *table,
			 struct finject_tuples *tuples)
{
	return tuple_enter(table, &tuples->hash);
}

static void tuple_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(further_cache,
			container_of(rcu, struct finject_further, rcu));
}

static void tuple_unlink(struct finject_further *further)
{
	struct finject_further **link = &further->tuples->further;

	while (*link != further)
		link = &(*link)->next;
	*link = further->next;
}

/**
 * finject_tuple_remove - take a tuple out of the table
 * @table: the table
 * @hash: the tuple; if it is a further one of a flow it is freed
 *
 * Readers under RCU may still compare the tuple, and nothing else.
 *
 * Context: under the lock.
 */
void finject_tuple_remove(struct finject_tuple_table *table,
			  struct finject_tuplehash *hash)
{
	struct finject_further *further;

	lockdep_assert_held(table->lock);
	rhashtable_remove_fast(&table->table, &hash->node, table_params);
	finject_bloom_remove(&table->bloom, tuple_bloom_key(&hash->tuple));
	hash->gone = 1;
	if (!hash->further)
		return;
	further = container_of(hash, struct finject_further, hash);
	tuple_unlink(further);
	finject_gauge_give(&table->gauge, 1);
	call_rcu(&further->rcu, tuple_free_rcu);
}

/**
 * finject_tuple_find_rcu - find a tuple
 * @table: the table
 * @tuple: the key
 *
 * Context: under RCU; under the lock, too, to use the tuple.
 * Return: the tuple in the table, or NULL.
 */
struct finject_tuplehash *
finject_tuple_find_rcu(struct finject_tuple_table *table,
		       const struct finject_tuple *tuple)
{
	return rhashtable_lookup(&table->table, tuple, table_params);
}

/**
 * finject_tuple_find - find a tuple
 * @table: the table
 * @tuple: the key
 *
 * Context: under the lock.
 * Return: the tuple in the table, or NULL.
 */
struct finject_tuplehash *finject_tuple_find(struct finject_tuple_table *table,
					     const struct finject_tuple *tuple)
{
	struct finject_tuplehash *hash;

	lockdep_assert_held(table->lock);
	rcu_read_lock();
	hash = finject_tuple_find_rcu(table, tuple);
	rcu_read_unlock();
	return hash;
}

/**
 * finject_tuple_add - let one more tuple find a flow
 * @table: the table
 * @tuples: tuples of the flow
 * @tuple: the tuple, in the table for no flow
 * @flipped: end 0 of @tuple is end 1 of the flow
 * @max: most further tuples in the table
 *
 * Context: under the lock.
 * Return: it, or NULL when there is no room or no memory (counted).
 */
struct finject_tuplehash *finject_tuple_add(struct finject_tuple_table *table,
					    struct finject_tuples *tuples,
					    const struct finject_tuple *tuple,
					    bool flipped, unsigned long max)
{
	struct finject_further *further;

	lockdep_assert_held(table->lock);
	if (!finject_gauge_take(&table->gauge, max))
		return NULL;
	further = kmem_cache_zalloc(further_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!further)
		goto err;
	further->hash.tuple = *tuple;
	further->hash.further = 1;
	further->hash.flipped = flipped;
	further->tuples = tuples;
	if (tuple_enter(table, &further->hash))
		goto err_further;
	further->next = tuples->further;
	tuples->further = further;
	return &further->hash;

err_further:
	kmem_cache_free(further_cache, further);
err:
	finject_gauge_give(&table->gauge, 1);
	finject_count(table->counters, FINJECT_COUNT_NOMEM);
	return NULL;
}

/**
 * finject_tuple_forget - take all tuples of a flow out of the table
 * @table: the table
 * @tuples: tuples of a flow that is about to be freed
 *
 * Context: under the lock.
 */
void finject_tuple_forget(struct finject_tuple_table *table,
			  struct finject_tuples *tuples)
{
	while (tuples->further)
		finject_tuple_remove(table, &tuples->further->hash);
	finject_tuple_remove(table, &tuples->hash);
}

/**
 * finject_tuple_of - get one of conntrack's two tuples of a flow
 * @tuples: tuples of the flow
 * @way: FINJECT_WAY_ORIG or FINJECT_WAY_REPLY
 *
 * Context: under the lock.
 * Return: the tuple, or NULL if none is known.
 */
struct finject_tuplehash *finject_tuple_of(struct finject_tuples *tuples,
					   enum finject_way way)
{
	struct finject_further *further;

	if (tuples->hash.way == way)
		return &tuples->hash;
	for (further = tuples->further; further; further = further->next)
		if (further->hash.way == way)
			return &further->hash;
	return NULL;
}

/**
 * finject_tuple_cache_init - make the cache of further tuples
 *
 * Return: 0 or -ENOMEM.
 */
int finject_tuple_cache_init(void)
{
	further_cache = KMEM_CACHE(finject_further, 0);
	return further_cache ? 0 : -ENOMEM;
}

/**
 * finject_tuple_cache_exit - destroy the cache
 *
 * Context: process, after the last flow was removed and rcu_barrier().
 */
void finject_tuple_cache_exit(void)
{
	kmem_cache_destroy(further_cache);
}
