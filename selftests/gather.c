// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold=TAG gather=N: segments wait for each other.
 *
 * 1. two FINs gathered make a simultaneous close, each time, both ends through
 *    CLOSING, on any number of CPUs; with per=flow also for many connections
 *    at once; at any place of the rule, with either end closing first
 * 2. only first transmissions count, of any flow or, with per=flow, of one, in
 *    the class by which the rule matched
 * 3. CLOSING retransmits its FIN if the ACK is lost
 *
 * The rules are in A's namespace, or in the router's, unless a test says where.
 */
#include <unistd.h>

#include "harness.h"

enum {
	ROUNDS = 1000,
	CROWD = 200,
	REPEATS = 3,
};

FIXTURE(gather)
{
	struct bed bed;
	struct ns *judge;
	struct events *ev;
};

FIXTURE_VARIANT(gather)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(gather, veth_, .topology = VETH);
BED_VARIANTS(gather, lo_, .topology = LOOPBACK);
BED_VARIANTS(gather, router_, .topology = ROUTER);

FIXTURE_SETUP(gather)
{
	struct bed *bed = &self->bed;
	int router = variant->topology == ROUTER ? 2 : 0;

	NEED_FINJECT();
	bed_open(bed, variant->topology, variant->family);
	bed_connect(bed);
	self->judge = &bed->ns[router];
	self->ev = &bed->ev[router];
}

FIXTURE_TEARDOWN(gather)
{
	EXPECT_BALANCED(&self->bed);
}

/* One connection beside the bed's own. */
struct pair {
	int a, b;
	struct addr client, server;
};

static void pair_open(struct bed *bed, struct pair *pair)
{
	pair->a = conn_connect(bed->a.ns, NULL, &bed->server);
	pair->b = conn_accept(bed->listener);
	addr_of(&pair->client, pair->a, false);
	addr_of(&pair->server, pair->a, true);
}

static void pair_close(struct pair *pair)
{
	conn_close(&pair->a);
	conn_close(&pair->b);
}

static bool walked(struct events *ev, const struct addr *local,
		   const struct addr *remote)
{
	return !strcmp(events_walk(ev, local, remote), PATH_SIMULTANEOUS);
}

/* Return whether both ends of a pair went through CLOSING. */
static bool simultaneous(struct bed *bed, const struct pair *pair)
{
	return walked(bed->a.ev, &pair->client, &pair->server) &&
	       walked(bed->b.ev, &pair->server, &pair->client);
}

BED_TEST(gather, simultaneous_each_time)
{
	struct bed *bed = &self->bed;
	struct pair pair;
	int round, hits = 0;

	/* else loopback reuses a port, and the flow begins with a SYN */
	bed_sysctl(bed, "net/ipv4/tcp_tw_reuse", "0");
	finject_rules(self->judge, "add id=1 seg=fin nth=1 hold=x gather=2");
	for (round = 0; round < ROUNDS; round++) {
		pair_open(bed, &pair);
		conn_shut(pair.a);
		conn_shut(pair.b);
		hits += WAIT_FOR(simultaneous(bed, &pair), SEC);
		EXPECT_EQ(CONN_EOF, conn_read(pair.a, PATIENCE));
		EXPECT_EQ(CONN_EOF, conn_read(pair.b, PATIENCE));
		pair_close(&pair);
		events_forget(bed->a.ev);
		events_forget(bed->b.ev);
	}
	/* in real time a host may stall for an RTO: a retransmission passes */
	EXPECT_LE(ROUNDS, hits + bed_repeats(bed));
	EXPECT_GE(in_warp_time() ? 0 : ROUNDS / 100, bed_repeats(bed));
	EXPECT_EQ(2 * ROUNDS, finject_rule(self->judge, 1, "held"));
	EXPECT_EQ(2 * ROUNDS, finject_total(self->judge, "released"));
}

/*
 * KCSAN stops CPUs at random, for longer than the 2 ms until the second of two
 * FINs is released: then the close() that still owns the socket may process FIN
 * and ACK together.
 */
static int late_allowed(void)
{
	return access("/sys/kernel/debug/kcsan", F_OK) ? 0 : CROWD / 100;
}

/* Close pair by pair, each when the FINs before it have arrived. */
static __u64 close_crowd(struct __test_metadata *_metadata, struct ns *judge,
			 struct pair *pairs, bool b_first)
{
	__u64 start = clock_now();
	int i;

	for (i = 0; i < CROWD; i++)
		conn_shut(b_first ? pairs[i].b : pairs[i].a);
	EXPECT_SOON(finject_total(judge, "parked") >= CROWD);
	EXPECT_EQ(0, finject_total(judge, "released"));
	for (i = CROWD - 1; i >= 0; i--)
		conn_shut(b_first ? pairs[i].a : pairs[i].b);
	return clock_now() - start;
}

