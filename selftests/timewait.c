// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of time-wait sockets, for which the kernel has no tracepoint. The
 * witness is inet_diag, which ss prints.
 *
 * 1. an active closer's TIME_WAIT begins with its ACK, and ends with its timer
 * 2. an orphan in FIN_WAIT2 keeps that state; fin2 changes it, or its timer
 *    ends it
 * 3. a RST ends TIME_WAIT (RFC 1337), and so does a new connection
 * 4. there is none over tcp_max_tw_buckets
 * 5. both ends of a simultaneous close have one
 * 6. one fin2 more begins the minute anew
 * 7. a passive closer has none: its socket ends with the ACK of its FIN, or by an
 *    abort, which sends no RST in LAST_ACK (RFC 9293, 3.10.5)
 * 8. of 1,000 closes of all kinds, each socket that the records know is in the
 *    state that inet_diag shows, whenever both are asked, and no other is left
 */
#include <stdlib.h>
#include <string.h>

#include "closer.h"
#include "harness.h"
#include "storm.h"

enum {
	CLOSES = 1000,		/* of each of four variants */
	BATCH = 250,		/* closes between two comparisons */
	SLOTS = 8192,		/* of the hash table, more than sockets */
};

/* The timer wheel runs the timer of a minute 512 ticks late at most. The end is
 * recorded two ticks after that, or an eighth of that time.
 */
#define MINUTE		(60 * SEC)
#define TIMER_LATE	(2100 * MSEC)
#define RECORD_LATE	(300 * MSEC)

FIXTURE(timewait)
{
	struct bed bed;
};

FIXTURE_VARIANT(timewait)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(timewait, veth_, .topology = VETH);
BED_VARIANTS(timewait, lo_, .topology = LOOPBACK);

FIXTURE_SETUP(timewait)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
}

FIXTURE_TEARDOWN(timewait)
{
	EXPECT_BALANCED(&self->bed);
}

/* Wait until inet_diag shows that a socket is gone, and until it is recorded. */
static const struct event *expect_end(struct __test_metadata *_metadata,
				      const struct end *end, enum state state,
				      const char *cause)
{
	const struct event *event;
	__u64 gone;

	EXPECT_TRUE(WAIT_FOR(end_state(end) == GONE, 70 * SEC));
	gone = clock_now();
	EXPECT_TRUE(WAIT_FOR(events_change(end->ev, &end->local, state, CLOSE),
			     RECORD_LATE));
	event = events_change(end->ev, &end->local, state, CLOSE);
	if (!event)
		return NULL;
	EXPECT_STREQ("timewait", event->socket);
	EXPECT_STREQ(cause, event->cause);
	EXPECT_GE(gone + RECORD_LATE, event->t);
	return event;
}

/* Close both ends; leave A in TIME_WAIT. */
static void close_both(struct __test_metadata *_metadata, struct bed *bed)
{
	const struct event *event;

	conn_shut(bed->a.fd);
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	conn_close(&bed->b.fd);
	EXPECT_TRUE(end_reaches(&bed->b, GONE));
	EXPECT_TRUE(end_reaches(&bed->a, TIME_WAIT));
	EXPECT_PATH(PATH_ACTIVE, &bed->a);
	EXPECT_PATH(PATH_PASSIVE, &bed->b);
	event = events_change(bed->b.ev, &bed->b.local, LAST_ACK, CLOSE);
	ASSERT_NE(NULL, event);
	EXPECT_STREQ("-", event->cause);
}

BED_TEST(timewait, timer)
{
	struct end *a = &self->bed.a;
	const struct event *event;
	__u64 began;

	bed_connect(&self->bed);
	close_both(_metadata, &self->bed);
	event = events_change(a->ev, &a->local, FIN_WAIT2, TIME_WAIT);
	ASSERT_NE(NULL, event);
	EXPECT_STREQ("timewait", event->socket);
	EXPECT_STREQ("-", event->cause);
	began = event->t;
	event = expect_end(_metadata, a, TIME_WAIT, "timer");
	ASSERT_NE(NULL, event);
	EXPECT_BETWEEN(MINUTE, MINUTE + TIMER_LATE + RECORD_LATE,
		       event->t - began);
	EXPECT_PATH(PATH_ACTIVE " CLOSE", a);
}

/* The stack changes the state before it acknowledges fin2. */
BED_TEST(timewait, orphan)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	const struct event *event, *ack2;
	__u64 changed;

	bed_connect(&self->bed);
	conn_close(&a->fd);
	EXPECT_TRUE(end_reaches(b, CLOSE_WAIT));
	ASSERT_SOON(end_diag(a).timer == TIMER_TIMEWAIT);
	ASSERT_SOON(events_change(a->ev, &a->local, FIN_WAIT2, FIN_WAIT2));
	event = events_change(a->ev, &a->local, FIN_WAIT2, FIN_WAIT2);
	EXPECT_STREQ("timewait", event->socket);
	EXPECT_PATH("ESTABLISHED FIN_WAIT1 FIN_WAIT2", a);
	conn_close(&b->fd);
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	event = events_change(a->ev, &a->local, FIN_WAIT2, TIME_WAIT);
	ASSERT_NE(NULL, event);
	changed = event->t;
	ack2 = events_seg(a->ev, POST, ACK2, 1);
	ASSERT_NE(NULL, ack2);
	EXPECT_GE(ack2->t, changed);
	expect_end(_metadata, a, TIME_WAIT, "timer");
}

