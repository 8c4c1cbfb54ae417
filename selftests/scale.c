// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many parked segments. Meant for the warp guest, where a nanosecond is an
 * instruction: there numbers printed as ns are instructions.
 *
 * 1. parked segments are released in the order in which they are due
 * 2. 100,000 segments are parked at once; the cost of parking and releasing one
 *    grows as in a balanced tree: by a little with each tenfold
 * 3. removing a rule that has parked nothing does not walk over others' segments
 * 4. reading `held` costs the same for each segment, however many there are
 * 5. a segment is on time while tens of thousands of others are listed,
 *    released or dropped
 *
 * SCALE is the number parked in 2, and a fifth of it in 3 to 5: for a guest
 * with a debug kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "harness.h"
#include "slab.h"
#include "stray.h"
#include "tap.h"

enum {
	ORDERED = 500,		/* closes whose order is checked */
	COPIES = 1000,		/* of one duplicate= */
	MANY = 100000,		/* parked at once */
	RULES = 1000,
	PROBES = 200,		/* segments, each with its own due time */
	ATTEMPTS = 3,
	MOST_RULES = 10000,
};

FIXTURE(scale)
{
	struct bed bed;
};

FIXTURE_SETUP(scale)
{
	NEED_FINJECT();
	/* RCU frees the objects of earlier namespaces, later */
	ASSERT_TRUE(slabs_settle());
	bed_open(&self->bed, VETH, AF_INET);
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "0");
}

FIXTURE_TEARDOWN(scale)
{
	EXPECT_BALANCED(&self->bed);
}

/* Connect two ends. */
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

/* List the flows in the records of one word, in the order of the file. */
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

	events_count(ev, POST, FIN1);
	for (i = 0; i < ev->count && count < room; i++)
		if (ev->list[i].kind == EVENT_OUTCOME)
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
	/* this is not the order in which they were parked */
	for (i = 1; i < ORDERED && due[i] > due[i - 1]; i++)
		;
	EXPECT_GT(ORDERED, i);
}

/* Make a close whose fin1 is parked COPIES times; return ns for each. */
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
	TH_LOG("%lld released at once, %.0f ns each", count,
	       (double)start / count);
	EXPECT_EQ(count, finject_total(bed->a.ns, "copies_released"));
}

/* The tests below park copies of FINs to nobody, for an hour. */
#define STRAY_RULE	"seg=fin1 dst=" STRAY_TO " duplicate=1000 gap=3600s"

static long fifth(void)
{
	return parked_at_once() / 10 / COPIES * 2 * COPIES;
}

/* Park strays until there are @count. */
static void park_strays(struct ns *ns, long count)
{
	long parked = finject_total(ns, "copies_parked");

	stray_fins(ns, 1000 + parked / COPIES, (count - parked) / COPIES);
	if (finject_total(ns, "copies_parked") != count)
		fail("not all copies wait");
}

/* Time a write that must succeed, ns. */
static __u64 time_write(struct ns *ns, const char *text)
{
	__u64 start = clock_now();
	int error = finject_write(ns, "rules", text);

	if (error)
		fail("rules refused: %s", strerror(-error));
	return clock_now() - start;
}

static void add_rules(struct ns *ns)
{
	static char text[RULES * 64];
	int i, len;

	len = sprintf(text, "flush\nadd id=1 " STRAY_RULE "\n");
	for (i = 2; i <= RULES; i++)
		len += sprintf(text + len,
			       "add id=%d seg=syn port=1 sport=%d drop\n", i, i);
	time_write(ns, text);
}

/* Remove the second rule, then all behind it at once; return ns for each. */
static void del_rules(struct ns *ns, double took[2])
{
	static char text[RULES * 16];
	int i, len = 0;

	for (i = RULES; i > 2; i--)
		len += sprintf(text + len, "del id=%d\n", i);
	took[1] = time_write(ns, "del id=2");
	took[0] = (double)time_write(ns, text) / (RULES - 2);
}

BED_TEST(scale, rules_that_parked_nothing)
{
	struct ns *ns = self->bed.a.ns;
	double none[2], many[2];
	long count = fifth();

	add_rules(ns);
	del_rules(ns, none);
	add_rules(ns);
	park_strays(ns, count);
	del_rules(ns, many);
	TH_LOG("%ld parked: %.0f ns to remove a rule, of %d at once %.0f each; none: %.0f and %.0f",
	       count, many[1], RULES - 2, many[0], none[1], none[0]);
	EXPECT_EQ(count, finject_total(ns, "copies_parked"));
	EXPECT_GT(5 * MSEC, many[1]);
	EXPECT_GT(50000, many[0]);
}

