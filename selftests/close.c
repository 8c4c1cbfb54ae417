// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shapes of an undisturbed close. finject observes it without changing it,
 * and classifies each segment:
 *
 * 1. four segments, B closes after its ACK; TIME_WAIT lasts 60 s
 * 2. three segments, B closes at once
 * 3. half-close: data flows from CLOSE_WAIT
 * 4. simultaneous close through CLOSING, both ends in TIME_WAIT
 * 5. simultaneous close by hold= and gather=, without timing
 * 6. close by RST
 * 7. FIN_WAIT2 of a socket without a process, which becomes a timewait socket
 *
 * RFC 9293, 3.6.
 */
#include <errno.h>

#include "harness.h"

/*
 * A minute of TCP. The kernel's timer wheel keeps timers due in 16 to 129 s (at
 * 250 Hz) with a granularity of 512 jiffies, and rounds up; WAIT_FOR() sees
 * them late by up to a 128th.
 */
#define MINUTE_MIN	(59 * SEC)
#define MINUTE_MAX	(62048 * MSEC * 129 / 128)

FIXTURE(close)
{
	struct bed bed;
};

FIXTURE_VARIANT(close)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(close, veth_, .topology = VETH);
BED_VARIANTS(close, lo_, .topology = LOOPBACK);

FIXTURE_SETUP(close)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	bed_connect(&self->bed);
}

FIXTURE_TEARDOWN(close)
{
	EXPECT_BALANCED(&self->bed);
}

static void rules_everywhere(struct bed *bed, const char *rules)
{
	int i;

	for (i = 0; i < bed->count; i++)
		finject_rules(&bed->ns[i], "%s", rules);
}

/* Return how many flows of an end's namespace have that shape. */
static int shaped(const struct end *end, const char *shape)
{
	return finject_record(end->ns, "flows", "flow", "shape", shape, NULL);
}

static size_t sent(const struct end *end, enum class class)
{
	return events_count(end->ev, POST, class);
}

static size_t arrived(const struct end *end, enum class class)
{
	return events_count(end->ev, PRE, class);
}

static const char *flags_of(const struct end *end, enum class class)
{
	const struct event *event = events_seg(end->ev, POST, class, 1);

	return event ? event->flags : "never sent";
}

BED_TEST(close, four_segments)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	struct diag diag;
	__u64 start;

	rules_everywhere(&self->bed, "add seg=all pass");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(b, CLOSE_WAIT));
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	EXPECT_EQ(1, shaped(a, "half-closed"));
	conn_close(&b->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_EQ(CONN_EOF, conn_read(a->fd, PATIENCE));
	ASSERT_TRUE(end_reaches(a, TIME_WAIT));

	start = clock_now();
	diag = end_diag(a);
	EXPECT_EQ(TIMER_TIMEWAIT, diag.timer);
	EXPECT_BETWEEN(59000U, 60000U, diag.expires);

	EXPECT_PATH(PATH_ACTIVE, a);
	EXPECT_PATH(PATH_PASSIVE, b);
	EXPECT_EQ(1, sent(a, FIN1));
	EXPECT_EQ(1, sent(b, ACK1) - sent(b, FIN2));
	EXPECT_EQ(1, sent(b, FIN2));
	EXPECT_EQ(1, sent(a, ACK2));
	EXPECT_EQ(1, arrived(b, FIN1));
	EXPECT_EQ(1, arrived(a, FIN2));
	EXPECT_EQ(1, arrived(b, ACK2));
	EXPECT_STREQ("FA", flags_of(a, FIN1));
	EXPECT_STREQ("A", flags_of(b, ACK1));
	EXPECT_STREQ("FA", flags_of(b, FIN2));
	EXPECT_STREQ("A", flags_of(a, ACK2));
	EXPECT_EQ(1, shaped(a, "four"));
	EXPECT_EQ(1, shaped(b, "four"));
	EXPECT_EQ(0, end_count(a, "RetransSegs"));
	EXPECT_EQ(0, end_count(b, "RetransSegs"));
	EXPECT_EQ(0, end_count(a, "OutRsts"));
	EXPECT_EQ(0, events_faults(a->ev));
	EXPECT_EQ(0, events_faults(b->ev));
	EXPECT_EQ(0, finject_total(a->ns, "dropped"));

	EXPECT_TRUE(WAIT_FOR(end_state(a) == GONE, 70 * SEC));
	EXPECT_BETWEEN(MINUTE_MIN, MINUTE_MAX, clock_now() - start);
}

BED_TEST(close, three_segments)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	const struct event *fin2;
	__u64 start;

	rules_everywhere(&self->bed, "add seg=all pass");
	/* An ACK waits for TCP_DELACK_MIN only after data, else for a tick. */
	conn_write(a->fd, "data");
	EXPECT_EQ(4, conn_read(b->fd, PATIENCE));
	start = clock_now();
	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	conn_close(&b->fd);
	start = clock_now() - start;
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	/* TCP_DELACK_MIN, less a tick of 4 ms */
	if (start > 36 * MSEC)
		SKIP(return, "B closed too late for its ACK to wait for the FIN");

	/* The kernel makes A's two state changes one after the other. */
	EXPECT_PATH(PATH_ACTIVE, a);
	EXPECT_PATH(PATH_PASSIVE, b);
	fin2 = events_seg(b->ev, POST, FIN2, 1);
	ASSERT_NE(NULL, fin2);
	EXPECT_EQ(1U << FIN2 | 1U << ACK1, fin2->classes);
	EXPECT_EQ(1, fin2->nth[ACK1]);
	EXPECT_EQ(1, sent(b, ACK1));
	EXPECT_EQ(1, sent(a, FIN1));
	EXPECT_EQ(1, sent(a, ACK2));
	EXPECT_EQ(1, shaped(a, "three"));
	EXPECT_EQ(1, shaped(b, "three"));
	EXPECT_EQ(0, events_faults(a->ev) + events_faults(b->ev));
}

