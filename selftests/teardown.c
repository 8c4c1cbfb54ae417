// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule, device, namespace or module of a parked segment ends. No segment is
 * lost, leaked or sent twice:
 *
 * 1. the rule is removed, replaced, or flushed: its segments are released, in
 *    order, each once
 * 2. the lease ends: the same
 * 3. the device is removed: purged, counted, and the removal does not wait
 * 4. the namespace exits: purged, and the namespace is not kept
 * 5. the module is unloaded: parked segments are released
 *
 * A packet socket at B is the witness: it counts the FINs that arrive.
 */
#include <errno.h>
#include <fcntl.h>

#include "harness.h"
#include "link.h"
#include "module.h"
#include "tap.h"

/**
 * struct ground - segments parked in a bed
 * @bed: the bed
 * @a: the active closer
 * @b: the passive closer
 * @judge: the end in whose namespace the rules are
 * @tap: segments that reach B
 * @action: the action of the rule on fin1
 * @at_receiver: @judge is @b
 */
struct ground {
	struct bed bed;
	struct end *a, *b, *judge;
	struct tap tap;
	const char *action;
	bool at_receiver;
};

FIXTURE(teardown)
{
	struct ground g;
};

FIXTURE_VARIANT(teardown)
{
	const char *action;	/* the action of the rule on fin1 */
	bool at_receiver;
	int family;
};

BED_VARIANTS(teardown, delayed_out_, .action = "delay=1000s");
BED_VARIANTS(teardown, delayed_in_, .action = "delay=1000s", .at_receiver = true);
BED_VARIANTS(teardown, held_out_, .action = "hold=x max=1000s");
BED_VARIANTS(teardown, held_in_, .action = "hold=x max=1000s", .at_receiver = true);

enum { PARKED = 3 };	/* the FIN and two retransmissions */

FIXTURE_SETUP(teardown)
{
	struct ground *g = &self->g;

	NEED_FINJECT();
	g->action = variant->action;
	g->at_receiver = variant->at_receiver;
	bed_open(&g->bed, VETH, variant->family);
	bed_connect(&g->bed);
	g->a = &g->bed.a;
	g->b = &g->bed.b;
	g->judge = g->at_receiver ? g->b : g->a;
	tap_open(&g->tap, g->b->ns);
}

FIXTURE_TEARDOWN(teardown)
{
	EXPECT_BALANCED(&self->g.bed);
}

/* Close A; park its FIN and PARKED - 1 retransmissions. */
static void park(struct __test_metadata *_metadata,
		 struct ground *g)
{
	finject_rules(g->judge->ns, "add id=1 seg=fin1 nth=1-%d %s\n"
		      "add id=2 seg=fin1 drop\n", PARKED, g->action);
	conn_shut(g->a->fd);
	ASSERT_SOON(finject_total(g->judge->ns, "parked") == PARKED);
	EXPECT_EQ(PARKED, finject_record(g->judge->ns, "held", "parked",
					 "rule", "1", NULL));
	EXPECT_EQ(ESTABLISHED, end_state(g->b));
}

/* All segments were released once, in order; the close continues to its end. */
static void expect_resumed(struct __test_metadata *_metadata,
			   struct ground *g)
{
	struct events *ev = g->judge->ev;
	unsigned int nth = 0;
	size_t i;

