// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bridge that forwards segments of other hosts. Its namespace has the rules
 * and br_netfilter. Frames there have the link addresses of the two ends, which
 * no route knows.
 *
 * 1. a copy is the original, byte for byte, link header included
 * 2. a rule that never fires changes nothing, even where a FIN ends much data
 * 3. a RST reaches either end, with the link addresses of both
 *
 * Where a header is missing, freed memory may show:
 * qemu/guest.sh -a slub_debug=P makes it 6b:6b:6b:6b:6b:6b.
 */
#include <errno.h>
#include <stdio.h>

#include "harness.h"
#include "link.h"
#include "site.h"
#include "stream.h"

enum { COPIES = 3 };

FIXTURE(bridge)
{
	struct scene scene;
	struct end *a, *b;
	struct ns *host;
};

FIXTURE_VARIANT(bridge)
{
	int family;
};

BED_VARIANTS(bridge, ip);

FIXTURE_SETUP(bridge)
{
	NEED_SCENE(&self->scene, "bridge", variant->family);
	self->a = &self->scene.bed.a;
	self->b = &self->scene.bed.b;
	self->host = self->scene.judge;
}

FIXTURE_TEARDOWN(bridge)
{
	EXPECT_SCENE_BALANCED(&self->scene);
}

static size_t frames_at_b(struct scene *scene, const struct addr *from,
			  int flag)
{
	return witness_count(&scene->witness[AT_B], "fj0", from, flag);
}

BED_TEST(bridge, copies)
{
	static const char * const places[] = { "in", "out" };
	struct scene *scene = &self->scene;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		finject_rules(self->host,
			      "flush\nadd seg=fin1 nth=1 dir=%s duplicate=%u",
			      places[i], COPIES);
		scene_connect(scene);
		conn_shut(self->a->fd);
		EXPECT_EQ(CONN_EOF, conn_read(self->b->fd, PATIENCE));
		EXPECT_SOON(frames_at_b(scene, &self->a->local, FRAME_FIN) ==
			    1 + COPIES);
		EXPECT_TRUE(witness_alike(&scene->witness[AT_B], "fj0",
					  &self->a->local, FRAME_FIN));
		EXPECT_NOTHING_STRANGE(scene);
	}
}

/* Return how long B waits for the end of data that A sends at once. The link is
 * slow, so the end waits in A for the congestion window, and leaves with much
 * data before it.
 */
static __u64 send_all(struct scene *scene, size_t len)
{
	struct stream stream = { .seed = len };
	__u64 start;

	scene_connect(scene);
	start = clock_now();
	stream_write(&stream, scene->bed.a.fd, len);
	conn_shut(scene->bed.a.fd);
	if (!stream_read(&stream, scene->bed.b.fd) ||
	    conn_read(scene->bed.b.fd, PATIENCE) != CONN_EOF)
		return 0;
	return clock_now() - start;
}

BED_TEST(bridge, unfired_rule)
{
	static const unsigned int lengths[] = { 25000, 35000, 50000 };
	struct scene *scene = &self->scene;
	__u64 without, with;
	size_t i;

	if (ns_run(self->a->ns,
		   "tc qdisc add dev fj0 root netem delay 20ms limit 10000"))
		SKIP(return, "no netem (CONFIG_NET_SCH_NETEM)");
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		finject_rules(self->host, "flush");
		without = send_all(scene, lengths[i]);
		EXPECT_LT(0, without);
		finject_rules(self->host,
			      "add id=1 seg=fin1 port=8080 nth=100 drop");
		with = send_all(scene, lengths[i]);
		EXPECT_GE(without + 2 * MSEC, with);
		EXPECT_EQ(0, end_count(self->a, "RetransSegs"));
		EXPECT_EQ(1, frames_at_b(scene, &self->a->local, FRAME_FIN));
		EXPECT_EQ(0, finject_rule(self->host, 1, "fired"));
		EXPECT_NOTHING_STRANGE(scene);
	}
}

static const struct frame *find_rst(struct witness *witness)
{
	size_t i;

	for (i = 0; i < witness->count; i++)
		if (witness->frames[i].flags & FRAME_RST)
			return &witness->frames[i];
	return NULL;
}

static bool is_of(const unsigned char *mac, const struct ns *ns)
{
	char text[18], of_ns[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	link_mac(ns, "fj0", of_ns);
	return !strcmp(text, of_ns);
}

/* Return whether @to received one RST, as if @from had sent it. */
static bool was_told(struct scene *scene, struct end *to, struct end *from)
{
	struct witness *witness = &scene->witness[to->ns - scene->bed.ns];
	const struct frame *rst;

	if (witness_count(witness, "fj0", &from->local, FRAME_RST) != 1)
		return false;
	rst = find_rst(witness);
	return is_of(rst->bytes, to->ns) && is_of(rst->bytes + 6, from->ns);
}

BED_TEST(bridge, reset)
{
	static const char * const places[] = { "dir=in", "dir=out",
					       "hook=forward" };
	struct scene *scene = &self->scene;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		finject_rules(self->host,
			      "flush\nadd seg=fin1 nth=1 %s reset=both",
			      places[i]);
		EXPECT_EQ(0, finject_write(self->host, "stats", "zero"));
		scene_connect(scene);
		conn_shut(self->a->fd);
		EXPECT_TRUE(end_reaches(self->a, GONE))
			TH_LOG("with %s", places[i]);
		EXPECT_TRUE(end_reaches(self->b, GONE));
		EXPECT_EQ(ECONNRESET, conn_error(self->a->fd));
		EXPECT_EQ(ECONNRESET, conn_error(self->b->fd));
		EXPECT_TRUE(was_told(scene, self->a, self->b));
		EXPECT_TRUE(was_told(scene, self->b, self->a));
		EXPECT_EQ(2, finject_total(self->host, "resets"));
		EXPECT_EQ(0, end_count(self->a, "RetransSegs"));
		EXPECT_NOTHING_STRANGE(scene);
	}
}

TEST_HARNESS_MAIN
