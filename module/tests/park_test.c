// SPDX-License-Identifier: GPL-2.0-only
/*
 * The park: when and in which order segments are sent, what releases them, what
 * purges them, and that each segment takes exactly one of these ways.
 *
 * The segments are at a hook of a namespace that is nothing but memory: no hook
 * is registered there, so a released segment comes straight to okfn, which is
 * the test's own and records it.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>

#include "netns.h"
#include "release.h"
#include "runner.h"

enum {
	SENT_MAX = 4096,
	DEADLINE = 20,		/* s, for events that are due at once */
	NEVER = 3600,		/* s, beyond any test */
};

/**
 * struct bench - a park and the record of its segments
 * @net: the namespace
 * @fnet: finject's state of the namespace
 * @rule: rule that parks everything, unless a test says otherwise
 * @dev: two devices
 * @wait: woken when a segment was sent
 * @sent: numbers of the segments sent, in order
 * @at: times at which they were sent
 * @count: number of segments sent
 * @parked: number of segments ever parked
 * @freed: number of segments of @parked whose skb is gone
 * @returns: the next segment sent comes back to the park once
 * @max_parked: the module's bounds, as they were
 * @max_parked_bytes: see @max_parked
 */
struct bench {
	struct net net;
	struct finject_net fnet;
	struct finject_rule *rule;
	struct net_device *dev[2];
	wait_queue_head_t wait;
	u32 sent[SENT_MAX];
	u64 at[SENT_MAX];
	unsigned int count;
	unsigned int parked;
	atomic_t freed;
	bool returns;
	unsigned int max_parked;
	unsigned long max_parked_bytes;
};

/**
 * struct entry - a segment to park; zero members take their usual values
 * @number: number that identifies it
 * @due: s from now, or
 * @due_at: ktime, ns
 * @rule: the bench's when NULL
 * @tag: tag of hold=
 * @nth: ordinal of the FIN in its flow, 1 when 0
 * @flow: id of its flow
 * @dev: index of the device by which it is to leave
 * @order: order among those due at one time
 * @hook: hook that parked it, or 0 for postrouting
 * @copy: made by duplicate=
 */
struct entry {
	u32 number;
	u32 due;
	u64 due_at;
	struct finject_rule *rule;
	struct finject_tag *tag;
	u16 nth;
	u64 flow;
	unsigned int dev;
	u64 order;
	unsigned int hook;
	bool copy;
};

static struct finject_park *park_of(struct kunit *test)
{
	struct bench *bench = test->priv;

	return &bench->fnet.park;
}

static struct finject_rule *new_rule(struct kunit *test, u32 gather,
				     bool per_flow)
{
	struct finject_spec *spec = kunit_kzalloc(test, sizeof(*spec),
						  GFP_KERNEL);
	struct finject_rule *rule;

	KUNIT_ASSERT_NOT_NULL(test, spec);
	spec->id = 1;
	spec->seg = FINJECT_FIN_CLASSES;
	spec->action = FINJECT_HOLD;
	spec->gather = gather;
	spec->schedule.per_flow = per_flow;
	rule = finject_rule_new(spec);
	KUNIT_ASSERT_NOT_NULL(test, rule);
	return rule;
}

/* End a rule that is in no set and of which no segment is parked any more. */
static void end_rule(struct kunit *test, struct finject_rule *rule)
{
	KUNIT_EXPECT_EQ(test, refcount_read(&rule->refs), 1);
	finject_rule_put(rule);
}

static int setup(struct kunit *test)
{
	struct bench *bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);
	unsigned int i;

	if (!bench)
		return -ENOMEM;
	test->priv = bench;
	init_waitqueue_head(&bench->wait);
	for (i = 0; i < ARRAY_SIZE(bench->fnet.ops); i++)
		bench->fnet.ops[i].priority = INT_MAX;
	bench->max_parked = finject_max_parked;
	bench->max_parked_bytes = finject_max_parked_bytes;
	bench->fnet.counters = alloc_percpu(struct finject_counters);
	finject_events_init(&bench->fnet.events);
	finject_park_init(&bench->fnet.park, bench->fnet.counters,
			  &bench->fnet.events, bench->fnet.ops);
	finject_runner_init(&bench->fnet.park);
	for (i = 0; i < ARRAY_SIZE(bench->dev); i++)
		bench->dev[i] = alloc_netdev(0, "finject%d", NET_NAME_UNKNOWN,
					     ether_setup);
	if (!bench->fnet.counters || !bench->dev[0] || !bench->dev[1])
		return -ENOMEM;
	bench->rule = new_rule(test, 0, false);
	return 0;
}

