// SPDX-License-Identifier: GPL-2.0-only
/*
 * A RST that finject makes for the sender of a segment takes the route that the
 * stack of the other end would have taken.
 *
 * 1. it follows routes that depend on the source address
 * 2. it never leaves unprotected where an IPsec policy protects the connection
 * 3. `resets` counts exactly the RSTs that were sent
 */
#include <errno.h>

#include "harness.h"
#include "site.h"

FIXTURE(routes)
{
	struct scene scene;
};

FIXTURE_VARIANT(routes)
{
	const char *site;
	int family;
	enum site_ns at;
	const char *hook;
	bool certain;		/* there is a route */
};

BED_VARIANTS(routes, policy_, .site = "policy", .at = AT_B, .hook = PRE,
	     .certain = true);
BED_VARIANTS(routes, transport_at_sender_, .site = "xfrm_transport", .at = AT_A,
	     .hook = POST);
BED_VARIANTS(routes, transport_, .site = "xfrm_transport", .at = AT_B,
	     .hook = PRE);
BED_VARIANTS(routes, tunnel_at_sender_, .site = "xfrm_tunnel", .at = AT_A,
	     .hook = POST);
BED_VARIANTS(routes, tunnel_, .site = "xfrm_tunnel", .at = AT_B, .hook = PRE);

FIXTURE_SETUP(routes)
{
	NEED_SCENE(&self->scene, variant->site, variant->family);
}

FIXTURE_TEARDOWN(routes)
{
	EXPECT_SCENE_BALANCED(&self->scene);
}

BED_TEST(routes, reset_sender)
{
	struct scene *scene = &self->scene;
	struct ns *at = &scene->bed.ns[variant->at];
	struct end *a = &scene->bed.a;
	long resets;

	finject_rules(at, "add id=1 seg=fin1 hook=%s reset=sender",
		      variant->hook);
	scene_connect(scene);
	conn_shut(a->fd);
	EXPECT_SOON(finject_rule(at, 1, "fired") >= 1);
	clock_rest(50 * MSEC);
	resets = finject_total(at, "resets");
	EXPECT_EQ(resets, intake_count(&scene->intake[0], &a->remote,
				       FRAME_RST));
	EXPECT_EQ(1, resets + finject_total(at, "resets_refused"));
	if (variant->certain)
		EXPECT_EQ(1, resets);
	EXPECT_EQ(resets ? GONE : FIN_WAIT1, end_state(a));
	EXPECT_EQ(resets ? ECONNRESET : 0, conn_error(a->fd));
	EXPECT_NOTHING_STRANGE(scene);
}

TEST_HARNESS_MAIN
