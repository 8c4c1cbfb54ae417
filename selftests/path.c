// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults in the middle: a router between A and B that forwards, translates and
 * tracks connections.
 *
 * 1. a forwarded segment is judged once, at its first hook, or where the rule
 *    says; the ends behave as if the network had caused the fault
 * 2. a segment parked at a host with DNAT is still translated, once, and rules
 *    match its addresses as they are at their hook
 * 3. conntrack sees segments that pass, not those lost before it
 */
#include "harness.h"
#include "tap.h"

enum { NAT_PORT = 9090 };

/**
 * struct route - the bed with a router in its middle
 * @bed: the bed
 * @a: the client
 * @b: the server
 * @router: its namespace
 * @tap: segments that reach B
 * @family: AF_INET or AF_INET6
 */
struct route {
	struct bed bed;
	struct end *a, *b;
	struct ns *router;
	struct tap tap;
	int family;
};

FIXTURE(path)
{
	struct route r;
};

FIXTURE_VARIANT(path)
{
	int family;
};

BED_VARIANTS(path, ip);

FIXTURE_SETUP(path)
{
	struct route *r = &self->r;

	NEED_FINJECT();
	r->family = variant->family;
	bed_open(&r->bed, ROUTER, r->family);
	/* The RST that answers a late ACK must not end TIME_WAIT. */
	bed_sysctl(&r->bed, "net/ipv4/tcp_rfc1337", "1");
	r->a = &r->bed.a;
	r->b = &r->bed.b;
	r->router = r->bed.router;
	tap_open(&r->tap, r->b->ns);
}

FIXTURE_TEARDOWN(path)
{
	EXPECT_BALANCED(&self->r.bed);
}

static struct events *events_of(struct route *r)
{
	return &r->bed.ev[2];
}

/* Close A, close B after its ACK, wait for the end of both. */
static void whole_close(struct __test_metadata *_metadata,
			struct route *r)
{
	conn_shut(r->a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(r->b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(r->a, FIN_WAIT2));
	conn_close(&r->b->fd);
	EXPECT_TRUE(end_reaches(r->b, GONE));
	EXPECT_TRUE(end_reaches(r->a, TIME_WAIT));
	EXPECT_EQ(CONN_EOF, conn_read(r->a->fd, PATIENCE));
	EXPECT_PATH(PATH_ACTIVE, r->a);
	EXPECT_PATH(PATH_PASSIVE, r->b);
}

/* Set up DNAT in the router; skip the test and return false if impossible. */
static bool translate(struct __test_metadata *_metadata, struct route *r)
{
	bool v4 = r->family == AF_INET;
	char command[512];

	snprintf(command, sizeof(command),
		 "nft 'table %s t { chain c { type nat hook prerouting priority -100; tcp dport %d dnat to %s; }; }'",
		 v4 ? "ip" : "ip6", NAT_PORT,
		 v4 ? "10.7.2.1:8080" : "[fd07:2::1]:8080");
	if (ns_run(r->router, command))
		SKIP(return false, "no nft, or no NAT (CONFIG_NFT_NAT)");
	addr_set(&r->bed.server, v4 ? "10.7.1.254" : "fd07:1::fe", NAT_PORT);
	return true;
}

/* Return whether the router's conntrack has the connection in that state. */
static bool tracked(struct route *r, const char *state)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "conntrack -L -f %s -p tcp --orig-port-src %u 2>/dev/null | grep -qE ' (%s) '",
		 r->family == AF_INET ? "ipv4" : "ipv6",
		 addr_port(&r->a->local), state);
	return !ns_run(r->router, command);
}

static bool conntrack_missing(struct route *r)
{
	return ns_run(r->router, "conntrack -L >/dev/null 2>&1");
}

BED_TEST(path, forwarded_drop)
{
	struct route *r = &self->r;
	static const char * const places[][2] = {
		{ "", PRE },
		{ "dir=in", PRE },
		{ "dir=out", POST },
		{ "hook=forward", "forward" },
	};
	const struct event *event;
	size_t i;

	bed_connect(&r->bed);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		bed_hangup(&r->bed);
		finject_rules(r->router, "flush\nadd id=1 seg=fin1 nth=1 drop %s",
			      places[i][0]);
		bed_reconnect(&r->bed, false);
		whole_close(_metadata, r);
		EXPECT_EQ(1, finject_rule(r->router, 1, "fired"));
		EXPECT_EQ(1, events_faults(events_of(r)));
		event = events_seg(events_of(r), places[i][1], FIN1, 1);
		ASSERT_NE(NULL, event);
		EXPECT_STREQ("drop", event->verdict);
		EXPECT_EQ(1, end_count(r->a, "RetransSegs"));
		EXPECT_EQ(0, end_count(r->b, "RetransSegs"));
		EXPECT_EQ(1, tap_count(&r->tap, &r->a->local, TAP_FIN));
	}
}