static u64 stat(struct kunit *test, enum finject_counter which)
{
	struct bench *bench = test->priv;
	struct finject_counters *sum = kunit_kzalloc(test, sizeof(*sum),
						     GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sum);
	finject_counters_sum(bench->fnet.counters, sum);
	return sum->count[which];
}

/* Expect that all parked segments were sent or purged, and none twice. */
static void expect_balance(struct kunit *test)
{
	struct bench *bench = test->priv;
	struct finject_park *park = park_of(test);

	KUNIT_EXPECT_EQ(test, park->gauge.now, 0);
	KUNIT_EXPECT_EQ(test, park->bytes.now, 0);
	KUNIT_EXPECT_EQ(test, park->copies, 0);
	KUNIT_EXPECT_EQ(test, bench->parked,
			stat(test, FINJECT_COUNT_RELEASED) +
			stat(test, FINJECT_COUNT_PURGED) +
			stat(test, FINJECT_COUNT_COPIES_RELEASED) +
			stat(test, FINJECT_COUNT_COPIES_PURGED));
	KUNIT_EXPECT_EQ(test, bench->count,
			stat(test, FINJECT_COUNT_RELEASED) +
			stat(test, FINJECT_COUNT_COPIES_RELEASED));
	KUNIT_EXPECT_EQ(test, atomic_read(&bench->freed), bench->parked);
	KUNIT_EXPECT_EQ(test, netdev_refcnt_read(bench->dev[0]), 1);
	KUNIT_EXPECT_EQ(test, netdev_refcnt_read(bench->dev[1]), 1);
}

static void teardown(struct kunit *test)
{
	struct bench *bench = test->priv;
	unsigned int i;

	if (!bench)
		return;
	if (bench->rule) {
		finject_park_close(park_of(test));
		expect_balance(test);
		KUNIT_EXPECT_TRUE(test, list_empty(&park_of(test)->tags.used));
		end_rule(test, bench->rule);
	}
	for (i = 0; i < ARRAY_SIZE(bench->dev); i++)
		if (bench->dev[i])
			free_netdev(bench->dev[i]);
	free_percpu(bench->fnet.counters);
	finject_max_parked = bench->max_parked;
	finject_max_parked_bytes = bench->max_parked_bytes;
}

static struct bench *bench_of(const struct sk_buff *skb)
{
	return *(struct bench **)skb->cb;
}

static void count_freed(struct sk_buff *skb)
{
	atomic_inc(&bench_of(skb)->freed);
}

static int go_on(struct net *net, struct sock *sk, struct sk_buff *skb);

static struct nf_hook_state state_of(struct bench *bench, unsigned int dev)
{
	return (struct nf_hook_state){
		.hook = NF_INET_POST_ROUTING,
		.pf = NFPROTO_IPV4,
		.out = bench->dev[dev],
		.net = &bench->net,
		.okfn = go_on,
	};
}

static void park_again(struct bench *bench, struct sk_buff *skb)
{
	struct nf_hook_state state = state_of(bench, 0);
	struct finject_parked *parked;

	skb->destructor = NULL;
	parked = finject_park_prepare(&bench->fnet.park, skb, &state);
	if (!parked) {
		kfree_skb(skb);
		return;
	}
	skb->destructor = count_freed;
	atomic_inc(&bench->freed);	/* it has left the park alive */
	parked->rule = bench->rule;
	bench->parked++;
	finject_park_commit(&bench->fnet.park, parked);
}

static int go_on(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct bench *bench = container_of(net, struct bench, net);

	bench->at[bench->count] = ktime_get_ns();
	bench->sent[bench->count] = skb->mark;
	if (bench->returns) {
		bench->returns = false;
		park_again(bench, skb);
	} else {
		kfree_skb(skb);
	}
	/* pairs with sent(): the record is seen with the count */
	smp_store_release(&bench->count, bench->count + 1);
	wake_up(&bench->wait);
	return 0;
}

/* Make a FIN of 10.0.0.1 to 10.0.0.2, port 80, fit for a record. */
static struct sk_buff *make_fin(struct bench *bench, u32 number)
{
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL);
	struct tcphdr *th;
	struct iphdr *iph;

	if (!skb)
		return NULL;
	skb_reserve(skb, 64);
	skb_reset_network_header(skb);
	iph = skb_put_zero(skb, sizeof(*iph));
	iph->version = 4;
	iph->ihl = 5;
	iph->protocol = IPPROTO_TCP;
	iph->saddr = htonl(0x0a000001);
	iph->daddr = htonl(0x0a000002);
	th = skb_put_zero(skb, sizeof(*th));
	th->source = htons(40000);
	th->dest = htons(80);
	th->doff = 5;
	th->fin = 1;
	th->ack = 1;
	th->seq = htonl(number);
	skb->mark = number;
	*(struct bench **)skb->cb = bench;
	return skb;
}

