// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each of the four waves of a close is lost once, always lost, delayed past the
 * RTO, or duplicated, at its sender, at its receiver, over loopback, over IPv4
 * and IPv6.
 *
 * 1. the rule acts on the segments it names and no others
 * 2. the end that lacks an answer retransmits its FIN, after 200, 400 ms
 * 3. both ends take the states of RFC 9293 (3.6, 3.8.3, 3.10.7.4), and give up
 *    in time where nothing ever arrives
 * 4. a copy is answered as the standard says and changes nothing
 *
 * In each case A closes, B acknowledges, B closes, A acknowledges: B waits
 * until its own ACK is in flight. tcp_rfc1337 is set, else the RST with which a
 * vanished B answers late segments would end A's TIME_WAIT.
 */
#include "harness.h"

enum fault {
	DROP_ONCE,
	DROP_ALWAYS,
	DELAY,
	DUPLICATE,
	FAULTS,
};

enum place {
	SENDER,
	RECEIVER,
	LO,
};

static const char * const rules[FAULTS] = {
	[DROP_ONCE] = "nth=1 drop",
	[DROP_ALWAYS] = "drop",
	[DELAY] = "nth=1 delay=1s",
	[DUPLICATE] = "nth=1 duplicate=1",
};

static const char * const verdicts[FAULTS] = {
	[DROP_ONCE] = "drop",
	[DROP_ALWAYS] = "drop",
	[DELAY] = "delay",
	[DUPLICATE] = "duplicate",
};

/* tcp_orphan_retries. TCP gives up an unanswered FIN ((2 << N) - 1) RTOs after
 * it was sent, or, where the kernel counts from the first retransmission, one
 * more retransmission later: 1.4 or 3 s.
 */
enum { RETRIES = 2 };

/**
 * struct trial - one case
 * @bed: the bed
 * @a: the active closer
 * @b: the passive closer
 * @judge: the end in whose namespace the rule is
 * @repeater: the end whose FIN stays unanswered
 * @repeated: that FIN
 * @class: the wave that the rule matches
 * @fault: the action of the rule
 */
struct trial {
	struct bed bed;
	struct end *a, *b;
	struct end *judge;
	struct end *repeater;
	enum class repeated;
	enum class class;
	enum fault fault;
};

FIXTURE(faults)
{
	struct trial t;
};

FIXTURE_VARIANT(faults)
{
	enum class class;
	enum fault fault;
};

#define CASE(of_class, of_fault)	{ .class = of_class, .fault = of_fault }

FIXTURE_VARIANT_ADD(faults, fin1_dropped_once) CASE(FIN1, DROP_ONCE);
FIXTURE_VARIANT_ADD(faults, fin1_dropped_always) CASE(FIN1, DROP_ALWAYS);
FIXTURE_VARIANT_ADD(faults, fin1_delayed) CASE(FIN1, DELAY);
FIXTURE_VARIANT_ADD(faults, fin1_duplicated) CASE(FIN1, DUPLICATE);
FIXTURE_VARIANT_ADD(faults, ack1_dropped_once) CASE(ACK1, DROP_ONCE);
FIXTURE_VARIANT_ADD(faults, ack1_dropped_always) CASE(ACK1, DROP_ALWAYS);
FIXTURE_VARIANT_ADD(faults, ack1_delayed) CASE(ACK1, DELAY);
FIXTURE_VARIANT_ADD(faults, ack1_duplicated) CASE(ACK1, DUPLICATE);
FIXTURE_VARIANT_ADD(faults, fin2_dropped_once) CASE(FIN2, DROP_ONCE);
FIXTURE_VARIANT_ADD(faults, fin2_dropped_always) CASE(FIN2, DROP_ALWAYS);
FIXTURE_VARIANT_ADD(faults, fin2_delayed) CASE(FIN2, DELAY);
FIXTURE_VARIANT_ADD(faults, fin2_duplicated) CASE(FIN2, DUPLICATE);
FIXTURE_VARIANT_ADD(faults, ack2_dropped_once) CASE(ACK2, DROP_ONCE);
FIXTURE_VARIANT_ADD(faults, ack2_dropped_always) CASE(ACK2, DROP_ALWAYS);
FIXTURE_VARIANT_ADD(faults, ack2_delayed) CASE(ACK2, DELAY);
FIXTURE_VARIANT_ADD(faults, ack2_duplicated) CASE(ACK2, DUPLICATE);

