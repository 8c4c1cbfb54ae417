// SPDX-License-Identifier: GPL-2.0-only
/*
 * hook=: where on its way a segment is judged.
 *
 * 1. each of the five hooks judges the segments that pass it, and counts them
 * 2. a segment lost at a hook is seen before it and not behind it; a segment
 *    that was parked there continues once, from there
 * 3. conntrack knows of a segment only behind its own hook: the same rule
 *    before it and behind it leaves it in different states, for days
 *
 * The path of A's FIN to B is a list of spots; each test iterates over all.
 */
#include <stdlib.h>

#include "harness.h"
#include "tap.h"

enum { SPOTS_MAX = 8 };

/**
 * struct spot - a hook on the path of fin1
 * @ns: index of the namespace in the bed
 * @hook: its name
 * @tracked: conntrack has seen the segments that pass here
 */
struct spot {
	int ns;
	const char *hook;
	bool tracked;
};

static const struct spot ways[][SPOTS_MAX] = {
	[VETH] = {
		{ 0, "output", false },
		{ 0, "postrouting", true },
		{ 1, "prerouting", false },
		{ 1, "input", true },
	},
	[LOOPBACK] = {
		{ 0, "output", false },
		{ 0, "postrouting", true },
		{ 0, "prerouting", true },
		{ 0, "input", true },
	},
	[ROUTER] = {
		{ 0, "output", false },
		{ 0, "postrouting", true },
		{ 2, "prerouting", false },
		{ 2, "forward", true },
		{ 2, "postrouting", true },
		{ 1, "prerouting", false },
		{ 1, "input", true },
	},
};

static const char * const hooks[] = {
	"prerouting", "input", "forward", "output", "postrouting",
};

FIXTURE(place)
{
	struct bed bed;
	struct tap tap;
	const struct spot *way;
};

FIXTURE_VARIANT(place)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(place, veth_, .topology = VETH);
BED_VARIANTS(place, lo_, .topology = LOOPBACK);
BED_VARIANTS(place, router_, .topology = ROUTER);

FIXTURE_SETUP(place)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	tap_open(&self->tap, self->bed.b.ns);
	self->way = ways[variant->topology];
}

FIXTURE_TEARDOWN(place)
{
	EXPECT_BALANCED(&self->bed);
}

static bool is_spot(const struct spot *spot)
{
	return spot->hook;
}

/* Replace all rules of the bed: five that match nothing, so that every hook
 * counts, and @rule at a spot.
 */
static void rule_at(struct bed *bed, const struct spot *spot, const char *rule)
{
	char text[512];
	int ns, i, len;

	for (ns = 0; ns < bed->count; ns++) {
		len = sprintf(text, "flush\n");
		if (ns == spot->ns)
			len += sprintf(text + len, "add id=1 hook=%s %s\n",
				       spot->hook, rule);
		for (i = 0; i < 5; i++)
			len += sprintf(text + len,
				       "add id=%d hook=%s seg=syn drop\n",
				       11 + i, hooks[i]);
		finject_rules(&bed->ns[ns], "%s", text);
	}
}

/* Close A, close B after its ACK, wait for the end of both. */
static void whole_close(struct __test_metadata *_metadata, struct bed *bed)
{
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	conn_shut(bed->b.fd);
	EXPECT_TRUE(end_reaches(&bed->b, GONE));
	EXPECT_TRUE(end_reaches(&bed->a, TIME_WAIT));
	EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
	EXPECT_PATH(PATH_ACTIVE, &bed->a);
	EXPECT_PATH(PATH_PASSIVE, &bed->b);
}

/* Return the counts at a hook, from the record of the connection's flow. */
static const char *counts_at(struct bed *bed, int ns, const char *hook)
{
	static char counts[128];
	struct record rec;

	if (!finject_record(&bed->ns[ns], "flows", "flow", "src",
			    bed->a.local.text, &rec))
		return "no flow";
	return record_get(&rec, hook, counts, sizeof(counts));
}

/* Return how many transmissions of fin1 passed a spot. */
static unsigned int fins_at(struct bed *bed, const struct spot *spot)
{
	const char *counts = counts_at(bed, spot->ns, spot->hook);

	return strncmp(counts, "fin1:", 5) ? 0 : strtoul(counts + 5, NULL, 10);
}

/* Return the counts of a whole close, by direction; fin2 is an ACK as well. */
static const char *passing(enum topology topology, int ns, const char *hook)
{
	bool out = !strcmp(hook, "output") || !strcmp(hook, "postrouting");
	bool local = !strcmp(hook, "output") || !strcmp(hook, "input");
	bool forward = !strcmp(hook, "forward");

	if (topology == ROUTER && ns == 2 ? local : forward)
		return "-";
	if (topology == LOOPBACK || ns == 2)
		return "fin1:1,ack1:2,fin2:1,ack2:1";
	return out == !ns ? "fin1:1,ack2:1" : "ack1:2,fin2:1";
}