static struct finject_parked *prepare(struct kunit *test,
				      const struct entry *entry)
{
	struct bench *bench = test->priv;
	struct nf_hook_state state = state_of(bench, entry->dev);
	struct sk_buff *skb = make_fin(bench, entry->number);
	const __be32 saddr = htonl(0x0a000001), daddr = htonl(0x0a000002);
	struct finject_parked *parked;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	if (entry->hook)
		state.hook = entry->hook;
	parked = finject_park_prepare(park_of(test), skb, &state);
	if (!parked) {
		kfree_skb(skb);
		return NULL;
	}
	skb->destructor = count_freed;
	bench->parked++;
	parked->rule = entry->rule ? entry->rule : bench->rule;
	parked->tag = entry->tag;
	parked->at = ktime_get_ns();
	parked->key.due = entry->due_at ? entry->due_at :
			parked->at + entry->due * (u64)NSEC_PER_SEC;
	parked->key.order = entry->order;
	parked->copy = entry->copy;
	parked->wire.seq = entry->number;
	parked->wire.flags = FINJECT_TCP_FIN | FINJECT_TCP_ACK;
	parked->dir = finject_tuple_set(&parked->tuple, AF_INET, &saddr,
					htons(40000), &daddr, htons(80));
	parked->position.flow = entry->flow;
	parked->position.classes = BIT(FINJECT_FIN1);
	parked->position.nth[FINJECT_FIN1] = entry->nth ? entry->nth : 1;
	return parked;
}

/* Park a segment and return its id; the segment may be gone already. */
static u64 put_in(struct kunit *test, struct entry entry)
{
	struct finject_parked *parked = prepare(test, &entry);
	u64 id = park_of(test)->next_id + 1;

	KUNIT_ASSERT_NOT_NULL(test, parked);
	finject_park_commit(park_of(test), parked);
	return id;
}

#define PARK(test, ...)	put_in(test, (struct entry){ __VA_ARGS__ })

static unsigned int sent(struct bench *bench)
{
	/* pairs with go_on() */
	return smp_load_acquire(&bench->count);
}

static void await(struct kunit *test, unsigned int count)
{
	struct bench *bench = test->priv;

	wait_event_timeout(bench->wait, sent(bench) >= count, DEADLINE * HZ);
	finject_park_wait(park_of(test));
	KUNIT_ASSERT_EQ(test, bench->count, count);
}

static void expect_sent(struct kunit *test, const u32 *numbers,
			unsigned int count)
{
	struct bench *bench = test->priv;
	unsigned int i;

	await(test, count);
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ_MSG(test, bench->sent[i], numbers[i],
				    "the %u. that went on", i + 1);
}

#define EXPECT_SENT(test, ...)						\
	expect_sent(test, (const u32[]){ __VA_ARGS__ },			\
		    sizeof((const u32[]){ __VA_ARGS__ }) / sizeof(u32))

static const struct finject_park_filter all;

static void goes_on_when_due_and_not_before(struct kunit *test)
{
	struct bench *bench = test->priv;
	u64 now = ktime_get_ns();

	PARK(test, .number = 1, .due_at = now + 90 * NSEC_PER_MSEC);
	PARK(test, .number = 2, .due_at = now + 30 * NSEC_PER_MSEC);
	PARK(test, .number = 3, .due_at = now + 60 * NSEC_PER_MSEC);
	EXPECT_SENT(test, 2, 3, 1);
	KUNIT_EXPECT_GE(test, bench->at[0], now + 30 * NSEC_PER_MSEC);
	KUNIT_EXPECT_GE(test, bench->at[1], now + 60 * NSEC_PER_MSEC);
	KUNIT_EXPECT_GE(test, bench->at[2], now + 90 * NSEC_PER_MSEC);
}

static void of_one_time_the_first_goes_first(struct kunit *test)
{
	u64 due = ktime_get_ns() + 20 * NSEC_PER_MSEC;
	unsigned int i;

	for (i = 1; i <= 5; i++)
		PARK(test, .number = i, .due_at = due);
	EXPECT_SENT(test, 1, 2, 3, 4, 5);
}

static void one_that_is_due_does_not_wait_for_others(struct kunit *test)
{
	PARK(test, .number = 1, .due = NEVER);
	PARK(test, .number = 2, .due_at = ktime_get_ns() + NSEC_PER_MSEC);
	EXPECT_SENT(test, 2);
	PARK(test, .number = 3, .due_at = 1);	/* long ago */
	EXPECT_SENT(test, 2, 3);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 1);
}

