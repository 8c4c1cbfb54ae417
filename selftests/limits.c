// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every table has a bound, a module parameter that can be changed at any time.
 * At the bound segments pass, the refusal is counted, and the peak is recorded:
 *
 * 1. parked segments, and the memory they hold, including that of pure ACKs
 * 2. flows: a full table recycles the oldest finished one, else the oldest; so
 *    strangers cannot make it blind
 * 3. per-flow rule state
 * 4. rules, and bytes of a write
 * 5. records of events: the newest are kept
 * 6. time: the sum of the largest numbers of a rule
 *
 * The parameters are global: they are restored after each test, and again when
 * the program ends.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "stray.h"

enum {
	PAIRS = 4,
	STRAYS = 16,
	WRITE_MAX = 4194304,	/* bytes */
};

static struct {
	const char *name;
	long value;
} params[] = {
	{ "max_parked" },
	{ "max_parked_bytes" },
	{ "max_flows" },
	{ "max_rules" },
	{ "max_events" },
};

static void save_params(void) __attribute__((constructor));
static void restore_params(void) __attribute__((destructor));

static void save_params(void)
{
	size_t i;

	for (i = 0; !finject_missing() && i < ARRAY_SIZE(params); i++)
		params[i].value = finject_param(params[i].name);
}

static void restore_params(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(params); i++)
		if (params[i].value)
			finject_param_set(params[i].name, params[i].value);
}

/* One of several connections. */
struct pair {
	int a, b;
	struct end client;
};

FIXTURE(limits)
{
	struct bed bed;
	struct ns *ns;
	struct pair pair[PAIRS];
};

FIXTURE_SETUP(limits)
{
	struct bed *bed = &self->bed;
	struct pair *pair;

	NEED_FINJECT();
	bed_open(bed, VETH, AF_INET);
	bed_connect(bed);
	self->ns = bed->a.ns;
	for (pair = self->pair; pair < self->pair + PAIRS; pair++) {
		pair->a = conn_connect(self->ns, NULL, &bed->server);
		pair->b = conn_accept(bed->listener);
		pair->client.ns = self->ns;
		addr_of(&pair->client.local, pair->a, false);
		addr_of(&pair->client.remote, pair->a, true);
	}
}

FIXTURE_TEARDOWN(limits)
{
	restore_params();
	EXPECT_BALANCED(&self->bed);
}

static bool at_eof(const struct pair *pair, __u64 span)
{
	return conn_read(pair->b, span) == CONN_EOF;
}

/* Close both ends of a pair; A ends in TIME_WAIT. */
static void close_pair(struct __test_metadata *_metadata, struct pair *pair)
{
	conn_shut(pair->a);
	EXPECT_TRUE(at_eof(pair, PATIENCE));
	EXPECT_TRUE(end_reaches(&pair->client, FIN_WAIT2));
	conn_close(&pair->b);
	EXPECT_TRUE(end_reaches(&pair->client, TIME_WAIT));
}

static void expect_limit(struct __test_metadata *_metadata, struct ns *ns,
			 const char *name, long long now, long long peak,
			 long long max, long long refused)
{
	EXPECT_EQ(now, finject_limit(ns, name, "now"))
		TH_LOG("now of %s", name);
	EXPECT_EQ(peak, finject_limit(ns, name, "peak"))
		TH_LOG("peak of %s", name);
	EXPECT_EQ(max, finject_limit(ns, name, "max"))
		TH_LOG("max of %s", name);
	EXPECT_EQ(refused, finject_limit(ns, name, "refused"))
		TH_LOG("refused of %s", name);
}

