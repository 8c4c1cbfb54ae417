// SPDX-License-Identifier: GPL-2.0-only
/*
 * The places where users run finject: bridges, VRFs, virtual devices, tunnels,
 * routers with NAT, devices that merge or split packets. At each of them, for
 * each fault, for the FIN of either end and in each direction in which it
 * passes the namespace of the rule:
 *
 * 1. each end reads exactly the bytes that were sent, then the end of file, or
 *    receives a RST
 * 2. the ends take the states that they take on a plain link
 * 3. finject and the witnesses count the same: nth rises once a transmission, a
 *    dropped segment does not arrive, copies arrive as often as the rule says,
 *    equal to the original in every byte, a delayed segment is that late, no
 *    later
 * 4. no device carries a frame that nobody sent, or that no stack would accept
 *
 * Where a segment passes no hook of finject, it passes untouched.
 */
#include <errno.h>

#include "bulk.h"
#include "harness.h"
#include "site.h"
#include "stream.h"

enum {
	PAYLOAD = 3000,		/* each way: several segments */
	COPIES = 2,
	GAP_MS = 20,		/* an ACK comes sooner, on a debug kernel too */
	DELAY_MS = 150,		/* within the first RTO */
	HELD_MS = 100,
	ACK_MS = 45,		/* an ACK may be a delayed one */
	SLACK_MS = 45,
	RTO_MS = 200,
};

enum fault {
	NOTHING,
	DROP,
	DELAY,
	DUPLICATE,
	HOLD,
	RESET,
	FAULTS,
};

static const char * const actions[FAULTS] = {
	[NOTHING] = "nth=100 drop",
	[DROP] = "nth=1 drop",
	[DELAY] = "nth=1 delay=150ms",
	[DUPLICATE] = "nth=1 duplicate=2 gap=20ms",
	[HOLD] = "nth=1 hold=h",
	[RESET] = "nth=1 reset=both",
};

/**
 * struct trial - one close under one rule
 * @scene: the place
 * @class: the class that the rule matches, FIN1 or FIN2
 * @out: the rule matches dir=out, else dir=in
 * @action: its action
 * @fault: the expected fault: NOTHING where the segment passes no hook
 * @from: the sender of that FIN
 * @to: its receiver
 * @bulk: much data precedes it
 * @wrong: number of claims that do not hold
 */
struct trial {
	struct scene *scene;
	enum class class;
	bool out;
	enum fault action, fault;
	struct end *from, *to;
	bool bulk;
	int wrong;
};

/* Report a claim that does not hold, and where. */
#define complain(t, fmt, ...) do {					\
	note(t);							\
	fprintf(stderr, fmt "\n", ##__VA_ARGS__);			\
} while (0)

static void note(struct trial *t)
{
	t->wrong++;
	fprintf(stderr, "# %s ipv%d, %s%s dir=%s %s: ", t->scene->site->name,
		t->scene->family == AF_INET ? 4 : 6, t->bulk ? "bulk " : "",
		class_names[t->class], t->out ? "out" : "in",
		actions[t->action]);
}

static void expect(struct trial *t, long want, long seen, const char *what)
{
	if (want != seen)
		complain(t, "%s: %ld, not %ld", what, seen, want);
}

static void expect_between(struct trial *t, __u64 low, __u64 high, __u64 seen,
			   const char *what)
{
	if (seen < low || seen > high)
		complain(t, "%s: %llu, not %llu to %llu", what, seen, low,
			 high);
}

static void aim(struct trial *t)
{
	int port = t->scene->site->port ? t->scene->site->port : BED_PORT;

	finject_rules(t->scene->judge,
		      "flush\nadd id=1 seg=%s dir=%s port=%d %s",
		      class_names[t->class], t->out ? "out" : "in", port,
		      actions[t->action]);
	if (finject_write(t->scene->judge, "stats", "zero"))
		fail("stats cannot be zeroed");
	scene_connect(t->scene);
}

