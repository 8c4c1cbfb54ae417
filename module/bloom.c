// SPDX-License-Identifier: GPL-2.0-only
#include "bloom.h"

#include <linux/bug.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>

/* With eight counts a member, the filter errs about one stranger in 20. */
enum { COUNTS_PER_MEMBER = 8, LEAST_BITS = 10, MOST_BITS = 20 };

/**
 * finject_bloom_init - make an empty filter
 * @bloom: zeroed memory
 * @members: the number of members that it is made for; more only make it err
 *	more often
 *
 * It has eight bytes a member, but 1 KiB at least and 1 MiB at most.
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int finject_bloom_init(struct finject_bloom *bloom, unsigned int members)
{
	u64 counts = (u64)members * COUNTS_PER_MEMBER;

	bloom->bits = clamp_t(unsigned int, fls64(counts) - 1, LEAST_BITS,
			      MOST_BITS);
	bloom->counts = kvzalloc(BIT(bloom->bits), GFP_KERNEL_ACCOUNT);
	return bloom->counts ? 0 : -ENOMEM;
}

/**
 * finject_bloom_destroy - free a filter
 * @bloom: the filter; nobody reads it any more
 *
 * Context: process.
 */
void finject_bloom_destroy(struct finject_bloom *bloom)
{
	WARN_ON_ONCE(bloom->members);
	kvfree(bloom->counts);
}

/**
 * finject_bloom_add - add a member
 * @bloom: the filter
 * @key: its key; it may be there already
 *
 * Context: under the lock of the filter's owner.
 */
void finject_bloom_add(struct finject_bloom *bloom, u64 key)
{
	unsigned int which;
	u8 *count;

	for (which = 0; which < 2; which++) {
		count = finject_bloom_count(bloom, key, which);
		if (*count < U8_MAX)
			WRITE_ONCE(*count, *count + 1);
	}
	WRITE_ONCE(bloom->members, bloom->members + 1);
}

/**
 * finject_bloom_remove - remove a member
 * @bloom: the filter
 * @key: its key; if it was added more than once, one of those is removed
 *
 * Context: under the lock of the filter's owner.
 */
void finject_bloom_remove(struct finject_bloom *bloom, u64 key)
{
	unsigned int which;
	u8 *count;

	for (which = 0; which < 2; which++) {
		count = finject_bloom_count(bloom, key, which);
		WARN_ON_ONCE(!*count);
		if (*count && *count < U8_MAX)
			WRITE_ONCE(*count, *count - 1);
	}
	WRITE_ONCE(bloom->members, bloom->members - 1);
}
