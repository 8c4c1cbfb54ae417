// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table: its key, its bounds, the order in which flows give way, the
 * time at which they are removed, and its counters.
 */
#include <kunit/test.h>
#include <linux/ktime.h>
#include <linux/module.h>

#include "netns.h"

enum { A, B };			/* ends of the flows here: A is end 0 */

struct saved {
	unsigned int max, linger, idle;
};

static struct saved saved;

static int setup(struct kunit *test)
{
	struct finject_net *fnet = kunit_kzalloc(test, sizeof(*fnet),
						 GFP_KERNEL);

	if (!fnet)
		return -ENOMEM;
	saved = (struct saved){ finject_max_flows, finject_flow_linger,
				finject_flow_idle };
	fnet->counters = alloc_percpu(struct finject_counters);
	if (!fnet->counters)
		return -ENOMEM;
	if (finject_flows_init(&fnet->flows, fnet->counters)) {
		free_percpu(fnet->counters);
		return -ENOMEM;
	}
	test->priv = &fnet->flows;
	return 0;
}

static void teardown(struct kunit *test)
{
	struct finject_flows *flows = test->priv;

	if (!flows)
		return;
	finject_flows_destroy(flows);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 0);
	KUNIT_EXPECT_EQ(test, flows->rules.now, 0);
	free_percpu(flows->counters);
	finject_max_flows = saved.max;
	finject_flow_linger = saved.linger;
	finject_flow_idle = saved.idle;
}

/* The tuple from 10.0.0.1 and any port to 10.0.0.2, port 80. */
static struct finject_tuple tuple_of(u16 port)
{
	const __be32 a = htonl(0x0a000001), b = htonl(0x0a000002);
	struct finject_tuple tuple;

	finject_tuple_set(&tuple, AF_INET, &a, htons(port), &b, htons(80));
	return tuple;
}

static struct finject_flow *get(struct kunit *test, u16 port, u64 now)
{
	struct finject_tuple tuple = tuple_of(port);
	struct finject_flows *flows = test->priv;
	struct finject_flow *flow;

	spin_lock_bh(&flows->lock);
	flow = finject_flow_get(flows, &tuple, now);
	spin_unlock_bh(&flows->lock);
	return flow;
}

static struct finject_flow *must_get(struct kunit *test, u16 port, u64 now)
{
	struct finject_flow *flow = get(test, port, now);

	KUNIT_ASSERT_NOT_NULL(test, flow);
	return flow;
}

static struct finject_flow *find(struct kunit *test, u16 port)
{
	struct finject_tuple tuple = tuple_of(port);
	struct finject_flows *flows = test->priv;
	struct finject_flow *flow;

	spin_lock_bh(&flows->lock);
	flow = finject_flow_find(flows, &tuple);
	spin_unlock_bh(&flows->lock);
	return flow;
}

static struct finject_flow *begin(struct kunit *test, u16 port, bool renews)
{
	struct finject_tuple tuple = tuple_of(port);
	struct finject_flows *flows = test->priv;
	struct finject_flow *flow;

	spin_lock_bh(&flows->lock);
	flow = finject_flow_get(flows, &tuple, 9);
	if (flow)
		finject_flow_begin(flows, flow, 9, renews);
	spin_unlock_bh(&flows->lock);
	return flow;
}

struct wire {
	u8 from;
	u8 flags;
	u32 seq, ack;
	u8 hook;
};

static void place(struct finject_flows *flows, struct finject_flow *flow)
{
	spin_lock_bh(&flows->lock);
	spin_lock(&flow->lock);
	finject_flow_place(flows, flow);
	spin_unlock(&flow->lock);
	spin_unlock_bh(&flows->lock);
}

/* See a segment; the flow keeps its place. */
static bool see_only(struct kunit *test, struct finject_flow *flow, u64 now,
		     struct wire wire, struct finject_position *position)
{
	const struct finject_segment segment = {
		.tuple = flow->tuples.hash.tuple,
		.wire = { .seq = wire.seq, .ack = wire.ack,
			  .flags = wire.flags },
		.dir = wire.from,
		.flow_dir = wire.from,
		.hook = wire.hook,
	};
	struct finject_flows *flows = test->priv;
	bool seen;

