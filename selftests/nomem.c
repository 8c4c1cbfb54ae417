// SPDX-License-Identifier: GPL-2.0-only
/*
 * nomem: each allocation of each operation fails in turn, the first, the
 * second, and so on, until none fails any more.
 *
 * 1. opening, reading and writing a file succeeds whole, or fails with ENOMEM
 *    and changes nothing
 * 2. a segment is judged as usual, or passes and is counted under nomem, or
 *    unsplit
 * 3. loading the module and making a namespace succeed whole, or leave nothing
 * 4. afterwards everything works, and the counters balance; kmemleak shows
 *    leaks, and so does the module, which unloads only without objects
 *
 * /proc/self/fail-nth makes allocations of the task itself fail. That covers an
 * outgoing segment, which close() sends. An incoming segment is processed in a
 * softirq: there the module's own caches fail.
 *
 * STRIDE=N tries only one in N allocations of a new namespace: the kernel makes
 * hundreds, and finject none.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "bulk.h"
#include "fault.h"
#include "harness.h"
#include "link.h"
#include "module.h"

enum {
	TRIES_MAX = 5000,	/* no operation makes that many allocations */
	ROUNDS_MAX = 5,
	LOADS_SECONDS = 1800,	/* for hundreds of loads of the module */
};

/* Skip the whole program for one reason, before the harness begins. */
static void __attribute__((constructor)) need_faults(void)
{
	const char *missing = finject_missing();

	if (!missing)
		missing = fault_missing();
	if (!missing)
		return;
	printf("TAP version 13\n1..0 # SKIP %s\n", missing);
	exit(KSFT_SKIP);
}

/**
 * struct scene - a bed in which allocations fail
 * @bed: the bed
 * @ns: the namespace with the rules: A's
 * @before: a snapshot of it
 * @after: a later snapshot
 * @ours: failures that finject counted
 */
struct scene {
	struct bed bed;
	struct ns *ns;
	char before[FINJECT_TEXT], after[FINJECT_TEXT];
	unsigned int ours;
};

static unsigned int stride(void)
{
	const char *text = getenv("STRIDE");
	unsigned int n = text ? atoi(text) : 0;

	return n ? n : 16;
}

/* Take the rules, the generation and the number of parked segments. */
static void snapshot(const struct ns *ns, char *text, size_t size)
{
	size_t len;

	len = snprintf(text, size, "%lld %lld ",
		       finject_total(ns, "generation"),
		       finject_total(ns, "parked"));
	snprintf(text + len, size - len, "%s", finject_read(ns, "rules"));
}

/*
 * Control: one namespace with some rules.
 */
FIXTURE(control)
{
	struct scene s;
};

static const char rules_before[] = "flush\n"
	"add id=1 seg=fin1 drop dport=1\n"
	"add id=2 seg=rst hold=x dport=1\n";

FIXTURE_SETUP(control)
{
	bed_open(&self->s.bed, LOOPBACK, AF_INET);
	bed_connect(&self->s.bed);
	self->s.ns = self->s.bed.a.ns;
}

FIXTURE_TEARDOWN(control)
{
	EXPECT_BALANCED(&self->s.bed);
}

