// SPDX-License-Identifier: GPL-2.0-only
/*
 * Closes at full rate while everything else happens too, best on several CPUs:
 *
 * 1. rule sets of every action are swapped under traffic: each segment is
 *    accounted for exactly, and none stays parked when the rules are gone
 * 2. the module is unloaded and loaded again under traffic with segments
 *    parked
 * 3. namespaces exit while segments are parked in them, when their sockets are
 *    gone: each segment is purged and counted, none is left in memory
 * 4. devices are removed while segments are parked on them: removal does not
 *    wait, and the segments are counted
 *
 * STORM is a percentage of the counts below, which are for each variant; 1 if
 * not set.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "link.h"
#include "module.h"
#include "slab.h"
#include "storm.h"

enum {
	PORTS = 64,		/* so that tuples do not run out in TIME_WAIT */
	OPEN_MAX_SERVED = 200,	/* connections that the server has open */
	SWAPS = 20000,
	LOADS = 500,		/* over a router and over veth */
	ROUNDS = 250,		/* with segments parked in 1 or 2 namespaces */
	DEVICES = 400,
	PARKED_MIN = 20,
	CLOSES = 3,		/* closes parked in a namespace that exits */
	GOING = 16,		/* namespaces exiting at a time */
};

static const char * const templates[] = {
	"add seg=fin1 delay=1ms jitter=1ms probability=60%",
	"add seg=fin,ack nth=1 delay=3ms jitter=2ms dist=normal probability=50%",
	"add seg=fin2 duplicate=2 gap=1ms",
	"add seg=ack2 duplicate=3 probability=30%",
	"add seg=fin nth=1 hold=x gather=2 max=20ms",
	"add seg=fin2 hold=y max=15ms\nadd seg=ack1 pass release=y",
	"add seg=fin1 nth=1 reset=both probability=20%",
	"add seg=fin2 reset=sender interval=7",
	"add seg=fin2 dir=in reset=receiver interval=5",
	"add seg=all drop probability=5%",
	"add seg=ack1 pure nth=1 drop interval=3",
	"add seg=all delay=2ms jitter=2ms dist=pareto hook=input",
	"add seg=fin hook=output delay=1ms probability=40%",
	"add seg=all hook=forward delay=1ms probability=40%",
	"add seg=fin delay=5ms timeout=4ms",
};

static void nap(long usec)
{
	struct timespec ts = { .tv_nsec = usec * 1000 };

	nanosleep(&ts, NULL);
}

/* Read each connection to its end, and close it. */
static void serve(int *listeners, int count)
{
	struct pollfd fds[PORTS + OPEN_MAX_SERVED];
	int n = count, i, fd;
	char buf[512];

	for (i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = listeners[i],
					  .events = POLLIN };
	for (;;) {
		poll(fds, n, -1);
		for (i = n - 1; i >= count; i--) {
			if (!fds[i].revents || read(fds[i].fd, buf,
						    sizeof(buf)) > 0)
				continue;
			close(fds[i].fd);
			fds[i] = fds[--n];
		}
		for (i = 0; i < count; i++) {
			if (!fds[i].revents || n == PORTS + OPEN_MAX_SERVED)
				continue;
			fd = accept4(fds[i].fd, NULL, NULL, SOCK_NONBLOCK);
			if (fd >= 0)
				fds[n++] = (struct pollfd){ .fd = fd,
							    .events = POLLIN };
		}
	}
}

static void dial(const struct addr *base, unsigned long *closes)
{
	struct timeval patience = { .tv_usec = 300000 };
	struct addr to = *base;
	unsigned int i;
	int fd;

	for (i = 0;; i++) {
		to = *base;
		if (to.sa.sa_family == AF_INET)
			to.v4.sin_port = htons(BED_PORT + 1 + i % PORTS);
		else
			to.v6.sin6_port = htons(BED_PORT + 1 + i % PORTS);
		fd = socket(to.sa.sa_family, SOCK_STREAM, 0);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			   sizeof(patience));
		if (!connect(fd, &to.sa, to.len)) {
			if (write(fd, "x", 1) == 1)
				__atomic_add_fetch(closes, 1, __ATOMIC_RELAXED);
		} else {
			nap(1000);
		}
		close(fd);
	}
}

/**
 * struct traffic - the processes that open and close connections
 * @server: the server
 * @client: the clients
 * @closes: number of closes that the clients began, shared with them
 */
struct traffic {
	pid_t server;
	pid_t client[2];
	unsigned long *closes;
};

static pid_t start(const struct ns *ns)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		alarm(0);
		ns_enter(ns);
	}
	return pid;
}