	spin_lock_bh(&flow->lock);
	seen = finject_flow_see(flows, flow, &segment, now, position);
	spin_unlock_bh(&flow->lock);
	return seen;
}

static bool see(struct kunit *test, struct finject_flow *flow, u64 now,
		struct wire wire, struct finject_position *position)
{
	bool seen = see_only(test, flow, now, wire, position);

	if (seen)
		place(test->priv, flow);
	return seen;
}

static struct finject_flow_rule *meet(struct kunit *test,
				      struct finject_flow *flow, u64 rule,
				      u64 *met)
{
	struct finject_flows *flows = test->priv;
	struct finject_flow_rule *flow_rule;

	spin_lock_bh(&flow->lock);
	flow_rule = finject_flow_rule_get(flows, flow, rule, met);
	spin_unlock_bh(&flow->lock);
	return flow_rule;
}

#define SYN	FINJECT_TCP_SYN
#define FIN	(FINJECT_TCP_FIN | FINJECT_TCP_ACK)
#define ACK	FINJECT_TCP_ACK

/* Run a close in three segments, after which the flow is finished. */
static struct finject_flow *closed(struct kunit *test, u16 port, u64 now)
{
	struct finject_flow *flow = must_get(test, port, now);
	struct finject_position position;

	see(test, flow, now, (struct wire){ A, FIN, 1, 1 }, &position);
	see(test, flow, now, (struct wire){ B, FIN, 1, 2 }, &position);
	see(test, flow, now, (struct wire){ A, ACK, 2, 2 }, &position);
	KUNIT_EXPECT_TRUE(test, finject_stage_finished(&flow->stage));
	return flow;
}

static void makes_one_flow_of_a_tuple(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	struct finject_flow *flow;

	KUNIT_EXPECT_FALSE(test, finject_flows_any(flows));
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), (struct finject_flow *)NULL);
	flow = must_get(test, 1, 5);
	KUNIT_EXPECT_PTR_EQ(test, get(test, 1, 6), flow);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), flow);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 2), (struct finject_flow *)NULL);
	KUNIT_EXPECT_EQ(test, flow->id, 1);
	KUNIT_EXPECT_EQ(test, flow->born, 5);
	KUNIT_EXPECT_EQ(test, must_get(test, 2, 7)->id, 2);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 2);
	KUNIT_EXPECT_TRUE(test, finject_flows_any(flows));
}

static void tells_that_a_tuple_was_entered(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	unsigned long before = finject_tuple_entered(&flows->tuples);

	KUNIT_EXPECT_NULL(test, find(test, 1));
	KUNIT_EXPECT_EQ(test, finject_tuple_entered(&flows->tuples), before);
	must_get(test, 1, 1);
	KUNIT_EXPECT_NE(test, finject_tuple_entered(&flows->tuples), before);
	before = finject_tuple_entered(&flows->tuples);
	must_get(test, 1, 2);
	KUNIT_EXPECT_EQ(test, finject_tuple_entered(&flows->tuples), before);
}

static void both_directions_have_one_key(struct kunit *test)
{
	static const struct {
		u8 saddr[16], daddr[16];
		u16 sport, dport;
		unsigned int dir;
	} rows[] = {
		{ { 10, 0, 0, 1 }, { 10, 0, 0, 2 }, 9, 80, 0 },
		{ { 10, 0, 0, 2 }, { 10, 0, 0, 1 }, 9, 80, 1 },
		{ { 9, 255, 255, 255 }, { 10 }, 65535, 1, 0 },
		{ { 127, 0, 0, 1 }, { 127, 0, 0, 1 }, 80, 40000, 0 },
		{ { 127, 0, 0, 1 }, { 127, 0, 0, 1 }, 40000, 80, 1 },
		{ { 127, 0, 0, 1 }, { 127, 0, 0, 1 }, 255, 256, 0 },
	};
	static const u16 families[] = { AF_INET, AF_INET6 };
	struct finject_tuple to, fro;
	unsigned int i, dir;

	for (i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(families); i++) {
		u16 family = families[i % 2];
		__be16 sport = htons(rows[i / 2].sport);
		__be16 dport = htons(rows[i / 2].dport);

		memset(&to, 0xff, sizeof(to));
		dir = finject_tuple_set(&to, family, rows[i / 2].saddr, sport,
					rows[i / 2].daddr, dport);
		KUNIT_EXPECT_EQ_MSG(test, dir, rows[i / 2].dir, "row %u", i);
		KUNIT_EXPECT_EQ(test, (__force u16)to.port[dir],
				(__force u16)sport);
		dir = finject_tuple_set(&fro, family, rows[i / 2].daddr, dport,
					rows[i / 2].saddr, sport);
		KUNIT_EXPECT_EQ_MSG(test, dir, !rows[i / 2].dir, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(&to, &fro, sizeof(to)), 0,
				    "row %u", i);
	}
}

