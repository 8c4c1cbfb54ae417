// SPDX-License-Identifier: GPL-2.0-only
/*
 * No state is kept for ever. Run it in the warp guest, where waiting until the
 * module forgets a close costs nothing.
 *
 * 1. after a million closes at full speed, more than the flow table holds, the
 *    tables are as small as before: flows, per-flow rule state, parked
 *    segments, and their slabs; numbers printed as ns are instructions there
 * 2. a socket whose addresses differ at the hooks has no flow of its own, and one
 *    whose segments no hook sees leaves none behind
 * 3. a socket that is connected to itself has a close like any other
 *
 * STORM is a percentage of the million; 1 if not set.
 */
#include <errno.h>

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

/* Write rules that park some segments, and duplicate some. */
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
	TH_LOG("%s: slabs: %ld flows, %ld flow_rules, %ld parked", when,
	       slab_objects("finject_flow"), slab_objects("finject_flow_rule"),
	       slab_objects("finject_parked"));
}

/* The cost of a close must not grow with the number of earlier ones. */
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

/*
 * Count the flows without a segment. Flows seen under two tuples are kept as
 * long as unfinished closes: each has only one of the FINs.
 */
static unsigned int phantoms(const struct ns *ns)
{
	static const char unseen[] =
		" prerouting=- input=- forward=- output=- postrouting=- ";
	const char *text = finject_read(ns, "flows");
	unsigned int count = 0;

	while ((text = strstr(text, unseen))) {
		text += strlen(unseen);
		count++;
	}
	return count;
}

/* Return whether no flow is left after flow_linger. */
static bool forgets(const struct ns *ns)
{
	return WAIT_FOR(!finject_limit(ns, "flows", "now"),
			(finject_param("flow_linger") + 60) * SEC);
}

/* A's connection is translated on its way out, unknown to its socket. */
FIXTURE(translated)
{
	struct bed bed;
};

FIXTURE_VARIANT(translated)
{
	enum topology topology;
	const char *command;
	const char *to;
};

FIXTURE_VARIANT_ADD(translated, redirect_lo)
{
	.topology = LOOPBACK, .to = "127.0.0.1",
	.command =
		"nft 'table ip t { chain c { type nat hook output priority -100; tcp dport 9090 redirect to :8080; }; }'",
};

FIXTURE_VARIANT_ADD(translated, dnat_veth)
{
	.topology = VETH, .to = "10.9.9.9",
	.command =
		"ip route add 10.9.9.9 dev fj0 && nft 'table ip t { chain c { type nat hook output priority -100; tcp dport 9090 dnat to 10.7.2.1:8080; }; }'",
};

FIXTURE_SETUP(translated)
{
	struct bed *bed = &self->bed;

	NEED_FINJECT();
	bed_open(bed, variant->topology, AF_INET);
	bed_sysctl(bed, "net/ipv4/tcp_max_tw_buckets", "0");
	if (ns_run(bed->a.ns, variant->command))
		SKIP_SETUP("no nft, or no NAT (CONFIG_NFT_NAT, CONFIG_NFT_REDIR)");
	addr_set(&bed->server, variant->to, 9090);
}

FIXTURE_TEARDOWN(translated)
{
	EXPECT_BALANCED(&self->bed);
}