static void talk(struct trial *t, struct end *from, struct end *to,
		 unsigned int seed)
{
	struct stream stream = { .seed = seed };

	stream_write(&stream, from->fd, PAYLOAD);
	if (!stream_read(&stream, to->fd))
		complain(t, "of %zu bytes %zu came, %zu of them wrong",
			 stream.sent, stream.got, stream.wrong);
}

/* The receiver learns of the FIN at the expected time after it was sent. */
static void expect_time(struct trial *t, __u64 span, enum fault fault)
{
	static const unsigned int after[FAULTS] = {
		[DROP] = RTO_MS, [DELAY] = DELAY_MS, [HOLD] = HELD_MS,
	};
	unsigned int ms = after[fault];

	expect_between(t, ms, ms + (fault == DROP ? 4 : 1) * SLACK_MS,
		       span / MSEC, "ms until the FIN came");
}

static void release(struct trial *t)
{
	if (!WAIT_FOR(finject_total(t->scene->judge, "parked") == 1, PATIENCE))
		complain(t, "nothing is held");
	clock_rest(HELD_MS * MSEC);
	finject_write(t->scene->judge, "held", "release tag=h");
}

static void expect_state(struct trial *t, const struct end *end,
			 enum state state)
{
	if (!end_reaches(end, state))
		complain(t, "%s is in %s, not %s",
			 end == &t->scene->bed.a ? "A" : "B",
			 state_names[end_state(end)], state_names[state]);
}

/* Both ends receive the RST in place of that FIN. */
static void expect_reset(struct trial *t)
{
	expect_state(t, t->from, GONE);
	expect_state(t, t->to, GONE);
	expect(t, ECONNRESET, conn_error(t->from->fd), "error of the sender");
	expect(t, ECONNRESET, conn_error(t->to->fd), "error of the receiver");
}

/* Send the FIN of one end. */
static void depart(struct trial *t, struct end *from, struct end *to)
{
	enum fault fault = from == t->from ? t->fault : NOTHING;
	__u64 start = clock_now();

	conn_shut(from->fd);
	if (fault == RESET) {
		expect_reset(t);
		return;
	}
	if (fault == HOLD)
		release(t);
	expect(t, CONN_EOF, conn_read(to->fd, PATIENCE),
	       "what was read at the end");
	expect_time(t, clock_now() - start, fault);
	/* the last copies may be in flight */
	if (fault == DUPLICATE)
		clock_rest(2 * COPIES * GAP_MS * MSEC);
}

/* Close A, then B when it has read the end of data. */
static void part(struct trial *t)
{
	struct end *a = &t->scene->bed.a, *b = &t->scene->bed.b;

	depart(t, a, b);
	if (t->class == FIN2 || t->fault != RESET) {
		clock_rest(ACK_MS * MSEC);
		expect_state(t, a, FIN_WAIT2);
		depart(t, b, a);
	}
	expect_state(t, b, GONE);
	expect_state(t, a, t->fault == RESET ? GONE : TIME_WAIT);
}

static struct intake *intake_of(struct trial *t, const struct end *end)
{
	return &t->scene->intake[end == &t->scene->bed.b];
}

static size_t on_wire(struct trial *t, const struct end *end, int flag)
{
	struct scene *scene = t->scene;
	bool b = end == &scene->bed.b;
	const char *dev = scene->site->dev[b];

	return witness_count(&scene->witness[end->ns - scene->bed.ns],
			     dev ? dev : "fj0", &end->remote, flag);
}

