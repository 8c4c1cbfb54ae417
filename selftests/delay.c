// SPDX-License-Identifier: GPL-2.0-only
/*
 * A delay by finject differs from a queue on the sending host: the sender no
 * longer has a parked FIN in its queues.
 *
 * 1. a FIN that finject delays is retransmitted, as on a real network
 * 2. a FIN that netem delays at its sender is not: TCP sees its clone still
 *    queued in the host and waits (TCPSpuriousRtxHostQueues)
 */
#include "harness.h"

#define DELAY	(3 * SEC)

FIXTURE(delay)
{
	struct bed bed;
};

FIXTURE_VARIANT(delay)
{
	int family;
};

BED_VARIANTS(delay, ip);

FIXTURE_SETUP(delay)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, variant->family);
	bed_connect(&self->bed);
}

FIXTURE_TEARDOWN(delay)
{
	EXPECT_BALANCED(&self->bed);
}

/* Return how long B waits for the EOF, ns. */
static __u64 eof_after(struct bed *bed)
{
	__u64 start = clock_now();

	conn_shut(bed->a.fd);
	if (conn_read(bed->b.fd, PATIENCE) != CONN_EOF)
		fail("B never sees the end of data");
	return clock_now() - start;
}

BED_TEST(delay, finject)
{
	struct end *a = &self->bed.a;

	finject_rules(a->ns, "add id=1 seg=fin1 delay=3s");
	EXPECT_BETWEEN(DELAY, DELAY + 100 * MSEC, eof_after(&self->bed));
	/* Retransmissions at 200, 600, 1400 ms; the next would be at 3000. */
	EXPECT_BETWEEN(3L, 4L, end_count(a, "RetransSegs"));
	EXPECT_EQ(0, end_count(a, "TCPSpuriousRtxHostQueues"));
	EXPECT_EQ(end_count(a, "RetransSegs") + 1,
		  finject_rule(a->ns, 1, "delayed"));
	EXPECT_SOON(!finject_total(a->ns, "parked"));
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
}

BED_TEST(delay, netem)
{
	struct end *a = &self->bed.a;

	if (ns_run(a->ns, "tc qdisc add dev fj0 root netem delay 3000ms"))
		SKIP(return, "no tc, or no netem (CONFIG_NET_SCH_NETEM)");
	EXPECT_BETWEEN(DELAY, DELAY + 100 * MSEC, eof_after(&self->bed));
	EXPECT_EQ(0, end_count(a, "RetransSegs"));
	EXPECT_GE(end_count(a, "TCPSpuriousRtxHostQueues"), 3);
	EXPECT_GE(end_count(a, "TCPTimeouts"), 3);
}

TEST_HARNESS_MAIN
