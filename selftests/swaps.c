// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule sets are swapped 10,000 times a second while connections close as fast
 * as they can, and each segment is judged by exactly one generation.
 *
 * Two sets take turns, so a generation's parity says which of them it was:
 *
 *	even	id=1 passes a FIN	id=2 duplicates all else
 *	odd	id=3 drops a FIN	id=4 passes all else
 *
 * Both match every segment, and no rule is in both. Then
 *
 * 1. each record of `events` has the rule and the verdict that the set of its
 *    generation has for that segment: none is of a partial set
 * 2. stats and events have the same numbers: seen, dropped, copies
 * 3. generations only grow
 * 4. in the warp guest, where a second is a billion instructions, the swaps
 *    reach 10,000 a second; elsewhere, and with a kernel that needs more than
 *    half of that time for swaps alone, their rate is only printed
 *
 * STORM is a percentage of 300,000 swaps in each variant, half a minute of them;
 * 1 if not set.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "closer.h"
#include "harness.h"
#include "storm.h"

enum {
	SWAPS = 300000,
	RATE = 10000,		/* a second */
	ALONE = 200,
	RING = 1 << 18,		/* a reader that waits loses no record */
	CHUNK = 50,		/* closes between two looks at the clock */
};

static const char * const sets[2] = {
	"flush\nadd id=1 seg=fin pass\nadd id=2 seg=all duplicate=1\n",
	"flush\nadd id=3 seg=fin drop\nadd id=4 seg=all pass\n",
};

/* The rule and verdict of a set for all else, and for a FIN. */
static const struct {
	unsigned int rule;
	const char *verdict;
} says[2][2] = {
	{ { 2, "duplicate" }, { 1, "pass" } },
	{ { 4, "pass" }, { 3, "drop" } },
};

/**
 * struct tale - state shared by the processes
 * @done: the writer has made its swaps
 * @quiet: no connection is left
 * @took: duration of the swaps, ns
 * @segments: number of seg records
 * @dropped: number of those with verdict=drop
 * @duplicated: number of those with verdict=duplicate
 * @generations: how often a record's generation differs from the last one's
 * @back: how often it is an earlier one
 * @lost: records that were overrun
 * @wrong: records that differ from the rules of their generation
 * @line: the first of those
 */
struct tale {
	int done, quiet;
	__u64 took;
	__u64 segments, dropped, duplicated;
	__u64 generations, back;
	__u64 lost, wrong;
	char line[512];
};

/* Return the number after @key, which has a leading blank and an =; else 0. */
static unsigned long long number_at(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static bool as_told(const char *line, unsigned int parity, bool fin)
{
	char tail[64];

	snprintf(tail, sizeof(tail), " rule=%u verdict=%s",
		 says[parity][fin].rule, says[parity][fin].verdict);
	return strstr(line, tail);
}

static void check_line(struct tale *tale, const char *line)
{
	static unsigned long long last;
	unsigned long long gen;
	bool fin;

	if (!strncmp(line, "lost=", 5))
		tale->lost += strtoull(line + 5, NULL, 10);
	if (strncmp(line, "seg ", 4))
		return;
	gen = number_at(line, " gen=");
	fin = strstr(line, "fin1") || strstr(line, "fin2");
	tale->segments++;
	tale->dropped += !!strstr(line, " verdict=drop");
	tale->duplicated += !!strstr(line, " verdict=duplicate");
	tale->generations += gen != last;
	tale->back += gen < last;
	last = gen;
	if (!gen || !as_told(line, gen & 1, fin))
		if (!tale->wrong++)
			snprintf(tale->line, sizeof(tale->line), "%s", line);
}

static void check_text(struct tale *tale, char *text)
{
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		check_line(tale, line);
}

static void read_all(int fd, struct tale *tale)
{
	static char text[1 << 17];
	ssize_t got;

	while ((got = read(fd, text, sizeof(text) - 1)) > 0) {
		text[got] = '\0';
		check_text(tale, text);
	}
	if (got < 0 && errno != EAGAIN)
		fail("events: %s", strerror(errno));
}

static pid_t begin(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(0);
	}
	return pid;
}

/* Read and check records, until no connection and no record is left. */
static pid_t begin_reading(int fd, struct tale *tale)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	pid_t pid = begin();
	bool quiet;

	if (pid)
		return pid;
	do {
		quiet = __atomic_load_n(&tale->quiet, __ATOMIC_ACQUIRE);
		read_all(fd, tale);
		if (!quiet)
			poll(&ready, 1, 100);
	} while (!quiet);
	_exit(0);
}