/* Park more than the runner sends before it gives way to others. */
static void many_go_on_in_order(struct kunit *test)
{
	u64 due = ktime_get_ns() + 100 * NSEC_PER_MSEC;
	struct bench *bench = test->priv;
	unsigned int i;

	for (i = 0; i < 3000; i++)
		PARK(test, .number = i, .due_at = due);
	await(test, 3000);
	for (i = 0; i < 3000; i++)
		KUNIT_ASSERT_EQ(test, bench->sent[i], i);
}

/* Park two segments at a hook that sends what is due, and the timer cannot. */
static void at_hook(struct kunit *test, struct entry first, struct entry second,
		    unsigned int sent_there)
{
	struct finject_parked *a = prepare(test, &first);
	struct finject_parked *b = prepare(test, &second);
	struct finject_park *park = park_of(test);
	struct bench *bench = test->priv;
	unsigned int count;

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	local_bh_disable();
	finject_park_commit(park, a);
	finject_park_commit(park, b);
	finject_runner_turn(park);
	count = bench->count;
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, count, sent_there);
}

#define AT_HOOK(test, first, second, sent_there)			\
	at_hook(test, (struct entry){ UNPACK first },			\
		(struct entry){ UNPACK second }, sent_there)
#define UNPACK(...)	__VA_ARGS__

static void hook_sends_what_is_due(struct kunit *test)
{
	u64 past = ktime_get_ns();

	AT_HOOK(test, (.number = 2, .due_at = past + 1),
		(.number = 1, .due_at = past), 2);
	AT_HOOK(test, (.number = 3, .due_at = past),
		(.number = 4, .due = NEVER), 3);
	EXPECT_SENT(test, 1, 2, 3);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 1);
}

/* The first in order waits for the timer, and so do those behind it. */
static void hook_leaves_others_to_the_timer(struct kunit *test)
{
	u64 past = ktime_get_ns();

	AT_HOOK(test, (.number = 2, .due_at = past + 1),
		(.number = 1, .due_at = past, .hook = NF_INET_LOCAL_IN), 0);
	EXPECT_SENT(test, 1, 2);
	AT_HOOK(test, (.number = 3, .due_at = past, .order = 1),
		(.number = 4, .due_at = past, .order = 2), 2);
	EXPECT_SENT(test, 1, 2, 3, 4);
	AT_HOOK(test, (.number = 5, .due_at = past),
		(.number = 6, .due_at = past, .order = 1), 5);
	EXPECT_SENT(test, 1, 2, 3, 4, 5, 6);
}

/* Those of a burst that are sent by another CPU might overtake others. */
static void hook_of_another_cpu_sends_nothing(struct kunit *test)
{
	const struct entry entry = { .number = 1 };
	struct finject_parked *parked = prepare(test, &entry);
	struct finject_park *park = park_of(test);
	struct bench *bench = test->priv;
	unsigned int count;

	KUNIT_ASSERT_NOT_NULL(test, parked);
	local_bh_disable();
	finject_park_commit(park, parked);
	park->cpu++;
	finject_runner_turn(park);
	count = bench->count;
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, count, 0);
	EXPECT_SENT(test, 1);
}

static void what_goes_on_may_come_back(struct kunit *test)
{
	struct bench *bench = test->priv;

	bench->returns = true;
	PARK(test, .number = 7);
	EXPECT_SENT(test, 7, 7);
	KUNIT_EXPECT_EQ(test, bench->parked, 2);
}

static void waits_until_it_is_let_go(struct kunit *test)
{
	const struct finject_park_filter first = { .id = 1 };
	const struct finject_park_filter none = { .id = 9 };
	struct finject_park *park = park_of(test);

	KUNIT_EXPECT_EQ(test, PARK(test, .number = 1, .due = NEVER), 1);
	PARK(test, .number = 2, .due = NEVER + 1);
	PARK(test, .number = 3, .due = NEVER - 1);
	KUNIT_EXPECT_EQ(test, finject_park_release(park, &none), 0);
	KUNIT_EXPECT_EQ(test, finject_park_release(park, &first), 1);
	EXPECT_SENT(test, 1);
	KUNIT_EXPECT_EQ(test, finject_park_release(park, &first), 0);
	KUNIT_EXPECT_EQ(test, finject_park_release(park, &all), 2);
	EXPECT_SENT(test, 1, 3, 2);	/* by their due times */
}

static void waiting_sees_all_of_them_gone(struct kunit *test)
{
	struct bench *bench = test->priv;
	unsigned int i;

	for (i = 0; i < 200; i++)
		PARK(test, .number = i, .due = NEVER);
	finject_park_release(park_of(test), &all);
	finject_park_wait(park_of(test));
	KUNIT_EXPECT_EQ(test, bench->count, 200);
}

