// SPDX-License-Identifier: GPL-2.0-only
/*
 * A FIN that its receiver drops closes nothing. One is forged in A's name, with
 * the numbers of the connection but for one fault, while the connection stands.
 *
 * 1. where B's socket is, it has no class: no rule fires on it, and the FIN that
 *    A sends later is fin1, for the first time
 * 2. the connection takes no notice of it: data still passes, both ways
 * 3. on a router, which cannot know at once, data in its place takes its class
 *    away, and A's own FIN is fin1, for the first time
 *
 * A FIN without a fault has its class, so the forged ones do arrive.
 *
 * A close may be under way when the first rule comes. Then
 *
 * 4. the FIN that comes next is fin2 where a socket tells that the other went
 *    before, or on a router conntrack, and the flow says that it is partial
 */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "packet.h"
#include "tap.h"

enum { FAR = 10000000 };	/* bytes: beyond any window */

FIXTURE(accept)
{
	struct bed bed;
	struct tap tap;
};

FIXTURE_VARIANT(accept)
{
	int family;
	enum topology topology;
};

BED_VARIANTS(accept, veth_, .topology = VETH);
BED_VARIANTS(accept, router_, .topology = ROUTER);

FIXTURE_SETUP(accept)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	bed_connect(&self->bed);
	tap_open_fins(&self->tap, self->bed.b.ns, TAP_ARRIVING, 64);
}

FIXTURE_TEARDOWN(accept)
{
	tap_close(&self->tap);
	EXPECT_BALANCED(&self->bed);
}

static __u32 queue_seq(int fd, int queue)
{
	socklen_t len = sizeof(__u32);
	__u32 seq;

	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue,
		       sizeof(queue)) ||
	    getsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &seq, &len))
		fail("no sequence number");
	return seq;
}

/* The FIN that an end would send now. */
static struct wire next_fin(const struct end *end)
{
	struct wire wire = { .flags = FLAG_FIN | FLAG_ACK };
	int on = TCP_REPAIR_ON, off = TCP_REPAIR_OFF_NO_WP;

	if (setsockopt(end->fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)))
		fail("no TCP_REPAIR");
	wire.seq = queue_seq(end->fd, TCP_SEND_QUEUE);
	wire.ack = queue_seq(end->fd, TCP_RECV_QUEUE);
	if (setsockopt(end->fd, IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off)))
		fail("TCP_REPAIR does not end");
	return wire;
}

/* Send a segment in the name of an end, and wait for it to arrive. */
static void forge(struct __test_metadata *_metadata, struct tap *tap,
		  const struct end *end, const struct wire *wire,
		  const char *kind)
{
	struct addr to = end->remote;
	struct packet packet;
	struct dice dice;
	int fd;

	dice_seed(&dice, 1);
	packet_make(&packet, &dice, &end->local, &end->remote, wire, true,
		    kind);
	fd = ns_socket(end->ns, packet.family, SOCK_RAW, IPPROTO_RAW);
	ASSERT_LE(0, fd);
	to.v4.sin_port = 0;	/* sin6_port is at the same place */
	tap_forget(tap);
	ASSERT_EQ(packet.len, sendto(fd, packet.bytes, packet.len, 0, &to.sa,
				     to.len));
	close(fd);
	EXPECT_SOON(tap_count(tap, &end->local, TAP_FIN) == 1);
}

static void expect_talk(struct __test_metadata *_metadata,
			const struct end *from, const struct end *to)
{
	conn_write(from->fd, "it stands");
	EXPECT_EQ(9, conn_read(to->fd, PATIENCE));
}

/* A's own FIN is fin1, is lost once, and all else follows. */
static void expect_close(struct __test_metadata *_metadata, struct bed *bed,
			 const struct ns *judge)
{
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(judge, 1, "fired"));
	EXPECT_EQ(1, end_count(&bed->a, "RetransSegs"));
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	conn_shut(bed->b.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&bed->b, GONE));
}

