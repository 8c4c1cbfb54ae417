// SPDX-License-Identifier: GPL-2.0-only
/* The index finds the rules that match, in their order, and few others. */
#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "index.h"
#include "match.h"

enum { RULES = 200, SEGMENTS = 400, MANY = 2000, PORT = 20000 };

/* The same numbers in each run. */
struct index_ctx {
	struct rnd_state dice;
	struct net_device *dev[3];
	struct finject_rule *rules[MANY];
	unsigned int count;
	struct finject_index index;
};

static unsigned int roll(struct index_ctx *ctx, unsigned int sides)
{
	return prandom_u32_state(&ctx->dice) % sides;
}

static int setup(struct kunit *test)
{
	struct index_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	unsigned int i;

	if (!ctx)
		return -ENOMEM;
	test->priv = ctx;
	prandom_seed_state(&ctx->dice, 9293);
	for (i = 0; i < ARRAY_SIZE(ctx->dev); i++) {
		ctx->dev[i] = kunit_kzalloc(test, sizeof(*ctx->dev[i]),
					    GFP_KERNEL);
		if (!ctx->dev[i])
			return -ENOMEM;
		snprintf(ctx->dev[i]->name, IFNAMSIZ, "eth%u", i);
	}
	return 0;
}

static void clear(struct index_ctx *ctx)
{
	finject_index_free(&ctx->index);
	memset(&ctx->index, 0, sizeof(ctx->index));
	while (ctx->count)
		finject_rule_put(ctx->rules[--ctx->count]);
}

static void teardown(struct kunit *test)
{
	if (test->priv)
		clear(test->priv);
}

static void add(struct kunit *test, const struct finject_spec *spec)
{
	struct index_ctx *ctx = test->priv;

	ctx->rules[ctx->count] = finject_rule_new(spec);
	KUNIT_ASSERT_NOT_NULL(test, ctx->rules[ctx->count]);
	finject_match_prepare(ctx->rules[ctx->count]);
	ctx->count++;
}

static void build(struct kunit *test)
{
	struct index_ctx *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, 0, finject_index_build(&ctx->index, ctx->rules,
						     ctx->count));
}

/* Few values, so that many words are true. */
static void random_addr(struct index_ctx *ctx, u16 family, u8 *addr)
{
	addr[0] = 10 + roll(ctx, 2);
	addr[1] = roll(ctx, 2);
	addr[family == AF_INET ? 3 : 15] = roll(ctx, 3);
}

static void random_cidr(struct index_ctx *ctx, struct finject_cidr *cidr)
{
	unsigned int bits, len, i;

	cidr->family = roll(ctx, 2) ? AF_INET : AF_INET6;
	bits = cidr->family == AF_INET ? 32 : 128;
	cidr->len = roll(ctx, 2) ? bits : roll(ctx, bits + 1);
	random_addr(ctx, cidr->family, cidr->addr);
	for (i = 0; i < 16; i++) {
		len = cidr->len > i * 8 ? min(cidr->len - i * 8, 8U) : 0;
		cidr->addr[i] &= 0xff00 >> len;
	}
}

static void random_ports(struct index_ctx *ctx, struct finject_ports *ports)
{
	unsigned int i, count = 1 + roll(ctx, 3);

	for (i = 0; i < count; i++) {
		ports->range[i].min = PORT + roll(ctx, 4);
		ports->range[i].max = ports->range[i].min +
				      (roll(ctx, 3) ? 0 : roll(ctx, 100));
	}
}

static void random_name(struct index_ctx *ctx, struct finject_name *name)
{
	snprintf(name->text, sizeof(name->text), "eth%u", roll(ctx, 4));
}