static void tag_lets_go_what_it_holds(struct kunit *test)
{
	struct finject_tag *a = finject_tag_get(&park_of(test)->tags, "a");
	struct finject_tag *b = finject_tag_get(&park_of(test)->tags, "b");
	const struct finject_park_filter by_name = { .tag = "b" };

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	PARK(test, .number = 1, .due = NEVER, .tag = a);
	PARK(test, .number = 2, .due = NEVER, .tag = b);
	PARK(test, .number = 3, .due = NEVER);
	PARK(test, .number = 4, .due = NEVER, .tag = a);
	finject_park_release_tag(park_of(test), a);
	EXPECT_SENT(test, 1, 4);
	finject_park_release_tag(park_of(test), a);
	KUNIT_EXPECT_EQ(test, finject_park_release(park_of(test), &by_name), 1);
	EXPECT_SENT(test, 1, 4, 2);
	finject_tag_put(a);
	finject_tag_put(b);
}

static void tag_of_a_name_is_one_until_all_put_it(struct kunit *test)
{
	struct finject_park *park = park_of(test);
	struct finject_tag *a = finject_tag_get(&park->tags, "a");

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_EXPECT_PTR_EQ(test, finject_tag_get(&park->tags, "a"), a);
	finject_tag_put(a);
	KUNIT_EXPECT_STREQ(test, a->name, "a");
	KUNIT_EXPECT_FALSE(test, list_empty(&park->tags.used));
	finject_tag_put(a);
	KUNIT_EXPECT_TRUE(test, list_empty(&park->tags.used));
}

static void first_transmissions_gather(struct kunit *test)
{
	struct finject_tag *tag = finject_tag_get(&park_of(test)->tags, "close");
	struct finject_rule *rule = new_rule(test, 2, false);
	const struct entry held = { .due = NEVER, .rule = rule, .tag = tag };
	struct entry entry = held;

	KUNIT_ASSERT_NOT_NULL(test, tag);
	entry.number = 1;
	put_in(test, entry);
	entry.number = 2;
	entry.nth = 2;
	put_in(test, entry);
	KUNIT_EXPECT_EQ(test, tag->firsts, 1);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 2);
	entry = held;
	entry.number = 3;
	put_in(test, entry);
	EXPECT_SENT(test, 1, 2, 3);
	KUNIT_EXPECT_EQ(test, tag->firsts, 0);

	/* and again, for the next two */
	entry.number = 4;
	put_in(test, entry);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 1);
	entry.number = 5;
	put_in(test, entry);
	EXPECT_SENT(test, 1, 2, 3, 4, 5);
	end_rule(test, rule);
	finject_tag_put(tag);
}

static void what_left_does_not_count_to_gather(struct kunit *test)
{
	struct finject_tag *tag = finject_tag_get(&park_of(test)->tags, "close");
	struct finject_rule *rule = new_rule(test, 2, false);
	const struct finject_park_filter first = { .id = 1 };

	KUNIT_ASSERT_NOT_NULL(test, tag);
	PARK(test, .number = 1, .due = NEVER, .rule = rule, .tag = tag);
	KUNIT_EXPECT_EQ(test, finject_park_purge(park_of(test), &first), 1);
	KUNIT_EXPECT_EQ(test, tag->firsts, 0);
	PARK(test, .number = 2, .due = NEVER, .rule = rule, .tag = tag);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 1);
	PARK(test, .number = 3, .due = NEVER, .rule = rule, .tag = tag);
	EXPECT_SENT(test, 2, 3);
	end_rule(test, rule);
	finject_tag_put(tag);
}

static void gathers_within_each_flow(struct kunit *test)
{
	struct finject_tag *tag = finject_tag_get(&park_of(test)->tags, "close");
	struct finject_rule *rule = new_rule(test, 2, true);

	KUNIT_ASSERT_NOT_NULL(test, tag);
	PARK(test, .number = 1, .due = NEVER, .rule = rule, .tag = tag,
	     .flow = 1);
	PARK(test, .number = 2, .due = NEVER, .rule = rule, .tag = tag,
	     .flow = 2);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 2);
	PARK(test, .number = 3, .due = NEVER, .rule = rule, .tag = tag,
	     .flow = 2);
	EXPECT_SENT(test, 2, 3);
	PARK(test, .number = 4, .due = NEVER, .rule = rule, .tag = tag,
	     .flow = 1);
	EXPECT_SENT(test, 2, 3, 1, 4);
	end_rule(test, rule);
	finject_tag_put(tag);
}

