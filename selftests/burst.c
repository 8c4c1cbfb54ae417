// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every released segment is delivered: thousands released at once arrive, more
 * than the backlog of a CPU holds (net.core.netdev_max_backlog, 1000).
 *
 * 1. FINs released at once, in any way there is, all reach their sockets in
 *    order, and no queue of the kernel drops anything; a backlog that was made
 *    small does not either
 * 2. a write to `held` returns when all are released
 * 3. the same holds for copies
 * 4. a segment that is released alone is not late
 * 5. a segment that the next hop does not take is counted as refused
 * 6. after a million segments the counters agree with what the sockets received
 *
 * The witnesses are not finject's: sockets that read the end of data, packet
 * sockets, and /proc/net/softnet_stat. Retransmissions cannot help: the routes
 * have a rto_min of a minute.
 *
 * BURST is the number of connections in each case of 1. STORM is a percentage
 * of the million.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "crowd.h"
#include "harness.h"
#include "storm.h"
#include "tap.h"

enum {
	MANY = 5000,		/* connections, in one variant in warp time */
	SOME = 2000,		/* otherwise */
	CHUNKS = 50,		/* of connections, each with its own rule */
	TRIGGER_PORT = CROWD_PORT - 1,
	COPIES = 1024,
	SINGLES = 50,
	SMALL_BACKLOG = 100,	/* packets, of netdev_max_backlog */
	QUEUED = 100,		/* the length limit of the device's queue */
	SEGMENTS = 1000000,	/* released in many bursts */
	HOLDING = 500,		/* connections in a burst whose FINs are held */
	COPYING = 8,		/* and those whose FINs are duplicated */
};

/* How all parked FINs are released at once. */
enum way {
	BY_COMMAND,		/* release all */
	BY_FLUSH,		/* their rule is removed */
	BY_RULE,		/* a rule with release= fires */
	BY_TIME,		/* they are due at the same time */
};

/**
 * struct burst - a crowd whose FINs are released at once, and its witnesses
 * @bed: the bed; its own connection is the trigger of BY_RULE
 * @judge: the namespace with the rules
 * @crowd: the connections
 * @left: the tap on segments that leave the judge
 * @came: the tap on segments that arrive at the receiver
 * @dropped: softnet_dropped() before
 * @max_flows: the parameter, before
 * @max_backlog: the sysctl, before
 */
struct burst {
	struct bed bed;
	struct ns *judge;
	struct crowd crowd;
	struct tap left, came;
	long dropped;
	long max_flows;
	long max_backlog;
};

FIXTURE(burst)
{
	struct burst b;
};

/* Ways come in pairs: the first for A's FINs, the second for B's. */
FIXTURE_VARIANT(burst)
{
	enum topology topology;
	int family;
	enum way ways[2][2];
	unsigned int count;
};

FIXTURE_VARIANT_ADD(burst, veth_v4)
{
	.topology = VETH, .family = AF_INET, .count = MANY,
	.ways = { { BY_COMMAND, BY_FLUSH }, { BY_RULE, BY_TIME } },
};

FIXTURE_VARIANT_ADD(burst, veth_v6)
{
	.topology = VETH, .family = AF_INET6,
	.ways = { { BY_FLUSH, BY_COMMAND }, { BY_TIME, BY_RULE } },
};

FIXTURE_VARIANT_ADD(burst, lo_v4)
{
	.topology = LOOPBACK, .family = AF_INET,
	.ways = { { BY_COMMAND, BY_FLUSH }, { BY_RULE, BY_TIME } },
};

FIXTURE_VARIANT_ADD(burst, router_v4)
{
	.topology = ROUTER, .family = AF_INET,
	.ways = { { BY_COMMAND, BY_FLUSH }, { BY_RULE, BY_TIME } },
};

