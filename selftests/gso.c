// SPDX-License-Identifier: GPL-2.0-only
/*
 * A FIN on a GSO skb, as a close with much unsent data sends it.
 *
 * 1. the FIN is split off with the last wire segment: only that one is judged,
 *    and no data but that on it is lost or late
 * 2. the data arrives whole, in order, and ends
 * 3. the same holds with segmentation off at the device (TCP itself always
 *    makes GSO skbs)
 */
#include "bulk.h"
#include "harness.h"

enum { MSS_MAX = 1448 };	/* over a veth of 1500 bytes, IPv4 */

enum place {
	SENDER,
	RECEIVER,
};

FIXTURE(gso)
{
	struct bed bed;
	struct bulk bulk;
};

FIXTURE_VARIANT(gso)
{
	int family;
	enum place place;
	bool off;
};

BED_VARIANTS(gso, sender_, .place = SENDER);
BED_VARIANTS(gso, receiver_, .place = RECEIVER);
BED_VARIANTS(gso, segmented_, .place = RECEIVER, .off = true);

FIXTURE_SETUP(gso)
{
	struct bed *bed = &self->bed;

	NEED_FINJECT();
	bed_open(bed, VETH, variant->family);
	if (variant->off &&
	    (ns_run(bed->a.ns, "ethtool -K fj0 tso off gso off") ||
	     ns_run(bed->b.ns, "ethtool -K fj0 tso off gso off")))
		SKIP_SETUP("no ethtool");
	bulk_small_window(bed);
	bed_connect(bed);
	bulk_fill(&self->bulk, bed->a.fd);
	conn_shut(bed->a.fd);
}

FIXTURE_TEARDOWN(gso)
{
	EXPECT_BALANCED(&self->bed);
}

static struct end *judge(struct bed *bed, enum place place)
{
	return place == SENDER ? &bed->a : &bed->b;
}

static const char *hook(enum place place)
{
	return place == SENDER ? POST : PRE;
}

/* The FIN is on more than a wire segment, else the other tests show nothing. */
BED_TEST(gso, undisturbed)
{
	struct bed *bed = &self->bed;
	struct end *end = judge(bed, variant->place);
	const struct event *fin;

	EXPECT_SOON(!bulk_drain(&self->bulk, bed->b.fd));
	EXPECT_EQ(self->bulk.sent, self->bulk.got);
	fin = events_seg(end->ev, hook(variant->place), FIN1, 1);
	ASSERT_NE(NULL, fin);
	EXPECT_EQ(!variant->off, fin->len > MSS_MAX)
		TH_LOG("the FIN came with %u bytes", fin->len);
}

static bool has_all_but_the_fin(const struct bed *bed, struct bulk *bulk)
{
	bulk_drain(bulk, bed->b.fd);
	return bulk->got + MSS_MAX >= bulk->sent;
}

BED_TEST(gso, dropped)
{
	struct bed *bed = &self->bed;
	struct end *end = judge(bed, variant->place);
	const char *where = hook(variant->place);
	const struct event *fin;
	__u64 start;

	finject_rules(end->ns, "add id=1 seg=fin1 nth=1 drop");
	start = clock_now();
	EXPECT_SOON(has_all_but_the_fin(bed, &self->bulk));
	/* well before any retransmission: the data was not delayed */
	EXPECT_GT(150 * MSEC, clock_now() - start);
	EXPECT_SOON(!bulk_drain(&self->bulk, bed->b.fd));
	EXPECT_EQ(self->bulk.sent, self->bulk.got);

	fin = events_seg(end->ev, where, FIN1, 1);
	ASSERT_NE(NULL, fin);
	EXPECT_STREQ("drop", fin->verdict);
	EXPECT_LT(0, fin->len);
	EXPECT_GE(MSS_MAX, fin->len);
	EXPECT_NE(NULL, events_seg(end->ev, where, FIN1, 2));
	EXPECT_EQ(1, finject_rule(end->ns, 1, "dropped"));
	EXPECT_EQ(1, events_faults(end->ev));
}

BED_TEST(gso, delayed)
{
	struct bed *bed = &self->bed;
	struct end *end = judge(bed, variant->place);

	finject_rules(end->ns, "add id=1 seg=fin1 nth=1 delay=100ms");
	EXPECT_SOON(has_all_but_the_fin(bed, &self->bulk));
	EXPECT_SOON(!bulk_drain(&self->bulk, bed->b.fd));
	EXPECT_EQ(self->bulk.sent, self->bulk.got);
	EXPECT_EQ(1, finject_rule(end->ns, 1, "delayed"));
	EXPECT_SOON(!finject_total(end->ns, "parked"));
}

BED_TEST(gso, duplicated)
{
	struct bed *bed = &self->bed;
	struct end *end = judge(bed, variant->place);

	finject_rules(end->ns, "add id=1 seg=fin1 nth=1 duplicate=3");
	EXPECT_SOON(!bulk_drain(&self->bulk, bed->b.fd));
	EXPECT_EQ(self->bulk.sent, self->bulk.got);
	EXPECT_EQ(3, finject_total(end->ns, "copies"));
	EXPECT_SOON(finject_total(end->ns, "copies_released") == 3);
}

BED_TEST(gso, reset)
{
	struct bed *bed = &self->bed;
	struct end *end = judge(bed, variant->place);

	finject_rules(end->ns, "add id=1 seg=fin1 nth=1 reset=both");
	EXPECT_SOON(!bulk_drain(&self->bulk, bed->b.fd));
	EXPECT_SOON(end_state(&bed->a) == GONE && end_state(&bed->b) == GONE);
	EXPECT_EQ(2, finject_total(end->ns, "resets"));
}

TEST_HARNESS_MAIN