static void dead_rule_holds_nothing(struct kunit *test)
{
	struct finject_rule *rule = new_rule(test, 0, false);

	PARK(test, .number = 1, .due = NEVER, .rule = rule);
	PARK(test, .number = 2, .due = NEVER);
	KUNIT_EXPECT_EQ(test, refcount_read(&rule->refs), 2);
	finject_park_end_rule(park_of(test), rule);
	EXPECT_SENT(test, 1);
	/* a hook that still judges by it */
	PARK(test, .number = 3, .due = NEVER, .rule = rule);
	EXPECT_SENT(test, 1, 3);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 1);
	end_rule(test, rule);
}

static void takes_no_more_than_its_bound(struct kunit *test)
{
	struct finject_park *park = park_of(test);
	const struct finject_park_filter first = { .id = 1 };

	finject_max_parked = 2;
	PARK(test, .number = 1, .due = NEVER);
	PARK(test, .number = 2, .due = NEVER);
	KUNIT_EXPECT_PTR_EQ(test, prepare(test, &(struct entry){ .number = 3 }),
			    (struct finject_parked *)NULL);
	KUNIT_EXPECT_EQ(test, park->gauge.refused, 1);
	KUNIT_EXPECT_EQ(test, park->gauge.now, 2);
	KUNIT_EXPECT_EQ(test, park->gauge.peak, 2);
	finject_park_purge(park, &first);
	PARK(test, .number = 4, .due = NEVER);
	KUNIT_EXPECT_EQ(test, park->gauge.now, 2);
}

static void takes_no_more_memory_than_its_bound(struct kunit *test)
{
	struct finject_park *park = park_of(test);
	unsigned long one;

	PARK(test, .number = 1, .due = NEVER);
	one = park->bytes.now;
	KUNIT_EXPECT_GT(test, one, 256);
	finject_max_parked_bytes = 2 * one;
	PARK(test, .number = 2, .due = NEVER);
	KUNIT_EXPECT_PTR_EQ(test, prepare(test, &(struct entry){ .number = 3 }),
			    (struct finject_parked *)NULL);
	KUNIT_EXPECT_EQ(test, park->bytes.refused, 1);
	KUNIT_EXPECT_EQ(test, park->gauge.refused, 0);
	KUNIT_EXPECT_EQ(test, park->gauge.now, 2);
	KUNIT_EXPECT_EQ(test, park->bytes.now, 2 * one);
	finject_park_release(park, &all);
	EXPECT_SENT(test, 1, 2);
	KUNIT_EXPECT_EQ(test, park->bytes.peak, 2 * one);
	PARK(test, .number = 4, .due = NEVER);
}

/* An entry counts from the moment that it has room, not from commit. */
static void room_is_taken_when_it_is_prepared(struct kunit *test)
{
	const struct entry entry = { .number = 1, .due = NEVER };
	struct finject_parked *parked;

	finject_max_parked = 1;
	parked = prepare(test, &entry);
	KUNIT_ASSERT_NOT_NULL(test, parked);
	KUNIT_EXPECT_PTR_EQ(test, prepare(test, &entry),
			    (struct finject_parked *)NULL);
	finject_park_commit(park_of(test), parked);
	KUNIT_EXPECT_EQ(test, park_of(test)->gauge.now, 1);
}

static void purges_what_is_chosen(struct kunit *test)
{
	struct finject_tag *tag = finject_tag_get(&park_of(test)->tags, "a");
	struct finject_rule *rule = new_rule(test, 0, false);
	struct finject_park *park = park_of(test);
	struct bench *bench = test->priv;
	struct finject_park_filter filter = { .tag = "a" };

	KUNIT_ASSERT_NOT_NULL(test, tag);
	PARK(test, .number = 1, .due = NEVER, .tag = tag);
	PARK(test, .number = 2, .due = NEVER, .rule = rule);
	PARK(test, .number = 3, .due = NEVER, .dev = 1);
	PARK(test, .number = 4, .due = NEVER, .dev = 1);
	PARK(test, .number = 5, .due = NEVER);
	PARK(test, .number = 6, .due = NEVER);
	KUNIT_EXPECT_EQ(test, finject_park_purge(park, &filter), 1);
	filter = (struct finject_park_filter){ .rule = rule };
	KUNIT_EXPECT_EQ(test, finject_park_purge(park, &filter), 1);
	filter = (struct finject_park_filter){ .dev = bench->dev[1] };
	KUNIT_EXPECT_EQ(test, finject_park_purge(park, &filter), 2);
	KUNIT_EXPECT_EQ(test, netdev_refcnt_read(bench->dev[1]), 1);
	filter = (struct finject_park_filter){ .id = 6 };
	KUNIT_EXPECT_EQ(test, finject_park_purge(park, &filter), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&bench->freed), 5);
	KUNIT_EXPECT_EQ(test, stat(test, FINJECT_COUNT_PURGED), 5);
	finject_park_release(park, &all);
	EXPECT_SENT(test, 5);
	end_rule(test, rule);
	finject_tag_put(tag);
}