static int put_text(int fd, const char *text)
{
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

/* Return twenty rules with two tags each. */
static const char *many(void)
{
	static char text[2048];
	size_t len = 0;
	int i;

	for (i = 0; i < 20; i++)
		len += snprintf(text + len, sizeof(text) - len,
				"add seg=fin1 dport=1 hold=h%d release=r%d\n",
				i, i);
	return text;
}

/* Repeat one write to an open file until no allocation in it fails. */
static void write_until_whole(struct __test_metadata *_metadata,
			      struct scene *scene, const char *text)
{
	unsigned int nth;
	bool hit = true;
	int err, fd;

	for (nth = 1; hit && nth < TRIES_MAX; nth++) {
		finject_rules(scene->ns, rules_before);
		fd = ns_open(scene->ns, finject_dir(), "rules", O_RDWR);
		ASSERT_LE(0, fd);
		snapshot(scene->ns, scene->before, FINJECT_TEXT);
		fault_arm(nth);
		err = put_text(fd, text);
		hit = fault_disarm();
		snapshot(scene->ns, scene->after, FINJECT_TEXT);
		EXPECT_TRUE(!err || (hit && err == -ENOMEM));
		EXPECT_EQ(!err, !!strcmp(scene->before, scene->after))
			TH_LOG("allocation %u of '%s': %d", nth, text, err);
		close(fd);
	}
	EXPECT_EQ(0, err);
	EXPECT_LT(3, nth)
		TH_LOG("'%s' made %u allocations", text, nth - 2);
}

BED_TEST(control, writes_of_rules)
{
	static const char * const texts[] = {
		"add seg=fin1 dport=1 pass",
		"add seg=fin1 dport=1 drop probability=50%",
		"add seg=fin1 dport=1 delay=1s jitter=1ms timeout=1000s",
		"add seg=fin1 dport=1 duplicate=3 gap=1s per=flow",
		"add seg=fin1 dport=1 hold=y gather=2",
		"add seg=fin1 dport=1 reset=both release=z",
		"add seg=fin1 dport=1 hold=x release=x",
		("add seg=fin1 dport=1 hook=input drop\n"
		 "add seg=fin1 dport=1 hook=forward drop"),
		"add id=1 seg=fin1 dport=1 drop times=7",
		"del id=1",
		"flush",
		"flush\nadd id=7 seg=fin1 dport=1 hold=x\nadd dport=1 drop",
		"lease\nadd id=8 dport=1 drop",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		write_until_whole(_metadata, &self->s, texts[i]);
}

BED_TEST(control, a_write_of_many_rules)
{
	write_until_whole(_metadata, &self->s, many());
}

/* A write that is refused anyway fails with either error. */
BED_TEST(control, refused_writes)
{
	unsigned int nth;
	bool hit = true;
	int err;

	finject_rules(self->s.ns, rules_before);
	snapshot(self->s.ns, self->s.before, FINJECT_TEXT);
	for (nth = 1; hit && nth < TRIES_MAX; nth++) {
		int fd = ns_open(self->s.ns, finject_dir(), "rules", O_RDWR);

		ASSERT_LE(0, fd);
		fault_arm(nth);
		err = put_text(fd, "add seg=fin1 hold=q dport=1\nadd jump");
		hit = fault_disarm();
		close(fd);
		EXPECT_TRUE(err == -EINVAL || (hit && err == -ENOMEM));
		snapshot(self->s.ns, self->s.after, FINJECT_TEXT);
		EXPECT_STREQ(self->s.before, self->s.after);
	}
	EXPECT_EQ(-EINVAL, err);
	EXPECT_NE(NULL, strstr(finject_error(self->s.ns), "'jump'"));
	EXPECT_LT(3, nth);
}

/* A lease ends with its file, perhaps a little later. */
BED_TEST(control, leases_end)
{
	unsigned int nth;
	bool hit = true;

	finject_rules(self->s.ns, rules_before);
	for (nth = 1; hit && nth < TRIES_MAX; nth++) {
		int fd = ns_open(self->s.ns, finject_dir(), "rules", O_RDWR);

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, put_text(fd, "lease\nadd id=8 dport=1 drop"));
		fault_arm(nth);
		close(fd);
		hit = fault_disarm();
		EXPECT_SOON(!strstr(finject_read(self->s.ns, "rules"), "id=8"));
		EXPECT_NE(NULL, strstr(finject_read(self->s.ns, "rules"), "id=2"));
	}
	EXPECT_LT(2, nth);
}

static void park_a_fin(struct bed *bed)
{
	finject_rules(bed->a.ns, "flush\nadd seg=fin1 nth=1 hold=x max=1000s");
	bed_reconnect(bed, false);
	conn_shut(bed->a.fd);
	if (!WAIT_FOR(finject_total(bed->a.ns, "parked") > 0, PATIENCE))
		fail("no FIN is parked");
}

BED_TEST(control, writes_of_held_and_stats)
{
	static const char * const texts[][2] = {
		{ "held", "release all" },
		{ "held", "release tag=x" },
		{ "held", "drop all" },
		{ "stats", "zero" },
	};
	unsigned int i, nth;
	long long parked;
	bool hit;
	int err;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		for (nth = 1, hit = true; hit && nth < TRIES_MAX; nth++) {
			int fd = ns_open(self->s.ns, finject_dir(), texts[i][0],
					 O_RDWR);

			ASSERT_LE(0, fd);
			park_a_fin(&self->s.bed);
			parked = finject_total(self->s.ns, "parked");
			fault_arm(nth);
			err = put_text(fd, texts[i][1]);
			hit = fault_disarm();
			close(fd);
			EXPECT_TRUE(!err || (hit && err == -ENOMEM));
			EXPECT_EQ(err || i == 3 ? parked : 0,
				  finject_total(self->s.ns, "parked"));
		}
		EXPECT_EQ(0, err);
		EXPECT_LT(2, nth);
	}
}