static void trial_open(struct trial *t, enum place where, int family)
{
	bool from_a = t->class == FIN1 || t->class == ACK2;

	bed_open(&t->bed, where == LO ? LOOPBACK : VETH, family);
	bed_sysctl(&t->bed, "net/ipv4/tcp_orphan_retries", "2");
	bed_sysctl(&t->bed, "net/ipv4/tcp_rfc1337", "1");
	bed_connect(&t->bed);
	t->a = &t->bed.a;
	t->b = &t->bed.b;
	t->judge = from_a == (where != RECEIVER) ? t->a : t->b;
	t->repeated = t->class <= ACK1 ? FIN1 : FIN2;
	t->repeater = t->repeated == FIN1 ? t->a : t->b;
	/* A bare ACK: fin2 acknowledges fin1 as well. */
	finject_rules(t->judge->ns, "add id=1 seg=%s pure %s",
		      class_names[t->class], rules[t->fault]);
}

FIXTURE_SETUP(faults)
{
	NEED_FINJECT();
	self->t.class = variant->class;
	self->t.fault = variant->fault;
}

FIXTURE_TEARDOWN(faults)
{
	EXPECT_BALANCED(&self->t.bed);
}

static bool is(const struct trial *t, enum class wave,
	       enum fault fault)
{
	return t->class == wave && t->fault == fault;
}

/* A's FIN never arrives: A's process has closed, so A must give up. */
static void close_into_nothing(struct __test_metadata *_metadata,
			       struct trial *t)
{
	conn_close(&t->a->fd);
	EXPECT_EQ(FIN_WAIT1, end_state(t->a));
	EXPECT_TRUE(end_reaches(t->a, GONE));
	EXPECT_EQ(ESTABLISHED, end_state(t->b));
	EXPECT_PATH("ESTABLISHED FIN_WAIT1 CLOSE", t->a);
	EXPECT_PATH("", t->b);
}

/* Close A; return when its FIN is acknowledged and B may close. */
static void close_a(struct __test_metadata *_metadata, struct trial *t)
{
	conn_shut(t->a->fd);
	EXPECT_TRUE(end_reaches(t->b, CLOSE_WAIT));
	EXPECT_EQ(CONN_EOF, conn_read(t->b->fd, PATIENCE));
	if (is(t, ACK1, DROP_ALWAYS)) {
		EXPECT_SOON(events_seg(t->b->ev, POST, ACK1, 1 + RETRIES));
		EXPECT_EQ(FIN_WAIT1, end_state(t->a));
	} else {
		EXPECT_TRUE(end_reaches(t->a, FIN_WAIT2));
	}
	/* A late segment must find B's socket still there. */
	if (t->fault == DELAY && t->repeated == FIN1)
		EXPECT_SOON(events_outcomes(t->judge->ev, "released",
					    t->class));
	EXPECT_EQ(CLOSE_WAIT, end_state(t->b));
}

/* Close B, and wait for its end. */
static void close_b(struct __test_metadata *_metadata, struct trial *t)
{
	conn_close(&t->b->fd);
	if (t->repeated == FIN2 && t->fault != DUPLICATE)
		EXPECT_EQ(LAST_ACK, end_state(t->b));
	EXPECT_TRUE(end_reaches(t->b, GONE));
	EXPECT_PATH(PATH_PASSIVE, t->b);
	if (is(t, FIN2, DROP_ALWAYS)) {
		EXPECT_EQ(FIN_WAIT2, end_state(t->a));
		EXPECT_PATH("ESTABLISHED FIN_WAIT1 FIN_WAIT2", t->a);
		return;
	}
	EXPECT_TRUE(end_reaches(t->a, TIME_WAIT));
	EXPECT_EQ(CONN_EOF, conn_read(t->a->fd, PATIENCE));
	EXPECT_PATH(PATH_ACTIVE, t->a);
}

/* Return how often the unanswered FIN was retransmitted. */
static long repeats(struct trial *t)
{
	return events_count(t->repeater->ev, POST, t->repeated) - 1;
}

/* The rule acted on the segments it names, and on no others. */
static void expect_hit(struct __test_metadata *_metadata,
		       struct trial *t)
{
	long hits = t->fault == DROP_ALWAYS ? 1 + repeats(t) : 1;
	const char *verdict = verdicts[t->fault];
	struct events *ev = t->judge->ev;

	EXPECT_EQ(hits, finject_rule(t->judge->ns, 1, "matched"));
	EXPECT_EQ(hits, finject_rule(t->judge->ns, 1, "fired"));
	EXPECT_EQ(hits, events_verdicts(ev, verdict, t->class));
	EXPECT_EQ(hits, events_faults(t->a->ev) +
			(t->a->ev == t->b->ev ? 0 :
			 events_faults(t->b->ev)));
	EXPECT_EQ(t->fault == DUPLICATE,
		  finject_total(t->judge->ns, "copies"));
}