static void traffic_start(struct traffic *traffic, const struct bed *bed)
{
	int listeners[PORTS], i;
	struct addr at = bed->server;

	traffic->closes = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < PORTS; i++) {
		if (at.sa.sa_family == AF_INET)
			at.v4.sin_port = htons(BED_PORT + 1 + i);
		else
			at.v6.sin6_port = htons(BED_PORT + 1 + i);
		listeners[i] = conn_listen(bed->b.ns, &at);
	}
	traffic->server = start(bed->b.ns);
	if (!traffic->server)
		serve(listeners, PORTS);
	for (i = 0; i < 2; i++) {
		traffic->client[i] = start(bed->a.ns);
		if (!traffic->client[i])
			dial(&bed->server, traffic->closes);
	}
	for (i = 0; i < PORTS; i++)
		close(listeners[i]);
}

static void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static long long traffic_stop(struct traffic *traffic)
{
	long long closes = *traffic->closes;

	end_process(traffic->client[0]);
	end_process(traffic->client[1]);
	end_process(traffic->server);
	munmap(traffic->closes, 4096);
	return closes;
}

static void random_rules(const struct ns *ns, unsigned int *seed)
{
	int first = rand_r(seed) % ARRAY_SIZE(templates);
	int second = rand_r(seed) % ARRAY_SIZE(templates);

	finject_rules(ns, "flush\n%s\n%s", templates[first],
		      templates[second]);
}

FIXTURE(storm)
{
	struct bed bed;
	struct traffic traffic;
	unsigned int seed;
};

FIXTURE_VARIANT(storm)
{
	enum topology topology;
	int family;
};

FIXTURE_VARIANT_ADD(storm, router_v4) {
	.topology = ROUTER, .family = AF_INET
};

FIXTURE_VARIANT_ADD(storm, veth_v6) {
	.topology = VETH, .family = AF_INET6
};

FIXTURE_VARIANT_ADD(storm, loopback_v4) {
	.topology = LOOPBACK, .family = AF_INET
};

FIXTURE_SETUP(storm)
{
	NEED_FINJECT();
	storm_begin(3600);
	self->seed = 1;
	bed_open(&self->bed, variant->topology, variant->family);
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "1000");
	bed_sysctl(&self->bed, "net/ipv4/tcp_orphan_retries", "1");
	traffic_start(&self->traffic, &self->bed);
}

FIXTURE_TEARDOWN(storm)
{
	const char *unbalanced = bed_close(&self->bed);

	EXPECT_EQ(NULL, unbalanced)
		TH_LOG("out of balance: %s", unbalanced);
}

static bool quiet(const struct bed *bed)
{
	int i;

	for (i = 0; i < bed->count; i++)
		if (finject_total(&bed->ns[i], "parked") ||
		    finject_total(&bed->ns[i], "copies_parked"))
			return false;
	return true;
}

TEST_F_TIMEOUT(storm, rule_swaps, STORM_SECONDS)
{
	long long closes;
	int i, swaps = storm_share(SWAPS);
	long long seen = 0;

	for (i = 0; i < swaps; i++) {
		random_rules(&self->bed.ns[i % self->bed.count], &self->seed);
		nap(2000);
	}
	for (i = 0; i < self->bed.count; i++)
		finject_rules(&self->bed.ns[i], "flush");
	closes = traffic_stop(&self->traffic);
	EXPECT_TRUE(quiet(&self->bed));
	for (i = 0; i < self->bed.count; i++)
		seen += finject_total(&self->bed.ns[i], "seen");
	EXPECT_LT(100, closes);
	EXPECT_LT(closes, seen);
	TH_LOG("%d swaps, %lld closes, %lld segments judged", swaps, closes,
	       seen);
}

/* Unload and load the module; return how long the unload took. */
static __u64 reload(struct __test_metadata *_metadata)
{
	__u64 start = clock_now(), took;

	ASSERT_EQ(0, module_unload());
	took = clock_now() - start;
	ASSERT_EQ(0, module_load());
	return took;
}

TEST_F_TIMEOUT(storm, unload_busy, STORM_SECONDS)
{
	long i, loads = storm_share(LOADS);
	__u64 start = clock_now(), took, sum = 0, most = 0;
	long long closes;

	if (variant->topology == LOOPBACK)
		SKIP(traffic_stop(&self->traffic); return,
		     "the same as over veth");
	for (i = 0; i < loads; i++) {
		finject_rules(&self->bed.ns[0],
			      "flush\nadd seg=all hold=x\nadd seg=all delay=1s");
		finject_rules(&self->bed.ns[1],
			      "flush\nadd seg=fin duplicate=9 gap=100ms");
		ASSERT_SOON(finject_total(&self->bed.ns[0], "parked") >
			    PARKED_MIN);
		took = reload(_metadata);
		sum += took;
		most = took > most ? took : most;
	}
	closes = traffic_stop(&self->traffic);
	TH_LOG("%ld unloads, %.0f ms each, %.0f ms the longest; %.0f s in all, %lld closes",
	       loads, sum / 1e6 / loads, most / 1e6,
	       (clock_now() - start) / 1e9, closes);
}