static void purges_more_than_a_batch(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 1000; i++)
		PARK(test, .number = i, .due = NEVER);
	KUNIT_EXPECT_EQ(test, finject_park_purge(park_of(test), &all), 1000);
}

static void closed_it_takes_nothing(struct kunit *test)
{
	struct finject_park *park = park_of(test);

	PARK(test, .number = 1, .due = NEVER);
	PARK(test, .number = 2, .due = NEVER);
	finject_park_close(park);
	KUNIT_EXPECT_EQ(test, park->gauge.now, 0);
	KUNIT_EXPECT_EQ(test, stat(test, FINJECT_COUNT_PURGED), 2);
	KUNIT_EXPECT_PTR_EQ(test, prepare(test, &(struct entry){ .number = 3 }),
			    (struct finject_parked *)NULL);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&park->timer));
}

static void copies_are_counted_apart(struct kunit *test)
{
	struct finject_park *park = park_of(test);

	PARK(test, .number = 1, .due = NEVER);
	PARK(test, .number = 2, .due = NEVER, .copy = true);
	PARK(test, .number = 3, .due = NEVER, .copy = true);
	KUNIT_EXPECT_EQ(test, park->copies, 2);
	finject_park_release(park, &(struct finject_park_filter){ .id = 2 });
	EXPECT_SENT(test, 2);
	KUNIT_EXPECT_EQ(test, park->copies, 1);
	finject_park_purge(park, &all);
	KUNIT_EXPECT_EQ(test, stat(test, FINJECT_COUNT_COPIES_RELEASED), 1);
	KUNIT_EXPECT_EQ(test, stat(test, FINJECT_COUNT_COPIES_PURGED), 1);
	KUNIT_EXPECT_EQ(test, stat(test, FINJECT_COUNT_RELEASED), 0);
	KUNIT_EXPECT_EQ(test, stat(test, FINJECT_COUNT_PURGED), 1);
}

static void socket_is_let_go_at_once(struct kunit *test)
{
	struct bench *bench = test->priv;
	struct nf_hook_state state = state_of(bench, 0);
	struct sk_buff *skb = make_fin(bench, 1);
	struct finject_parked *parked;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	state.sk = (struct sock *)bench;	/* never looked into */
	skb->destructor = count_freed;
	parked = finject_park_prepare(park_of(test), skb, &state);
	KUNIT_ASSERT_NOT_NULL(test, parked);
	KUNIT_EXPECT_EQ(test, atomic_read(&bench->freed), 1);
	KUNIT_EXPECT_TRUE(test, !skb->destructor);
	KUNIT_EXPECT_EQ(test, netdev_refcnt_read(bench->dev[0]), 2);
	parked->rule = bench->rule;
	bench->parked++;
	finject_park_commit(park_of(test), parked);
	EXPECT_SENT(test, 1);
}

static void fates_are_recorded(struct kunit *test)
{
	struct bench *bench = test->priv;
	struct finject_events *events = &bench->fnet.events;
	struct finject_record *record = kunit_kzalloc(test, sizeof(*record),
						      GFP_KERNEL);
	u64 position, lost;

	KUNIT_ASSERT_NOT_NULL(test, record);
	KUNIT_ASSERT_EQ(test, finject_events_open(events, &position), 0);
	PARK(test, .number = 8, .due = NEVER);
	PARK(test, .number = 9, .due = NEVER, .copy = true);
	finject_park_release(park_of(test), &(struct finject_park_filter){ .id = 1 });
	EXPECT_SENT(test, 8);
	finject_park_purge(park_of(test), &all);
	KUNIT_EXPECT_TRUE(test, finject_event_read(events, &position, record,
						   &lost));
	KUNIT_EXPECT_EQ(test, (int)record->kind, (int)FINJECT_RECORD_OUTCOME);
	KUNIT_EXPECT_EQ(test, (int)record->verdict, (int)FINJECT_VERDICT_RELEASED);
	KUNIT_EXPECT_EQ(test, record->wire.seq, 8);
	KUNIT_EXPECT_TRUE(test, finject_event_read(events, &position, record,
						   &lost));
	KUNIT_EXPECT_EQ(test, (int)record->verdict, (int)FINJECT_VERDICT_PURGED);
	KUNIT_EXPECT_EQ(test, record->wire.seq, 9);
	KUNIT_EXPECT_TRUE(test, record->copy);
	KUNIT_EXPECT_FALSE(test, finject_event_read(events, &position, record,
						    &lost));
	finject_events_release(events);
}