	EXPECT_EQ(CONN_EOF, conn_read(g->b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(g->a, FIN_WAIT2));
	EXPECT_EQ(0, finject_total(g->judge->ns, "parked"));
	EXPECT_EQ(PARKED, finject_total(g->judge->ns, "released"));
	EXPECT_EQ(0, finject_total(g->judge->ns, "purged"));
	EXPECT_EQ(0, finject_record(g->judge->ns, "held", "parked", NULL,
				    NULL, NULL));
	EXPECT_EQ(PARKED, events_outcomes(ev, "released", FIN1));
	for (i = 0; i < ev->count; i++)
		if (ev->list[i].kind == EVENT_OUTCOME)
			EXPECT_EQ(++nth, ev->list[i].nth[FIN1]);
	/* A packet socket sees a segment before finject's hook does. */
	if (!g->at_receiver)
		EXPECT_EQ(PARKED,
			  tap_count(&g->tap, &g->a->local, TAP_FIN));
	conn_close(&g->b->fd);
	EXPECT_TRUE(end_reaches(g->b, GONE));
	EXPECT_TRUE(end_reaches(g->a, TIME_WAIT));
	EXPECT_PATH(PATH_ACTIVE, g->a);
	EXPECT_PATH(PATH_PASSIVE, g->b);
}

BED_TEST(teardown, rule_deleted)
{
	struct ground *g = &self->g;

	park(_metadata, g);
	finject_rules(g->judge->ns, "del id=1");
	expect_resumed(_metadata, g);
}

BED_TEST(teardown, rule_replaced)
{
	struct ground *g = &self->g;

	park(_metadata, g);
	finject_rules(g->judge->ns, "add id=1 seg=rst pass");
	expect_resumed(_metadata, g);
}

BED_TEST(teardown, rules_flushed)
{
	struct ground *g = &self->g;

	park(_metadata, g);
	finject_rules(g->judge->ns, "flush");
	expect_resumed(_metadata, g);
}

/* A change of other rules leaves a rule's parked segments alone. */
BED_TEST(teardown, rule_kept)
{
	struct ground *g = &self->g;

	park(_metadata, g);
	finject_rules(g->judge->ns, "add id=3 seg=rst pass");
	EXPECT_EQ(PARKED, finject_total(g->judge->ns, "parked"));
	finject_rules(g->judge->ns, "del id=3");
	EXPECT_EQ(PARKED, finject_total(g->judge->ns, "parked"));
	EXPECT_EQ(0, events_outcomes(g->judge->ev, "released", FIN1));
	finject_rules(g->judge->ns, "del id=1");
	expect_resumed(_metadata, g);
}

BED_TEST(teardown, lease_ended)
{
	struct ground *g = &self->g;
	int fd = ns_open(g->judge->ns, finject_dir(), "rules", O_WRONLY);
	char text[128];
	int len;

	ASSERT_LE(0, fd);
	finject_rules(g->judge->ns, "add id=2 seg=fin1 nth=4- drop");
	len = sprintf(text, "lease\nadd id=1 seg=fin1 nth=1-%d %s\n", PARKED,
		      g->action);
	EXPECT_EQ(len, write(fd, text, len));
	conn_shut(g->a->fd);
	ASSERT_SOON(finject_total(g->judge->ns, "parked") == PARKED);
	close(fd);
	expect_resumed(_metadata, g);
}

BED_TEST(teardown, device_removed)
{
	struct ground *g = &self->g;
	__u64 start;

	park(_metadata, g);
	start = clock_now();
	EXPECT_EQ(0, link_del(g->judge->ns, "fj0"));
	EXPECT_GE(SEC, clock_now() - start);
	EXPECT_EQ(0, finject_total(g->judge->ns, "parked"));
	EXPECT_EQ(PARKED, finject_total(g->judge->ns, "purged"));
	EXPECT_EQ(0, finject_total(g->judge->ns, "released"));
	EXPECT_EQ(PARKED, events_outcomes(g->judge->ev, "purged", FIN1));
	EXPECT_EQ(ESTABLISHED, end_state(g->b));
}

/* Release all that holds one end's namespace but its parked segments. */
static void leave_namespace(struct ground *g)
{
	struct bed *bed = &g->bed;

	if (g->at_receiver) {
		conn_reset(&g->b->fd);
		conn_close(&bed->listener);
		conn_close(&g->tap.fd);
	} else {
		conn_reset(&g->a->fd);
	}
	events_close(g->judge->ev);
	ns_drop(g->judge->ns);
	/* Only the other end of the bed is left. */
	if (!g->at_receiver) {
		bed->ns[0] = bed->ns[1];
		bed->ev[0] = bed->ev[1];
	}
	bed->count = 1;
}

/* A parked segment keeps neither the namespace nor the module. */
BED_TEST(teardown, namespace_exit)
{
	struct ground *g = &self->g;
	struct ns initial;
	char inum[32];
	long users;

	ns_hold(&initial, "/proc/1/ns/net");
	snprintf(inum, sizeof(inum), "%lu", g->judge->ns->inum);
	park(_metadata, g);
	EXPECT_EQ(1, finject_record(&initial, "namespaces", "ns", "inum", inum,
				    NULL));
	users = module_users();
	leave_namespace(g);
	EXPECT_GT(users, module_users());
	EXPECT_SOON(!finject_record(&initial, "namespaces", "ns", "inum", inum,
				    NULL));
	if (!g->at_receiver)
		EXPECT_EQ(0, tap_count(&g->tap, &g->a->local, TAP_FIN));
	ns_drop(&initial);
}

BED_TEST(teardown, rmmod)
{
	struct ground *g = &self->g;
	const char *fixed = module_fixed();
	int i;

	if (fixed)
		SKIP(return, "%s", fixed);
	park(_metadata, g);
	for (i = 0; i < g->bed.count; i++)
		events_close(&g->bed.ev[i]);
	if (module_users())
		SKIP(return, "somebody else uses finject");
	ASSERT_EQ(0, module_unload());

	EXPECT_EQ(CONN_EOF, conn_read(g->b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(g->a, FIN_WAIT2));
	EXPECT_EQ(CLOSE_WAIT, end_state(g->b));
	conn_close(&g->b->fd);
	EXPECT_TRUE(end_reaches(g->b, GONE));
	EXPECT_TRUE(end_reaches(g->a, TIME_WAIT));
	/* Each FIN that A sent arrives once, parked or not. */
	EXPECT_EQ(1 + end_count(g->a, "RetransSegs"),
		  tap_count(&g->tap, &g->a->local, TAP_FIN));
	EXPECT_EQ(0, end_count(g->a, "OutRsts"));
	EXPECT_EQ(0, end_count(g->b, "OutRsts"));
	ASSERT_EQ(0, module_load());
}

/* Copies have their own counters. */
FIXTURE(copies)
{
	struct bed bed;
	struct tap tap;
};

FIXTURE_SETUP(copies)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
	bed_connect(&self->bed);
	tap_open(&self->tap, self->bed.b.ns);
	finject_rules(self->bed.a.ns,
		      "add id=1 seg=fin1 duplicate=2 gap=1000s");
	conn_shut(self->bed.a.fd);
	ASSERT_TRUE(end_reaches(&self->bed.a, FIN_WAIT2));
	ASSERT_EQ(2, finject_total(self->bed.a.ns, "copies_parked"));
	ASSERT_EQ(0, finject_total(self->bed.a.ns, "parked"));
}

FIXTURE_TEARDOWN(copies)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(copies, rule_deleted)
{
	struct end *a = &self->bed.a;

	finject_rules(a->ns, "del id=1");
	EXPECT_SOON(tap_count(&self->tap, &a->local, TAP_FIN) == 3);
	EXPECT_EQ(2, finject_total(a->ns, "copies_released"));
	EXPECT_EQ(0, finject_total(a->ns, "released"));
	EXPECT_EQ(0, finject_total(a->ns, "copies_parked"));
}

BED_TEST(copies, device_removed)
{
	struct end *a = &self->bed.a;

	EXPECT_EQ(0, link_del(a->ns, "fj0"));
	EXPECT_EQ(2, finject_total(a->ns, "copies_purged"));
	EXPECT_EQ(0, finject_total(a->ns, "purged"));
	EXPECT_EQ(1, tap_count(&self->tap, &a->local, TAP_FIN));
}

/* An old duplicate: the copy arrives when TIME_WAIT is over, at no socket. */
BED_TEST(copies, after_time_wait)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(a->ns, "flush");
	/* after the connection they would be answered by RSTs */
	EXPECT_SOON(!finject_total(a->ns, "copies_parked"));
	bed_reconnect(&self->bed, false);
	finject_rules(a->ns, "add id=1 seg=fin1 duplicate=1 gap=70s");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_close(&b->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_TRUE(WAIT_FOR(end_state(a) == GONE, 70 * SEC));
	EXPECT_EQ(1, finject_total(a->ns, "copies_parked"));
	EXPECT_EQ(0, end_count(b, "OutRsts"));
	EXPECT_SOON(end_count(b, "OutRsts") == 1);
	EXPECT_EQ(0, finject_total(a->ns, "copies_parked"));
}

TEST_HARNESS_MAIN