BED_TEST(timewait, orphan_times_out)
{
	struct end *a = &self->bed.a;

	bed_connect(&self->bed);
	conn_close(&a->fd);
	ASSERT_SOON(end_diag(a).timer == TIMER_TIMEWAIT);
	expect_end(_metadata, a, FIN_WAIT2, "timer");
	EXPECT_PATH("ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSE", a);
}

/* A acknowledges a late copy of fin2, and B, which is gone, sends a RST. */
BED_TEST(timewait, rst)
{
	struct end *a = &self->bed.a;

	bed_sysctl(&self->bed, "net/ipv4/tcp_rfc1337", "0");
	bed_connect(&self->bed);
	finject_rules(self->bed.b.ns,
		      "add seg=fin2 dir=out nth=1 duplicate=1 gap=5s");
	close_both(_metadata, &self->bed);
	expect_end(_metadata, a, TIME_WAIT, "rst");
}

BED_TEST(timewait, restart)
{
	struct end *a = &self->bed.a;
	const struct event *event;
	__u64 again;

	bed_sysctl(&self->bed, "net/ipv4/tcp_rfc1337", "1");
	bed_connect(&self->bed);
	finject_rules(self->bed.b.ns,
		      "add seg=fin2 dir=out nth=1 duplicate=1 gap=30s");
	close_both(_metadata, &self->bed);
	ASSERT_TRUE(WAIT_FOR(events_seg(a->ev, POST, ACK2, 2), 40 * SEC));
	again = events_seg(a->ev, POST, ACK2, 2)->t;
	event = expect_end(_metadata, a, TIME_WAIT, "timer");
	ASSERT_NE(NULL, event);
	EXPECT_BETWEEN(MINUTE, MINUTE + TIMER_LATE + RECORD_LATE,
		       event->t - again);
}

/* The server closes first, and the client comes back from the same port. */
BED_TEST(timewait, reuse)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	const struct event *event;

	bed_connect(&self->bed);
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(b, FIN_WAIT2));
	conn_close(&a->fd);
	EXPECT_TRUE(end_reaches(b, TIME_WAIT));
	EXPECT_TRUE(end_reaches(a, GONE));
	bed_reconnect(&self->bed, true);
	ASSERT_SOON(events_change(b->ev, &b->local, TIME_WAIT, CLOSE));
	event = events_change(b->ev, &b->local, TIME_WAIT, CLOSE);
	EXPECT_STREQ("reuse", event->cause);
}

BED_TEST(timewait, overflow)
{
	struct end *a = &self->bed.a;
	const struct event *event;

	bed_connect(&self->bed);
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "0");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_close(&self->bed.b.fd);
	EXPECT_TRUE(end_reaches(a, GONE));
	EXPECT_EQ(1, end_count(a, "TCPTimeWaitOverflow"));
	EXPECT_PATH("ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSE", a);
	event = events_change(a->ev, &a->local, FIN_WAIT2, CLOSE);
	ASSERT_NE(NULL, event);
	EXPECT_STREQ("full", event->socket);
	EXPECT_STREQ("overflow", event->cause);
}

BED_TEST(timewait, abort_in_last_ack)
{
	struct end *b = &self->bed.b;
	const struct event *event;

	bed_connect(&self->bed);
	finject_rules(b->ns, "add seg=fin2 dir=out drop");
	conn_shut(self->bed.a.fd);
	EXPECT_TRUE(end_reaches(b, CLOSE_WAIT));
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(b, LAST_ACK));
	conn_reset(&b->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_PATH(PATH_PASSIVE, b);
	event = events_change(b->ev, &b->local, LAST_ACK, CLOSE);
	ASSERT_NE(NULL, event);
	EXPECT_STREQ("full", event->socket);
	EXPECT_STREQ("abort", event->cause);
	EXPECT_EQ(0, end_count(b, "OutRsts"));
}

BED_TEST(timewait, simultaneous)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	bed_connect(&self->bed);
	finject_rules(a->ns, "add seg=fin nth=1 hold=x gather=2");
	conn_shut(a->fd);
	EXPECT_SOON(finject_total(a->ns, "parked") == 1);
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_TRUE(end_reaches(b, TIME_WAIT));
	EXPECT_PATH(PATH_SIMULTANEOUS, a);
	EXPECT_PATH(PATH_SIMULTANEOUS, b);
	expect_end(_metadata, a, TIME_WAIT, "timer");
	expect_end(_metadata, b, TIME_WAIT, "timer");
}