static void keys_that_look_alike_are_two(struct kunit *test)
{
	static const u8 a[16] = { 10, 0, 0, 1 }, b[16] = { 10, 0, 0, 2 };
	struct finject_flows *flows = test->priv;
	struct finject_tuple key[4];
	struct finject_flow *flow[4];
	unsigned int i, j;

	finject_tuple_set(&key[0], AF_INET, a, htons(1), b, htons(2));
	finject_tuple_set(&key[1], AF_INET6, a, htons(1), b, htons(2));
	finject_tuple_set(&key[2], AF_INET, a, htons(2), b, htons(1));
	finject_tuple_set(&key[3], AF_INET6, a, htons(2), b, htons(1));
	for (i = 0; i < ARRAY_SIZE(key); i++) {
		spin_lock_bh(&flows->lock);
		flow[i] = finject_flow_get(flows, &key[i], 1);
		spin_unlock_bh(&flows->lock);
		KUNIT_ASSERT_NOT_NULL(test, flow[i]);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, flow[i], flow[j]);
	}
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 4);
}

/* The table begins much smaller than this: it grows, and chains collide. */
static void finds_each_of_many(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	unsigned int port;

	for (port = 1; port <= 5000; port++)
		KUNIT_ASSERT_EQ(test, must_get(test, port, port)->id, port);
	for (port = 1; port <= 5000; port++) {
		struct finject_flow *flow = find(test, port);

		KUNIT_ASSERT_NOT_NULL(test, flow);
		KUNIT_ASSERT_EQ(test, flow->id, port);
	}
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 5000);
	KUNIT_EXPECT_EQ(test, flows->gauge.peak, 5000);
	finject_flows_clear(flows);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), (struct finject_flow *)NULL);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 0);
	KUNIT_EXPECT_EQ(test, flows->gauge.peak, 5000);
}

static void full_of_open_closes_it_gives_up_the_oldest(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	struct finject_flow *first;
	struct finject_position position;

	finject_max_flows = 2;
	first = must_get(test, 1, 1);
	see(test, first, 1, (struct wire){ A, FIN | ACK, 1, 1 }, &position);
	see(test, must_get(test, 2, 2), 2, (struct wire){ A, FIN | ACK, 1, 1 },
	    &position);
	/* sent again: now 2 was idle for longest */
	see(test, first, 3, (struct wire){ A, FIN | ACK, 1, 1 }, &position);
	must_get(test, 3, 4);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 2), (struct finject_flow *)NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), first);
	/* no segment of 3 was seen: it gives way before 1 */
	KUNIT_EXPECT_NOT_NULL(test, begin(test, 4, true));
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), first);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 3), (struct finject_flow *)NULL);
	KUNIT_EXPECT_EQ(test, flows->gauge.refused, 0);
	KUNIT_EXPECT_EQ(test, flows->gauge.recycled, 2);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 2);
	KUNIT_EXPECT_EQ(test, flows->gauge.peak, 2);
}

static void full_it_gives_up_the_oldest_finished(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	struct finject_flow *second;
	struct finject_position position;

	finject_max_flows = 3;
	must_get(test, 1, 1);
	second = closed(test, 2, 2);
	closed(test, 3, 3);
	/* a last ACK sent again: now 3 was idle for longest */
	see(test, second, 4, (struct wire){ A, ACK, 2, 2 }, &position);

	must_get(test, 4, 5);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 3), (struct finject_flow *)NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 2), second);
	must_get(test, 5, 6);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 2), (struct finject_flow *)NULL);
	KUNIT_EXPECT_NOT_NULL(test, find(test, 1));
	must_get(test, 6, 7);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), (struct finject_flow *)NULL);
	KUNIT_EXPECT_EQ(test, flows->gauge.recycled, 3);
	KUNIT_EXPECT_EQ(test, flows->gauge.refused, 0);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 3);
}