static void sleep_until(__u64 when)
{
	struct timespec at = {
		.tv_sec = when / SEC,
		.tv_nsec = when % SEC,
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static void swap(int fd, long i)
{
	size_t len = strlen(sets[i & 1]);

	if (write(fd, sets[i & 1], len) != len)
		fail("rules, write %ld: %s", i, strerror(errno));
}

/* Swap at RATE; when late, without a pause. */
static pid_t begin_swapping(int fd, long swaps, struct tale *tale)
{
	__u64 start, due;
	pid_t pid = begin();
	long i;

	if (pid)
		return pid;
	start = clock_now();
	for (i = 1; i <= swaps; i++) {
		due = start + i * (SEC / RATE);
		if (clock_now() < due)
			sleep_until(due);
		swap(fd, i);
	}
	tale->took = clock_now() - start;
	__atomic_store_n(&tale->done, 1, __ATOMIC_RELEASE);
	_exit(0);
}

static bool ended_well(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

FIXTURE(swaps)
{
	struct bed bed;
	struct closer closer;
	struct tale *tale;
	int rules, events;
	long swaps, max_events;
};

FIXTURE_VARIANT(swaps)
{
	enum topology topology;
	int family;
};

/* Not over loopback: no rule judges a segment at its second hook there. */
BED_VARIANTS(swaps, veth_, .topology = VETH);

FIXTURE_SETUP(swaps)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "1000");
	bed_sysctl(&self->bed, "net/ipv4/tcp_orphan_retries", "1");
	closer_open(&self->closer, &self->bed, 1);
	self->tale = mmap(NULL, sizeof(*self->tale), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	self->rules = ns_open(self->bed.a.ns, finject_dir(), "rules", O_RDWR);
	self->max_events = finject_param("max_events");
	finject_param_set("max_events", RING);
	self->events = ns_open(self->bed.a.ns, finject_dir(), "events",
			       O_RDONLY | O_NONBLOCK);
	if (self->rules < 0 || self->events < 0 || self->tale == MAP_FAILED)
		fail("a file of finject: %s", strerror(errno));
	self->swaps = storm_share(SWAPS);
	storm_begin(3600);
}

FIXTURE_TEARDOWN(swaps)
{
	closer_close(&self->closer);
	close(self->rules);
	close(self->events);
	finject_param_set("max_events", self->max_events);
	EXPECT_BALANCED(&self->bed);
}

/* Give the first set an even generation, which it then always has. */
static void begin_even(const struct ns *ns)
{
	do
		finject_rules(ns, "%s", sets[0]);
	while (finject_total(ns, "generation") & 1);
}

/* Return the time of a swap without traffic, ns. */
static __u64 swap_alone(int fd)
{
	__u64 start = clock_now();
	int i;

	for (i = 0; i < ALONE; i++)
		swap(fd, i);
	return (clock_now() - start) / ALONE;
}

static void log_rate(struct __test_metadata *_metadata, struct tale *tale,
		     long swaps, unsigned long closes)
{
	TH_LOG("%ld swaps in %.2f s, %.0f a second; %lu closes, %.0f a second",
	       swaps, tale->took / 1e9, swaps * 1e9 / tale->took, closes,
	       closes * 1e9 / tale->took);
	TH_LOG("%llu segments, %llu of another generation than the last",
	       tale->segments, tale->generations);
	TH_LOG("%llu of an earlier one, %llu lost", tale->back, tale->lost);
}

/* At 99 % of RATE, plus a wait for the CPU at the last swap. */
static __u64 longest(long swaps)
{
	return swaps * (SEC / RATE) * 100 / 99 + 20 * MSEC;
}

TEST_F_TIMEOUT(swaps, one_generation, STORM_SECONDS)
{
	struct ns *ns = self->bed.a.ns;
	struct tale *tale = self->tale;
	__u64 alone = swap_alone(self->rules);
	pid_t reader, writer;

	TH_LOG("a swap alone takes %llu us", alone / 1000);
	begin_even(ns);
	reader = begin_reading(self->events, tale);
	writer = begin_swapping(self->rules, self->swaps, tale);
	while (!__atomic_load_n(&tale->done, __ATOMIC_ACQUIRE))
		closer_mixed(&self->closer, CHUNK);
	EXPECT_TRUE(ended_well(writer));
	EXPECT_TRUE(WAIT_FOR(storm_over(&self->bed, CLOSER_PORTS + 1),
			     120 * SEC));
	EXPECT_SOON(!finject_total(ns, "parked") &&
		    !finject_total(ns, "copies_parked"));
	__atomic_store_n(&tale->quiet, 1, __ATOMIC_RELEASE);
	EXPECT_TRUE(ended_well(reader));

	log_rate(_metadata, tale, self->swaps, self->closer.made);
	EXPECT_EQ(0, tale->wrong)
		TH_LOG("first: %s", tale->line);
	EXPECT_EQ(finject_total(ns, "seen"), tale->segments + tale->lost);
	EXPECT_EQ(0, tale->lost);
	EXPECT_EQ(finject_total(ns, "dropped"), tale->dropped);
	EXPECT_EQ(finject_total(ns, "copies"), tale->duplicated);
	EXPECT_LT(self->closer.made, tale->segments);
	EXPECT_LT(0, tale->dropped);
	EXPECT_LT(0, tale->duplicated);
	EXPECT_EQ(0, tale->back);
	if (get_nprocs() == 1 && alone < SEC / RATE / 2)
		EXPECT_GE(longest(self->swaps), tale->took);
}

TEST_HARNESS_MAIN
