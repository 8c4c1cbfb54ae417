// SPDX-License-Identifier: GPL-2.0-only
/*
 * After a million closes, as fast as they go and more than the flow table has
 * room for, the tables are as small as before: flows, meetings, parked
 * segments, and their slabs. Best in the warp guest, where what is printed as
 * ns is instructions, and the time that the module remembers a close is free.
 *
 * STORM is a percentage of the million; 1 if not set.
 */
#include "closer.h"
#include "harness.h"
#include "slab.h"
#include "storm.h"

enum {
	CLOSES = 1000000,
	PARTS = 10,		/* with a line each */
};

FIXTURE(idle)
{
	struct bed bed;
};

FIXTURE_SETUP(idle)
{
	NEED_FINJECT();
	ASSERT_TRUE(slabs_settle());
	bed_open(&self->bed, VETH, AF_INET);
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "0");
}

FIXTURE_TEARDOWN(idle)
{
	EXPECT_BALANCED(&self->bed);
}

/* Rules that park some of what closes, and copy some. */
static void some_faults(struct bed *bed)
{
	finject_rules(bed->a.ns,
		      "add seg=fin1 delay=1ms probability=50%% seed=3\nadd seg=ack duplicate=1 interval=5 per=flow");
	finject_rules(bed->b.ns, "add seg=fin delay=2ms jitter=1ms seed=4");
}

static void log_tables(struct __test_metadata *_metadata, struct bed *bed,
		       const char *when)
{
	int i;

	for (i = 0; i < bed->count; i++)
		TH_LOG("%s: %c has %lld flows (peak %lld, recycled %lld), %lld parked (peak %lld)",
		       when, 'A' + i,
		       finject_limit(&bed->ns[i], "flows", "now"),
		       finject_limit(&bed->ns[i], "flows", "peak"),
		       finject_limit(&bed->ns[i], "flows", "recycled"),
		       finject_limit(&bed->ns[i], "parked", "now"),
		       finject_limit(&bed->ns[i], "parked", "peak"));
	TH_LOG("%s: slabs: %ld flows, %ld meetings, %ld parked", when,
	       slab_objects("finject_flow"), slab_objects("finject_meeting"),
	       slab_objects("finject_parked"));
}

/* What a close costs must not grow with those before it. */
static void make_part(struct __test_metadata *_metadata,
		      struct closer *closer, unsigned long until)
{
	unsigned long count = until - closer->made;
	__u64 start = clock_now();

	closer_plain(closer, count);
	start = clock_now() - start;
	TH_LOG("%lu more closes in %.1f s, %.0f ns each", count,
	       start / (double)SEC, (double)start / count);
}

TEST_F_TIMEOUT(idle, million, STORM_SECONDS)
{
	long closes = storm_share(CLOSES), linger, i;
	struct bed *bed = &self->bed;
	struct closer closer;
	__u64 start;

	storm_begin(1200);
	linger = finject_param("flow_linger");
	closer_open(&closer, bed, 1);
	some_faults(bed);
	for (i = 1; i <= PARTS; i++)
		make_part(_metadata, &closer, closes * i / PARTS);
	log_tables(_metadata, bed, "then");
	EXPECT_EQ(closes, closer.made);
	EXPECT_LE(closes, finject_rule(bed->a.ns, 1, "matched"));
	EXPECT_EQ(0, finject_limit(bed->a.ns, "flows", "refused"));

	start = clock_now();
	EXPECT_TRUE(WAIT_FOR(storm_idle(bed), (linger + 60) * SEC));
	TH_LOG("idle %.1f s later", (clock_now() - start) / (double)SEC);
	log_tables(_metadata, bed, "idle");
	closer_close(&closer);
}

TEST_HARNESS_MAIN