static const char * const files[] = {
	"rules", "held", "stats", "flows", "error_log", "namespaces", "events",
};

static bool has_files(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (faccessat(finject_dir(), files[i], F_OK, 0))
			return false;
	return true;
}

/*
 * Leave no reader of events, so that the next one makes the ring, hooks the
 * namespace and attaches the probe. Make the ring small: a large one would make
 * many allocations of the same kind.
 */
static long leave_no_reader(struct bed *bed)
{
	long size = finject_param("max_events");

	finject_param_set("max_events", 64);
	events_close(bed->a.ev);
	return size;
}

BED_TEST(control, opening)
{
	long ring = leave_no_reader(&self->s.bed);
	unsigned int i, nth;
	bool hit;
	int fd;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		for (nth = 1, hit = true; hit && nth < TRIES_MAX; nth++) {
			int dir = finject_dir();

			ns_enter(self->s.ns);
			fault_arm(nth);
			fd = openat(dir, files[i], O_RDONLY | O_NONBLOCK);
			if (fd < 0)
				fd = -errno;
			hit = fault_disarm();
			ns_leave();
			EXPECT_TRUE(fd >= 0 || (hit && fd == -ENOMEM))
				TH_LOG("%s: %d", files[i], fd);
			if (fd >= 0)
				close(fd);
		}
		EXPECT_LE(0, fd);
		EXPECT_LT(4, nth);
	}
	finject_param_set("max_events", ring);
}

/* The first open of a file in a namespace allocates finject's state of it. */
BED_TEST(control, opening_in_a_new_namespace)
{
	unsigned int nth;
	bool hit = true;
	int fd, dir;
	long ring = leave_no_reader(&self->s.bed);

	for (nth = 1; hit && nth < TRIES_MAX; nth++) {
		struct ns ns;

		ns_new(&ns);
		dir = finject_dir();
		ns_enter(&ns);
		fault_arm(nth);
		fd = openat(dir, "events", O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			fd = -errno;
		hit = fault_disarm();
		ns_leave();
		EXPECT_TRUE(fd >= 0 || (hit && fd == -ENOMEM));
		if (fd >= 0)
			close(fd);
		/* and it can be allocated afterwards */
		finject_rules(&ns, "add seg=fin1 drop");
		EXPECT_EQ(NULL, finject_unbalanced(&ns));
		ns_drop(&ns);
	}
	finject_param_set("max_events", ring);
	EXPECT_LE(0, fd);
	EXPECT_LT(10, nth);
}

static ssize_t read_whole(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got;

	while (len < size && (got = read(fd, text + len, size - len)) > 0)
		len += got;
	if (got < 0 && !(errno == EAGAIN && len))
		return -errno;
	return len;
}

BED_TEST(control, reading)
{
	unsigned int i, nth;
	ssize_t len;
	bool hit;

	park_a_fin(&self->s.bed);
	EXPECT_NE(0, finject_write(self->s.ns, "rules", "nonsense"));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		for (nth = 1, hit = true; hit && nth < TRIES_MAX; nth++) {
			int fd = ns_open(self->s.ns, finject_dir(), files[i],
					 O_RDONLY | O_NONBLOCK);

			ASSERT_LE(0, fd);
			if (!strcmp(files[i], "events"))
				bed_reconnect(&self->s.bed, false);
			fault_arm(nth);
			len = read_whole(fd, self->s.before, FINJECT_TEXT);
			hit = fault_disarm();
			close(fd);
			EXPECT_TRUE(len > 0 || (hit && len == -ENOMEM))
				TH_LOG("%s: %zd", files[i], len);
		}
		EXPECT_LT(0, len);
		EXPECT_LT(2, nth)
			TH_LOG("%s", files[i]);
	}
}