static void expect_ignored(struct __test_metadata *_metadata, struct bed *bed,
			   struct tap *tap, const struct wire *wire,
			   const char *kind)
{
	struct ns *judge = bed->b.ns;

	finject_rules(judge, "flush\nadd id=1 seg=fin1 nth=1 dir=in drop");
	forge(_metadata, tap, &bed->a, wire, kind);
	EXPECT_EQ(0, finject_rule(judge, 1, "matched"));
	EXPECT_EQ(0, events_count(bed->b.ev, PRE, FIN1));
	EXPECT_EQ(ESTABLISHED, end_state(&bed->b));
	expect_talk(_metadata, &bed->a, &bed->b);
	expect_talk(_metadata, &bed->b, &bed->a);
	expect_close(_metadata, bed, judge);
	EXPECT_NE(NULL, events_seg(bed->b.ev, PRE, FIN1, 2));
	EXPECT_EQ(1, events_count(bed->b.ev, POST, FIN2));
	bed_reconnect(bed, false);
}

BED_TEST(accept, dropped_by_the_socket)
{
	struct bed *bed = &self->bed;
	struct wire wire = next_fin(&bed->a);

	wire.ack += 9999;
	expect_ignored(_metadata, bed, &self->tap, &wire, "plain");
	wire = next_fin(&bed->a);
	wire.seq += FAR;
	expect_ignored(_metadata, bed, &self->tap, &wire, "plain");
	wire = next_fin(&bed->a);
	wire.seq -= FAR;
	expect_ignored(_metadata, bed, &self->tap, &wire, "plain");
	wire = next_fin(&bed->a);
	expect_ignored(_metadata, bed, &self->tap, &wire, "checksum");
}

BED_TEST(accept, taken_by_the_socket)
{
	struct bed *bed = &self->bed;
	struct wire wire = next_fin(&bed->a);

	forge(_metadata, &self->tap, &bed->a, &wire, "plain");
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_SOON(events_count(bed->b.ev, PRE, FIN1) == 1);
}

BED_TEST(accept, false_fin2)
{
	struct bed *bed = &self->bed;
	struct wire wire;

	finject_rules(bed->b.ns, "flush\nadd id=1 seg=fin2 nth=1 dir=in drop");
	conn_shut(bed->b.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&bed->b, FIN_WAIT2));
	wire = next_fin(&bed->a);
	wire.ack += 9999;
	forge(_metadata, &self->tap, &bed->a, &wire, "plain");
	EXPECT_EQ(0, finject_rule(bed->b.ns, 1, "matched"));
	expect_talk(_metadata, &bed->a, &bed->b);
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(bed->b.ns, 1, "fired"));
	EXPECT_EQ(1, end_count(&bed->a, "RetransSegs"));
}

BED_TEST(accept, disproved_on_the_way)
{
	struct bed *bed = &self->bed;
	struct wire wire = next_fin(&bed->a);
	struct ns *judge = bed->router;

	if (variant->topology != ROUTER)
		SKIP(return, "this is no router");
	wire.ack += 9999;
	forge(_metadata, &self->tap, &bed->a, &wire, "plain");
	finject_rules(judge, "flush\nadd id=1 seg=fin1 nth=1 drop");
	expect_talk(_metadata, &bed->a, &bed->b);
	expect_talk(_metadata, &bed->b, &bed->a);
	expect_close(_metadata, bed, judge);
	EXPECT_EQ(1, events_count(&bed->ev[2], POST, FIN2));
}

/* Every host can tell that a checksum is wrong. */
BED_TEST(accept, checksum_on_the_way)
{
	struct bed *bed = &self->bed;
	struct wire wire = next_fin(&bed->a);
	struct ns *judge = bed->router;

	if (variant->topology != ROUTER)
		SKIP(return, "this is no router");
	finject_rules(judge, "flush\nadd id=1 seg=fin1 nth=1 drop");
	forge(_metadata, &self->tap, &bed->a, &wire, "checksum");
	EXPECT_EQ(0, finject_rule(judge, 1, "matched"));
	EXPECT_EQ(0, events_count(&bed->ev[2], PRE, FIN1));
	EXPECT_EQ(0, events_count(&bed->ev[2], POST, FIN1));
	expect_talk(_metadata, &bed->a, &bed->b);
	expect_close(_metadata, bed, judge);
	EXPECT_EQ(1, events_count(&bed->ev[2], POST, FIN2));
}

