// SPDX-License-Identifier: GPL-2.0-only
/*
 * What leads to a close: the handshake, payload and ACKs before the first FIN.
 *
 * 1. each segment of the handshake can be lost, and comes again a second later
 * 2. a connection can be closed while its other end is still in SYN_RECV
 * 3. the FIN can come before the last data: the receiver gets all, then EOF
 * 4. a RST can come in mid-stream; a lost window update is asked for again
 * 5. flow= chooses one connection of several
 * 6. no other connection is tracked; none is, once the rule is gone
 *
 * The witnesses are the sockets, the counters of their stacks, and the time that
 * connect() takes.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "harness.h"

enum { LATE_MS = 1200 };	/* the first timeout of a SYN is a second */

FIXTURE(early)
{
	struct bed bed;
};

FIXTURE_VARIANT(early)
{
	int family;
	enum topology topology;
};

BED_VARIANTS(early, veth_, .topology = VETH);
BED_VARIANTS(early, lo_, .topology = LOOPBACK);

FIXTURE_SETUP(early)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	bed_connect(&self->bed);
	bed_hangup(&self->bed);
}

FIXTURE_TEARDOWN(early)
{
	EXPECT_BALANCED(&self->bed);
}

/* Connect; return how long it takes, ns. */
static __u64 time_connect(struct bed *bed)
{
	__u64 start = clock_now();

	bed_reconnect(bed, false);
	return clock_now() - start;
}

BED_TEST(early, syn_lost)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->a.ns, "add id=1 seg=open nth=1 dir=out dport=%d drop",
		      BED_PORT);
	EXPECT_BETWEEN(SEC, LATE_MS * MSEC, time_connect(bed));
	EXPECT_EQ(1, finject_rule(bed->a.ns, 1, "fired"));
}

BED_TEST(early, syn_ack_lost)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->b.ns, "add id=1 seg=open nth=1 dir=out sport=%d drop\n"
				 "add id=2 seg=open nth=2 dir=out sport=%d drop",
		      BED_PORT, variant->topology == LOOPBACK ? BED_PORT : 9);
	EXPECT_BETWEEN(SEC, LATE_MS * MSEC, time_connect(bed));
	EXPECT_EQ(1, finject_rule(bed->b.ns, 1, "matched") +
		     finject_rule(bed->b.ns, 2, "fired"));
}

/* Connect, and lose the ACK that ends the handshake; return A's socket. */
static int connect_unacknowledged(struct bed *bed)
{
	/* over loopback the SYN-ACK leaves the namespace of the rule as well */
	finject_rules(bed->a.ns, "add id=1 seg=open nth=%d dir=out dport=%d drop",
		      bed->topology == LOOPBACK ? 3 : 2, BED_PORT);
	return conn_connect(bed->a.ns, NULL, &bed->server);
}

/* B is in SYN_RECV until A's data comes, which ends the handshake. */
BED_TEST(early, last_ack_of_the_handshake_lost)
{
	struct bed *bed = &self->bed;
	int fd;

	fd = connect_unacknowledged(bed);
	ASSERT_LE(0, fd);
	EXPECT_EQ(1, finject_rule(bed->a.ns, 1, "fired"));
	EXPECT_EQ(0, conn_write(fd, "data"));
	bed->b.fd = conn_accept(bed->listener);
	EXPECT_EQ(4, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(bed->a.ns, 1, "matched"));
	conn_close(&fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
}

BED_TEST(early, close_in_syn_recv)
{
	struct bed *bed = &self->bed;
	int fd;

	fd = connect_unacknowledged(bed);
	ASSERT_LE(0, fd);
	EXPECT_EQ(1, finject_rule(bed->a.ns, 1, "fired"));
	bed->b.local = bed->server;
	ASSERT_EQ(0, addr_of(&bed->b.remote, fd, false));
	EXPECT_EQ(SYN_RECV, end_state(&bed->b));
	conn_shut(fd);
	bed->b.fd = conn_accept(bed->listener);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_NE(NULL, events_seg(bed->a.ev, POST, FIN1, 1));
	conn_close(&fd);
}

BED_TEST(early, last_data_lost_and_the_fin_first)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->a.ns, "add id=1 seg=early nth=1 dir=out dport=%d drop",
		      BED_PORT);
	time_connect(bed);
	EXPECT_EQ(0, conn_write(bed->a.fd, "last words"));
	conn_shut(bed->a.fd);
	EXPECT_EQ(10, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(bed->a.ns, 1, "fired"));
	EXPECT_LE(1, end_count(&bed->b, "TCPOFOQueue"));
	EXPECT_LE(1, end_count(&bed->a, "RetransSegs"));
	EXPECT_NE(NULL, events_seg(bed->a.ev, POST, FIN1, 1));
}