static void collect_now(struct finject_flows *flows)
{
	mod_delayed_work(system_wq, &flows->gc, 0);
	flush_delayed_work(&flows->gc);
}

static void idle_flows_are_collected(struct kunit *test)
{
	u64 now = ktime_get_ns(), before = now - 2100000000ULL;
	struct finject_flows *flows = test->priv;

	KUNIT_ASSERT_GT(test, now, 2100000000ULL);
	finject_flow_linger = 2;
	finject_flow_idle = 3600;
	closed(test, 1, before);
	closed(test, 2, now);
	must_get(test, 3, before);
	collect_now(flows);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), (struct finject_flow *)NULL);
	KUNIT_EXPECT_NOT_NULL(test, find(test, 2));
	KUNIT_EXPECT_NOT_NULL(test, find(test, 3));

	finject_flow_linger = 3600;
	finject_flow_idle = 2;
	closed(test, 1, before);
	must_get(test, 4, now);
	collect_now(flows);
	KUNIT_EXPECT_NOT_NULL(test, find(test, 1));
	KUNIT_EXPECT_PTR_EQ(test, find(test, 3), (struct finject_flow *)NULL);
	KUNIT_EXPECT_NOT_NULL(test, find(test, 4));
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 3);
}

static void many_are_collected_at_once(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	unsigned int port;
	u64 met = 0;

	finject_flow_idle = 0;
	for (port = 1; port <= 3000; port++)
		meet(test, must_get(test, port, 1), 1, &met);
	KUNIT_EXPECT_EQ(test, flows->rules.now, 3000);
	collect_now(flows);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 0);
	KUNIT_EXPECT_EQ(test, flows->rules.now, 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&flows->gc));
	must_get(test, 1, ktime_get_ns());
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&flows->gc));
}

static void places_segments_and_counts_them(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	const struct wire fin1 = { A, FIN, 1, 1, NF_INET_POST_ROUTING };
	const struct wire fin2 = { B, FIN, 1, 2, NF_INET_PRE_ROUTING };
	struct finject_position position;

	KUNIT_ASSERT_TRUE(test, see(test, flow, 2, fin1, &position));
	KUNIT_EXPECT_EQ(test, position.flow, flow->id);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN1));
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 1);
	KUNIT_EXPECT_TRUE(test, position.active);
	KUNIT_EXPECT_FALSE(test, position.passive);
	KUNIT_EXPECT_FALSE(test, position.simultaneous);
	KUNIT_ASSERT_TRUE(test, see(test, flow, 3, fin1, &position));
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 2);

	KUNIT_ASSERT_TRUE(test, see(test, flow, 4, fin2, &position));
	KUNIT_EXPECT_EQ(test, position.classes,
			BIT(FINJECT_FIN2) | BIT(FINJECT_ACK1));
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN2], 1);
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_ACK1], 1);
	KUNIT_EXPECT_TRUE(test, position.passive);
	KUNIT_EXPECT_FALSE(test, position.active);
	KUNIT_EXPECT_EQ(test, flow->last, 4);
	KUNIT_EXPECT_EQ(test, flow->born, 1);
}

static void counts_at_each_hook_apart(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	struct wire fin = { A, FIN, 1, 1, NF_INET_LOCAL_OUT };
	struct finject_position position;

	see(test, flow, 2, fin, &position);
	see(test, flow, 3, fin, &position);
	fin.hook = NF_INET_POST_ROUTING;
	see(test, flow, 4, fin, &position);
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 1);
	fin.hook = NF_INET_LOCAL_OUT;
	see(test, flow, 5, fin, &position);
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 3);
}

static void counts_stop_at_their_end(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	const struct wire fin = { A, FIN, 1, 1, NF_INET_POST_ROUTING };
	struct finject_position position;
	unsigned int i;

	see(test, flow, 1, fin, &position);
	flow->count[NF_INET_POST_ROUTING][FINJECT_FIN1] = FINJECT_NTH_MAX - 2;
	for (i = 1; i < 5; i++) {
		KUNIT_EXPECT_TRUE(test, see(test, flow, 2, fin, &position));
		KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1],
				min(FINJECT_NTH_MAX - 2 + i,
				    (unsigned int)FINJECT_NTH_MAX));
	}
}