BED_TEST(limits, parked)
{
	struct pair *pair = self->pair;
	struct ns *ns = self->ns;
	int i;

	finject_param_set("max_parked", 2);
	finject_rules(ns, "add id=1 seg=fin1 nth=1 hold=x\n"
		      "add id=2 seg=fin1 drop\n");
	for (i = 0; i < 3; i++)
		conn_shut(pair[i].a);
	EXPECT_TRUE(at_eof(&pair[2], PATIENCE));
	EXPECT_EQ(CONN_NOTHING, conn_read(pair[0].b, 50 * MSEC));
	EXPECT_EQ(CONN_NOTHING, conn_read(pair[1].b, MSEC));
	expect_limit(_metadata, ns, "parked", 2, 2, 2, 1);
	EXPECT_EQ(1, events_verdicts(self->bed.a.ev, "pass", FIN1));
	EXPECT_EQ(2, events_verdicts(self->bed.a.ev, "hold", FIN1));

	/* A raised bound takes effect at once; a lowered one evicts nothing. */
	finject_param_set("max_parked", 3);
	conn_shut(pair[3].a);
	EXPECT_SOON(finject_total(ns, "parked") == 3);
	finject_param_set("max_parked", 1);
	expect_limit(_metadata, ns, "parked", 3, 3, 1, 1);
	EXPECT_EQ(0, finject_write(ns, "held", "release all"));
	expect_limit(_metadata, ns, "parked", 0, 3, 1, 1);
	EXPECT_TRUE(at_eof(&pair[0], PATIENCE));
}

BED_TEST(limits, parked_copies)
{
	struct ns *ns = self->ns;

	finject_param_set("max_parked", 2);
	finject_rules(ns, "add id=1 seg=fin1 nth=1 duplicate=5 gap=1000s");
	conn_shut(self->pair[0].a);
	EXPECT_TRUE(at_eof(&self->pair[0], PATIENCE));
	EXPECT_EQ(2, finject_total(ns, "copies"));
	EXPECT_EQ(2, finject_total(ns, "copies_parked"));
	expect_limit(_metadata, ns, "parked", 2, 2, 2, 3);
}

BED_TEST(limits, parked_bytes)
{
	struct pair *pair = self->pair;
	struct ns *ns = self->ns;
	struct record rec;
	long long bytes;

	finject_rules(ns, "add id=1 seg=fin1 nth=1 hold=x\n"
		      "add id=2 seg=fin1 drop\n");
	conn_shut(pair[0].a);
	EXPECT_SOON(finject_record(ns, "held", "parked", NULL, NULL, &rec));
	bytes = record_num(&rec, "bytes");
	EXPECT_EQ(bytes, finject_limit(ns, "parked_bytes", "now"));

	finject_param_set("max_parked_bytes", 2 * bytes);
	conn_shut(pair[1].a);
	EXPECT_SOON(finject_total(ns, "parked") == 2);
	conn_shut(pair[2].a);
	EXPECT_TRUE(at_eof(&pair[2], PATIENCE));
	expect_limit(_metadata, ns, "parked_bytes", 2 * bytes, 2 * bytes,
		     2 * bytes, 1);
	EXPECT_EQ(2, finject_limit(ns, "parked", "now"));
	EXPECT_EQ(0, finject_write(ns, "held", "drop all"));
	finject_param_set("max_parked_bytes", bytes - 1);
	conn_shut(pair[3].a);
	EXPECT_TRUE(at_eof(&pair[3], PATIENCE));
	expect_limit(_metadata, ns, "parked_bytes", 0, 2 * bytes, bytes - 1, 2);
}

/* A parked pure ACK counts with all its memory, like other segments; TCP itself
 * accounts less for it.
 */
BED_TEST(limits, parked_bytes_of_acks)
{
	struct bed *bed = &self->bed;
	struct pair *pair = self->pair;
	struct ns *ns = bed->b.ns;
	long long bytes;

	finject_rules(ns, "add id=1 seg=ack1 pure nth=1 hold=x");
	conn_shut(pair[0].a);
	EXPECT_SOON(finject_total(ns, "parked") == 1);
	bytes = finject_limit(ns, "parked_bytes", "now");
	EXPECT_LE(512, bytes);
	finject_param_set("max_parked_bytes", 2 * bytes);
	conn_shut(pair[1].a);
	EXPECT_SOON(finject_total(ns, "parked") == 2);
	conn_shut(pair[2].a);
	EXPECT_TRUE(WAIT_FOR(end_state(&pair[2].client) == FIN_WAIT2,
			     150 * MSEC));
	EXPECT_EQ(2, finject_total(ns, "parked"));
	expect_limit(_metadata, ns, "parked_bytes", 2 * bytes, 2 * bytes,
		     2 * bytes, 1);
	EXPECT_EQ(0, finject_write(ns, "held", "release all"));
	EXPECT_EQ(0, finject_limit(ns, "parked_bytes", "now"));
	EXPECT_TRUE(end_reaches(&pair[0].client, FIN_WAIT2));
}