BED_TEST(place, each_counts)
{
	static const struct spot nowhere = { -1 };
	struct bed *bed = &self->bed;
	const char *want;
	int ns, i, many;

	bed_connect(bed);
	rule_at(bed, &nowhere, "");
	for (ns = 0; ns < bed->count; ns++)
		for (i = 0; i < 5; i++)
			finject_rules(&bed->ns[ns], "add id=%d hook=%s pass",
				      21 + i, hooks[i]);
	whole_close(_metadata, bed);
	for (ns = 0; ns < bed->count; ns++)
		for (i = 0; i < 5; i++) {
			want = passing(variant->topology, ns, hooks[i]);
			EXPECT_STREQ(want, counts_at(bed, ns, hooks[i]))
				TH_LOG("at %s of namespace %d", hooks[i], ns);
			many = strlen(want) > strlen("fin1:1,ack2:1") ? 4 : 2;
			EXPECT_EQ(*want == '-' ? 0 : many,
				  finject_rule(&bed->ns[ns], 21 + i, "passed"));
		}
}

/* Make one close for each spot with @rule there: @before transmissions of fin1
 * pass each spot up to it, @behind pass those after it, and reach B.
 */
static void go_along(struct __test_metadata *_metadata, struct bed *bed,
		     struct tap *tap, const struct spot *way, const char *rule,
		     unsigned int before, unsigned int behind)
{
	const struct spot *spot, *at;

	bed_connect(bed);
	for (spot = way; is_spot(spot); spot++) {
		bed_hangup(bed);
		rule_at(bed, spot, rule);
		bed_reconnect(bed, false);
		whole_close(_metadata, bed);
		EXPECT_EQ(1, finject_rule(&bed->ns[spot->ns], 1, "fired"));
		EXPECT_EQ(before - 1, end_count(&bed->a, "RetransSegs"));
		for (at = way; is_spot(at); at++)
			EXPECT_EQ(at <= spot ? before : behind,
				  fins_at(bed, at))
				TH_LOG("%s at %s of namespace %d: at %s of %d",
				       rule, spot->hook, spot->ns, at->hook,
				       at->ns);
		EXPECT_EQ(spot->ns == bed->b.ns - bed->ns &&
			  strcmp(spot->hook, "output") &&
			  strcmp(spot->hook, "postrouting") ? before : behind,
			  tap_count(tap, &bed->a.local, TAP_FIN));
	}
}

BED_TEST(place, drop)
{
	go_along(_metadata, &self->bed, &self->tap, self->way,
		 "seg=fin1 nth=1 drop", 2, 1);
}

BED_TEST(place, delay)
{
	go_along(_metadata, &self->bed, &self->tap, self->way,
		 "seg=fin1 nth=1 delay=50ms", 1, 1);
}

BED_TEST(place, duplicate)
{
	go_along(_metadata, &self->bed, &self->tap, self->way,
		 "seg=fin1 nth=1 duplicate=1", 1, 2);
}

BED_TEST(place, hold)
{
	go_along(_metadata, &self->bed, &self->tap, self->way,
		 "seg=fin1 nth=1 hold=x max=90ms", 1, 1);
}

/* Every segment is delayed at every hook that it passes; the round trip is
 * shorter than any RTO.
 */
BED_TEST(place, delay_everywhere)
{
	struct bed *bed = &self->bed;
	long long released = 0;
	int ns, i;

	bed_connect(bed);
	for (ns = 0; ns < bed->count; ns++)
		for (i = 0; i < 5; i++)
			finject_rules(&bed->ns[ns],
				      "add id=%d hook=%s delay=10ms", 21 + i,
				      hooks[i]);
	whole_close(_metadata, bed);
	for (ns = 0; ns < bed->count; ns++)
		for (i = 0; i < 5; i++)
			EXPECT_STREQ(passing(variant->topology, ns, hooks[i]),
				     counts_at(bed, ns, hooks[i]));
	for (ns = 0; ns < bed->count; ns++)
		released += finject_total(&bed->ns[ns], "released");
	/* Four segments, each at every spot of its path. */
	EXPECT_EQ(variant->topology == ROUTER ? 4 * 7 : 4 * 4, released);
	EXPECT_EQ(0, end_count(&bed->a, "RetransSegs"));
	EXPECT_EQ(0, end_count(&bed->b, "RetransSegs"));
	EXPECT_EQ(1, tap_count(&self->tap, &bed->a.local, TAP_FIN));
}