static u32 chaos;

static u32 random_below(u32 n)
{
	chaos = chaos * 1664525 + 1013904223;
	return (chaos >> 16) % n;
}

/* Run everything at once; teardown adds it all up. */
static void nothing_is_lost_or_sent_twice(struct kunit *test)
{
	struct finject_tag *tag = finject_tag_get(&park_of(test)->tags, "a");
	struct finject_rule *rule = new_rule(test, 3, false);
	struct finject_park *park = park_of(test);
	struct bench *bench = test->priv;
	struct finject_park_filter filter;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, tag);
	chaos = 1;
	finject_max_parked = 200;
	for (i = 0; i < SENT_MAX; i++) {
		u64 wait = random_below(2) ? random_below(60000) :
					     NEVER * NSEC_PER_SEC;
		struct entry entry = {
			.number = i,
			.due_at = ktime_get_ns() + wait,
			.rule = random_below(2) ? rule : NULL,
			.nth = 1 + random_below(2),
			.dev = random_below(2),
			.copy = !random_below(8),
		};
		struct finject_parked *parked;

		if (entry.rule)
			entry.tag = tag;
		parked = prepare(test, &entry);
		if (parked)
			finject_park_commit(park, parked);
		if (!random_below(4))
			finject_runner_turn(park);
		filter = (struct finject_park_filter){
			.dev = random_below(2) ? bench->dev[0] : NULL,
			.rule = random_below(2) ? rule : NULL,
			.id = random_below(2) ? i : 0,
		};
		if (!random_below(16))
			finject_park_purge(park, &filter);
		if (!random_below(16))
			finject_park_release(park, &filter);
		if (!random_below(64))
			finject_park_release_tag(park_of(test), tag);
	}
	finject_park_release(park, &all);
	finject_park_wait(park);
	KUNIT_EXPECT_GT(test, bench->count, SENT_MAX / 4);
	KUNIT_EXPECT_GT(test, stat(test, FINJECT_COUNT_PURGED), 0);
	KUNIT_EXPECT_EQ(test, tag->firsts, 0);
	end_rule(test, rule);
	finject_tag_put(tag);
}

static struct kunit_case park_cases[] = {
	KUNIT_CASE(goes_on_when_due_and_not_before),
	KUNIT_CASE(of_one_time_the_first_goes_first),
	KUNIT_CASE(one_that_is_due_does_not_wait_for_others),
	KUNIT_CASE(many_go_on_in_order),
	KUNIT_CASE(hook_sends_what_is_due),
	KUNIT_CASE(hook_leaves_others_to_the_timer),
	KUNIT_CASE(hook_of_another_cpu_sends_nothing),
	KUNIT_CASE(what_goes_on_may_come_back),
	KUNIT_CASE(waits_until_it_is_let_go),
	KUNIT_CASE(waiting_sees_all_of_them_gone),
	KUNIT_CASE(tag_lets_go_what_it_holds),
	KUNIT_CASE(tag_of_a_name_is_one_until_all_put_it),
	KUNIT_CASE(first_transmissions_gather),
	KUNIT_CASE(what_left_does_not_count_to_gather),
	KUNIT_CASE(gathers_within_each_flow),
	KUNIT_CASE(dead_rule_holds_nothing),
	KUNIT_CASE(takes_no_more_than_its_bound),
	KUNIT_CASE(takes_no_more_memory_than_its_bound),
	KUNIT_CASE(room_is_taken_when_it_is_prepared),
	KUNIT_CASE(purges_what_is_chosen),
	KUNIT_CASE(purges_more_than_a_batch),
	KUNIT_CASE(closed_it_takes_nothing),
	KUNIT_CASE(copies_are_counted_apart),
	KUNIT_CASE(socket_is_let_go_at_once),
	KUNIT_CASE(fates_are_recorded),
	KUNIT_CASE(nothing_is_lost_or_sent_twice),
	{ }
};

/* KUnit runs suites before their module's init, in later kernels after it. */
static bool runs_before_init(void)
{
	return THIS_MODULE->state == MODULE_STATE_COMING;
}

static int setup_suite(struct kunit_suite *suite)
{
	return runs_before_init() ? finject_park_cache_init() : 0;
}

static void teardown_suite(struct kunit_suite *suite)
{
	if (runs_before_init())
		finject_park_cache_exit();
}

static struct kunit_suite park_suite = {
	.name = "finject_park",
	.suite_init = setup_suite,
	.suite_exit = teardown_suite,
	.init = setup,
	.exit = teardown,
	.test_cases = park_cases,
};

kunit_test_suite(park_suite);