/* Unfinished flows are recycled too, the oldest first: a later close is
 * tracked, and rules judge it. B reads the end of data only after A's FIN is
 * retransmitted, because the first one was lost.
 */
BED_TEST(limits, flows)
{
	struct pair *pair = self->pair;
	struct ns *ns = self->ns;

	finject_param_set("max_flows", STRAYS);
	finject_rules(ns, "add id=1 seg=fin1 nth=1 dport=8080 drop\n"
		      "add id=2 seg=fin1 dst=" STRAY_TO " pass\n");
	stray_fins(ns, 1000, STRAYS);
	expect_limit(_metadata, ns, "flows", STRAYS, STRAYS, STRAYS, 0);
	EXPECT_EQ(0, finject_limit(ns, "flows", "recycled"));
	stray_fins(ns, 2000, 3 * STRAYS);
	expect_limit(_metadata, ns, "flows", STRAYS, STRAYS, STRAYS, 0);
	EXPECT_EQ(3 * STRAYS, finject_limit(ns, "flows", "recycled"));
	EXPECT_EQ(4 * STRAYS, finject_rule(ns, 2, "fired"));

	conn_shut(pair[0].a);
	EXPECT_EQ(1, finject_record(ns, "flows", "flow", "src",
				    pair[0].client.local.text, NULL));
	EXPECT_EQ(1, finject_rule(ns, 1, "dropped"));
	EXPECT_FALSE(at_eof(&pair[0], 150 * MSEC));
	EXPECT_TRUE(at_eof(&pair[0], PATIENCE));
	EXPECT_TRUE(end_reaches(&pair[0].client, FIN_WAIT2));
	EXPECT_EQ(3 * STRAYS + 1, finject_limit(ns, "flows", "recycled"));
	EXPECT_EQ(0, finject_limit(ns, "flows", "refused"));

	/* With more room no flow is recycled. */
	finject_param_set("max_flows", STRAYS + 1);
	conn_shut(pair[1].a);
	EXPECT_SOON(finject_rule(ns, 1, "dropped") == 2);
	EXPECT_EQ(STRAYS + 1, finject_limit(ns, "flows", "peak"));
	EXPECT_EQ(3 * STRAYS + 1, finject_limit(ns, "flows", "recycled"));
}

BED_TEST(limits, flows_recycled)
{
	struct pair *pair = self->pair;
	struct ns *ns = self->ns;
	int i;

	finject_param_set("max_flows", 3);
	finject_rules(ns, "add id=1 seg=rst pass");
	conn_shut(pair[0].a);
	EXPECT_TRUE(at_eof(&pair[0], PATIENCE));
	for (i = 1; i < PAIRS; i++)
		close_pair(_metadata, &pair[i]);
	/* The unfinished flow stays, and the newest of the others. */
	expect_limit(_metadata, ns, "flows", 3, 3, 3, 0);
	EXPECT_EQ(1, finject_limit(ns, "flows", "recycled"));
	for (i = 0; i < PAIRS; i++)
		EXPECT_EQ(i != 1,
			  finject_record(ns, "flows", "flow", "src",
					 pair[i].client.local.text, NULL));
	conn_shut(self->bed.a.fd);
	EXPECT_TRUE(end_reaches(&self->bed.a, FIN_WAIT2));
	EXPECT_EQ(2, finject_limit(ns, "flows", "recycled"));
	EXPECT_EQ(0, finject_limit(ns, "flows", "refused"));
}

/* Per-flow rule state has room for four rules a flow; the fifth cannot know
 * whether it should fire, so it does not.
 */
