// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segments that arrive a minute late, the length of TIME_WAIT. These tests take
 * minutes where time does not jump.
 *
 * 1. a hold without max= ends after 60 s
 * 2. a copy of fin2 that arrives within TIME_WAIT is acknowledged once more,
 *    and restarts TIME_WAIT (RFC 9293, 3.10.7.4)
 * 3. a later copy is answered by a RST of no socket
 */
#include "harness.h"

FIXTURE(late)
{
	struct bed bed;
};

FIXTURE_VARIANT(late)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(late, veth_, .topology = VETH);
BED_VARIANTS(late, router_, .topology = ROUTER);

FIXTURE_SETUP(late)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	bed_sysctl(&self->bed, "net/ipv4/tcp_rfc1337", "1");
	bed_connect(&self->bed);
}

FIXTURE_TEARDOWN(late)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(late, hold_ends)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(a->ns, "add id=1 seg=fin1 nth=1 hold=x\n"
		      "add id=2 seg=fin1 drop\n");
	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, 70 * SEC));
	EXPECT_BETWEEN(60 * SEC, 60 * SEC + 5 * MSEC, events_parked(a->ev, FIN1));
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
}

/* Close both ends; leave a copy of fin2 that is released @gap later. */
static void leave_ghost(struct __test_metadata *_metadata, struct bed *bed,
			const char *gap)
{
	finject_rules(bed->b.ns, "add id=1 seg=fin2 nth=1 duplicate=1 gap=%s",
		      gap);
	conn_shut(bed->a.fd);
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	conn_shut(bed->b.fd);
	EXPECT_TRUE(end_reaches(&bed->b, GONE));
	EXPECT_TRUE(end_reaches(&bed->a, TIME_WAIT));
	EXPECT_EQ(1, finject_total(bed->b.ns, "copies_parked"));
	EXPECT_EQ(0, finject_total(bed->b.ns, "parked"));
}

BED_TEST(late, ghost_in_time_wait)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	leave_ghost(_metadata, &self->bed, "30s");
	EXPECT_TRUE(WAIT_FOR(events_count(a->ev, POST, ACK2) == 2, 40 * SEC));
	EXPECT_EQ(1, finject_total(b->ns, "copies_released"));
	EXPECT_EQ(TIME_WAIT, end_state(a));
	EXPECT_BETWEEN(59000U, 60000U, end_diag(a).expires);
	/* B is CLOSED, and answers that ACK with a RST. */
	EXPECT_SOON(end_count(b, "OutRsts") == 1);
}

/* The timer wheel may extend TIME_WAIT by up to 2 s. */
BED_TEST(late, ghost_after_time_wait)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	leave_ghost(_metadata, &self->bed, "65s");
	EXPECT_TRUE(WAIT_FOR(end_state(a) == GONE, 70 * SEC));
	EXPECT_EQ(1, finject_total(b->ns, "copies_parked"));
	EXPECT_EQ(0, end_count(a, "OutRsts"));
	EXPECT_SOON(end_count(a, "OutRsts") == 1);
	EXPECT_EQ(1, finject_total(b->ns, "copies_released"));
	EXPECT_EQ(1, events_count(a->ev, POST, ACK2));
	EXPECT_EQ(GONE, end_state(b));
}

TEST_HARNESS_MAIN