/**
 * struct going - a namespace that exits
 * @stats: its file, which outlives it
 * @parked: number of segments parked there
 */
struct going {
	int stats;
	long long parked;
};

static long long number_of(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	if (!at)
		fail("no%s in: %s", key, line);
	return atoll(at + strlen(key));
}

static bool is_purged(const struct going *going)
{
	char text[4096];
	ssize_t len = pread(going->stats, text, sizeof(text) - 1, 0);

	if (len <= 0)
		fail("stats of a namespace that went: %s", strerror(errno));
	text[len] = '\0';
	return !number_of(text, " parked=") &&
	       number_of(text, " purged=") == going->parked;
}

/* Park all segments in the router, if any, else in both namespaces. */
static void hold_all(struct bed *bed)
{
	int i;

	for (i = bed->router ? 2 : 0; i < bed->count; i++)
		finject_rules(&bed->ns[i], i ? "add seg=all delay=3600s" :
			      "add seg=all hold=x max=3600s");
}

static long long all_parked(const struct bed *bed)
{
	long long sum = 0;
	int i;

	for (i = 0; i < bed->count; i++)
		sum += finject_total(&bed->ns[i], "parked");
	return sum;
}

/*
 * A socket would hold its namespace, so both ends abort after the FIN. The FIN
 * and two RSTs are parked.
 */
static void park_and_abort(struct bed *bed)
{
	int i;

	for (i = 0; i < CLOSES; i++) {
		bed->a.fd = conn_connect(bed->a.ns, NULL, &bed->server);
		bed->b.fd = conn_accept(bed->listener);
		conn_shut(bed->a.fd);
		conn_reset(&bed->a.fd);
		conn_reset(&bed->b.fd);
	}
	conn_close(&bed->listener);
}

/* Drop a namespace; return false if nothing is parked. */
static bool give_up(struct ns *ns, struct going *going)
{
	going->parked = finject_total(ns, "parked");
	if (going->parked) {
		going->stats = ns_open(ns, finject_dir(), "stats", O_RDONLY);
		if (going->stats < 0)
			fail("stats: %s", strerror(-going->stats));
	}
	ns_drop(ns);
	return going->parked;
}

static void see_off(struct __test_metadata *_metadata, struct going *going)
{
	if (going->stats < 0)
		return;
	EXPECT_TRUE(WAIT_FOR(is_purged(going), 60 * SEC))
		TH_LOG("%lld were parked", going->parked);
	close(going->stats);
	going->stats = -1;
}

TEST_F_TIMEOUT(storm, namespaces_go, STORM_SECONDS)
{
	struct going going[GOING], *slot;
	long i, gone = 0, rounds = storm_share(ROUNDS);
	__u64 start = clock_now();
	long long closes;
	struct bed bed;
	int n;

	for (i = 0; i < GOING; i++)
		going[i].stats = -1;
	for (i = 0; i < rounds; i++) {
		bed_open(&bed, variant->topology, variant->family);
		hold_all(&bed);
		park_and_abort(&bed);
		ASSERT_SOON(all_parked(&bed) == 3 * CLOSES);
		for (n = 0; n < bed.count; n++) {
			slot = &going[gone % GOING];
			see_off(_metadata, slot);
			gone += give_up(&bed.ns[n], slot);
		}
	}
	for (i = 0; i < GOING; i++)
		see_off(_metadata, &going[i]);
	closes = traffic_stop(&self->traffic);
	EXPECT_EQ(rounds * (variant->topology == VETH ? 2 : 1), gone);
	TH_LOG("%ld namespaces went with segments parked, in %.0f s, beside %lld closes",
	       gone, (clock_now() - start) / 1e9, closes);
	EXPECT_SOON(slab_objects("finject_parked") <= 0);
}

TEST_F_TIMEOUT(storm, devices_go, STORM_SECONDS)
{
	long i, rounds = storm_share(DEVICES);
	struct traffic traffic;
	struct bed bed;
	long long parked;

	if (variant->topology == LOOPBACK)
		SKIP(traffic_stop(&self->traffic); return,
		     "lo cannot be deleted");
	for (i = 0; i < rounds; i++) {
		bed_open(&bed, variant->topology, variant->family);
		finject_rules(&bed.ns[0], "add seg=all delay=3600s");
		traffic_start(&traffic, &bed);
		ASSERT_SOON(finject_total(&bed.ns[0], "parked") >
			    PARKED_MIN);
		parked = finject_total(&bed.ns[0], "parked");
		ASSERT_EQ(0, link_del(&bed.ns[0], "fj0"));
		EXPECT_LE(parked, finject_total(&bed.ns[0], "purged"));
		EXPECT_EQ(0, finject_total(&bed.ns[0], "parked"));
		traffic_stop(&traffic);
		bed_close(&bed);
	}
	traffic_stop(&self->traffic);
}

TEST_HARNESS_MAIN