static void marks_simultaneous_closes(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	struct finject_position position;

	see(test, flow, 1, (struct wire){ A, FIN, 1, 1 }, &position);
	see(test, flow, 2, (struct wire){ B, FIN, 1, 1 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN2));
	KUNIT_EXPECT_TRUE(test, position.simultaneous);
	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&flow->stage));
}

static void what_has_no_class_changes_nothing(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 7);
	struct finject_position position = { .flow = 99 };

	KUNIT_EXPECT_FALSE(test, see(test, flow, 8,
				     (struct wire){ A, ACK, 1, 1 }, &position));
	KUNIT_EXPECT_EQ(test, position.flow, 99);
	KUNIT_EXPECT_EQ(test, flow->last, 7);
}

static void new_incarnation_is_a_new_flow(struct kunit *test)
{
	struct finject_flow *flow = closed(test, 1, 1);
	struct finject_flows *flows = test->priv;
	struct finject_position position;
	u64 met = 0;

	meet(test, flow, 5, &met);
	see(test, flow, 10, (struct wire){ A, SYN, 70000, 0 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_SYN));
	KUNIT_EXPECT_EQ(test, position.flow, 1);
	KUNIT_EXPECT_EQ(test, flows->rules.now, 1);
	see(test, flow, 11, (struct wire){ B, FIN, 90001, 70001 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN1));
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 1);
	KUNIT_EXPECT_EQ(test, position.flow, 2);
	KUNIT_EXPECT_TRUE(test, position.active);
	KUNIT_EXPECT_EQ(test, flow->born, 11);
	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&flow->stage));
	KUNIT_EXPECT_EQ(test, flows->rules.now, 0);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 1);
	KUNIT_EXPECT_EQ(test, meet(test, flow, 5, &met)->flow, 2);
}

static void what_was_not_watched_may_be_over(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	struct finject_flows *flows = test->priv;
	struct finject_position position;

	see(test, flow, 1, (struct wire){ A, FIN, 1, 1 }, &position);
	KUNIT_EXPECT_FALSE(test, see(test, flow, 2,
				     (struct wire){ A, FIN, 70000, 1 }, &position));

	finject_flows_watch(flows, 10);
	see(test, flow, 11, (struct wire){ A, FIN, 1, 1 }, &position);
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 2);
	KUNIT_EXPECT_EQ(test, position.flow, 1);
	see(test, flow, 12, (struct wire){ A, FIN, 70000, 1 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN1));
	KUNIT_EXPECT_EQ(test, position.nth[FINJECT_FIN1], 1);
	KUNIT_EXPECT_EQ(test, position.flow, 2);
	/* flow 2 was watched from its beginning */
	KUNIT_EXPECT_FALSE(test, see(test, flow, 13,
				     (struct wire){ A, FIN, 90000, 1 }, &position));
}

/* B acknowledges fin1 of A, 1 to 2; then hooks see nothing for a while. */
static struct finject_flow *half_closed_unwatched(struct kunit *test, u16 port)
{
	struct finject_flow *flow = must_get(test, port, 1);
	struct finject_position position;

	see(test, flow, 1, (struct wire){ A, FIN, 1, 1 }, &position);
	see(test, flow, 2, (struct wire){ B, ACK, 1, 2 }, &position);
	finject_flows_watch(test->priv, 10);
	return flow;
}

static void second_fin_may_come_unwatched(struct kunit *test)
{
	struct finject_flow *flow = half_closed_unwatched(test, 1);
	struct finject_position position;

	see(test, flow, 11, (struct wire){ B, FIN, 1, 2 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes,
			BIT(FINJECT_FIN2) | BIT(FINJECT_ACK1));
	KUNIT_EXPECT_EQ(test, position.flow, 1);
	KUNIT_EXPECT_FALSE(test, position.simultaneous);
}

/* The port is used again, and B closes first: sequence numbers tell so. */
static void other_side_may_close_first_unwatched(struct kunit *test)
{
	static const u32 acks[] = { 70000, 1, -70000 };
	struct finject_position position;
	struct finject_flow *flow;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acks); i++) {
		flow = half_closed_unwatched(test, i + 1);
		see(test, flow, 11, (struct wire){ B, FIN, 5, acks[i] },
		    &position);
		KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN1));
		KUNIT_EXPECT_EQ(test, position.flow, 2 * i + 2);
	}
}