/* Return how many packets the backlogs of all CPUs have dropped. */
static long softnet_dropped(void)
{
	FILE *file = fopen("/proc/net/softnet_stat", "r");
	unsigned int processed, dropped;
	char line[256];
	long sum = 0;

	if (!file)
		fail("no /proc/net/softnet_stat");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%x %x", &processed, &dropped) == 2)
			sum += dropped;
	fclose(file);
	return sum;
}

/* Set net.core.netdev_max_backlog, if a value is given; return its value before. */
static long max_backlog(long value)
{
	FILE *file = fopen("/proc/sys/net/core/netdev_max_backlog", "r+");
	long before;

	if (!file || fscanf(file, "%ld", &before) != 1)
		fail("no net.core.netdev_max_backlog");
	rewind(file);
	if (value && fprintf(file, "%ld\n", value) < 0)
		fail("netdev_max_backlog stays");
	if (fclose(file))
		fail("netdev_max_backlog: %s", strerror(errno));
	return before;
}

/* No reader of `events`: it would cost more than the closes. */
static bool burst_open(struct burst *b, int family, enum topology topology)
{
	struct bed *bed = &b->bed;

	bed_open(bed, topology, family);
	bed_sysctl(bed, "net/ipv4/tcp_max_tw_buckets", "0");
	b->judge = bed->router ? bed->router : bed->a.ns;
	b->dropped = softnet_dropped();
	b->max_flows = finject_param("max_flows");
	b->max_backlog = max_backlog(0);
	if (!crowd_repeats_late(bed))
		return false;
	bed_reconnect(bed, false);
	bed_hangup(bed);
	addr_set_port(&bed->a.local, TRIGGER_PORT);
	bed_reconnect(bed, true);
	return true;
}

FIXTURE_SETUP(burst)
{
	NEED_FINJECT();
	if (!burst_open(&self->b, variant->family, variant->topology))
		SKIP_SETUP("no ip that sets rto_min");
}

FIXTURE_TEARDOWN(burst)
{
	finject_param_set("max_flows", self->b.max_flows);
	max_backlog(self->b.max_backlog);
	EXPECT_BALANCED(&self->b.bed);
}

static unsigned int burst_count(unsigned int usual)
{
	const char *burst = getenv("BURST");

	if (burst)
		return atol(burst);
	return in_warp_time() && usual ? usual : SOME;
}

/**
 * struct wave - the FINs of one side of all connections
 * @way: how they are released
 * @class: their class
 * @from: the side that sends them
 * @to: the side that receives them
 * @receiver: the namespace of @to
 * @trigger: a socket of @from; its FIN releases the others BY_RULE
 * @inbound: the judge is the receiver, so they wait in front of its sockets
 * @chunk: number of connections whose FINs keep their order
 */
struct wave {
	enum way way;
	const char *class;
	struct side *from, *to;
	const struct ns *receiver;
	int trigger;
	bool inbound;
	unsigned int chunk;
};

/* Return the index of a FIN's connection in the crowd, -1 for the trigger. */
static long index_of(const struct tap_seen *seen)
{
	bool up = seen->dport < CROWD_PORT;
	long client = up ? seen->sport : seen->dport;
	long server = up ? seen->dport : seen->sport;

	if (client < CROWD_PORT)
		return -1;
	return (server - BED_PORT - 1) * CROWD_PORTS + client - CROWD_PORT;
}

/* Count the entries of a list behind one with a higher index in their chunk. */
static unsigned int disorder(const struct wave *wave, const unsigned int *list,
			     unsigned int count)
{
	static unsigned int next[CHUNKS + 1];
	unsigned int i, chunk, out = 0;

	memset(next, 0, sizeof(next));
	for (i = 0; i < count; i++) {
		chunk = list[i] / wave->chunk;
		out += list[i] < next[chunk];
		next[chunk] = list[i] + 1;
	}
	return out;
}