static void gather_crowd(struct __test_metadata *_metadata, struct bed *bed,
			 struct ns *judge, bool b_first)
{
	struct pair pairs[CROWD];
	int i, hits = 0;
	__u64 took;

	/* retransmissions wait too: a crowd may take longer than an RTO */
	finject_rules(judge, "add id=1 seg=fin hold=x gather=2 per=flow");
	for (i = 0; i < CROWD; i++)
		pair_open(bed, &pairs[i]);
	took = close_crowd(_metadata, judge, pairs, b_first);
	for (i = 0; i < CROWD; i++) {
		hits += WAIT_FOR(simultaneous(bed, &pairs[i]), SEC);
		pair_close(&pairs[i]);
	}
	EXPECT_LE(CROWD - late_allowed(), hits);
	EXPECT_LE(2 * CROWD, finject_total(judge, "released"));
	if (in_warp_time() && took < 190 * MSEC) {	/* the RTO is 200 */
		EXPECT_EQ(0, bed_repeats(bed));
	} else {
		TH_LOG("%d closes took %llu ms: %lld FINs retransmitted", CROWD,
		       took / MSEC, (long long)bed_repeats(bed));
	}
}

BED_TEST(gather, simultaneous_crowd)
{
	gather_crowd(_metadata, &self->bed, self->judge, false);
}

/* The end without the rule closes first. */
BED_TEST(gather, simultaneous_crowd_peer_first)
{
	gather_crowd(_metadata, &self->bed, self->judge, true);
}

/* Where rules park the FINs; a second word is for a second rule. */
static const char places[][7][2][20] = {
	[VETH] = {
		{ "" }, { "dir=out", "dir=in" }, { "hook=output", "hook=input" },
		{ "hook=postrouting", "hook=input" },
		{ "hook=output", "hook=prerouting" },
	},
	[LOOPBACK] = {
		{ "" }, { "dir=out" }, { "dir=in" }, { "hook=output" },
		{ "hook=input" }, { "hook=postrouting" }, { "hook=prerouting" },
	},
	[ROUTER] = {
		{ "" }, { "dir=out" }, { "dir=in" }, { "hook=forward" },
		{ "hook=postrouting" }, { "hook=prerouting" },
	},
};

static void gather_at(struct ns *judge, const char words[2][20])
{
	finject_rules(judge,
		      "flush\nadd id=1 seg=fin nth=1 hold=x gather=2 per=flow %s",
		      words[0]);
	if (*words[1])
		finject_rules(judge,
			      "add id=2 seg=fin nth=1 hold=x gather=2 per=flow %s",
			      words[1]);
}

/* The end that closes first, and ns until the other does. */
static const struct order {
	const char *name;
	bool b_first;
	__u64 pause;
} orders[] = {
	{ "the client first", false, 50 * MSEC },
	{ "the server first", true, 50 * MSEC },
	{ "both, the client before", false, 0 },
	{ "both, the server before", true, 0 },
};

static bool meet_in_the_middle(struct bed *bed, const struct order *order)
{
	struct pair pair;
	bool met;

	pair_open(bed, &pair);
	conn_shut(order->b_first ? pair.b : pair.a);
	if (order->pause)
		clock_rest(order->pause);
	conn_shut(order->b_first ? pair.a : pair.b);
	met = WAIT_FOR(simultaneous(bed, &pair), SEC);
	pair_close(&pair);
	events_forget(bed->a.ev);
	events_forget(bed->b.ev);
	return met;
}

static void gather_in_order(struct __test_metadata *_metadata, struct bed *bed,
			    const struct order *order, const char *where)
{
	int round, met = 0;

	for (round = 0; round < REPEATS; round++)
		met += meet_in_the_middle(bed, order);
	EXPECT_EQ(REPEATS, met)
		TH_LOG("%s, rules %s", order->name, where);
}

static void gather_everyhow(struct __test_metadata *_metadata, struct bed *bed,
			    int judge)
{
	const char (*words)[2][20] = places[bed->topology];
	char where[80];
	size_t order;
	int i;

	for (i = 0; i < 7 && (!i || *words[i][0]); i++) {
		gather_at(&bed->ns[judge], words[i]);
		snprintf(where, sizeof(where), "in namespace %d: %s %s", judge,
			 words[i][0], words[i][1]);
		for (order = 0; order < ARRAY_SIZE(orders); order++)
			gather_in_order(_metadata, bed, &orders[order], where);
	}
	/* in real time a host may stall for an RTO */
	EXPECT_GE(in_warp_time() ? 0 : 1, bed_repeats(bed));
	finject_rules(&bed->ns[judge], "flush");
}

BED_TEST(gather, simultaneous_everyhow)
{
	struct bed *bed = &self->bed;

	/* else loopback reuses a port, and the flow begins with a SYN */
	bed_sysctl(bed, "net/ipv4/tcp_tw_reuse", "0");
	gather_everyhow(_metadata, bed, self->judge - bed->ns);
	if (bed->topology == VETH)
		gather_everyhow(_metadata, bed, 1);
}