static int count_rules(struct ns *ns)
{
	int fd = ns_open(ns, finject_dir(), "rules", O_RDONLY), count = 0;
	static char text[65536];
	ssize_t got, i;

	while ((got = read(fd, text, sizeof(text))) > 0)
		for (i = 0; i < got; i++)
			count += text[i] == '\n';
	close(fd);
	return count;
}

/* A write costs time for its lines and for the rules that are there. */
BED_TEST(scale, ten_thousand_rules)
{
	long max = finject_param("max_rules");
	struct ns *ns = self->bed.a.ns;
	char *text = malloc(MOST_RULES * 64);
	double all, more, none;
	int i, len = 0;

	finject_param_set("max_rules", MOST_RULES + 1);
	for (i = 0; text && i < MOST_RULES; i++)
		len += sprintf(text + len,
			       "add seg=fin1 port=%d src=10.%d.%d.1 drop\n",
			       1 + i % 60000, i / 250, i % 250);
	all = time_write(ns, text);
	EXPECT_EQ(MOST_RULES, count_rules(ns));
	more = time_write(ns, "add seg=fin1 port=9 drop");
	for (i = MOST_RULES + 1, len = 0; i; i--)
		len += sprintf(text + len, "del id=%d\n", i);
	none = time_write(ns, text);
	EXPECT_EQ(0, count_rules(ns));
	TH_LOG("%d rules: %.1f ms at once, %.3f one more, %.1f to remove them",
	       MOST_RULES, all / MSEC, more / MSEC, none / MSEC);
	EXPECT_GT(200 * MSEC, all);
	EXPECT_GT(5 * MSEC, more);
	EXPECT_GT(200 * MSEC, none);
	finject_param_set("max_rules", max);
	free(text);
}

/* Read a file to the end. */
static void read_file(struct ns *ns, const char *name)
{
	int fd = ns_open(ns, finject_dir(), name, O_RDONLY);
	static char text[65536];
	ssize_t got = 1;

	while (fd >= 0 && got > 0)
		got = read(fd, text, sizeof(text));
	if (fd < 0 || got < 0)
		fail("%s cannot be read", name);
	close(fd);
}

static __u64 time_held(struct ns *ns)
{
	__u64 start = clock_now();

	read_file(ns, "held");
	return clock_now() - start;
}

BED_TEST(scale, held_is_read)
{
	struct ns *ns = self->bed.a.ns;
	long count = fifth();
	double half, whole;

	finject_rules(ns, "add id=1 " STRAY_RULE);
	park_strays(ns, count / 2);
	half = time_held(ns);
	park_strays(ns, count);
	whole = time_held(ns);
	TH_LOG("held: %.0f ns for each of %ld, %.0f of %ld", half / (count / 2),
	       count / 2, whole / count, count);
	EXPECT_GT(2.6 * half, whole);
	EXPECT_GT(30000.0, whole / count);
}

/*
 * FINs with a due time every STEP: their lateness shows how long at a time no
 * segment could be released.
 */
enum {
	STEP = 500000,		/* ns */
	TICK = 4000000,		/* ns, CONFIG_HZ_250 */
};

struct probes {
	struct crowd crowd;
	struct tap tap;
	__u64 first;		/* when the first is due, CLOCK_REALTIME */
};

static __u64 real_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SEC + now.tv_nsec;
}

static void probes_open(struct probes *probes, struct bed *bed)
{
	/* retransmissions would take softirq time as well */
	if (!crowd_repeats_late(bed))
		fail("no ip that sets rto_min");
	bed_reconnect(bed, false);
	bed_hangup(bed);
	crowd_open(&probes->crowd, bed, PROBES);
	tap_open_fins(&probes->tap, bed->a.ns, TAP_LEAVING, 2 * MANY);
}