/*
 * Life: the module and namespaces.
 */
FIXTURE(life)
{
	int ko;
};

static int open_ko(void)
{
	const char *path = getenv("FINJECT_KO");
	char line[256] = "";
	FILE *pipe;

	if (path)
		return open(path, O_RDONLY | O_CLOEXEC);
	pipe = popen("modprobe -D finject | grep -o '/[^ ]*finject[^ ]*'", "r");
	if (!pipe || !fgets(line, sizeof(line), pipe))
		fail("modprobe does not name the file of finject");
	pclose(pipe);
	line[strcspn(line, "\n")] = '\0';
	return open(line, O_RDONLY | O_CLOEXEC);
}

FIXTURE_SETUP(life)
{
	const char *fixed = module_fixed();

	if (fixed)
		SKIP_SETUP("%s", fixed);
	self->ko = open_ko();
	ASSERT_LE(0, self->ko);
	/* the kernel itself allocates hundreds for the module's text */
	fault_pages(false);
}

FIXTURE_TEARDOWN(life)
{
	close(self->ko);
	if (module_users() < 0)
		EXPECT_EQ(0, module_load());
}

static int load(int ko, const char *params)
{
	return syscall(SYS_finit_module, ko, params, 0) ? -errno : 0;
}

/* Count the allocations of a load until a parameter is refused. */
static unsigned int count_refused_load(int ko)
{
	enum { FAR = 1000000 };
	char text[16] = "";
	int err, fd;

	fault_arm(FAR);
	err = load(ko, "flow_linger=never");
	if (err != -EINVAL)
		fail("a load that is to be refused: %s", strerror(-err));
	fd = open("/proc/self/fail-nth", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		fail("fail-nth: %s", strerror(errno));
	close(fd);
	fault_disarm();
	return FAR - atoi(text);
}

/*
 * Begin behind the allocations for tracepoints, which load_module() makes
 * before it reads parameters: if these fail the kernel itself would WARN, and
 * continue (event_define_fields()).
 */
TEST_F_TIMEOUT(life, loads, LOADS_SECONDS)
{
	unsigned int nth, first, failed = 0;
	bool hit = true;
	int err = -1;

	ASSERT_EQ(0, module_unload());
	/* and some that the kernel makes now and then */
	first = count_refused_load(self->ko) + 10;
	for (nth = first; hit && nth < TRIES_MAX; nth++) {
		fault_arm(nth);
		err = load(self->ko, "");
		hit = fault_disarm();
		failed += !!err;
		if (err) {
			EXPECT_EQ(-ENOMEM, err)
				TH_LOG("allocation %u", nth);
			EXPECT_EQ(-1, module_users());
			EXPECT_NE(0, access("/sys/kernel/debug/finject", F_OK));
		} else {
			EXPECT_TRUE(has_files())
				TH_LOG("allocation %u", nth);
			ASSERT_EQ(0, module_unload());
		}
	}
	TH_LOG("allocations %u to %u: %u loads failed", first, nth - 2, failed);
	EXPECT_EQ(0, err);
	EXPECT_LT(10, failed);
}

/* A new namespace, with the module loaded. */
BED_TEST(life, makes_namespaces)
{
	unsigned int nth, failed = 0;
	bool hit = true;
	int err = -1;
	struct ns home;

	ns_new(&home);
	for (nth = 1; hit && nth < TRIES_MAX; nth += stride()) {
		ns_enter(&home);
		fault_arm(nth);
		err = unshare(CLONE_NEWNET) ? -errno : 0;
		hit = fault_disarm();
		ns_leave();
		failed += !!err;
		EXPECT_TRUE(!err || hit);
	}
	EXPECT_EQ(0, err);
	EXPECT_LT(3, failed);
	ns_drop(&home);
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, module_load());
}