/* List the connections whose FINs a tap has seen, in its order. */
static unsigned int tap_list(struct tap *tap, unsigned int *list,
			     unsigned int room)
{
	unsigned int count = 0;
	size_t i;
	long at;

	tap_pump(tap);
	for (i = 0; i < tap->count; i++) {
		at = index_of(&tap->seen[i]);
		if (at >= 0 && count < room)
			list[count++] = at;
	}
	return count;
}

/*
 * Send FINs in their order. Those of a process that has just moved to another
 * CPU overtake what waits in the backlog of the first.
 */
static void shut_in_order(struct side *side, unsigned int from,
			  unsigned int count)
{
	cpu_set_t all, one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_getaffinity(0, sizeof(all), &all) ||
	    sched_setaffinity(0, sizeof(one), &one))
		fail("the process cannot stay on a CPU");
	side_shut(side, from, count);
	sched_setaffinity(0, sizeof(all), &all);
}

/* How long it may take to park so many FINs, ns; less than the rto_min. */
static __u64 parking_time(unsigned int count)
{
	__u64 each = in_warp_time() ? MSEC / 5 : 20 * MSEC;

	return count * each < 45 * SEC ? count * each : 45 * SEC;
}

static void park_until(const struct wave *wave, const struct ns *judge,
		       unsigned int count)
{
	const char *which = wave->class[3] == '1' ? "sport" : "dport";
	__u64 due = clock_now() + SEC + parking_time(count);
	unsigned int i, last;

	for (i = 0; i < count; i += wave->chunk) {
		last = i + wave->chunk < count ? wave->chunk : count - i;
		finject_rules(judge,
			      "add id=%u seg=%s nth=1 %s=%u-%u port=%u delay=%lluns",
			      2 + i / wave->chunk, wave->class, which,
			      crowd_port(i), crowd_port(i + last - 1),
			      BED_PORT + 1 + i / CROWD_PORTS,
			      due - clock_now());
		shut_in_order(wave->from, i, last);
	}
}

static void park_until_told(const struct wave *wave, const struct ns *judge,
			    unsigned int count)
{
	finject_rules(judge,
		      "add id=1 seg=fin port=%d pass release=x\n"
		      "add id=2 seg=%s nth=1 hold=x max=3600s\n",
		      TRIGGER_PORT, wave->class);
	shut_in_order(wave->from, 0, count);
	if (!WAIT_FOR(finject_total(judge, "parked") == count, PATIENCE))
		fail("not all FINs wait");
}

static void let_go(const struct wave *wave, const struct ns *judge)
{
	int error = 0;

	if (wave->way == BY_COMMAND)
		error = finject_write(judge, "held", "release all");
	else if (wave->way == BY_FLUSH)
		finject_rules(judge, "flush");
	else if (wave->way == BY_RULE)
		conn_shut(wave->trigger);
	if (error)
		fail("release all: %s", strerror(-error));
}

/* All FINs have left: to the device, or into the sockets. */
static void expect_gone(struct __test_metadata *_metadata, struct burst *b,
			const struct wave *wave, unsigned int *list)
{
	unsigned int count = b->crowd.count;

	EXPECT_EQ(0, finject_total(b->judge, "parked"));
	EXPECT_EQ(count, wave->inbound ? side_ended(wave->to, count) :
					 tap_list(&b->left, list, count));
}

static void expect_come(struct __test_metadata *_metadata, struct burst *b,
			const struct wave *wave, unsigned int *list)
{
	unsigned int count = b->crowd.count, seen;

	/* BY_TIME they are due after a second and parking_time() */
	EXPECT_TRUE(WAIT_FOR(side_ended(wave->to, count) == count,
			     PATIENCE + parking_time(count) + count * MSEC));
	EXPECT_EQ(count, wave->to->ended);
	EXPECT_EQ(0, wave->to->others);
	EXPECT_EQ(0, disorder(wave, wave->to->order, wave->to->ended));
	/* the receivers' delayed ACKs, sent at one time, overflow a small one */
	if (max_backlog(0) == b->max_backlog)
		EXPECT_EQ(0, softnet_dropped() - b->dropped);
	if (!wave->inbound) {
		seen = tap_list(&b->came, list, count);
		EXPECT_EQ(count, seen);
		EXPECT_EQ(0, disorder(wave, list, seen));
	}
	EXPECT_EQ(count, finject_total(b->judge, "released"));
}