/* Count the FINs on the receiver's devices, and behind its hooks. */
static void audit_fins(struct trial *t)
{
	static const long arrived[FAULTS] = {
		[NOTHING] = 1, [DROP] = 1, [DELAY] = 1,
		[DUPLICATE] = 1 + COPIES, [HOLD] = 1,
	};
	struct scene *scene = t->scene;
	bool behind = t->to->ns == scene->judge;
	long sent = 1 + (t->fault == DROP);
	const char *dev = scene->site->dev[t->to == &scene->bed.b];

	expect(t, arrived[t->fault],
	       intake_count(intake_of(t, t->to), &t->to->remote, FRAME_FIN),
	       "FINs that TCP was handed");
	if (!t->bulk || !scene->site->loses)
		expect(t, sent - 1, end_count(t->from, "RetransSegs"),
		       "segments sent again");
	if (dev && !*dev)
		return;
	expect(t, behind ? sent : arrived[t->fault],
	       on_wire(t, t->to, FRAME_FIN), "FINs that came");
	if (t->fault == DUPLICATE && !behind &&
	    !witness_alike(&scene->witness[t->to->ns - scene->bed.ns],
			   dev ? dev : "fj0", &t->to->remote, FRAME_FIN))
		complain(t, "a copy is not the original");
}

/* TIME_WAIT acknowledges copies of fin2 to B, which answers with RSTs. */
static void audit_rsts(struct trial *t)
{
	long want = t->fault == RESET;
	long late = t->fault == DUPLICATE && t->class == FIN2 ? COPIES : 0;

	expect(t, want + late,
	       intake_count(intake_of(t, t->to), &t->to->remote, FRAME_RST),
	       "RSTs to the receiver");
	expect(t, want, intake_count(intake_of(t, t->from), &t->from->remote,
				     FRAME_RST), "RSTs to the sender");
}

static void audit_stats(struct trial *t)
{
	const struct ns *judge = t->scene->judge;
	long fired = t->fault != NOTHING;

	expect(t, fired, finject_rule(judge, 1, "fired"), "fired");
	expect(t, t->fault == DROP, finject_total(judge, "dropped"), "dropped");
	expect(t, t->fault == DELAY || t->fault == HOLD,
	       finject_total(judge, "released"), "released");
	expect(t, t->fault == DUPLICATE ? COPIES : 0,
	       finject_total(judge, "copies_released"), "copies_released");
	expect(t, t->fault == RESET ? 2 : 0, finject_total(judge, "resets"),
	       "resets");
	expect(t, 0, finject_total(judge, "parked"), "parked");
	expect(t, 0, finject_total(judge, "refused"), "refused");
}

static bool misses(const struct trial *t)
{
	return t->scene->misses & MISSES(t->class, t->out);
}

/* nth rises once a transmission. */
static void audit_count(struct trial *t)
{
	expect(t, misses(t) ? 0 : 1 + (t->fault == DROP),
	       events_count(scene_events(t->scene), t->out ? POST : PRE,
			    t->class), "segments counted");
}

/* Where an IPsec policy protects all traffic, finject may find no route for the
 * RST to the sender. Then it counts that, the sender retransmits its FIN, and
 * the receiver, which has its RST, answers.
 */
static bool refused(struct trial *t)
{
	if (t->fault != RESET || t->scene->site->outer != IPPROTO_ESP ||
	    finject_total(t->scene->judge, "resets") != 1)
		return false;
	expect(t, 1, finject_total(t->scene->judge, "resets_refused"),
	       "resets_refused");
	return true;
}

static void audit(struct trial *t)
{
	const char *strange = scene_strange(t->scene);

	if (strange)
		complain(t, "%s", strange);
	if (refused(t))
		return;
	audit_fins(t);
	audit_rsts(t);
	audit_stats(t);
	audit_count(t);
}

static void run(struct trial *t)
{
	struct bed *bed = &t->scene->bed;

	aim(t);
	talk(t, &bed->a, &bed->b, 1);
	talk(t, &bed->b, &bed->a, 2);
	part(t);
	audit(t);
}