static void random_spec(struct index_ctx *ctx, struct finject_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->seg = 1 + roll(ctx, BIT(FINJECT_CLASSES) - 1);
	spec->at = FINJECT_AT_HOOK + roll(ctx, 2);
	if (!roll(ctx, 3))
		random_ports(ctx, &spec->sport);
	if (!roll(ctx, 3))
		random_ports(ctx, &spec->dport);
	if (!roll(ctx, 3))
		random_ports(ctx, &spec->port);
	if (!roll(ctx, 3))
		random_cidr(ctx, &spec->src);
	if (!roll(ctx, 3))
		random_cidr(ctx, &spec->dst);
	if (!roll(ctx, 3))
		random_cidr(ctx, &spec->addr);
	if (!roll(ctx, 4))
		random_name(ctx, &spec->iif);
	if (!roll(ctx, 4))
		random_name(ctx, &spec->oif);
	if (!roll(ctx, 4)) {
		spec->mark.mask = roll(ctx, 2) ? U32_MAX : 1;
		spec->mark.value = roll(ctx, 2);
	}
	if (!roll(ctx, 4))
		spec->nth = (struct finject_range){ 1, 1 + roll(ctx, 3) };
}

static void random_segment(struct index_ctx *ctx,
			   struct finject_segment *segment,
			   struct finject_position *position)
{
	struct finject_tuple *tuple = &segment->tuple;
	unsigned int i;

	memset(segment, 0, sizeof(*segment));
	memset(position, 0, sizeof(*position));
	tuple->family = roll(ctx, 2) ? AF_INET : AF_INET6;
	for (i = 0; i < 2; i++) {
		tuple->port[i] = htons(PORT + roll(ctx, 6));
		random_addr(ctx, tuple->family, (u8 *)&tuple->addr[i]);
	}
	segment->dir = roll(ctx, 2);
	segment->hook = roll(ctx, 2);
	segment->mark = roll(ctx, 3);
	segment->in = roll(ctx, 3) ? ctx->dev[roll(ctx, 3)] : NULL;
	segment->in_too = roll(ctx, 3) ? NULL : ctx->dev[roll(ctx, 3)];
	segment->out = roll(ctx, 3) ? ctx->dev[roll(ctx, 3)] : NULL;
	segment->out_too = roll(ctx, 3) ? NULL : ctx->dev[roll(ctx, 3)];
	position->classes = 1 + roll(ctx, BIT(FINJECT_CLASSES) - 1);
	for (i = 0; i < FINJECT_CLASSES; i++)
		position->nth[i] = 1 + roll(ctx, 3);
}

static bool matches(const struct finject_rule *rule,
		    const struct finject_segment *segment,
		    const struct finject_position *position)
{
	unsigned int class;

	return finject_match_segment(rule, segment, position, &class) ==
	       FINJECT_KEYWORD_NONE;
}

/* Walk, and see that no rule that matches was left out. Return those found. */
static unsigned int walk_segment(struct kunit *test,
				 const struct finject_segment *segment,
				 const struct finject_position *position)
{
	struct index_ctx *ctx = test->priv;
	struct finject_index_walk walk;
	unsigned int pos, next = 0, found = 0;

	finject_index_begin(&walk, &ctx->index);
	finject_index_segment(&walk, segment, position->classes);
	while (finject_index_next(&walk, &pos)) {
		KUNIT_ASSERT_LT(test, pos, ctx->count);
		KUNIT_ASSERT_GE(test, pos, next);
		for (; next < pos; next++)
			KUNIT_EXPECT_FALSE(test, matches(ctx->rules[next],
							 segment, position));
		next = pos + 1;
		found++;
	}
	for (; next < ctx->count; next++)
		KUNIT_EXPECT_FALSE(test, matches(ctx->rules[next], segment,
						 position));
	return found;
}

static bool admits(const struct finject_rule *rule,
		   const struct finject_segment *segment)
{
	return finject_match_tuple(rule, &segment->tuple, segment->dir) ==
	       FINJECT_KEYWORD_NONE;
}

