// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VRF: a packet that arrives or leaves by one of its ports passes each hook
 * twice, once with the port and once with the VRF's own device.
 *
 * 1. it is one segment: counted, delayed, copied once
 * 2. a segment that was parked, and a copy, arrive
 * 3. iif= and oif= match the name of the port and that of the VRF
 * 4. a RST that finject made stays in the VRF of its connection, even where
 *    another VRF has the same addresses and ports
 */
#include <errno.h>

#include "harness.h"
#include "site.h"

enum { DELAY_MS = 300, SLACK_MS = 50 };

FIXTURE(vrf)
{
	struct scene scene;
	struct end *a, *b;
};

FIXTURE_VARIANT(vrf)
{
	int family;
};

BED_VARIANTS(vrf, ip);

FIXTURE_SETUP(vrf)
{
	NEED_SCENE(&self->scene, "vrf_server", variant->family);
	self->a = &self->scene.bed.a;
	self->b = &self->scene.bed.b;
}

FIXTURE_TEARDOWN(vrf)
{
	EXPECT_SCENE_BALANCED(&self->scene);
}

static void aim(struct scene *scene, const char *rule)
{
	finject_rules(scene->judge, "flush\nadd id=1 port=8080 %s", rule);
	if (finject_write(scene->judge, "stats", "zero"))
		fail("stats cannot be zeroed");
	scene_connect(scene);
}

static size_t fins_of_a(struct scene *scene)
{
	return intake_count(&scene->intake[1], &scene->bed.a.local, FRAME_FIN);
}

/* Close A, then B. */
static void close_both(struct __test_metadata *_metadata, struct scene *scene)
{
	struct end *a = &scene->bed.a, *b = &scene->bed.b;

	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_shut(b->fd);
	EXPECT_EQ(CONN_EOF, conn_read(a->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_EQ(TIME_WAIT, end_state(a));
}

BED_TEST(vrf, counted_once)
{
	struct scene *scene = &self->scene;

	aim(scene, "seg=fin nth=1 pass");
	close_both(_metadata, scene);
	EXPECT_EQ(2, finject_rule(scene->judge, 1, "matched"));
	EXPECT_EQ(1, events_count(scene_events(scene), PRE, FIN1));
	EXPECT_EQ(1, events_count(scene_events(scene), POST, FIN2));
	EXPECT_NE(NULL, events_seg(scene_events(scene), PRE, FIN1, 1));
	EXPECT_EQ(NULL, events_seg(scene_events(scene), PRE, FIN1, 2));
}

/* The second pass of a FIN is not a second FIN: nth does not count it. */
BED_TEST(vrf, second_pass)
{
	struct scene *scene = &self->scene;

	aim(scene, "seg=fin nth=2- drop");
	close_both(_metadata, scene);
	EXPECT_EQ(0, finject_rule(scene->judge, 1, "fired"));
	EXPECT_EQ(0, bed_repeats(&scene->bed));
}

BED_TEST(vrf, delayed_in)
{
	struct scene *scene = &self->scene;
	__u64 start;

	aim(scene, "seg=fin1 delay=300ms");
	start = clock_now();
	conn_shut(self->a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->b->fd, PATIENCE));
	EXPECT_BETWEEN(DELAY_MS, DELAY_MS + SLACK_MS,
		       (clock_now() - start) / MSEC);
	/* retransmissions are delayed by as much */
	EXPECT_SOON(!finject_total(scene->judge, "parked"));
	EXPECT_EQ(fins_of_a(scene), finject_total(scene->judge, "released"));
}

BED_TEST(vrf, delayed_out)
{
	struct scene *scene = &self->scene;
	__u64 start;

	aim(scene, "seg=fin2 delay=300ms");
	conn_shut(self->a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(self->a, FIN_WAIT2));
	start = clock_now();
	conn_shut(self->b->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->a->fd, PATIENCE));
	EXPECT_BETWEEN(DELAY_MS, DELAY_MS + SLACK_MS,
		       (clock_now() - start) / MSEC);
}