/*
 * Segments: a close during which finject's allocations fail.
 */
FIXTURE(segment)
{
	struct scene s;
};

FIXTURE_VARIANT(segment)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(segment, veth_, .topology = VETH);

FIXTURE_VARIANT_ADD(segment, loopback) {
	.topology = LOOPBACK, .family = AF_INET
};

FIXTURE_SETUP(segment)
{
	bed_open(&self->s.bed, variant->topology, variant->family);
	bed_connect(&self->s.bed);
	self->s.ns = self->s.bed.a.ns;
}

FIXTURE_TEARDOWN(segment)
{
	EXPECT_BALANCED(&self->s.bed);
}

static long long skips(const struct ns *ns, const char *why)
{
	struct record rec;

	if (!finject_record(ns, "stats", "skipped", NULL, NULL, &rec))
		fail("stats has no line of what was skipped");
	return record_num(&rec, why);
}

static long long nomem(const struct ns *ns)
{
	return skips(ns, "nomem");
}

static long long faults(const struct ns *ns)
{
	return finject_total(ns, "dropped") + finject_total(ns, "reset") +
	       finject_total(ns, "copies") + finject_total(ns, "parked") +
	       finject_total(ns, "released");
}

static bool at_rest(const struct ns *ns)
{
	return !finject_total(ns, "parked") &&
	       !finject_total(ns, "copies_parked");
}

/*
 * If TCP itself has no memory for the FIN it is never sent, and finject has
 * seen nothing. Otherwise the rule acted, or nomem counts why not and the
 * segment passed. The first of two copies may have been made.
 */
static bool leave(struct __test_metadata *_metadata,
		  struct scene *scene, const char *action,
		  unsigned int nth)
{
	bool hit, ours;

	finject_rules(scene->ns, "flush");
	bed_reconnect(&scene->bed, false);
	ASSERT_SOON(at_rest(scene->ns));
	finject_rules(scene->ns, "add id=1 seg=fin1 dir=out nth=1 %s", action);
	ASSERT_EQ(0, finject_write(scene->ns, "stats", "zero"));
	fault_arm(nth);
	shutdown(scene->bed.a.fd, SHUT_WR);
	hit = fault_disarm();

	ours = nomem(scene->ns);
	EXPECT_TRUE(hit || finject_total(scene->ns, "seen"));
	if (ours) {
		EXPECT_TRUE(hit);
		EXPECT_EQ(1, nomem(scene->ns));
		EXPECT_GE(1, finject_total(scene->ns, "copies"));
		EXPECT_EQ(finject_total(scene->ns, "copies"), faults(scene->ns));
		EXPECT_EQ(0, finject_total(scene->ns, "resets"));
		EXPECT_SOON(end_state(&scene->bed.b) == CLOSE_WAIT);
	} else if (finject_total(scene->ns, "seen")) {
		EXPECT_LT(0, faults(scene->ns))
			TH_LOG("%s: allocation %u failed", action, nth);
	}
	scene->ours += ours;
	return hit;
}

/* Return how many allocations failed until a close met no failure. */
static unsigned int sweep(struct __test_metadata *_metadata,
			  struct scene *scene, const char *action)
{
	unsigned int nth = 1;

	scene->ours = 0;
	while (leave(_metadata, scene, action, nth) && nth < TRIES_MAX)
		nth++;
	EXPECT_EQ(0, nomem(scene->ns));
	EXPECT_LT(0, faults(scene->ns));
	return nth - 1;
}

/*
 * A debug kernel (kmemleak, debug objects) allocates now and then in between:
 * that shifts the count, and one of finject's allocations may be missed. So
 * there are some rounds, one of which must have covered all.
 */