static void what_was_reset_unwatched_is_over(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	struct finject_position position;

	see(test, flow, 1, (struct wire){ A, FINJECT_TCP_RST, 1, 0 }, &position);
	finject_flows_watch(test->priv, 10);
	see(test, flow, 11, (struct wire){ B, FIN, 1, 1 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN1));
	KUNIT_EXPECT_EQ(test, position.flow, 2);
	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&flow->stage));
}

static void what_goes_on_after_a_fin_is_another_connection(struct kunit *test)
{
	struct finject_flow *flow = half_closed_unwatched(test, 1);
	struct finject_position position;

	KUNIT_EXPECT_FALSE(test, see(test, flow, 11,
				     (struct wire){ B, ACK, 1, 70000 },
				     &position));
	KUNIT_EXPECT_FALSE(test, see(test, flow, 12,
				     (struct wire){ A, ACK, 70000, 9 },
				     &position));
	see(test, flow, 13, (struct wire){ B, FIN, 1, 70000 }, &position);
	KUNIT_EXPECT_EQ(test, position.classes, BIT(FINJECT_FIN1));
	KUNIT_EXPECT_EQ(test, position.flow, 2);
}

static void socket_that_closes_renews_what_is_over(struct kunit *test)
{
	struct finject_flow *flow = closed(test, 1, 1);
	struct finject_flows *flows = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, begin(test, 1, false), flow);
	KUNIT_EXPECT_EQ(test, flow->id, 1);
	KUNIT_EXPECT_TRUE(test, finject_stage_finished(&flow->stage));
	KUNIT_EXPECT_PTR_EQ(test, begin(test, 1, true), flow);
	KUNIT_EXPECT_EQ(test, flow->id, 2);
	KUNIT_EXPECT_EQ(test, flow->count[0][FINJECT_FIN1], 0);
	KUNIT_EXPECT_EQ(test, flow->born, 9);
	KUNIT_EXPECT_EQ(test, flow->last, 9);
	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&flow->stage));
	KUNIT_EXPECT_TRUE(test,
			  list_empty(&flows->lists[FINJECT_FLOWS_FINISHED]));
	/* a close that is not over is the same close */
	KUNIT_EXPECT_PTR_EQ(test, begin(test, 1, true), flow);
	KUNIT_EXPECT_EQ(test, flow->id, 2);
}

static void rule_meets_a_flow_once(struct kunit *test)
{
	struct finject_flow *one = must_get(test, 1, 1);
	struct finject_flow *two = must_get(test, 2, 1);
	struct finject_flow_rule *first, *other;
	u64 met[2] = { 0, 41 };

	first = meet(test, one, 5, &met[0]);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_EQ(test, first->rule, 5);
	KUNIT_EXPECT_EQ(test, first->flow, 1);
	KUNIT_EXPECT_EQ(test, first->tally.matched, 0);
	KUNIT_EXPECT_PTR_EQ(test, meet(test, one, 5, &met[0]), first);
	KUNIT_EXPECT_EQ(test, met[0], 1);

	other = meet(test, one, 6, &met[1]);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_PTR_NE(test, other, first);
	KUNIT_EXPECT_EQ(test, other->flow, 42);
	KUNIT_EXPECT_EQ(test, meet(test, two, 5, &met[0])->flow, 2);
	KUNIT_EXPECT_PTR_EQ(test, meet(test, one, 5, &met[0]), first);
}

static void meetings_are_bounded(struct kunit *test)
{
	struct finject_flow *flow = must_get(test, 1, 1);
	struct finject_flows *flows = test->priv;
	unsigned int rule;
	u64 met = 0;

	finject_max_flows = 2;
	for (rule = 1; rule <= 2 * FINJECT_RULES_PER_FLOW; rule++)
		KUNIT_EXPECT_NOT_NULL(test, meet(test, flow, rule, &met));
	KUNIT_EXPECT_PTR_EQ(test, meet(test, flow, rule, &met),
			    (struct finject_flow_rule *)NULL);
	KUNIT_EXPECT_EQ(test, met, 2 * FINJECT_RULES_PER_FLOW);
	KUNIT_EXPECT_EQ(test, flows->rules.refused, 1);
	KUNIT_EXPECT_NOT_NULL(test, meet(test, flow, 1, &met));
	finject_flows_clear(flows);
	KUNIT_EXPECT_EQ(test, flows->rules.now, 0);
	KUNIT_EXPECT_NOT_NULL(test, meet(test, must_get(test, 2, 1), 1, &met));
}