static void do_wave(struct __test_metadata *_metadata, struct burst *b,
		    const struct wave *wave)
{
	unsigned int count = b->crowd.count;
	unsigned int *list = calloc(count, sizeof(*list));

	if (!list)
		fail("out of memory");
	finject_rules(b->judge, "flush");
	EXPECT_EQ(0, finject_write(b->judge, "stats", "zero"));
	tap_open_fins(&b->left, b->judge, TAP_LEAVING, 2 * count);
	tap_open_fins(&b->came, wave->receiver, TAP_ARRIVING, 2 * count);
	if (wave->way == BY_TIME)
		park_until(wave, b->judge, count);
	else
		park_until_told(wave, b->judge, count);
	EXPECT_EQ(0, side_ended(wave->to, count));
	let_go(wave, b->judge);
	if (wave->way == BY_COMMAND)
		expect_gone(_metadata, b, wave, list);
	expect_come(_metadata, b, wave, list);
	tap_close(&b->left);
	tap_close(&b->came);
	free(list);
}

static unsigned int chunk_of(enum way way, unsigned int count)
{
	return way == BY_TIME ? (count + CHUNKS - 1) / CHUNKS : count;
}

/* All of A's FINs at once, then all of B's, with backlogs that short. */
static void do_waves(struct __test_metadata *_metadata, struct burst *b,
		     const enum way ways[2], unsigned int count, long backlog)
{
	struct crowd *crowd = &b->crowd;
	struct bed *bed = &b->bed;
	const struct wave waves[] = {
		{ .way = ways[0], .class = "fin1", .from = &crowd->a,
		  .to = &crowd->b, .receiver = bed->b.ns,
		  .trigger = bed->a.fd, .chunk = chunk_of(ways[0], count) },
		{ .way = ways[1], .class = "fin2", .from = &crowd->b,
		  .to = &crowd->a, .receiver = bed->a.ns,
		  .trigger = bed->b.fd, .chunk = chunk_of(ways[1], count),
		  .inbound = bed->topology == VETH },
	};

	if (count > b->max_flows / 2)
		finject_param_set("max_flows", 2 * count);
	crowd_open(crowd, bed, count);
	/* a stalled host may have caused a retransmitted SYN */
	snmp_take(&bed->a.before, bed->a.ns);
	snmp_take(&bed->b.before, bed->b.ns);
	max_backlog(backlog);
	do_wave(_metadata, b, &waves[0]);
	do_wave(_metadata, b, &waves[1]);
	max_backlog(b->max_backlog);
	EXPECT_EQ(0, bed_repeats(bed));
	crowd_close(crowd);
}

BED_TEST(burst, fins)
{
	do_waves(_metadata, &self->b, variant->ways[0],
		 burst_count(variant->count), self->b.max_backlog);
}

BED_TEST(burst, fins_again)
{
	do_waves(_metadata, &self->b, variant->ways[1], burst_count(0),
		 self->b.max_backlog);
}

BED_TEST(burst, fins_into_a_small_backlog)
{
	do_waves(_metadata, &self->b, variant->ways[0], burst_count(0) / 2,
		 SMALL_BACKLOG);
}

/* Copies of one FIN: each when it is due, or all released by a command. */
static const char * const copying[] = { "", "gap=60s" };

