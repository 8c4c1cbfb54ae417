// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold=TAG gather=N: segments wait for each other.
 *
 * 1. two FINs gathered make a simultaneous close, each time, both ends through
 *    CLOSING, on any number of CPUs; with per=flow also for many connections
 *    at once
 * 2. what counts: first transmissions, of any flow or, with per=flow, of one
 * 3. CLOSING without the ACK of its FIN sends it again
 *
 * The rules are in A's namespace, or in the router's.
 */
#include <unistd.h>

#include "harness.h"

enum {
	ROUNDS = 1000,
	CROWD = 200,
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

FIXTURE_VARIANT_ADD(gather, veth_v4)
{
	.topology = VETH, .family = AF_INET,
};

FIXTURE_VARIANT_ADD(gather, veth_v6)
{
	.topology = VETH, .family = AF_INET6,
};

FIXTURE_VARIANT_ADD(gather, lo_v4)
{
	.topology = LOOPBACK, .family = AF_INET,
};

FIXTURE_VARIANT_ADD(gather, lo_v6)
{
	.topology = LOOPBACK, .family = AF_INET6,
};

FIXTURE_VARIANT_ADD(gather, router_v4)
{
	.topology = ROUTER, .family = AF_INET,
};

FIXTURE_VARIANT_ADD(gather, router_v6)
{
	.topology = ROUTER, .family = AF_INET6,
};

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

/* Both ends of a pair went through CLOSING to their end. */
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

	/* or else loopback gives out a port anew, whose flow begins with a SYN */
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
	/* in real time a host may stall for an RTO: a FIN sent again passes */
	EXPECT_LE(ROUNDS, hits + bed_repeats(bed));
	EXPECT_GE(in_warp_time() ? 0 : ROUNDS / 100, bed_repeats(bed));
	EXPECT_EQ(2 * ROUNDS, finject_rule(self->judge, 1, "held"));
	EXPECT_EQ(2 * ROUNDS, finject_total(self->judge, "released"));
}

/*
 * KCSAN stops CPUs at random, for longer than the 2 ms after which the other of
 * two FINs goes on: a socket that its close() still owns then may take FIN and
 * ACK in one.
 */
static int late_allowed(void)
{
	return access("/sys/kernel/debug/kcsan", F_OK) ? 0 : CROWD / 100;
}

BED_TEST(gather, simultaneous_crowd)
{
	struct bed *bed = &self->bed;
	struct pair pairs[CROWD];
	int i, hits = 0;
	__u64 start;

	/* retransmissions wait as well, for a crowd may take longer than a RTO */
	finject_rules(self->judge, "add id=1 seg=fin hold=x gather=2 per=flow");
	for (i = 0; i < CROWD; i++)
		pair_open(bed, &pairs[i]);
	start = clock_now();
	for (i = 0; i < CROWD; i++)
		conn_shut(pairs[i].a);
	EXPECT_SOON(finject_total(self->judge, "parked") >= CROWD);
	EXPECT_EQ(0, finject_total(self->judge, "released"));
	for (i = CROWD - 1; i >= 0; i--)
		conn_shut(pairs[i].b);
	start = clock_now() - start;
	for (i = 0; i < CROWD; i++) {
		hits += WAIT_FOR(simultaneous(bed, &pairs[i]), SEC);
		pair_close(&pairs[i]);
	}
	EXPECT_LE(CROWD - late_allowed(), hits);
	EXPECT_LE(2 * CROWD, finject_total(self->judge, "released"));
	if (in_warp_time() && start < 190 * MSEC) {	/* the RTO is 200 */
		EXPECT_EQ(0, bed_repeats(bed));
	} else {
		TH_LOG("%d closes took %llu ms: %lld FINs sent again", CROWD,
		       start / MSEC, (long long)bed_repeats(bed));
	}
}

/* Without per=flow a tag does not ask whose first transmission it is. */
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

/* A retransmission waits as well, but only first transmissions count. */
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
	EXPECT_EQ(3, events_fates(self->ev, "released", FIN1));
	EXPECT_EQ(1, events_fates(self->ev, "released", FIN2));
}

/* When an end took a state, ns of the clock; 0 when it did not. */
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

/* RFC 9293, 3.10.7.4: CLOSING without the ACK of its FIN sends it again. */
BED_TEST(gather, closing_ack_lost)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

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
	EXPECT_BETWEEN(190 * MSEC, 410 * MSEC,
		       entered(a, CLOSED) - entered(a, CLOSING));
	EXPECT_EQ(1, finject_rule(self->judge, 2, "dropped"));
	EXPECT_EQ(1, bed_repeats(&self->bed));
	EXPECT_EQ(2, events_count(a->ev, "out", FIN1));
}

TEST_HARNESS_MAIN
