// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link header of an incoming segment, which filters behind finject may
 * match: B's filter accepts only A's link address, and drops all other segments
 * of the connection. So the header must be present, with A's address, on
 *
 * 1. copies
 * 2. a RST in place of the segment
 * 3. the data split off before a FIN in a GSO packet, and the FIN itself
 */
#include <stdio.h>

#include "bulk.h"
#include "harness.h"
#include "link.h"
#include "witness.h"

FIXTURE(header)
{
	struct bed bed;
	struct intake intake;
	struct bulk bulk;
};

FIXTURE_VARIANT(header)
{
	int family;
};

BED_VARIANTS(header, ip);

/* Return false without nftables. */
static bool be_choosy(struct bed *bed, int family)
{
	char mac[18], command[512];

	link_mac(bed->a.ns, "fj0", mac);
	snprintf(command, sizeof(command),
		 "nft 'table %s t { chain c { type filter hook input priority 0; "
		 "ether saddr %s accept; tcp dport %d counter drop; }; }'",
		 family == AF_INET ? "ip" : "ip6", mac, BED_PORT);
	return !ns_run(bed->b.ns, command);
}

static bool filtered(struct bed *bed)
{
	return ns_run(bed->b.ns, "nft list ruleset | grep -q 'packets 0 '");
}

FIXTURE_SETUP(header)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, variant->family);
	if (!be_choosy(&self->bed, variant->family))
		SKIP_SETUP("no nft, or no CONFIG_NF_TABLES");
	bulk_small_window(&self->bed);
	intake_open(&self->intake, self->bed.b.ns, variant->family);
}

FIXTURE_TEARDOWN(header)
{
	EXPECT_FALSE(filtered(&self->bed));
	intake_close(&self->intake);
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(header, copies)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(b->ns, "add seg=fin1 nth=1 dir=in duplicate=3");
	bed_connect(&self->bed);
	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	EXPECT_SOON(intake_count(&self->intake, &a->local, FRAME_FIN) == 4);
}

BED_TEST(header, reset)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(b->ns, "add seg=fin1 nth=1 dir=in reset=receiver");
	bed_connect(&self->bed);
	intake_forget(&self->intake);
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_EQ(1, intake_count(&self->intake, &a->local, FRAME_RST));
	EXPECT_EQ(0, end_count(a, "RetransSegs"));
}

static void send_bulk(struct __test_metadata *_metadata, struct bed *bed,
		      struct bulk *bulk, const char *rule)
{
	finject_rules(bed->b.ns, "add id=1 seg=fin1 dir=in %s", rule);
	bed_connect(bed);
	bulk_fill(bulk, bed->a.fd);
	conn_shut(bed->a.fd);
	EXPECT_SOON(!bulk_drain(bulk, bed->b.fd));
	EXPECT_EQ(bulk->sent, bulk->got);
}

BED_TEST(header, unfired)
{
	send_bulk(_metadata, &self->bed, &self->bulk, "nth=100 drop");
	EXPECT_EQ(0, end_count(&self->bed.a, "RetransSegs"));
}

/* All data but that on the FIN's wire segment arrives at the first try. */
BED_TEST(header, split)
{
	send_bulk(_metadata, &self->bed, &self->bulk, "nth=1 drop");
	EXPECT_EQ(1, end_count(&self->bed.a, "RetransSegs"));
	EXPECT_EQ(1, finject_rule(self->bed.b.ns, 1, "dropped"));
}

BED_TEST(header, split_copied)
{
	send_bulk(_metadata, &self->bed, &self->bulk, "nth=1 duplicate=3");
	EXPECT_EQ(0, end_count(&self->bed.a, "RetransSegs"));
	EXPECT_SOON(intake_count(&self->intake, &self->bed.a.local,
				 FRAME_FIN) == 4);
}

TEST_HARNESS_MAIN