FIXTURE(underway)
{
	struct bed bed;
};

FIXTURE_VARIANT(underway)
{
	int family;
};

BED_VARIANTS(underway, veth_);

FIXTURE_SETUP(underway)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, variant->family);
	bed_reconnect(&self->bed, false);
}

FIXTURE_TEARDOWN(underway)
{
	EXPECT_BALANCED(&self->bed);
}

static void expect_second(struct __test_metadata *_metadata, struct bed *bed,
			  const struct ns *judge)
{
	char text[32];
	struct record rec;

	finject_rules(judge, "add id=1 seg=fin1 drop\n"
			     "add id=2 seg=fin2 nth=1 drop");
	conn_shut(bed->b.fd);
	EXPECT_TRUE(end_reaches(&bed->b, GONE));
	EXPECT_EQ(0, finject_rule(judge, 1, "matched"));
	EXPECT_EQ(1, finject_rule(judge, 2, "fired"));
	EXPECT_EQ(1, end_count(&bed->b, "RetransSegs"));
	ASSERT_EQ(1, finject_record(judge, "flows", "flow", "partial", "1",
				    &rec));
	EXPECT_STREQ("src", record_get(&rec, "closer", text, sizeof(text)));
	EXPECT_STREQ(bed->a.local.text,
		     record_get(&rec, "src", text, sizeof(text)));
}

/* Both ends, one after the other, are the namespace of the rules. */
BED_TEST(underway, half_closed)
{
	struct bed *bed = &self->bed;
	size_t i;

	for (i = 0; i < 2; i++) {
		finject_rules(&bed->ns[!i], "flush");
		bed_reconnect(bed, false);
		conn_shut(bed->a.fd);
		EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
		EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
		expect_second(_metadata, bed, &bed->ns[i]);
		EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
	}
}

/* The process of A has gone: a timewait socket is in FIN_WAIT2. */
BED_TEST(underway, orphan)
{
	struct bed *bed = &self->bed;

	conn_close(&bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	expect_second(_metadata, bed, bed->a.ns);
}

/* Nothing went before: the FIN is the first, though the hooks are new. */
BED_TEST(underway, not_yet)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->b.ns, "add id=1 seg=fin1 nth=1 drop");
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(bed->b.ns, 1, "fired"));
	EXPECT_EQ(NULL, strstr(finject_read(bed->b.ns, "flows"), "partial"));
}

FIXTURE(router)
{
	struct bed bed;
};

FIXTURE_VARIANT(router)
{
	int family;
};

BED_VARIANTS(router, conntrack_);

FIXTURE_SETUP(router)
{
	int err;

	NEED_FINJECT();
	bed_open(&self->bed, ROUTER, variant->family);
	err = ns_run(self->bed.router,
		     "nft 'table inet t { chain c { type filter hook forward priority 0; ct state new; }; }'");
	if (err)
		SKIP_SETUP("no nft, or no conntrack (CONFIG_NFT_CT)");
	bed_reconnect(&self->bed, false);
}

FIXTURE_TEARDOWN(router)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(router, half_closed)
{
	struct bed *bed = &self->bed;

	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	expect_second(_metadata, bed, bed->router);
	EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
}

/* The rules are for a hook that sees the FIN after conntrack did. */
BED_TEST(router, half_closed_behind)
{
	struct bed *bed = &self->bed;

	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	finject_rules(bed->router, "add id=1 seg=fin1 hook=forward drop\n"
				   "add id=2 seg=fin2 nth=1 hook=forward drop");
	conn_shut(bed->b.fd);
	EXPECT_TRUE(end_reaches(&bed->b, GONE));
	EXPECT_EQ(0, finject_rule(bed->router, 1, "matched"));
	EXPECT_EQ(1, finject_rule(bed->router, 2, "fired"));
	EXPECT_EQ(1, end_count(&bed->b, "RetransSegs"));
}

BED_TEST(router, not_yet)
{
	struct bed *bed = &self->bed;

	finject_rules(bed->router, "add id=1 seg=fin1 nth=1 drop");
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(bed->router, 1, "fired"));
	EXPECT_EQ(NULL, strstr(finject_read(bed->router, "flows"), "partial"));
}

TEST_HARNESS_MAIN