BED_TEST(vrf, copied)
{
	struct scene *scene = &self->scene;

	aim(scene, "seg=fin duplicate=1");
	conn_shut(self->a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->b->fd, PATIENCE));
	EXPECT_SOON(fins_of_a(scene) == 2);
	EXPECT_TRUE(end_reaches(self->a, FIN_WAIT2));
	conn_shut(self->b->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->a->fd, PATIENCE));
	EXPECT_SOON(intake_count(&scene->intake[0], &self->b->local,
				 FRAME_FIN) == 2);
	EXPECT_EQ(2, finject_total(scene->judge, "copies_released"));
	EXPECT_NOTHING_STRANGE(scene);
}

BED_TEST(vrf, names)
{
	static const char * const rules[] = {
		"seg=fin1 iif=fj0 dir=in pass", "seg=fin1 iif=red dir=in pass",
		"seg=fin2 oif=fj0 dir=out pass", "seg=fin2 oif=red dir=out pass",
		"seg=fin1 iif=fj0 hook=input pass",
		"seg=fin1 iif=red hook=input pass",
	};
	struct scene *scene = &self->scene;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		aim(scene, rules[i]);
		close_both(_metadata, scene);
		EXPECT_EQ(1, finject_rule(scene->judge, 1, "fired"))
			TH_LOG("%s", rules[i]);
	}
}

/**
 * struct twins - two customers of B with the same addresses
 * @scene: the place, where A is in the red VRF
 * @c: the namespace in the blue VRF
 * @witness: the witness in @c
 * @listener: B's socket in the blue VRF
 * @fd: @c's connection, from the same port as A's
 * @accepted: the other end of @fd
 */
struct twins {
	struct scene scene;
	struct ns *c;
	struct witness *witness;
	int listener, fd, accepted;
};

FIXTURE(twins)
{
	struct twins t;
};

FIXTURE_VARIANT(twins)
{
	int family;
};

BED_VARIANTS(twins, ip);

static void connect_blue(struct twins *t)
{
	struct bed *bed = &t->scene.bed;

	bed->ns[AT_B].vrf = "blue";
	t->listener = conn_listen(&bed->ns[AT_B], &bed->server);
	t->fd = conn_connect(t->c, &bed->a.local, &bed->server);
	t->accepted = conn_accept(t->listener);
	witness_forget(t->witness);
}

FIXTURE_SETUP(twins)
{
	struct twins *t = &self->t;

	NEED_SCENE(&t->scene, "twins", variant->family);
	t->c = &t->scene.bed.ns[AT_M];
	t->witness = &t->scene.witness[AT_M];
	finject_rules(t->scene.judge,
		      "add id=1 seg=fin1 iif=fj0 nth=1 dir=in reset=both");
	scene_connect(&t->scene);
	connect_blue(t);
}

FIXTURE_TEARDOWN(twins)
{
	conn_close(&self->t.fd);
	conn_close(&self->t.accepted);
	conn_close(&self->t.listener);
	EXPECT_SCENE_BALANCED(&self->t.scene);
}

BED_TEST(twins, apart)
{
	struct twins *t = &self->t;
	struct end *a = &t->scene.bed.a, *b = &t->scene.bed.b;

	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, GONE));
	EXPECT_EQ(ECONNRESET, conn_error(a->fd));
	EXPECT_EQ(ECONNRESET, conn_error(b->fd));
	EXPECT_EQ(2, finject_total(t->scene.judge, "resets"));
	EXPECT_EQ(0, end_count(a, "RetransSegs"));

	/* the blue connection still stands, and has received nothing of it */
	EXPECT_EQ(0, witness_count(t->witness, "fj0", &b->local, FRAME_RST));
	conn_write(t->fd, "are you there?");
	EXPECT_LT(0, conn_read(t->accepted, PATIENCE));
	conn_write(t->accepted, "yes");
	EXPECT_LT(0, conn_read(t->fd, PATIENCE));
	EXPECT_EQ(0, conn_error(t->fd));
	EXPECT_NOTHING_STRANGE(&t->scene);
}

TEST_HARNESS_MAIN
