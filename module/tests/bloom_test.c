// SPDX-License-Identifier: GPL-2.0-only
/* The filter of tracked closes: never a false no, and seldom a false yes. */
#include <kunit/test.h>
#include <linux/in.h>

#include "bloom.h"

enum { MEMBERS = 4096 };

static int setup(struct kunit *test)
{
	struct finject_bloom *bloom = kunit_kzalloc(test, sizeof(*bloom),
						    GFP_KERNEL);

	if (!bloom)
		return -ENOMEM;
	test->priv = bloom;
	return finject_bloom_init(bloom, MEMBERS);
}

static void teardown(struct kunit *test)
{
	struct finject_bloom *bloom = test->priv;

	if (bloom && bloom->counts)
		finject_bloom_destroy(bloom);
}

/* The key of a connection from port @n / 8 of one of eight addresses. */
static u64 key_of(unsigned int n)
{
	const __be16 ports[] = { htons(1024 + n / 8), htons(80) };

	return finject_bloom_key4(htonl(0x0a000001 + n % 8), htonl(0x0a010001),
				  ports);
}

static void fill(struct finject_bloom *bloom, unsigned int from,
		 unsigned int to)
{
	for (; from < to; from++)
		finject_bloom_add(bloom, key_of(from));
}

static void empty(struct finject_bloom *bloom, unsigned int from,
		  unsigned int to)
{
	for (; from < to; from++)
		finject_bloom_remove(bloom, key_of(from));
}

static unsigned int count(const struct finject_bloom *bloom, unsigned int from,
			  unsigned int to)
{
	unsigned int has = 0;

	for (; from < to; from++)
		has += finject_bloom_has(bloom, key_of(from));
	return has;
}

static void key_is_the_same_both_ways(struct kunit *test)
{
	const __be16 there[] = { htons(40000), htons(443) };
	const __be16 back[] = { htons(443), htons(40000) };
	const struct in6_addr a = { .s6_addr = { 0xfd, 1, 2, [15] = 1 } };
	const struct in6_addr b = { .s6_addr = { 0xfe, 3, [9] = 7, [15] = 2 } };
	const __be32 c = htonl(0x0a000001), d = htonl(0xc0a80102);

	KUNIT_EXPECT_EQ(test, finject_bloom_key4(c, d, there),
			finject_bloom_key4(d, c, back));
	KUNIT_EXPECT_NE(test, finject_bloom_key4(c, d, there),
			finject_bloom_key4(c, c, there));
	KUNIT_EXPECT_EQ(test, finject_bloom_key6(&a, &b, there),
			finject_bloom_key6(&b, &a, back));
	KUNIT_EXPECT_NE(test, finject_bloom_key6(&a, &b, there),
			finject_bloom_key6(&a, &a, there));
}

static void has_every_member(struct kunit *test)
{
	struct finject_bloom *bloom = test->priv;

	KUNIT_EXPECT_FALSE(test, finject_bloom_any(bloom));
	fill(bloom, 0, MEMBERS);
	KUNIT_EXPECT_TRUE(test, finject_bloom_any(bloom));
	KUNIT_EXPECT_EQ(test, count(bloom, 0, MEMBERS), MEMBERS);
	empty(bloom, 0, MEMBERS / 2);
	KUNIT_EXPECT_EQ(test, count(bloom, MEMBERS / 2, MEMBERS), MEMBERS / 2);
	empty(bloom, MEMBERS / 2, MEMBERS);
	KUNIT_EXPECT_FALSE(test, finject_bloom_any(bloom));
	KUNIT_EXPECT_EQ(test, count(bloom, 0, MEMBERS), 0);
}

static void has_few_others(struct kunit *test)
{
	struct finject_bloom *bloom = test->priv;

	fill(bloom, 0, 1);
	KUNIT_EXPECT_LE(test, count(bloom, 1, 10 * MEMBERS), 20);
	fill(bloom, 1, MEMBERS);
	/* one in 20 is expected */
	KUNIT_EXPECT_LE(test, count(bloom, MEMBERS, 11 * MEMBERS),
			10 * MEMBERS / 16);
	empty(bloom, 0, MEMBERS);
}

/* A count that was full may stand for members that it did not count. */
static void a_full_count_stays(struct kunit *test)
{
	struct finject_bloom *bloom = test->priv;
	unsigned int i;

	for (i = 0; i < U8_MAX + 10; i++)
		finject_bloom_add(bloom, key_of(0));
	for (i = 0; i < U8_MAX + 9; i++)
		finject_bloom_remove(bloom, key_of(0));
	KUNIT_EXPECT_TRUE(test, finject_bloom_has(bloom, key_of(0)));
	finject_bloom_remove(bloom, key_of(0));
	KUNIT_EXPECT_FALSE(test, finject_bloom_any(bloom));
}

static struct kunit_case bloom_cases[] = {
	KUNIT_CASE(key_is_the_same_both_ways),
	KUNIT_CASE(has_every_member),
	KUNIT_CASE(has_few_others),
	KUNIT_CASE(a_full_count_stays),
	{ }
};

static struct kunit_suite bloom_suite = {
	.name = "finject_bloom",
	.init = setup,
	.exit = teardown,
	.test_cases = bloom_cases,
};

kunit_test_suite(bloom_suite);