static bool start_conntrack(const struct ns *ns)
{
	return !ns_run(ns,
		       "nft 'table inet t { chain c { type filter hook prerouting priority 0; ct state invalid counter; }; }' && conntrack -L >/dev/null 2>&1");
}

/* Start conntrack everywhere; skip the test and return false if impossible. */
static bool track(struct __test_metadata *_metadata, struct bed *bed)
{
	int ns;

	for (ns = 0; ns < bed->count; ns++)
		if (!start_conntrack(&bed->ns[ns]))
			SKIP(return false,
			     "no nft, or no conntrack (CONFIG_NF_CT_NETLINK)");
	return true;
}

/* Return whether conntrack has the bed's connection in @state, with a timeout
 * of @after seconds; both are extended regular expressions.
 */
static bool is_tracked(struct bed *bed, int ns, const char *after,
		       const char *state)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "conntrack -L -f %s -p tcp --orig-port-src %u 2>/dev/null | grep -qE ' (%s) (%s) '",
		 bed->server.sa.sa_family == AF_INET ? "ipv4" : "ipv6",
		 addr_port(&bed->a.local), after, state);
	return !ns_run(&bed->ns[ns], command);
}

#define DAYS	"43[0-9]{4}"
#define ANY	"[0-9]+"

/* While fin1 is held at a spot, conntrack has or has not its state; after the
 * release it has.
 */
BED_TEST(place, conntrack_learns)
{
	struct bed *bed = &self->bed;
	const struct spot *spot;

	if (!track(_metadata, bed))
		return;
	bed_connect(bed);
	for (spot = self->way; is_spot(spot); spot++) {
		bed_hangup(bed);
		rule_at(bed, spot, "seg=fin1 nth=1 hold=x");
		/* conntrack sees no retransmission. */
		finject_rules(bed->a.ns,
			      "add id=2 seg=fin1 nth=2- hook=output drop");
		bed_reconnect(bed, false);
		EXPECT_TRUE(is_tracked(bed, spot->ns, DAYS, "ESTABLISHED"));
		conn_shut(bed->a.fd);
		EXPECT_SOON(finject_total(&bed->ns[spot->ns], "parked") == 1);
		EXPECT_TRUE(is_tracked(bed, spot->ns,
				       spot->tracked ? "1[0-2][0-9]" : DAYS,
				       spot->tracked ? "FIN_WAIT" :
						       "ESTABLISHED"))
			TH_LOG("at %s of namespace %d", spot->hook, spot->ns);
		EXPECT_EQ(0, finject_write(&bed->ns[spot->ns], "held",
					   "release all"));
		EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
		EXPECT_TRUE(is_tracked(bed, spot->ns, ANY, "CLOSE_WAIT"));
		conn_shut(bed->b.fd);
		EXPECT_TRUE(end_reaches(&bed->b, GONE));
		EXPECT_TRUE(is_tracked(bed, spot->ns, ANY, "TIME_WAIT"));
	}
}

/* A close of which nothing arrives. If lost before conntrack, the connection
 * stays in its table for five days; if lost behind it, for two minutes, here
 * 3 s. (conntrack may take a second FIN of one end for the other end's.)
 */
BED_TEST(place, conntrack_leaks)
{
	struct bed *bed = &self->bed;
	const struct spot *spot;

	if (!track(_metadata, bed))
		return;
	bed_sysctl(bed, "net/netfilter/nf_conntrack_tcp_timeout_fin_wait", "3");
	bed_sysctl(bed, "net/netfilter/nf_conntrack_tcp_timeout_last_ack", "3");
	bed_sysctl(bed, "net/ipv4/tcp_orphan_retries", "2");
	bed_connect(bed);
	for (spot = self->way; is_spot(spot); spot++) {
		bed_hangup(bed);
		rule_at(bed, spot, "seg=fin1 drop");
		bed_reconnect(bed, false);
		conn_close(&bed->a.fd);
		EXPECT_TRUE(end_reaches(&bed->a, GONE));
		EXPECT_LE(3, finject_rule(&bed->ns[spot->ns], 1, "dropped"));
		EXPECT_EQ(ESTABLISHED, end_state(&bed->b));
		EXPECT_EQ(!spot->tracked,
			  is_tracked(bed, spot->ns, DAYS, "ESTABLISHED"))
			TH_LOG("at %s of namespace %d", spot->hook, spot->ns);
		clock_rest(5 * SEC);
		EXPECT_EQ(!spot->tracked,
			  is_tracked(bed, spot->ns, ANY, "[A-Z_]+"));
	}
}

TEST_HARNESS_MAIN