/* Nothing is lost: the data waits until the FIN has passed. */
BED_TEST(early, data_behind_the_fin)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->a.ns,
		      "add id=1 seg=early dir=out dport=%d hold=data max=10s\n"
		      "add id=2 seg=fin1 dir=out release=data pass", BED_PORT);
	time_connect(bed);
	EXPECT_EQ(0, conn_write(bed->a.fd, "last words"));
	conn_shut(bed->a.fd);
	EXPECT_EQ(10, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_LE(1, finject_rule(bed->a.ns, 1, "fired"));
}

BED_TEST(early, reset_in_mid_stream)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->a.ns,
		      "add id=1 seg=early nth=2 dir=out dport=%d reset=receiver",
		      BED_PORT);
	time_connect(bed);
	EXPECT_EQ(0, conn_write(bed->a.fd, "one"));
	EXPECT_EQ(3, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(0, conn_write(bed->a.fd, "two"));
	EXPECT_EQ(-ECONNRESET, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(GONE, end_state(&bed->b));
}

/* Fill the window of an end that does not read; return the bytes. */
static size_t fill(const struct end *from)
{
	static char bytes[65536];
	size_t sent = 0;
	ssize_t len;

	do {
		len = send(from->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		sent += len > 0 ? len : 0;
		clock_rest(100 * MSEC);
	} while (len > 0);
	return sent;
}

static size_t drain(const struct end *to, size_t wanted)
{
	size_t got = 0;
	int len = 1;

	while (got < wanted && len > 0) {
		len = conn_read(to->fd, 4 * PATIENCE);
		got += len > 0 ? len : 0;
	}
	return got;
}

BED_TEST(early, window_update_lost)
{
	struct bed *bed = &self->bed;
	size_t sent;

	finject_rules(bed->b.ns, "add id=1 seg=early flow=9 drop");
	time_connect(bed);
	sent = fill(&bed->a);
	EXPECT_LE(1, end_count(&bed->b, "TCPToZeroWindowAdv"));
	finject_rules(bed->b.ns,
		      "add id=2 seg=earlyack pure sport=%d times=1 drop", BED_PORT);
	EXPECT_EQ(sent, drain(&bed->b, sent));
	EXPECT_EQ(1, finject_rule(bed->b.ns, 2, "fired"));
	EXPECT_LE(1, end_count(&bed->a, "TCPWinProbe"));
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
}

/* One end after the other closes; return how often A sent its FIN again. */
static long close_repeats(struct bed *bed)
{
	long repeats;

	time_connect(bed);
	conn_shut(bed->a.fd);
	if (conn_read(bed->b.fd, PATIENCE) != CONN_EOF)
		fail("no EOF");
	conn_shut(bed->b.fd);
	if (conn_read(bed->a.fd, PATIENCE) != CONN_EOF)
		fail("no EOF");
	repeats = end_count(&bed->a, "RetransSegs");
	bed_hangup(bed);
	return repeats;
}

/* A rule meets only the flows that no rule before it has decided about. */
BED_TEST(early, one_of_several)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->a.ns, "add id=1 seg=fin1 dport=%d nth=1 flow=2 drop\n"
				 "add id=2 seg=fin1 dport=%d nth=1 flow=3- drop",
		      BED_PORT, BED_PORT);
	EXPECT_EQ(0, close_repeats(bed));
	EXPECT_EQ(1, close_repeats(bed));
	EXPECT_EQ(0, close_repeats(bed));
	EXPECT_EQ(1, close_repeats(bed));
	EXPECT_EQ(1, close_repeats(bed));
	EXPECT_EQ(1, finject_rule(bed->a.ns, 1, "matched"));
	EXPECT_EQ(2, finject_rule(bed->a.ns, 2, "fired"));
}

BED_TEST(early, others_are_not_tracked)
{
	struct bed *bed = &self->bed;
	struct ns *ns = bed->a.ns;
	long before = finject_limit(ns, "flows", "now");
	int i;

	finject_rules(ns, "add id=1 seg=early port=9 drop");
	time_connect(bed);
	EXPECT_EQ(0, conn_write(bed->a.fd, "data"));
	EXPECT_EQ(4, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(before, finject_limit(ns, "flows", "now"));
	finject_rules(ns, "add id=2 seg=early port=%d pass", BED_PORT);
	EXPECT_EQ(0, conn_write(bed->a.fd, "data"));
	EXPECT_EQ(4, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(before + 1, finject_limit(ns, "flows", "now"));
	EXPECT_LE(1, finject_rule(ns, 2, "fired"));
	finject_rules(ns, "flush\nadd id=3 seg=fin1 port=%d pass", BED_PORT);
	for (i = 0; i < 12; i++) {
		EXPECT_EQ(0, conn_write(bed->a.fd, "data"));
		EXPECT_EQ(4, conn_read(bed->b.fd, PATIENCE));
		clock_rest(SEC);
	}
	EXPECT_EQ(before, finject_limit(ns, "flows", "now"));
}

TEST_HARNESS_MAIN