/* Park all probes, and wait until the first is due. */
static void probes_start(struct probes *probes, struct ns *ns)
{
	unsigned int i;

	probes->first = real_now() + 200 * MSEC;
	for (i = 0; i < PROBES; i++) {
		finject_rules(ns,
			      "add id=%u seg=fin1 sport=%u dport=%u delay=%lluns",
			      1000 + i, crowd_port(i), BED_PORT + 1,
			      probes->first + i * STEP - real_now());
		side_shut(&probes->crowd.a, i, 1);
	}
	if (real_now() > probes->first)
		fail("the first is gone already");
	clock_rest(probes->first - real_now());
}

/* Return the greatest lateness of a probe, ns. */
static long long probes_end(struct probes *probes)
{
	long long late, most = 0;
	struct tap_seen *seen;
	unsigned int left = 0;
	size_t i;

	clock_rest(PROBES * STEP);
	tap_pump(&probes->tap);
	for (i = 0; i < probes->tap.count; i++) {
		seen = &probes->tap.seen[i];
		if (seen->dport != BED_PORT + 1)
			continue;
		left++;
		late = seen->t - probes->first -
		       (seen->sport - CROWD_PORT) * (__u64)STEP;
		most = late > most ? late : most;
	}
	if (left != PROBES)
		fail("%u of %d FINs have left", left, PROBES);
	tap_close(&probes->tap);
	crowd_close(&probes->crowd);
	return most;
}

/* Something to do while the probes are due. */
struct chore {
	const char *name;
	void (*prepare)(struct ns *ns);
	void (*work)(struct ns *ns);
};

/* Do it once; return the greatest lateness of a probe meanwhile, ns. */
static long long lateness(struct __test_metadata *_metadata, struct bed *bed,
			  const struct chore *chore)
{
	struct probes probes;
	long long late;
	__u64 took;

	finject_rules(bed->a.ns, "flush");
	chore->prepare(bed->a.ns);
	probes_open(&probes, bed);
	probes_start(&probes, bed->a.ns);
	took = clock_now();
	chore->work(bed->a.ns);
	took = clock_now() - took;
	late = probes_end(&probes);
	TH_LOG("%s: %.1f ms, others late by at most %.3f", chore->name,
	       took / (double)MSEC, late / (double)MSEC);
	return late;
}

/*
 * A thread of the kernel may have the CPU for a tick, now and then. What the
 * chore itself delays is late each time.
 */
static void expect_on_time(struct __test_metadata *_metadata, struct bed *bed,
			   const struct chore *chore)
{
	long long bound = on_realtime_kernel() ? TICK + MSEC : MSEC;
	long long late = lateness(_metadata, bed, chore);
	int i;

	for (i = 1; i < ATTEMPTS && late >= bound; i++)
		late = lateness(_metadata, bed, chore);
	EXPECT_GT(bound, late);
}

static void park_for_held(struct ns *ns)
{
	finject_rules(ns, "add id=1 " STRAY_RULE);
	park_strays(ns, fifth());
}

static void read_held(struct ns *ns)
{
	read_file(ns, "held");
}

BED_TEST(scale, on_time_while_held_is_read)
{
	static const struct chore chore = { "held", park_for_held, read_held };

	expect_on_time(_metadata, &self->bed, &chore);
}

static void make_flows(struct ns *ns)
{
	finject_rules(ns, "add id=1 seg=fin1 dst=" STRAY_TO " pass");
	stray_fins(ns, 1000, 2 * fifth());
	if (finject_limit(ns, "flows", "now") < 2 * fifth())
		fail("not all flows are there");
}

static void read_flows(struct ns *ns)
{
	read_file(ns, "flows");
}

BED_TEST(scale, on_time_while_flows_is_read)
{
	static const struct chore chore = { "flows", make_flows, read_flows };

	expect_on_time(_metadata, &self->bed, &chore);
}

static void hold_many(struct ns *ns)
{
	long parked = finject_total(ns, "parked");

	finject_rules(ns, "add id=1 seg=fin1 dst=" STRAY_TO " hold=x max=3600s");
	stray_fins(ns, 1000, fifth());
	if (finject_total(ns, "parked") != parked + fifth())
		fail("not all are held");
}

static void lose(struct ns *ns)
{
	if (finject_write(ns, "held", "drop tag=x"))
		fail("nothing waits under the tag");
}

BED_TEST(scale, on_time_while_others_are_lost)
{
	static const struct chore chore = { "drop", hold_many, lose };

	expect_on_time(_metadata, &self->bed, &chore);
}

TEST_HARNESS_MAIN