BED_TEST(segment, leaves)
{
	static const struct {
		const char *action;
		unsigned int ours;	/* minimum of finject's allocations */
	} rows[] = {
		{ "drop", 1 },
		{ "drop per=flow", 2 },
		{ "delay=20ms jitter=1ms", 3 },
		{ "hold=x max=20ms", 2 },
		{ "duplicate=2", 4 },
		{ "reset=sender", 2 },
		{ "reset=receiver", 2 },
		{ "reset=both", 4 },
	};
	unsigned int i, round, nth = 0;

	/* a reader would allocate the flow at a change of state */
	events_close(self->s.bed.a.ev);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (round = 0; round < ROUNDS_MAX; round++) {
			nth = sweep(_metadata, &self->s, rows[i].action);
			if (self->s.ours >= rows[i].ours)
				break;
		}
		EXPECT_LE(rows[i].ours, self->s.ours)
			TH_LOG("%s: %u of finject's own, of %u",
			       rows[i].action, self->s.ours, nth);
	}
}

/*
 * Softirq: the receiving side.
 */
FIXTURE(softirq)
{
	struct bed bed;
	struct ns *ns;
};

/* The caches that the segment below allocates from, in this order. */
static const char * const caches[] = {
	"finject_flow", "finject_flow_rule", "finject_parked",
};

FIXTURE_VARIANT(softirq)
{
	unsigned int nth;	/* the cache that fails */
};

FIXTURE_VARIANT_ADD(softirq, flow) { .nth = 1 };
FIXTURE_VARIANT_ADD(softirq, meeting) { .nth = 2 };
FIXTURE_VARIANT_ADD(softirq, parked) { .nth = 3 };

FIXTURE_SETUP(softirq)
{
	bed_open(&self->bed, VETH, AF_INET);
	bed_connect(&self->bed);
	self->ns = self->bed.b.ns;
}

FIXTURE_TEARDOWN(softirq)
{
	EXPECT_BALANCED(&self->bed);
}

/* No reader: it would allocate the flow at a change of state. */
BED_TEST(softirq, arrives)
{
	struct bed *bed = &self->bed;

	events_close(bed->a.ev);
	events_close(bed->b.ev);
	finject_rules(self->ns,
		      "add seg=fin1 dir=in nth=1 per=flow delay=1000s");
	if (!fault_caches_can(caches, variant->nth))
		SKIP(return, "no slub_debug=A,finject_* at boot (before 6.2)");
	fault_caches_arm(caches, variant->nth);
	conn_shut(bed->a.fd);
	/* it passes, though the rule would have parked it */
	EXPECT_SOON(end_state(&bed->b) == CLOSE_WAIT);
	EXPECT_TRUE(fault_caches_disarm());
	EXPECT_EQ(1, nomem(self->ns));
	EXPECT_EQ(0, finject_total(self->ns, "parked"));

	/* the next close is judged as usual */
	finject_rules(self->ns, "flush");
	bed_hangup(bed);
	bed_reconnect(bed, false);
	finject_rules(self->ns,
		      "add seg=fin1 dir=in nth=1 per=flow delay=1000s");
	conn_shut(bed->a.fd);
	EXPECT_SOON(finject_total(self->ns, "parked") == 1);
}

/*
 * Split: a GSO skb passes whole if there is no memory to split it.
 */
FIXTURE(split)
{
	struct bed bed;
};

FIXTURE_SETUP(split)
{
	bed_open(&self->bed, VETH, AF_INET);
	bulk_small_window(&self->bed);
	bed_connect(&self->bed);
	events_close(self->bed.b.ev);
}

FIXTURE_TEARDOWN(split)
{
	EXPECT_BALANCED(&self->bed);
}

static const char * const heads[] = {
	"skbuff_head_cache", "skbuff_head_cache", "skbuff_head_cache",
	"skbuff_head_cache", "skbuff_head_cache", "skbuff_head_cache",
};

/* Count FINs that arrive at B, and of these, those with a link header. */
static bool count_link_headers(const struct bed *bed)
{
	char nft[256], mac[18];

	link_mac(bed->b.ns, "fj0", mac);
	snprintf(nft, sizeof(nft),
		 "nft 'table inet t { chain c { type filter hook input priority 0; tcp dport %d tcp flags & fin == fin counter ether daddr %s counter; }; }'",
		 BED_PORT, mac);
	return !ns_run(bed->b.ns, nft);
}