BED_TEST(limits, meetings)
{
	struct ns *ns = self->ns;
	int i;

	finject_param_set("max_flows", 1);
	for (i = 1; i <= 4; i++)
		finject_rules(ns, "add id=%d seg=fin1 drop per=flow skip=9", i);
	finject_rules(ns, "add id=5 seg=fin1 nth=1 drop per=flow");
	close_pair(_metadata, &self->pair[0]);
	expect_limit(_metadata, ns, "flow_rules", 4, 4, 4, 1);
	for (i = 1; i <= 4; i++)
		EXPECT_EQ(1, finject_rule(ns, i, "matched"));
	EXPECT_EQ(0, finject_rule(ns, 5, "fired"));

	/* Per-flow rule state ends with its flow. */
	close_pair(_metadata, &self->pair[1]);
	EXPECT_EQ(1, finject_limit(ns, "flows", "recycled"));
	expect_limit(_metadata, ns, "flow_rules", 4, 4, 4, 2);
	finject_param_set("max_flows", 3);
	close_pair(_metadata, &self->pair[2]);
	EXPECT_EQ(1, finject_rule(ns, 5, "dropped"));
	expect_limit(_metadata, ns, "flow_rules", 9, 9, 12, 2);
}

BED_TEST(limits, rules)
{
	struct ns *ns = self->ns;

	finject_param_set("max_rules", 2);
	finject_rules(ns, "add id=1 seg=rst pass\nadd id=2 seg=rst pass");
	expect_limit(_metadata, ns, "rules", 2, 2, 2, 0);
	EXPECT_EQ(-ENOSPC, finject_write(ns, "rules", "add seg=rst drop"));
	EXPECT_NE(NULL, strstr(finject_error(ns), "max_rules"));
	expect_limit(_metadata, ns, "rules", 2, 2, 2, 1);
	/* A rule that replaces one, or follows a flush, needs no more room. */
	EXPECT_EQ(0, finject_write(ns, "rules", "add id=2 seg=rst drop"));
	EXPECT_EQ(0, finject_write(ns, "rules", "flush\nadd drop\nadd pass"));
	EXPECT_EQ(-ENOSPC, finject_write(ns, "rules",
					 "flush\nadd drop\nadd drop\nadd drop"));
	expect_limit(_metadata, ns, "rules", 2, 2, 2, 2);
	finject_param_set("max_rules", 3);
	EXPECT_EQ(0, finject_write(ns, "rules", "add seg=rst drop"));
	expect_limit(_metadata, ns, "rules", 3, 3, 3, 2);
	/* With more rules than room a flush still makes room. */
	finject_param_set("max_rules", 1);
	EXPECT_EQ(-ENOSPC, finject_write(ns, "rules", "add seg=rst drop"));
	EXPECT_EQ(0, finject_write(ns, "rules", "flush\nadd seg=rst drop"));
	expect_limit(_metadata, ns, "rules", 1, 3, 1, 3);
}

