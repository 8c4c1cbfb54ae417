/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A counting Bloom filter over the addresses and ports of tracked closes. Every
 * packet asks it while closes are tracked, so it is inline, and so cheap that
 * only a member, or one in some that share its two counts, goes on to the flow
 * table.
 */
#ifndef FINJECT_BLOOM_H
#define FINJECT_BLOOM_H

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/in6.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * struct finject_bloom - a counting Bloom filter
 * @counts: 1 << @bits counts of members; one that has reached U8_MAX stays
 * @bits: binary logarithm of the number of counts, at most 32
 * @members: members, and one more while every packet is wanted; guarded by the
 *	lock of whoever adds and removes
 *
 * @counts and @members are also read without a lock.
 */
struct finject_bloom {
	u8 *counts;
	unsigned int bits;
	unsigned long members;
};

/* The product of the ports is the same both ways, and so are the sums below. */
static inline u32 finject_bloom_ports(const void *ports)
{
	u32 both;

	memcpy(&both, ports, sizeof(both));
	return (both & U16_MAX) * (both >> 16);
}

/**
 * finject_bloom_key4 - get the key of an IPv4 connection, the same both ways
 * @a: address of one end
 * @b: address of the other
 * @ports: the two ports, one behind the other
 */
static inline u64 finject_bloom_key4(__be32 a, __be32 b, const void *ports)
{
	u32 x = (__force u32)a, y = (__force u32)b;
	u32 addresses = (x + y) ^ rol32(x ^ y, 16);

	return (u64)addresses << 32 | finject_bloom_ports(ports);
}

/**
 * finject_bloom_key6 - get the key of an IPv6 connection, the same both ways
 * @a: address of one end
 * @b: address of the other
 * @ports: the two ports, one behind the other
 */
static inline u64 finject_bloom_key6(const struct in6_addr *a,
				     const struct in6_addr *b,
				     const void *ports)
{
	u64 x[2], y[2];

	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	return rol64(x[0] + y[0], 29) + rol64(x[1] + y[1], 32) +
	       finject_bloom_ports(ports);
}

static inline u8 *finject_bloom_count(const struct finject_bloom *bloom,
				      u64 key, unsigned int which)
{
	u64 hash = (key * GOLDEN_RATIO_64) << (which ? bloom->bits : 0);

	return &bloom->counts[hash >> (64 - bloom->bits)];
}

/**
 * finject_bloom_any - test whether there is a member
 * @bloom: the filter
 */
static inline bool finject_bloom_any(const struct finject_bloom *bloom)
{
	return READ_ONCE(bloom->members) != 0;
}

/**
 * finject_bloom_has - test whether a key may be a member
 * @bloom: the filter
 * @key: the key
 *
 * Return: false only if it is none.
 */
static inline bool finject_bloom_has(const struct finject_bloom *bloom, u64 key)
{
	return READ_ONCE(*finject_bloom_count(bloom, key, 0)) &&
	       READ_ONCE(*finject_bloom_count(bloom, key, 1));
}

/**
 * finject_bloom_want - make finject_bloom_any() true without a member, or not
 * @bloom: the filter
 * @every: true, or false after true
 *
 * Context: under the lock of the filter's owner.
 */
static inline void finject_bloom_want(struct finject_bloom *bloom, bool every)
{
	WRITE_ONCE(bloom->members, bloom->members + (every ? 1 : -1));
}

int finject_bloom_init(struct finject_bloom *bloom, unsigned int members);
void finject_bloom_destroy(struct finject_bloom *bloom);
void finject_bloom_add(struct finject_bloom *bloom, u64 key);
void finject_bloom_remove(struct finject_bloom *bloom, u64 key);

#endif /* FINJECT_BLOOM_H */