static void gauge_knows_its_peak_and_refusals(struct kunit *test)
{
	struct finject_gauge gauge = { };

	KUNIT_EXPECT_TRUE(test, finject_gauge_take(&gauge, 2));
	KUNIT_EXPECT_TRUE(test, finject_gauge_take(&gauge, 2));
	KUNIT_EXPECT_FALSE(test, finject_gauge_take(&gauge, 2));
	gauge.now = 0;
	KUNIT_EXPECT_TRUE(test, finject_gauge_take(&gauge, 2));
	KUNIT_EXPECT_FALSE(test, finject_gauge_take(&gauge, 0));
	KUNIT_EXPECT_EQ(test, gauge.now, 1);
	KUNIT_EXPECT_EQ(test, gauge.peak, 2);
	KUNIT_EXPECT_EQ(test, gauge.refused, 2);
}

static void unseen_it_goes_with_its_socket(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	struct finject_flow *unseen = begin(test, 1, true);
	struct finject_flow *seen = begin(test, 2, true);
	struct finject_position position;

	KUNIT_ASSERT_NOT_NULL(test, unseen);
	KUNIT_ASSERT_NOT_NULL(test, seen);
	see(test, seen, ktime_get_ns(), (struct wire){ A, FIN | ACK, 1, 1 },
	    &position);
	spin_lock_bh(&flows->lock);
	finject_flow_leave(flows, unseen);
	finject_flow_leave(flows, seen);
	spin_unlock_bh(&flows->lock);
	collect_now(flows);
	/* a RST may follow its socket's end */
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), unseen);
	msleep(1100);
	collect_now(flows);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 1), (struct finject_flow *)NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(test, 2), seen);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 1);
}

static void unwatched_it_goes_too(struct kunit *test)
{
	struct finject_flows *flows = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, begin(test, 1, true));
	finject_flows_leave(flows);
	collect_now(flows);
	KUNIT_EXPECT_EQ(test, flows->gauge.now, 0);
}

static bool moves(struct kunit *test, struct finject_flow *flow, u64 now,
		  struct wire wire)
{
	struct finject_position position;
	bool misplaced;

	KUNIT_EXPECT_TRUE(test, see_only(test, flow, now, wire, &position));
	misplaced = flow->misplaced;
	place(test->priv, flow);
	KUNIT_EXPECT_FALSE(test, flow->misplaced);
	return misplaced;
}

/* A move takes the lock of all flows. */
static void moves_in_the_lists_seldom(struct kunit *test)
{
	const u64 later = 1ULL << FINJECT_PLACE_SHIFT;
	struct finject_flow *flow = must_get(test, 1, 1);
	struct finject_flows *flows = test->priv;

	KUNIT_EXPECT_TRUE(test, moves(test, flow, 2,
				      (struct wire){ A, FIN, 1, 1 }));
	KUNIT_EXPECT_FALSE(test, moves(test, flow, 3,
				       (struct wire){ B, ACK, 1, 2 }));
	KUNIT_EXPECT_FALSE(test, moves(test, flow, later - 1,
				       (struct wire){ A, FIN, 1, 1 }));
	KUNIT_EXPECT_TRUE(test, moves(test, flow, later,
				      (struct wire){ A, FIN, 1, 1 }));
	KUNIT_EXPECT_FALSE(test, moves(test, flow, later + 1,
				       (struct wire){ B, FIN, 1, 2 }));
	KUNIT_EXPECT_TRUE(test, moves(test, flow, later + 2,
				      (struct wire){ A, ACK, 2, 2 }));
	KUNIT_EXPECT_FALSE(test,
			   list_empty(&flows->lists[FINJECT_FLOWS_FINISHED]));
}