static bool link_headers_are_right(const struct bed *bed)
{
	return !ns_run(bed->b.ns,
		       "nft list table inet t | grep -qE 'counter packets ([1-9][0-9]*) .* counter packets \\1 '");
}

/*
 * When the window opens all data arrives, and ends; the first FIN is dropped,
 * or passes: unsplit, or because there was no memory to track it. Return how many
 * passed unsplit.
 */
static long long close_in_bulk(struct __test_metadata *_metadata,
			       struct bed *bed, unsigned int nth)
{
	struct ns *ns = bed->b.ns;
	struct bulk bulk;
	long long whole;

	finject_rules(ns, "flush");
	bed_reconnect(bed, false);
	bulk_fill(&bulk, bed->a.fd);
	conn_shut(bed->a.fd);
	finject_rules(ns, "add id=1 seg=fin1 dir=in nth=1 drop");
	ASSERT_EQ(0, finject_write(ns, "stats", "zero"));
	fault_caches_arm(heads, nth);
	EXPECT_SOON(!bulk_drain(&bulk, bed->b.fd));
	EXPECT_TRUE(fault_caches_disarm());
	EXPECT_EQ(bulk.sent, bulk.got);
	whole = skips(ns, "unsplit");
	EXPECT_EQ(1, whole + skips(ns, "nomem") + finject_total(ns, "dropped"))
		TH_LOG("allocation %u: %lld not split, %lld dropped", nth,
		       whole, finject_total(ns, "dropped"));
	return whole;
}

BED_TEST(split, passes_whole)
{
	struct bed *bed = &self->bed;
	long long whole = 0;
	unsigned int nth;

	if (!fault_caches_can(heads, 1))
		SKIP(return, "no slub_debug=A,skbuff_head_cache at boot (before 6.2)");
	if (!count_link_headers(bed))
		SKIP(return, "no nft");
	for (nth = 1; nth <= ARRAY_SIZE(heads); nth++)
		whole += close_in_bulk(_metadata, bed, nth);
	EXPECT_LT(1, whole);
	EXPECT_TRUE(link_headers_are_right(bed));
}

/*
 * The stack may reallocate an skb while finject reads it: with fail_skb_realloc
 * each pskb_may_pull() and its like gives the skb a new head. KASAN reports an
 * access to the old one.
 */
FIXTURE(realloc)
{
	struct bed bed;
};

#define REALLOC	"/sys/kernel/debug/fail_skb_realloc/"

static void realloc_chance(const char *percent)
{
	int fd = open(REALLOC "probability", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, percent, strlen(percent)) < 0)
		fail(REALLOC ": %s", strerror(errno));
	close(fd);
	fd = open(REALLOC "times", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "-1", 2) < 0)
		fail(REALLOC ": %s", strerror(errno));
	close(fd);
}

FIXTURE_SETUP(realloc)
{
	if (access(REALLOC "probability", W_OK))
		SKIP_SETUP("no " REALLOC " (CONFIG_FAIL_SKB_REALLOC, Linux 6.13)");
	bed_open(&self->bed, ROUTER, AF_INET);
	bed_connect(&self->bed);
}

FIXTURE_TEARDOWN(realloc)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(realloc, closes)
{
	static const char * const actions[] = {
		"drop", "delay=20ms", "duplicate=2", "hold=x max=20ms",
		"reset=both",
	};
	struct bed *bed = &self->bed;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		bed_reconnect(bed, false);
		finject_rules(bed->router, "flush\nadd id=%u seg=fin1 nth=1 %s",
			      i + 1, actions[i]);
		realloc_chance("100");
		conn_shut(bed->a.fd);
		EXPECT_SOON(finject_rule(bed->router, i + 1, "fired") == 1);
		EXPECT_SOON(end_state(&bed->b) != ESTABLISHED);
		realloc_chance("0");
	}
}

TEST_HARNESS_MAIN