/* Send much data with the FIN on its last GSO skb; only A sends. */
static void run_bulk(struct trial *t)
{
	struct bed *bed = &t->scene->bed;
	struct bulk bulk;

	aim(t);
	bulk_fill(&bulk, bed->a.fd);
	conn_shut(bed->a.fd);
	expect(t, true, WAIT_FOR(!bulk_drain(&bulk, bed->b.fd), PATIENCE),
	       "the end was read");
	expect(t, bulk.sent, bulk.got, "bytes read");
	expect_state(t, &bed->a, FIN_WAIT2);
	clock_rest(2 * COPIES * GAP_MS * MSEC);
	audit(t);
}

/* Return whether the FIN passes the namespace of the rule in that direction: at
 * an end its own leave, and the other's arrive.
 */
static bool crosses(const struct trial *t)
{
	if (t->from->ns == t->scene->judge)
		return t->out;
	return t->to->ns != t->scene->judge || !t->out;
}

static void begin(struct trial *t, struct scene *scene, enum class class,
		  bool out)
{
	struct bed *bed = &scene->bed;

	*t = (struct trial){
		.scene = scene,
		.class = class,
		.out = out,
		.from = class == FIN1 ? &bed->a : &bed->b,
		.to = class == FIN1 ? &bed->b : &bed->a,
	};
}

static int try_faults(struct trial *t)
{
	for (t->action = NOTHING; t->action < FAULTS; t->action++) {
		t->fault = misses(t) ? NOTHING : t->action;
		t->bulk = false;
		run(t);
		if (t->class != FIN1 || !t->scene->site->bulk ||
		    t->fault > DROP)
			continue;
		t->bulk = true;
		run_bulk(t);
	}
	return t->wrong;
}

FIXTURE(paths)
{
	struct scene scene;
};

FIXTURE_VARIANT(paths)
{
	const char *site;
	int family;
};

#define PLACE(name)	BED_VARIANTS(paths, name##_, .site = #name)

PLACE(veth);
PLACE(bridge);
PLACE(bridge_local);
PLACE(bridge_routed);
PLACE(vrf_server);
PLACE(vrf_client);
PLACE(vrf_router);
PLACE(macvlan);
PLACE(ipvlan_l2);
PLACE(ipvlan_l3);
PLACE(ipvlan_l3_host);
PLACE(ipvlan_l3s);
PLACE(ipvlan_l3s_host);
PLACE(vlan);
PLACE(bond);
PLACE(team);
PLACE(tun);
PLACE(tap);
FIXTURE_VARIANT_ADD(paths, ipip_v4) { .site = "ipip", .family = AF_INET };
FIXTURE_VARIANT_ADD(paths, ip6ip6_v6) { .site = "ip6ip6", .family = AF_INET6 };
PLACE(gre);
PLACE(vxlan);
PLACE(wireguard);
PLACE(xfrm_transport);
PLACE(xfrm_tunnel);
PLACE(flowtable);
PLACE(ipvs);
PLACE(tproxy);
PLACE(redirect);
PLACE(policy);
PLACE(rps);
PLACE(gro);
PLACE(gro_list);
FIXTURE_VARIANT_ADD(paths, fragments_v4) { .site = "fragments", .family = AF_INET };
PLACE(pmtu);
PLACE(ifb);
PLACE(redirected);
PLACE(xdp);

FIXTURE_SETUP(paths)
{
	NEED_SCENE(&self->scene, variant->site, variant->family);
	if (self->scene.site->bulk)
		bulk_small_window(&self->scene.bed);
}

FIXTURE_TEARDOWN(paths)
{
	const char *unbalanced = scene_close(&self->scene);

	EXPECT_EQ(NULL, unbalanced)
		TH_LOG("out of balance: %s", unbalanced);
}

BED_TEST(paths, faults)
{
	struct trial t;
	int class, out;

	for (class = FIN1; class <= FIN2; class += FIN2 - FIN1) {
		for (out = 0; out < 2; out++) {
			begin(&t, &self->scene, class, out);
			if (crosses(&t))
				EXPECT_EQ(0, try_faults(&t));
		}
	}
}

TEST_HARNESS_MAIN