/* A segment is judged under the flow's lock, which the remover waits for. */
static void has_no_place_once_it_is_removed(struct kunit *test)
{
	struct finject_flow *seen = must_get(test, 1, 1);
	struct finject_flow *unseen = must_get(test, 2, 1);
	struct finject_flows *flows = test->priv;
	struct finject_position position;
	unsigned int list;

	see_only(test, seen, 2, (struct wire){ A, FIN, 1, 1 }, &position);
	rcu_read_lock();
	spin_lock_bh(&flows->lock);
	KUNIT_EXPECT_FALSE(test, finject_flow_remove_unseen(flows, seen));
	KUNIT_EXPECT_TRUE(test, finject_flow_remove_unseen(flows, unseen));
	finject_flow_remove(flows, seen);
	spin_unlock_bh(&flows->lock);
	KUNIT_EXPECT_TRUE(test, seen->tuples.hash.gone);
	place(flows, seen);
	place(flows, unseen);
	rcu_read_unlock();
	for (list = 0; list < FINJECT_FLOW_LISTS; list++)
		KUNIT_EXPECT_TRUE(test, list_empty(&flows->lists[list]));
}

static void connected_to_itself(struct kunit *test)
{
	struct finject_flows *flows = test->priv;
	struct finject_tuple tuple;
	struct finject_flow *flow;
	__be32 addr = htonl(0x0a000001);

	KUNIT_EXPECT_EQ(test, finject_tuple_set(&tuple, AF_INET, &addr,
						htons(1), &addr, htons(1)), 0);
	spin_lock_bh(&flows->lock);
	flow = finject_flow_get(flows, &tuple, 1);
	spin_unlock_bh(&flows->lock);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_TRUE(test, flow->stage.self);
	finject_stage_reset(&flow->stage);
	KUNIT_EXPECT_TRUE(test, flow->stage.self);
}

static struct kunit_case flow_cases[] = {
	KUNIT_CASE(unseen_it_goes_with_its_socket),
	KUNIT_CASE(unwatched_it_goes_too),
	KUNIT_CASE(connected_to_itself),
	KUNIT_CASE(moves_in_the_lists_seldom),
	KUNIT_CASE(has_no_place_once_it_is_removed),
	KUNIT_CASE(makes_one_flow_of_a_tuple),
	KUNIT_CASE(tells_that_a_tuple_was_entered),
	KUNIT_CASE(both_directions_have_one_key),
	KUNIT_CASE(keys_that_look_alike_are_two),
	KUNIT_CASE(finds_each_of_many),
	KUNIT_CASE(full_of_open_closes_it_gives_up_the_oldest),
	KUNIT_CASE(full_it_gives_up_the_oldest_finished),
	KUNIT_CASE(idle_flows_are_collected),
	KUNIT_CASE(many_are_collected_at_once),
	KUNIT_CASE(places_segments_and_counts_them),
	KUNIT_CASE(counts_at_each_hook_apart),
	KUNIT_CASE(counts_stop_at_their_end),
	KUNIT_CASE(marks_simultaneous_closes),
	KUNIT_CASE(what_has_no_class_changes_nothing),
	KUNIT_CASE(new_incarnation_is_a_new_flow),
	KUNIT_CASE(what_was_not_watched_may_be_over),
	KUNIT_CASE(second_fin_may_come_unwatched),
	KUNIT_CASE(other_side_may_close_first_unwatched),
	KUNIT_CASE(what_was_reset_unwatched_is_over),
	KUNIT_CASE(what_goes_on_after_a_fin_is_another_connection),
	KUNIT_CASE(socket_that_closes_renews_what_is_over),
	KUNIT_CASE(rule_meets_a_flow_once),
	KUNIT_CASE(meetings_are_bounded),
	KUNIT_CASE(gauge_knows_its_peak_and_refusals),
	{ }
};

/* KUnit runs suites before their module's init, in later kernels after it. */
static bool runs_before_init(void)
{
	return THIS_MODULE->state == MODULE_STATE_COMING;
}

static int setup_suite(struct kunit_suite *suite)
{
	return runs_before_init() ? finject_flow_cache_init() : 0;
}

static void teardown_suite(struct kunit_suite *suite)
{
	if (runs_before_init())
		finject_flow_cache_exit();
}

static struct kunit_suite flow_suite = {
	.name = "finject_flow",
	.suite_init = setup_suite,
	.suite_exit = teardown_suite,
	.init = setup,
	.exit = teardown,
	.test_cases = flow_cases,
};

kunit_test_suite(flow_suite);