/**
 * struct known - a socket as the records know it
 * @src: its end
 * @dst: the other
 * @state: its state, CLOSE when it is gone
 * @timewait: it is a time-wait socket
 */
struct known {
	char src[ADDR_TEXT];
	char dst[ADDR_TEXT];
	enum state state;
	bool timewait;
};

/* FNV-1a */
static unsigned int hash_on(unsigned int hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ *text) * 16777619;
	return hash;
}

static struct known *slot_of(struct known *table, const struct event *event)
{
	unsigned int hash = hash_on(hash_on(2166136261U, event->src),
				    event->dst);

	for (;; hash++) {
		struct known *known = &table[hash % SLOTS];

		if (!*known->src)
			return known;
		if (!strcmp(known->src, event->src) &&
		    !strcmp(known->dst, event->dst))
			return known;
	}
}

/* Take in the records of a namespace. */
static void learn(struct known *table, struct events *ev)
{
	size_t i;

	events_pump(ev);
	for (i = 0; i < ev->count; i++) {
		const struct event *event = &ev->list[i];
		struct known *known;

		if (event->kind != EVENT_SK)
			continue;
		known = slot_of(table, event);
		strcpy(known->src, event->src);
		strcpy(known->dst, event->dst);
		known->state = event->to;
		known->timewait = !strcmp(event->socket, "timewait");
	}
	ev->count = 0;
}

/* Return: the state that inet_diag shows, GONE for no socket. */
static enum state look_up(int nl, const struct known *known,
			  struct diag *found)
{
	struct addr local, remote;

	if (!addr_parse(&local, known->src) || !addr_parse(&remote, known->dst))
		fail("no address: %s %s", known->src, known->dst);
	return diag_find(nl, &local, &remote, found) ? GONE : found->state;
}

static enum state shown(const struct ns *ns, const struct known *known)
{
	struct diag found;
	int nl = diag_open(ns);
	enum state state = look_up(nl, known, &found);

	close(nl);
	return state;
}

static bool agrees(int nl, const struct known *known)
{
	struct diag found;
	enum state state = look_up(nl, known, &found);

	if (known->state == CLOSE || state == GONE)
		return known->state == CLOSE && state == GONE;
	return known->state == state &&
	       known->timewait == (found.timer == TIMER_TIMEWAIT);
}

/* Return: the number of sockets that the records and inet_diag differ about. */
static size_t differences(struct known *table, struct events *ev,
			  const struct ns *ns, struct known *first)
{
	size_t i, count = 0;
	int nl = diag_open(ns);

	if (nl < 0)
		fail("inet_diag: %s", strerror(-nl));
	learn(table, ev);
	for (i = 0; i < SLOTS; i++) {
		if (!*table[i].src || agrees(nl, &table[i]))
			continue;
		if (!count++)
			*first = table[i];
	}
	close(nl);
	return count;
}

static size_t waiting(const struct known *table)
{
	size_t i, count = 0;

	for (i = 0; i < SLOTS; i++)
		count += *table[i].src && table[i].timewait &&
			 table[i].state != CLOSE;
	return count;
}

static void expect_agreement(struct __test_metadata *_metadata,
			     struct known *tables, struct bed *bed)
{
	struct known first;
	int i;

	for (i = 0; i < bed->count; i++) {
		struct known *table = &tables[i * SLOTS];

		EXPECT_TRUE(WAIT_FOR(!differences(table, &bed->ev[i],
						  &bed->ns[i], &first),
				     RECORD_LATE))
			TH_LOG("%s %s: the records say %s, inet_diag %s",
			       first.src, first.dst, state_names[first.state],
			       state_names[shown(&bed->ns[i], &first)]);
		EXPECT_EQ(0, bed->ev[i].lost);
	}
}

BED_TEST(timewait, thousand)
{
	struct bed *bed = &self->bed;
	struct known *tables = calloc(bed->count * SLOTS, sizeof(*tables));
	struct closer closer = { };
	size_t left = 1;
	int i, made;

	ASSERT_NE(NULL, tables);
	bed_sysctl(bed, "net/ipv4/tcp_orphan_retries", "2");
	bed_connect(bed);
	closer_open(&closer, bed, 1);
	for (made = 0; made < CLOSES; made += BATCH) {
		closer_mixed(&closer, BATCH);
		expect_agreement(_metadata, tables, bed);
	}
	EXPECT_EQ(0, closer.unmet);
	for (i = 0; i < bed->count; i++)
		EXPECT_LT(0, waiting(&tables[i * SLOTS]));
	closer_close(&closer);
	bed_hangup(bed);
	for (made = 0; made < 10 && left; made++) {
		clock_rest(10 * SEC);
		expect_agreement(_metadata, tables, bed);
		for (left = 0, i = 0; i < bed->count; i++)
			left += waiting(&tables[i * SLOTS]);
	}
	EXPECT_EQ(0, left);
	free(tables);
}

TEST_HARNESS_MAIN
