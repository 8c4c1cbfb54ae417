// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many at once. Meant for the warp guest, where a nanosecond is an
 * instruction: there what is printed as ns is instructions.
 *
 * 1. what is parked goes on in the order in which it is due
 * 2. 100,000 segments are parked at once; parking and releasing one costs a
 *    little more with each tenfold, as a balanced tree does
 *
 * SCALE says how many are parked in 2: for a guest whose kernel checks itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

enum {
	ORDERED = 500,		/* closes parked to be put in order */
	COPIES = 1000,		/* of one duplicate= */
	MANY = 100000,		/* parked at once */
};

FIXTURE(scale)
{
	struct bed bed;
};

FIXTURE_SETUP(scale)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "0");
}

FIXTURE_TEARDOWN(scale)
{
	EXPECT_BALANCED(&self->bed);
}

/* Two ends, and the end of the first: what it sends may be parked for long. */
static void open_ends(struct bed *bed)
{
	bed->a.fd = conn_connect(bed->a.ns, NULL, &bed->server);
	bed->b.fd = conn_accept(bed->listener);
}

static void open_close(struct bed *bed)
{
	open_ends(bed);
	conn_close(&bed->a.fd);
	conn_close(&bed->b.fd);
}

/* The flows of a file's records of one word, in the file's order. */
static size_t flows_of(const char *text, const char *word, long *flows,
		       size_t room)
{
	size_t count = 0, len = strlen(word);
	const char *line, *at;

	for (line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		at = strstr(line, " flow=");
		if (!strncmp(line, word, len) && at && count < room)
			flows[count++] = atol(at + strlen(" flow="));
	}
	return count;
}

static size_t released_flows(struct events *ev, long *flows, size_t room)
{
	size_t i, count = 0;

	events_count(ev, "out", FIN1);
	for (i = 0; i < ev->count && count < room; i++)
		if (ev->list[i].kind == EVENT_FATE)
			flows[count++] = ev->list[i].flow;
	return count;
}

BED_TEST(scale, due_order)
{
	static long due[ORDERED], gone[ORDERED];
	struct bed *bed = &self->bed;
	struct ns *ns = bed->a.ns;
	int i;

	finject_rules(ns,
		      "add seg=fin1 nth=1 delay=30s jitter=9s seed=1\nadd seg=fin,ack,rst drop");
	for (i = 0; i < ORDERED; i++)
		open_close(bed);
	ASSERT_EQ(ORDERED, finject_total(ns, "parked"));
	ASSERT_EQ(ORDERED, flows_of(finject_read(ns, "held"), "parked", due,
				    ORDERED));
	events_open(&bed->ev[0], ns);
	ASSERT_TRUE(WAIT_FOR(!finject_total(ns, "parked"), 60 * SEC));
	ASSERT_EQ(ORDERED, released_flows(&bed->ev[0], gone, ORDERED));
	for (i = 0; i < ORDERED; i++)
		ASSERT_EQ(due[i], gone[i]);
	/* not simply the order in which they were parked */
	for (i = 1; i < ORDERED && due[i] > due[i - 1]; i++)
		;
	EXPECT_GT(ORDERED, i);
}

/* One close whose fin1 is parked COPIES times: ns for each. */
static double park_copies(struct bed *bed)
{
	__u64 start;

	open_ends(bed);
	start = clock_now();
	conn_close(&bed->a.fd);
	start = clock_now() - start;
	conn_close(&bed->b.fd);
	return (double)start / COPIES;
}

static double fill_to(struct bed *bed, long long total)
{
	double cost = 0;

	while (finject_total(bed->a.ns, "copies_parked") < total)
		cost = park_copies(bed);
	return cost;
}

static long parked_at_once(void)
{
	const char *scale = getenv("SCALE");

	return scale ? atol(scale) : MANY;
}

static double release_all(struct bed *bed)
{
	long long count = finject_total(bed->a.ns, "copies_parked");
	__u64 start = clock_now();

	if (finject_write(bed->a.ns, "held", "drop all"))
		fail("drop all: %s", strerror(errno));
	return (double)(clock_now() - start) / count;
}

BED_TEST(scale, hundred_thousand)
{
	const long most = parked_at_once();
	const long sizes[] = { most / 100, most / 10, most };
	struct bed *bed = &self->bed;
	double park[3], drop[3];
	int i;

	finject_rules(bed->a.ns,
		      "add seg=fin1 nth=1 duplicate=1000 gap=60s\nadd seg=all pass");
	for (i = 0; i < 3; i++) {
		fill_to(bed, sizes[i]);
		park[i] = fill_to(bed, sizes[i] + COPIES);
		EXPECT_LE(sizes[i] + COPIES,
			  finject_total(bed->a.ns, "copies_parked"));
		drop[i] = release_all(bed);
		TH_LOG("%6ld parked: %.0f ns to park one more, %.0f to drop one",
		       sizes[i], park[i], drop[i]);
	}
	/* log2 of 1k, 10k, 100k is 10, 13.3, 16.6: less than twice */
	EXPECT_GT(2 * park[0], park[2]);
	EXPECT_GT(2 * drop[0], drop[2]);
}

BED_TEST(scale, released_from_many)
{
	struct bed *bed = &self->bed;
	long long count;
	__u64 start;

	finject_rules(bed->a.ns,
		      "add seg=fin1 nth=1 duplicate=1000 gap=60s\nadd seg=all pass");
	fill_to(bed, parked_at_once());
	count = finject_total(bed->a.ns, "copies_parked");
	start = clock_now();
	finject_rules(bed->a.ns, "flush");
	EXPECT_SOON(!finject_total(bed->a.ns, "copies_parked"));
	start = clock_now() - start;
	TH_LOG("%lld went on at once, %.0f ns each", count,
	       (double)start / count);
	EXPECT_EQ(count, finject_total(bed->a.ns, "copies_released"));
}

TEST_HARNESS_MAIN