/* The unanswered FIN was retransmitted, at the times of its RTOs. */
static void expect_repeated(struct __test_metadata *_metadata,
			    struct trial *t)
{
	long least = t->fault == DROP_ALWAYS ? RETRIES : t->fault != DUPLICATE;
	long most = t->fault == DROP_ALWAYS ? RETRIES + 1 : least;
	struct end *other = t->repeater == t->a ? t->b : t->a;
	const struct event *event;
	__u64 last = 0, rto = 200 * MSEC;
	int nth;

	EXPECT_BETWEEN(least, most, repeats(t));
	EXPECT_EQ(repeats(t), end_count(t->repeater, "RetransSegs"));
	if (other->ns != t->repeater->ns)
		EXPECT_EQ(0, end_count(other, "RetransSegs"));

	for (nth = 1; nth <= 1 + repeats(t); nth++) {
		event = events_seg(t->repeater->ev, POST, t->repeated,
				   nth);
		ASSERT_NE(NULL, event);
		if (nth > 1) {
			EXPECT_BETWEEN(rto - 10 * MSEC, rto * 2 - 10 * MSEC,
				       event->t - last);
			rto *= 2;
		}
		last = event->t;
	}
}

/* The FIN was never answered. */
static void expect_given_up(struct __test_metadata *_metadata,
			    struct trial *t)
{
	const struct event *first = events_seg(t->repeater->ev, POST,
					       t->repeated, 1);

	ASSERT_NE(NULL, first);
	EXPECT_BETWEEN(1300 * MSEC, 3600 * MSEC, clock_now() - first->t);
	EXPECT_EQ(1, end_count(t->repeater, "TCPAbortOnTimeout"));
}

/* A late or repeated segment is answered as the standard says. */
static void expect_answered(struct __test_metadata *_metadata,
			    struct trial *t)
{
	struct end *a = t->a, *b = t->b;

	/* B acknowledges the first FIN, the second one, and once more with
	 * fin2. An immediate copy may arrive before the first of these ACKs
	 * has left, and then shares it.
	 */
	if (is(t, FIN1, DELAY))
		EXPECT_SOON(events_count(b->ev, POST, ACK1) == 3);
	if (is(t, FIN1, DUPLICATE))
		EXPECT_SOON(events_count(b->ev, POST, ACK1) ==
			    2 + (size_t)end_count(b, "DelayedACKs"));
	/* TIME_WAIT acknowledges again. */
	if (t->class == FIN2)
		EXPECT_SOON(events_count(a->ev, POST, ACK2) == 2);
	/* B is CLOSED when a late ACK arrives; an immediate copy may arrive
	 * before that.
	 */
	if (t->fault == DELAY && t->repeated == FIN2)
		EXPECT_SOON(events_count(b->ev, POST, RST) == 1);
	EXPECT_EQ(TIME_WAIT, end_state(a));
}

static void expect_parked(struct __test_metadata *_metadata,
			  struct trial *t)
{
	struct events *ev = t->judge->ev;
	size_t i;

	EXPECT_SOON(events_outcomes(ev, "released", t->class) == 1);
	for (i = 0; i < ev->count; i++)
		if (ev->list[i].kind == EVENT_OUTCOME)
			EXPECT_BETWEEN(1000 * MSEC, 1050 * MSEC,
				       ev->list[i].parked);
	EXPECT_EQ(1, finject_total(t->judge->ns, "released"));
}

static void try_close(struct __test_metadata *_metadata, struct trial *t,
		      enum place where, int family)
{
	bool gives_up = t->fault == DROP_ALWAYS && t->class != ACK1;

	trial_open(t, where, family);
	if (is(t, FIN1, DROP_ALWAYS)) {
		close_into_nothing(_metadata, t);
	} else {
		close_a(_metadata, t);
		close_b(_metadata, t);
	}
	if (gives_up)
		expect_given_up(_metadata, t);
	if (t->fault == DELAY)
		expect_parked(_metadata, t);
	if (t->fault == DELAY || t->fault == DUPLICATE)
		expect_answered(_metadata, t);
	expect_repeated(_metadata, t);
	expect_hit(_metadata, t);
}

BED_TEST(faults, at_sender_v4)
{
	try_close(_metadata, &self->t, SENDER, AF_INET);
}

BED_TEST(faults, at_sender_v6)
{
	try_close(_metadata, &self->t, SENDER, AF_INET6);
}

BED_TEST(faults, at_receiver_v4)
{
	try_close(_metadata, &self->t, RECEIVER, AF_INET);
}

BED_TEST(faults, at_receiver_v6)
{
	try_close(_metadata, &self->t, RECEIVER, AF_INET6);
}

BED_TEST(faults, over_lo_v4)
{
	try_close(_metadata, &self->t, LO, AF_INET);
}

BED_TEST(faults, over_lo_v6)
{
	try_close(_metadata, &self->t, LO, AF_INET6);
}

TEST_HARNESS_MAIN