static pid_t fork_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Return the exit status of a child that ended by itself; else kill it, -1. */
static int end_child(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A transaction keeps to the bound that it began with. */
BED_TEST(limits, rules_meanwhile)
{
	static char text[8 * 1024] = "flush\n";
	int i, error, taken = 0;
	pid_t mover;

	for (i = 0; i < 300; i++)
		strcat(text, "add seg=rst drop\n");
	mover = fork_child();
	while (!mover) {
		finject_param_set("max_rules", 1);
		finject_param_set("max_rules", 300);
	}
	for (i = 0; i < 60 && taken < 8; i++) {
		error = finject_write(self->ns, "rules", text);
		EXPECT_TRUE(!error || error == -ENOSPC);
		taken += !error;
	}
	EXPECT_EQ(-1, end_child(mover));
	finject_param_set("max_rules", 300);
	EXPECT_EQ(0, finject_write(self->ns, "rules", text));
	expect_limit(_metadata, self->ns, "rules", 300, 300, 300,
		     finject_limit(self->ns, "rules", "refused"));
}

/* Write @len bytes: one rule, then a comment. */
static int write_bytes(struct ns *ns, size_t len)
{
	char *text = malloc(len + 1);
	int error;
	size_t i;

	if (!text)
		fail("out of memory");
	memset(text, '#', len);
	for (i = 1000; i < len; i += 1000)
		text[i] = '\n';
	memcpy(text, "add id=1 seg=rst pass\n", 22);
	text[len] = '\0';
	error = finject_write(ns, "rules", text);
	free(text);
	return error;
}

BED_TEST(limits, text)
{
	EXPECT_EQ(-E2BIG, write_bytes(self->ns, WRITE_MAX + 1));
	EXPECT_STREQ("", finject_read(self->ns, "rules"));
	EXPECT_EQ(0, write_bytes(self->ns, WRITE_MAX));
	EXPECT_STREQ("add id=1 seg=rst pass\n",
		     finject_read(self->ns, "rules"));
	EXPECT_EQ(-E2BIG, write_bytes(self->ns, 4 * WRITE_MAX));
}

/* The first reader fixes the size of the ring. A slow reader misses the oldest
 * records and is told how many; a prompt one misses none.
 */
BED_TEST(limits, events)
{
	struct bed *bed = &self->bed;
	struct events early, late;
	size_t count;

	events_close(&bed->ev[0]);
	finject_param_set("max_events", 16);
	events_open(&bed->ev[0], self->ns);
	events_open(&early, self->ns);
	events_open(&late, self->ns);
	close_pair(_metadata, &self->pair[0]);
	EXPECT_EQ(0, events_faults(&early));
	close_pair(_metadata, &self->pair[1]);
	EXPECT_EQ(0, events_faults(&early));
	close_pair(_metadata, &self->pair[2]);
	EXPECT_EQ(0, events_faults(&early));
	EXPECT_EQ(0, early.lost);
	count = early.count;
	EXPECT_LT(16, count);

	EXPECT_EQ(count - 16, events_faults(&late));
	EXPECT_EQ(count - 16, late.lost);
	EXPECT_EQ(16, late.count);
	EXPECT_EQ(0, memcmp(&early.list[count - 16], late.list,
			    16 * sizeof(*late.list)));
	EXPECT_EQ(16, finject_limit(self->ns, "events", "now"));
	EXPECT_EQ(count - 16, finject_limit(self->ns, "events", "refused"));
	events_close(&early);
	events_close(&late);
}

/* The largest numbers of a rule, combined, and the smallest. A sum beyond the
 * range of time may be refused, but only when the rule is written.
 */
static const struct extreme {
	const char *rule;
	bool refusable;
} extremes[] = {
	{ "nth=1 delay=31536000s" },
	{ "nth=1 delay=31536000s jitter=31536000s seed=1" },
	{ "nth=1 delay=31536000s jitter=31536000s dist=normal seed=2" },
	{ "nth=1 delay=31536000s jitter=31536000s dist=pareto seed=3" },
	{ "nth=1 delay=0s jitter=31536000s dist=normal seed=4" },
	{ "nth=1 delay=0s" },
	{ "nth=1 hold=x max=31536000s" },
	{ "nth=1 hold=x max=31536000s gather=65535 per=flow" },
	{ "nth=1 hold=x max=1ns" },
	{ "nth=1 duplicate=1024 gap=31536000s", true },
	{ "nth=1 duplicate=1024 gap=9000000s", true },
	{ "nth=1 duplicate=1024 gap=8000000s" },
	{ "nth=1 duplicate=293 gap=31536000s", true },
	{ "nth=1 duplicate=1024 gap=1ns" },
	{ "nth=1 duplicate=1024" },
	{
		"nth=1-65535 times=2147483647 duplicate=1024 gap=31536000s timeout=31536000s",
		true,
	},
	{
		"nth=65535 skip=4294967295 interval=4294967295 times=2147483647 probability=0.0001% seed=0xffffffffffffffff timeout=31536000s delay=31536000s jitter=31536000s",
	},
};

/* Return how often soft hrtimers have run, on all CPUs. */
static unsigned long timers_run(void)
{
	FILE *file = fopen("/proc/softirqs", "r");
	unsigned long sum = 0;
	char line[1024], *at, *end;

	if (!file)
		fail("no /proc/softirqs");
	while (fgets(line, sizeof(line), file)) {
		at = strstr(line, "HRTIMER:");
		for (at = at ? at + strlen("HRTIMER:") : NULL; at; at = end) {
			sum += strtoul(at, &end, 10);
			end = end == at ? NULL : end;
		}
	}
	fclose(file);
	return sum;
}

/* Return whether timers are idle: one due in the past runs again and again. */
static bool timers_rest(void)
{
	unsigned long before = timers_run();

	clock_rest(200 * MSEC);
	return timers_run() - before < 1000;
}

/* List the ids in `held`; return whether its order is that of their dues. */
static bool held_in_order(struct ns *ns, unsigned long *ids, unsigned int *count)
{
	unsigned long long due, last = 0;
	const char *line, *at;

	*count = 0;
	for (line = finject_read(ns, "held"); *line;
	     line = strchr(line, '\n') + 1) {
		at = strstr(line, " due=");
		due = strtoull(at + strlen(" due="), NULL, 10);
		ids[*count] = strtoul(line + strlen("parked id="), NULL, 10);
		if (due < last || due > LLONG_MAX ||
		    (*count && ids[*count] < ids[*count - 1]))
			return false;
		last = due;
		++*count;
	}
	return true;
}

/*
 * Drop one after the other, until only the last is left. In real time those due
 * soon may have been released meanwhile.
 */
static void drop_all_but_one(struct __test_metadata *_metadata, struct ns *ns,
			     const unsigned long *ids, unsigned int count)
{
	unsigned int i, refused = 0;
	char command[32];

	for (i = 0; i + 1 < count; i++) {
		snprintf(command, sizeof(command), "drop id=%lu", ids[i]);
		refused += finject_write(ns, "held", command) != 0;
	}
	if (!in_warp_time()) {
		EXPECT_GE(count ? 1 : 0, finject_limit(ns, "parked", "now"));
		return;
	}
	EXPECT_EQ(0, refused);
	EXPECT_EQ(count ? 1 : 0, finject_limit(ns, "parked", "now"));
}

static void hit_extreme(struct __test_metadata *_metadata, struct bed *bed,
			const struct extreme *extreme)
{
	struct ns *ns = bed->a.ns;
	unsigned long ids[1025];
	unsigned int count;
	char text[512];
	int error;

	snprintf(text, sizeof(text), "flush\nadd id=1 seg=fin1 %s",
		 extreme->rule);
	error = finject_write(ns, "rules", text);
	if (error && extreme->refusable)
		return;
	ASSERT_EQ(0, error)
		TH_LOG("%s", extreme->rule);
	bed_reconnect(bed, false);
	conn_shut(bed->a.fd);
	clock_rest(100 * MSEC);
	/* a spinning timer would end the guest, not the test: stop here */
	ASSERT_TRUE(held_in_order(ns, ids, &count))
		TH_LOG("%s: number %u is out of order", extreme->rule, count);
	EXPECT_TRUE(timers_rest())
		TH_LOG("with %s", extreme->rule);
	drop_all_but_one(_metadata, ns, ids, count);
	EXPECT_TRUE(timers_rest())
		TH_LOG("at the end of %s", extreme->rule);
	EXPECT_EQ(0, finject_write(ns, "held", "drop all"));
	EXPECT_EQ(0, finject_limit(ns, "parked", "now"));
}

BED_TEST(limits, time)
{
	struct bed *bed = &self->bed;
	__u64 start;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(extremes); i++)
		hit_extreme(_metadata, bed, &extremes[i]);
	finject_rules(self->ns, "flush\nadd id=1 seg=fin1 nth=1 delay=10ms");
	start = clock_now();
	conn_shut(self->pair[0].a);
	EXPECT_TRUE(at_eof(&self->pair[0], PATIENCE));
	EXPECT_BETWEEN(10 * MSEC, 20 * MSEC, clock_now() - start);
}

/* A bound holds for each namespace by itself. */
BED_TEST(limits, each_namespace)
{
	struct bed *bed = &self->bed;

	finject_param_set("max_parked", 1);
	finject_rules(bed->a.ns, "add id=1 seg=fin1 nth=1 hold=x\n"
		      "add id=2 seg=fin1 drop\n");
	finject_rules(bed->b.ns, "add id=1 seg=fin1 nth=1 hold=x\n"
		      "add id=2 seg=fin1 drop\n");
	conn_shut(self->pair[0].a);
	EXPECT_SOON(finject_total(bed->a.ns, "parked") == 1);
	conn_shut(self->pair[1].a);
	EXPECT_SOON(finject_total(bed->b.ns, "parked") == 1);
	expect_limit(_metadata, bed->a.ns, "parked", 1, 1, 1, 1);
	expect_limit(_metadata, bed->b.ns, "parked", 1, 1, 1, 0);
}

TEST_HARNESS_MAIN