BED_TEST(path, forwarded_delay)
{
	struct route *r = &self->r;

	bed_connect(&r->bed);
	finject_rules(r->router, "add id=1 seg=fin1 nth=1 delay=150ms\n"
			       "add id=2 seg=ack2 nth=1 dir=out delay=150ms\n");
	whole_close(_metadata, r);
	EXPECT_EQ(1, finject_rule(r->router, 1, "delayed"));
	EXPECT_EQ(1, finject_rule(r->router, 2, "delayed"));
	EXPECT_EQ(2, finject_total(r->router, "released"));
	EXPECT_EQ(0, end_count(r->a, "RetransSegs"));
	EXPECT_EQ(0, end_count(r->b, "RetransSegs"));
	EXPECT_EQ(1, tap_count(&r->tap, &r->a->local, TAP_FIN));
}

BED_TEST(path, forwarded_duplicate)
{
	struct route *r = &self->r;

	bed_connect(&r->bed);
	finject_rules(r->router, "add id=1 seg=fin1 duplicate=3");
	whole_close(_metadata, r);
	EXPECT_SOON(tap_count(&r->tap, &r->a->local, TAP_FIN) == 4);
	EXPECT_EQ(3, finject_total(r->router, "copies"));
	EXPECT_EQ(0, end_count(r->a, "RetransSegs"));
}

BED_TEST(path, dnat_delay)
{
	struct route *r = &self->r;
	static const char * const places[] = {
		"dport=9090",		/* before NAT */
		"dir=out dport=8080",	/* after it */
		"hook=forward dport=8080",
	};
	size_t i;

	if (!translate(_metadata, r))
		return;
	bed_connect(&r->bed);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		bed_hangup(&r->bed);
		finject_rules(r->router,
			      "flush\nadd id=1 seg=fin1 nth=1 delay=150ms %s",
			      places[i]);
		bed_reconnect(&r->bed, false);
		whole_close(_metadata, r);
		EXPECT_EQ(1, finject_rule(r->router, 1, "fired"))
			TH_LOG("with %s", places[i]);
		EXPECT_EQ(0, end_count(r->a, "RetransSegs"));
		EXPECT_EQ(0, end_count(r->a, "OutRsts"));
		EXPECT_EQ(0, end_count(r->b, "OutRsts"));
		EXPECT_EQ(1, tap_count(&r->tap, &r->a->local, TAP_FIN));
	}
}

/* Both directions are parked at both hooks, and duplicated. */
BED_TEST(path, dnat_everything)
{
	struct route *r = &self->r;

	if (!translate(_metadata, r))
		return;
	bed_connect(&r->bed);
	finject_rules(r->router, "add seg=fin nth=1 dir=in delay=50ms\n"
			       "add seg=fin nth=1 dir=out delay=50ms\n"
			       "add seg=ack2 dir=in duplicate=2\n");
	whole_close(_metadata, r);
	EXPECT_EQ(4, finject_total(r->router, "released"));
	EXPECT_EQ(0, end_count(r->a, "RetransSegs"));
	EXPECT_EQ(0, end_count(r->a, "OutRsts"));
	EXPECT_EQ(1, tap_count(&r->tap, &r->a->local, TAP_FIN));
}

BED_TEST(path, conntrack_progress)
{
	struct route *r = &self->r;

	if (!translate(_metadata, r))
		return;
	if (conntrack_missing(r))
		SKIP(return, "no conntrack, or no CONFIG_NF_CT_NETLINK");
	bed_connect(&r->bed);
	finject_rules(r->router, "add seg=fin nth=1 delay=50ms");
	EXPECT_TRUE(tracked(r, "ESTABLISHED"));
	conn_shut(r->a->fd);
	EXPECT_TRUE(end_reaches(r->a, FIN_WAIT2));
	EXPECT_TRUE(tracked(r, "CLOSE_WAIT"));
	conn_close(&r->b->fd);
	EXPECT_TRUE(end_reaches(r->b, GONE));
	EXPECT_TRUE(tracked(r, "TIME_WAIT"));
}

/* fin1 is lost before conntrack, or behind it. conntrack may take a
 * retransmission for the other end's FIN.
 */
BED_TEST(path, conntrack_order)
{
	struct route *r = &self->r;
	static const char * const places[][2] = {
		{ "dir=in", "ESTABLISHED" },
		{ "dir=out", "FIN_WAIT|LAST_ACK" },
	};
	size_t i;

	if (!translate(_metadata, r))
		return;
	if (conntrack_missing(r))
		SKIP(return, "no conntrack, or no CONFIG_NF_CT_NETLINK");
	bed_connect(&r->bed);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		bed_hangup(&r->bed);
		finject_rules(r->router, "flush\nadd id=1 seg=fin1 %s drop",
			      places[i][0]);
		bed_reconnect(&r->bed, false);
		EXPECT_TRUE(tracked(r, "ESTABLISHED"));
		conn_shut(r->a->fd);
		EXPECT_SOON(finject_rule(r->router, 1, "dropped") == 2);
		EXPECT_TRUE(tracked(r, places[i][1]));
	}
}

TEST_HARNESS_MAIN