/* The flow has the socket's tuple as well as that of its segments. */
BED_TEST(translated, has_no_phantom)
{
	struct bed *bed = &self->bed;

	bed_connect(bed);
	conn_shut(bed->a.fd);
	EXPECT_EQ(0, phantoms(bed->a.ns));
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	conn_close(&bed->b.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
	conn_close(&bed->a.fd);
	ASSERT_SOON(storm_over(bed, 1) && !storm_timewaits(bed));
	EXPECT_EQ(0, phantoms(bed->a.ns));
}

/* No FIN of A ever gets to finject's hook. */
FIXTURE(unsent)
{
	struct bed bed;
};

FIXTURE_SETUP(unsent)
{
	struct bed *bed = &self->bed;
	int error;

	NEED_FINJECT();
	bed_open(bed, VETH, AF_INET);
	bed_sysctl(bed, "net/ipv4/tcp_orphan_retries", "1");
	error = ns_run(bed->a.ns,
		       "nft 'table ip t { chain c { type filter hook output priority 0; tcp flags & fin == fin drop; }; }'");
	if (error)
		SKIP_SETUP("no nft (CONFIG_NF_TABLES)");
}

FIXTURE_TEARDOWN(unsent)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(unsent, leaves_no_phantom)
{
	struct bed *bed = &self->bed;

	bed_connect(bed);
	conn_close(&bed->a.fd);
	EXPECT_SOON(phantoms(bed->a.ns) == 1);
	EXPECT_SOON(!phantoms(bed->a.ns));
	conn_close(&bed->b.fd);
}

FIXTURE(itself)
{
	struct bed bed;
	struct ns *ns;
	int fd;
};

FIXTURE_VARIANT(itself)
{
	int family;
};

BED_VARIANTS(itself, ip);

static int connect_itself(const struct ns *ns, const struct addr *addr)
{
	int fd;

	ns_enter(ns);
	fd = socket(addr->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ns_leave();
	if (fd < 0 || bind(fd, &addr->sa, addr->len) ||
	    connect(fd, &addr->sa, addr->len))
		fail("a connection to itself: %s", strerror(errno));
	return fd;
}

FIXTURE_SETUP(itself)
{
	struct addr addr;

	NEED_FINJECT();
	bed_open(&self->bed, LOOPBACK, variant->family);
	self->ns = self->bed.a.ns;
	bed_sysctl(&self->bed, "net/ipv4/tcp_max_tw_buckets", "0");
	addr = self->bed.server;
	addr_set_port(&addr, 7777);
	self->fd = connect_itself(self->ns, &addr);
}

FIXTURE_TEARDOWN(itself)
{
	EXPECT_BALANCED(&self->bed);
}

/* Its FIN is the FIN of both ends, and so is the ACK. */
#define BOTH	"fin1:1,ack1:1,fin2:1,ack2:1"

BED_TEST(itself, is_tracked)
{
	struct ns *ns = self->ns;
	struct record rec;
	char text[128];

	finject_rules(ns, "add id=1 seg=all pass");
	conn_shut(self->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->fd, PATIENCE));
	conn_close(&self->fd);
	ASSERT_EQ(1, finject_record(ns, "flows", "flow", NULL, NULL, &rec));
	EXPECT_STREQ("simultaneous",
		     record_get(&rec, "shape", text, sizeof(text)));
	EXPECT_STREQ(BOTH, record_get(&rec, "postrouting", text, sizeof(text)));
	EXPECT_STREQ(BOTH, record_get(&rec, "prerouting", text, sizeof(text)));
	EXPECT_EQ(2, finject_rule(ns, 1, "fired"));
	EXPECT_TRUE(forgets(ns))
		TH_LOG("%s", finject_read(ns, "flows"));
}

/* A lost segment of any class is retransmitted only after its RTO. */
BED_TEST(itself, loses)
{
	struct ns *ns = self->ns;

	finject_rules(ns, "add id=1 seg=fin2 nth=1 drop\n"
		      "add id=2 seg=ack1 nth=1 drop\n");
	conn_shut(self->fd);
	EXPECT_EQ(CONN_NOTHING, conn_read(self->fd, 150 * MSEC));
	EXPECT_EQ(CONN_EOF, conn_read(self->fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(ns, 1, "dropped"));
	EXPECT_SOON(storm_over(&self->bed, 1));
	EXPECT_EQ(1, finject_rule(ns, 2, "dropped"));
	conn_close(&self->fd);
}

TEST_HARNESS_MAIN