/*
 * B's second segment is fin2 #1 and ack1 #2: the rule matches by that class of
 * the two in which it is a first transmission.
 */
static const char * const firsts[] = {
	"nth=1",
	"nth=1 seg=ack1,fin2",
	"nth=1 seg=fin2,ack",
};

BED_TEST(gather, gathers_by_the_class_that_matched)
{
	struct bed *bed = &self->bed;
	struct ns *judge = bed->router ? bed->router : bed->b.ns;
	struct pair pair;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(firsts); i++) {
		pair_open(bed, &pair);
		finject_rules(judge,
			      "flush\nadd id=1 dir=out sport=%d hold=x gather=2 max=30s %s",
			      BED_PORT, firsts[i]);
		conn_shut(pair.a);
		EXPECT_EQ(CONN_EOF, conn_read(pair.b, SEC));
		EXPECT_EQ(CONN_NOTHING, conn_read(pair.a, 50 * MSEC));
		conn_shut(pair.b);
		EXPECT_EQ(CONN_EOF, conn_read(pair.a, SEC))
			TH_LOG("by %s", firsts[i]);
		EXPECT_EQ(2, finject_rule(judge, 1, "held"));
		EXPECT_EQ(0, finject_total(judge, "parked"));
		pair_close(&pair);
	}
	EXPECT_GE(in_warp_time() ? 0 : 1, bed_repeats(bed));
}

/* Without per=flow a tag gathers first transmissions of any flow. */
BED_TEST(gather, gathers_over_flows)
{
	struct bed *bed = &self->bed;
	struct pair pair;

	pair_open(bed, &pair);
	finject_rules(self->judge, "add id=1 seg=fin nth=1 hold=x gather=2");
	conn_shut(bed->a.fd);
	EXPECT_SOON(finject_total(self->judge, "parked") == 1);
	EXPECT_EQ(CONN_NOTHING, conn_read(bed->b.fd, 50 * MSEC));
	conn_shut(pair.a);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(CONN_EOF, conn_read(pair.b, PATIENCE));
	EXPECT_EQ(2, finject_total(self->judge, "released"));
	pair_close(&pair);
}

/* A retransmission is held too, but only first transmissions count. */
BED_TEST(gather, gathers_first_transmissions)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(self->judge, "add id=1 seg=fin hold=x gather=2");
	conn_shut(a->fd);
	EXPECT_SOON(finject_total(self->judge, "parked") == 3);
	EXPECT_EQ(ESTABLISHED, end_state(b));
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_TRUE(end_reaches(b, TIME_WAIT));
	EXPECT_PATH(PATH_SIMULTANEOUS, a);
	EXPECT_PATH(PATH_SIMULTANEOUS, b);
	EXPECT_EQ(4, finject_total(self->judge, "released"));
	EXPECT_EQ(3, events_outcomes(self->ev, "released", FIN1));
	EXPECT_EQ(1, events_outcomes(self->ev, "released", FIN2));
}

/* Return when an end entered a state, ns of the clock; 0 if never. */
static __u64 entered(const struct end *end, enum state state)
{
	const struct event *event;
	size_t i;

	end_path(end);
	for (i = 0; i < end->ev->count; i++) {
		event = &end->ev->list[i];
		if (event->kind == EVENT_SK && event->to == state &&
		    !strcmp(event->src, end->local.text))
			return event->t;
	}
	return 0;
}

/* CLOSING retransmits its FIN if the ACK is lost (RFC 9293, 3.10.7.4). */
BED_TEST(gather, closing_ack_lost)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	__u64 first, again;

	finject_rules(self->judge, "add id=1 seg=fin nth=1 hold=x gather=2\n"
		      "add id=2 seg=ack1 pure nth=1 drop\n");
	conn_shut(a->fd);
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(a, CLOSING));
	EXPECT_TRUE(end_reaches(b, TIME_WAIT));
	EXPECT_EQ(CLOSING, end_state(a));
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_PATH(PATH_SIMULTANEOUS, a);
	EXPECT_PATH(PATH_SIMULTANEOUS, b);
	ASSERT_NE(NULL, events_seg(a->ev, POST, FIN1, 2));
	first = events_seg(a->ev, POST, FIN1, 1)->t;
	again = events_seg(a->ev, POST, FIN1, 2)->t;
	EXPECT_BETWEEN(190 * MSEC, 410 * MSEC, again - first);
	EXPECT_LT(entered(a, CLOSING), again);
	EXPECT_LT(again, entered(a, TIME_WAIT));
	EXPECT_EQ(1, finject_rule(self->judge, 2, "dropped"));
	EXPECT_EQ(1, bed_repeats(&self->bed));
	EXPECT_EQ(2, events_count(a->ev, POST, FIN1));
}

TEST_HARNESS_MAIN
