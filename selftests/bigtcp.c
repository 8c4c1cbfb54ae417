// SPDX-License-Identifier: GPL-2.0-only
/*
 * BIG TCP: packets of more than 64 KiB, longer than their header can say. In
 * IPv6 a hop-by-hop option before TCP says it; splitting the packet removes it.
 *
 * 1. a FIN at the end of such a packet is split off with its own wire segment;
 *    the wire segments before it continue
 * 2. a rule that never fires changes nothing
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>

#include "device.h"
#include "harness.h"
#include "stream.h"
#include "witness.h"

enum {
	GSO_SIZE = 185000,
	WINDOW = 1 << 20,
	STEP = 16384,
	LAST = 120000,		/* more than IP can say */
	MORE_THAN_IP = 65536 + 14,
	MSS_MAX = 1448,
};

/**
 * struct big - a link with BIG TCP
 * @bed: the bed
 * @at_b: frames received by B's device
 * @intake: segments that reached B's TCP
 * @laws: the frames allowed there
 */
struct big {
	struct bed bed;
	struct witness at_b;
	struct intake intake;
	struct laws laws;
};

FIXTURE(bigtcp)
{
	struct big big;
	struct end *a;
};

FIXTURE_VARIANT(bigtcp)
{
	int family;
};

BED_VARIANTS(bigtcp, ip);

/* Widen all windows and raise TCP's own limits: unsent data then leaves in one
 * packet.
 */
static bool widen(struct bed *bed, int family)
{
	char command[128];
	int window = WINDOW;

	bed_sysctl(bed, "net/ipv4/tcp_wmem", "4096 4000000 8000000");
	bed_sysctl(bed, "net/ipv4/tcp_min_tso_segs", "130");
	snprintf(command, sizeof(command),
		 "ip route add %s dev fj0 initcwnd 1000",
		 family == AF_INET ? "10.7.2.1" : "fd07:2::1");
	return !setsockopt(bed->listener, SOL_SOCKET, SO_RCVBUFFORCE, &window,
			   sizeof(window)) &&
	       !ns_run(bed->a.ns, command);
}

FIXTURE_SETUP(bigtcp)
{
	struct big *big = &self->big;
	struct bed *bed = &big->bed;
	int i;

	NEED_FINJECT();
	bed_open(bed, VETH, variant->family);
	for (i = 0; i < 2; i++)
		if (!device_big(&bed->ns[i], "fj0", variant->family, GSO_SIZE))
			SKIP_SETUP("no BIG TCP (Linux %s)",
				   variant->family == AF_INET ? "6.3" : "5.19");
	if (!widen(bed, variant->family))
		SKIP_SETUP("no wide windows");
	self->a = &bed->a;
	for (i = 0; i < 2; i++)
		census_take(&big->laws.census, &bed->ns[i]);
	witness_open(&big->at_b, bed->b.ns);
	intake_open(&big->intake, bed->b.ns, variant->family);
}

FIXTURE_TEARDOWN(bigtcp)
{
	witness_close(&self->big.at_b);
	intake_close(&self->big.intake);
	EXPECT_BALANCED(&self->big.bed);
}

static int unsent(int fd)
{
	int bytes = 0;

	ioctl(fd, SIOCOUTQNSD, &bytes);
	return bytes;
}

/* Overfill B's window, close A, then read at B. Return how long B reads, ns. */
static __u64 send_all(struct __test_metadata *_metadata, struct big *big)
{
	struct stream stream = { .seed = 7 };
	const struct frame *strange;
	const char *why = "";
	int at_once = 1;
	__u64 start;

	bed_reconnect(&big->bed, false);
	setsockopt(big->bed.a.fd, IPPROTO_TCP, TCP_NODELAY, &at_once,
		   sizeof(at_once));
	do {
		stream_write(&stream, big->bed.a.fd, STEP);
		clock_rest(MSEC);
	} while (unsent(big->bed.a.fd) < STEP);
	/* end the record here: only what follows joins the FIN's packet */
	stream.flags = MSG_EOR;
	stream_write(&stream, big->bed.a.fd, STEP);
	stream.flags = 0;
	stream_write(&stream, big->bed.a.fd, LAST);
	conn_shut(big->bed.a.fd);
	witness_forget(&big->at_b);
	intake_forget(&big->intake);
	start = clock_now();
	EXPECT_TRUE(stream_read(&stream, big->bed.b.fd))
		TH_LOG("%zu bytes of %zu, %zu wrong", stream.got, stream.sent,
		       stream.wrong);
	EXPECT_EQ(CONN_EOF, conn_read(big->bed.b.fd, PATIENCE));
	start = clock_now() - start;
	strange = witness_strange(&big->at_b, &big->laws, &why);
	EXPECT_EQ(NULL, strange)
		TH_LOG("%s: %s", why, frame_text(strange));
	return start;
}

/* Return whether the FIN came on a packet longer than IP can say. */
static bool fin_was_big(struct witness *witness)
{
	size_t i;

	for (i = 0; i < witness->count; i++)
		if (witness->frames[i].flags & FRAME_FIN &&
		    witness->frames[i].len > MORE_THAN_IP)
			return true;
	return false;
}

BED_TEST(bigtcp, unfired_rule)
{
	__u64 without, with;

	bed_connect(&self->big.bed);
	without = send_all(_metadata, &self->big);
	EXPECT_TRUE(fin_was_big(&self->big.at_b));
	finject_rules(self->a->ns, "add id=1 seg=fin1 nth=100 drop");
	with = send_all(_metadata, &self->big);
	EXPECT_GE(without + 2 * MSEC, with);
	EXPECT_EQ(0, end_count(self->a, "RetransSegs"));
	EXPECT_EQ(1, intake_count(&self->big.intake, &self->a->local, FRAME_FIN));
}

/* Only the last wire segment is lost. */
BED_TEST(bigtcp, dropped)
{
	const struct event *fin;

	bed_connect(&self->big.bed);
	finject_rules(self->a->ns, "add id=1 seg=fin1 nth=1 drop");
	send_all(_metadata, &self->big);
	EXPECT_EQ(1, finject_rule(self->a->ns, 1, "dropped"));
	EXPECT_EQ(1, end_count(self->a, "RetransSegs"));
	fin = events_seg(self->a->ev, POST, FIN1, 1);
	ASSERT_NE(NULL, fin);
	EXPECT_LT(0, fin->len);
	EXPECT_GE(MSS_MAX, fin->len);
}

BED_TEST(bigtcp, copied)
{
	bed_connect(&self->big.bed);
	finject_rules(self->a->ns, "add id=1 seg=fin1 nth=1 duplicate=2");
	send_all(_metadata, &self->big);
	EXPECT_EQ(0, end_count(self->a, "RetransSegs"));
	EXPECT_SOON(intake_count(&self->big.intake, &self->a->local, FRAME_FIN) ==
		    3);
	EXPECT_TRUE(witness_alike(&self->big.at_b, "fj0", &self->a->local,
				  FRAME_FIN));
}

TEST_HARNESS_MAIN