BED_TEST(burst, copies)
{
	struct burst *b = &self->b;
	unsigned int i;

	crowd_open(&b->crowd, &b->bed, ARRAY_SIZE(copying));
	tap_open_fins(&b->came, b->bed.b.ns, TAP_ARRIVING, 2 * COPIES);
	for (i = 0; i < ARRAY_SIZE(copying); i++) {
		tap_forget(&b->came);
		finject_rules(b->judge,
			      "add id=1 seg=fin1 nth=1 duplicate=%d %s",
			      COPIES, copying[i]);
		side_shut(&b->crowd.a, i, 1);
		EXPECT_SOON(finject_total(b->judge, "copies") ==
			    (i + 1) * COPIES);
		EXPECT_EQ(0, finject_write(b->judge, "held", "release all"));
		EXPECT_SOON(tap_pump(&b->came) == 1 + COPIES);
		EXPECT_EQ(1 + COPIES, b->came.count);
		EXPECT_EQ(i + 1, side_ended(&b->crowd.b, b->crowd.count));
		EXPECT_EQ(0, softnet_dropped() - b->dropped);
	}
	EXPECT_EQ(i * COPIES, finject_total(b->judge, "copies_released"));
	tap_close(&b->came);
	crowd_close(&b->crowd);
}

static int compare(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Measure ns from the call that sends a FIN until it leaves, sorted. */
static void time_singles(struct burst *b, unsigned int from, __u64 *span)
{
	struct timespec now;
	unsigned int i;

	tap_pump(&b->left);
	tap_forget(&b->left);
	for (i = 0; i < SINGLES; i++) {
		clock_gettime(CLOCK_REALTIME, &now);
		side_shut(&b->crowd.a, from + i, 1);
		clock_rest(50 * MSEC);
		if (tap_pump(&b->left) != i + 1)
			fail("FIN %u does not leave", i);
		span[i] = b->left.seen[i].t - now.tv_sec * SEC - now.tv_nsec;
	}
	qsort(span, SINGLES, sizeof(*span), compare);
}

/* A segment that waits alone is released late by less than 10 us in half of
 * the cases, and by less than 100 us in all.
 */
BED_TEST(burst, singles)
{
	__u64 base[SINGLES], late[SINGLES];
	struct burst *b = &self->b;
	unsigned int i;

	crowd_open(&b->crowd, &b->bed, 3 * SINGLES);
	tap_open_fins(&b->left, b->judge, TAP_LEAVING, 2 * SINGLES);
	/* the first segments to pass a hook, and a tap, are slow */
	finject_rules(b->judge, "add id=1 seg=all pass");
	time_singles(b, 0, base);
	time_singles(b, SINGLES, base);
	finject_rules(b->judge, "flush\nadd id=1 seg=fin1 nth=1 delay=10ms");
	time_singles(b, 2 * SINGLES, late);
	for (i = 0; i < SINGLES; i++)
		late[i] -= 10 * MSEC + base[SINGLES / 2];
	TH_LOG("late by %lld ns, at most %lld", (long long)late[SINGLES / 2],
	       (long long)late[SINGLES - 1]);
	if (in_warp_time() && !on_debug_kernel()) {
		EXPECT_GE(10000, (long long)late[SINGLES / 2]);
		EXPECT_GE(100000, (long long)late[SINGLES - 1]);
	}
	tap_close(&b->left);
	crowd_close(&b->crowd);
}

/* finject's counters against those of others. */
FIXTURE(books)
{
	struct burst b;
};

FIXTURE_SETUP(books)
{
	NEED_FINJECT();
	if (!burst_open(&self->b, AF_INET, VETH))
		SKIP_SETUP("no ip that sets rto_min");
}

FIXTURE_TEARDOWN(books)
{
	EXPECT_BALANCED(&self->b.bed);
}

/* Return whether the device's queue has dropped @count packets. */
static bool qdisc_dropped(const struct burst *b, unsigned int count)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "tc -s qdisc show dev fj0 | grep -q '(dropped %u,'", count);
	return !ns_run(b->judge, command);
}