/* The same for addresses and ports alone. */
static void walk_tuple(struct kunit *test,
		       const struct finject_segment *segment)
{
	struct index_ctx *ctx = test->priv;
	struct finject_index_walk walk;
	unsigned int pos, next = 0;

	finject_index_begin(&walk, &ctx->index);
	finject_index_tuple(&walk, &segment->tuple, segment->dir);
	finject_index_wide(&walk);
	while (finject_index_next(&walk, &pos)) {
		for (; next < pos; next++)
			KUNIT_EXPECT_FALSE(test, admits(ctx->rules[next],
							segment));
		next = pos + 1;
	}
	for (; next < ctx->count; next++)
		KUNIT_EXPECT_FALSE(test, admits(ctx->rules[next], segment));
}

static void leaves_out_no_rule_that_matches(struct kunit *test)
{
	static const unsigned int counts[] = { 1, 16, 17, RULES };
	struct index_ctx *ctx = test->priv;
	struct finject_position position;
	struct finject_segment segment;
	struct finject_spec spec;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		while (ctx->count < counts[i]) {
			random_spec(ctx, &spec);
			add(test, &spec);
		}
		build(test);
		for (j = 0; j < SEGMENTS; j++) {
			random_segment(ctx, &segment, &position);
			walk_segment(test, &segment, &position);
			walk_tuple(test, &segment);
		}
		clear(ctx);
	}
}

/* Rule @i of one kind of many; no two are true for one segment. */
static void spec_of(unsigned int kind, unsigned int i,
		    struct finject_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->seg = BIT(0);
	switch (kind) {
	case 0:
		spec->port.range[0] = (struct finject_range){ PORT + i,
							      PORT + i };
		break;
	case 1:
		spec->dst = (struct finject_cidr){ AF_INET, 32, { 10, i >> 8,
								  i, 1 } };
		break;
	case 2:
		spec->dst = (struct finject_cidr){ AF_INET6, 128, { 0xfd,
								    [14] = i >> 8,
								    [15] = i } };
		break;
	case 3:
		spec->dport.range[0] = (struct finject_range){ 443, 443 };
		spec->src = (struct finject_cidr){ AF_INET, 31, { 10, i >> 8,
								  i, 0 } };
		break;
	case 4:
		snprintf(spec->iif.text, sizeof(spec->iif.text), "none%u", i);
		break;
	case 5:
		spec->mark.mask = U32_MAX;
		spec->mark.value = 7 + i;
		break;
	}
}

static void finds_few_others(struct kunit *test)
{
	struct index_ctx *ctx = test->priv;
	struct finject_position position;
	struct finject_segment segment;
	struct finject_spec spec;
	unsigned int i, kind, found = 0;

	for (i = 0; i < MANY; i++) {
		spec_of(i % 6, i / 6, &spec);
		add(test, &spec);
	}
	build(test);
	for (i = 0; i < SEGMENTS; i++) {
		random_segment(ctx, &segment, &position);
		segment.mark = 0;
		segment.tuple.port[0] = htons(PORT - 1);
		segment.tuple.port[1] = htons(PORT - 2);
		position.classes = BIT(0);
		found += walk_segment(test, &segment, &position);
	}
	KUNIT_EXPECT_LE(test, found, SEGMENTS);
	for (kind = 0; kind < 6; kind++) {
		random_segment(ctx, &segment, &position);
		position.classes = BIT(0);
		segment.mark = 7 + 5;
		segment.tuple.port[0] = htons(PORT + 3);
		found = walk_segment(test, &segment, &position);
		KUNIT_EXPECT_GE(test, found, 2U);
		KUNIT_EXPECT_LE(test, found, 5U);
	}
}

static struct kunit_case index_cases[] = {
	KUNIT_CASE(leaves_out_no_rule_that_matches),
	KUNIT_CASE(finds_few_others),
	{ }
};

static struct kunit_suite index_suite = {
	.name = "finject_index",
	.init = setup,
	.exit = teardown,
	.test_cases = index_cases,
};

kunit_test_suite(index_suite);