BED_TEST(close, half_close_data)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	const struct event *data;

	rules_everywhere(&self->bed, "add seg=all pass");
	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));

	conn_write(b->fd, "eleven byte");
	EXPECT_EQ(11, conn_read(a->fd, PATIENCE));
	conn_write(b->fd, "nine byte");
	EXPECT_EQ(9, conn_read(a->fd, PATIENCE));
	EXPECT_EQ(CLOSE_WAIT, end_state(b));
	EXPECT_EQ(FIN_WAIT2, end_state(a));
	conn_close(&b->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_EQ(CONN_EOF, conn_read(a->fd, PATIENCE));

	EXPECT_EQ(2, sent(b, DATA));
	EXPECT_EQ(2, arrived(a, DATA));
	data = events_seg(b->ev, POST, DATA, 1);
	ASSERT_NE(NULL, data);
	EXPECT_EQ(11, data->len);
	EXPECT_EQ(1U << DATA | 1U << ACK1, data->classes);
	EXPECT_EQ(1, sent(b, FIN2));
	EXPECT_EQ(1, shaped(a, "four"));
	EXPECT_PATH(PATH_ACTIVE, a);
	EXPECT_PATH(PATH_PASSIVE, b);
	EXPECT_EQ(0, events_faults(a->ev) + events_faults(b->ev));
}

/* Both FINs were in flight when both ends were in FIN_WAIT1. */
static void expect_simultaneous(struct __test_metadata *_metadata,
				const struct end *end)
{
	EXPECT_TRUE(end_reaches(end, TIME_WAIT));
	EXPECT_PATH(PATH_SIMULTANEOUS, end);
	EXPECT_EQ(CONN_EOF, conn_read(end->fd, PATIENCE));
	EXPECT_EQ(1, shaped(end, "simultaneous"));
}

BED_TEST(close, simultaneous)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	/* A long path, with a round trip shorter than any RTO: the ACK of A's
	 * FIN must not overtake B's FIN.
	 */
	rules_everywhere(&self->bed, "add seg=fin,ack dir=out delay=50ms");
	conn_shut(a->fd);
	conn_shut(b->fd);
	EXPECT_EQ(FIN_WAIT1, end_state(a));
	EXPECT_EQ(FIN_WAIT1, end_state(b));
	expect_simultaneous(_metadata, a);
	expect_simultaneous(_metadata, b);
	EXPECT_EQ(0, end_count(a, "RetransSegs"));
	EXPECT_EQ(0, end_count(b, "RetransSegs"));
}

BED_TEST(close, simultaneous_gathered)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	/* One namespace sees both FINs: A's leaves, B's arrives or leaves. */
	finject_rules(a->ns, "add seg=fin nth=1 hold=both gather=2");
	conn_shut(a->fd);
	EXPECT_SOON(finject_total(a->ns, "parked") == 1);
	conn_shut(b->fd);
	expect_simultaneous(_metadata, a);
	expect_simultaneous(_metadata, b);
	EXPECT_EQ(2, finject_rule(a->ns, 1, "held"));
	EXPECT_EQ(2, finject_total(a->ns, "released"));
}

BED_TEST(close, reset)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	rules_everywhere(&self->bed, "add seg=all pass");
	conn_reset(&a->fd);
	EXPECT_SOON(conn_error(b->fd) == ECONNRESET);
	EXPECT_EQ(GONE, end_state(a));
	EXPECT_EQ(GONE, end_state(b));
	EXPECT_PATH("ESTABLISHED CLOSE", a);
	EXPECT_PATH("ESTABLISHED CLOSE", b);
	EXPECT_EQ(1, sent(a, RST));
	EXPECT_EQ(1, arrived(b, RST));
	EXPECT_EQ(0, sent(a, FIN1));
	EXPECT_EQ(1, shaped(a, "reset"));
	EXPECT_EQ(1, shaped(b, "reset"));
	EXPECT_EQ(1, end_count(a, "OutRsts"));
	EXPECT_EQ(0, events_faults(a->ev) + events_faults(b->ev));
}

BED_TEST(close, orphan_fin_wait2)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	struct diag diag;
	__u64 start;

	rules_everywhere(&self->bed, "add seg=all pass");
	conn_close(&a->fd);
	EXPECT_TRUE(end_reaches(b, CLOSE_WAIT));
	ASSERT_SOON(end_diag(a).timer == TIMER_TIMEWAIT);
	start = clock_now();
	diag = end_diag(a);
	EXPECT_EQ(FIN_WAIT2, diag.state);
	EXPECT_PATH("ESTABLISHED FIN_WAIT1 FIN_WAIT2", a);
	EXPECT_TRUE(WAIT_FOR(end_state(a) == GONE, 70 * SEC));
	EXPECT_BETWEEN(MINUTE_MIN, MINUTE_MAX, clock_now() - start);

	/* Nobody is left to acknowledge fin2: CLOSED answers with a RST. */
	EXPECT_EQ(CLOSE_WAIT, end_state(b));
	conn_close(&b->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_EQ(1, sent(b, FIN2));
	EXPECT_EQ(1, sent(a, RST));
	EXPECT_PATH(PATH_PASSIVE, b);
}

TEST_HARNESS_MAIN