/* A full queue drops the rest, and says so to its caller. */
BED_TEST(books, refused)
{
	const unsigned int count = 3 * QUEUED;
	struct burst *b = &self->b;
	char command[128];

	/* no neighbour or router solicitation meanwhile */
	bed_sysctl(&b->bed, "net/ipv6/conf/all/disable_ipv6", "1");
	crowd_open(&b->crowd, &b->bed, count);
	finject_rules(b->judge, "add id=1 seg=fin1 nth=1 hold=x max=3600s");
	side_shut(&b->crowd.a, 0, count);
	snprintf(command, sizeof(command),
		 "tc qdisc add dev fj0 root netem delay 2s limit %d", QUEUED);
	if (ns_run(b->judge, command))
		SKIP(return, "no tc, or no netem (CONFIG_NET_SCH_NETEM)");
	EXPECT_EQ(0, finject_write(b->judge, "held", "release all"));
	EXPECT_SOON(side_ended(&b->crowd.b, count) >= QUEUED);
	clock_rest(SEC);
	side_ended(&b->crowd.b, count);
	EXPECT_GT(count, b->crowd.b.ended);
	EXPECT_TRUE(qdisc_dropped(b, count - b->crowd.b.ended));
	EXPECT_EQ(count, finject_total(b->judge, "released"));
	EXPECT_EQ(count - b->crowd.b.ended,
		  finject_total(b->judge, "refused"));
	crowd_close(&b->crowd);
}

/* Release held FINs, and copies of FINs that were not held, at once. */
static void one_burst(struct __test_metadata *_metadata, struct burst *b)
{
	const unsigned int parked = HOLDING + COPYING * COPIES;

	tap_forget(&b->came);
	crowd_open(&b->crowd, &b->bed, HOLDING + COPYING);
	side_shut(&b->crowd.a, 0, HOLDING + COPYING);
	ASSERT_EQ(parked, finject_limit(b->judge, "parked", "now"));
	EXPECT_EQ(0, finject_write(b->judge, "held", "release all"));
	EXPECT_SOON(tap_pump(&b->came) == parked + COPYING);
	EXPECT_EQ(parked + COPYING, b->came.count);
	EXPECT_SOON(side_ended(&b->crowd.b, b->crowd.count) ==
		    b->crowd.count);
	EXPECT_EQ(0, b->crowd.b.others);
	crowd_close(&b->crowd);
}

TEST_F_TIMEOUT(books, million, STORM_SECONDS)
{
	const unsigned int each = HOLDING + COPYING * (1 + COPIES);
	unsigned long bursts = (storm_share(SEGMENTS) + each - 1) / each;
	unsigned long arrived = 0, i;
	struct burst *b = &self->b;

	storm_begin(3600);
	finject_rules(b->judge,
		      "add id=1 seg=fin1 nth=1 sport=%u-%u hold=x max=3600s\n"
		      "add id=2 seg=fin1 nth=1 sport=%u-%u duplicate=%u gap=3600s\n",
		      crowd_port(0), crowd_port(HOLDING - 1),
		      crowd_port(HOLDING), crowd_port(HOLDING + COPYING - 1),
		      COPIES);
	tap_open_fins(&b->came, b->bed.b.ns, TAP_ARRIVING,
		      2 * (HOLDING + COPYING * COPIES));
	for (i = 0; i < bursts; i++) {
		one_burst(_metadata, b);
		arrived += b->came.count;
	}
	tap_close(&b->came);
	TH_LOG("%lu FINs have arrived, in %lu bursts", arrived, bursts);
	EXPECT_EQ(bursts * each, arrived);
	EXPECT_EQ(bursts * HOLDING, finject_total(b->judge, "released"));
	EXPECT_EQ(bursts * COPYING * COPIES,
		  finject_total(b->judge, "copies_released"));
	EXPECT_EQ(0, softnet_dropped() - b->dropped);
}

TEST_HARNESS_MAIN
