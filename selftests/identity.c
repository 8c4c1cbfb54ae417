// SPDX-License-Identifier: GPL-2.0-only
/*
 * A host that translates addresses or ports sees a connection under several
 * tuples. It is one flow: wherever its segments and its sockets are seen,
 *
 * 1. they have the number of one flow, and each wave has its class
 * 2. a rule for fin1 or for fin2 fires once for nth=1, and the end that sent that
 *    FIN, and no other, sends it again
 * 3. the flow is over when the connection is, and shows both of conntrack's
 *    tuples
 *
 * whichever end closes first, and whether the rule is for in or for out. Two
 * connections that have the same tuple at once are two flows.
 */
#include <stdio.h>

#include "harness.h"
#include "site.h"

enum { ACK_MS = 45 };	/* an ACK may be a delayed one */

FIXTURE(identity)
{
	struct scene scene;
};

FIXTURE_VARIANT(identity)
{
	const char *site;
	int family;
	bool translated;
};

#define PLACE(name, is) \
	BED_VARIANTS(identity, name##_, .site = #name, .translated = is)

PLACE(veth, false);
PLACE(tproxy, false);
PLACE(redirect, true);
PLACE(dnat, true);
PLACE(masquerade, true);
PLACE(service, true);
PLACE(ipvs_conntrack, true);

FIXTURE_SETUP(identity)
{
	NEED_SCENE(&self->scene, variant->site, variant->family);
}

FIXTURE_TEARDOWN(identity)
{
	EXPECT_SCENE_BALANCED(&self->scene);
}

/* Close one end, then the other. */
static void close_ends(struct __test_metadata *_metadata, struct end *first,
		       struct end *second)
{
	conn_shut(first->fd);
	EXPECT_EQ(CONN_EOF, conn_read(second->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(first, FIN_WAIT2));
	conn_shut(second->fd);
	EXPECT_EQ(CONN_EOF, conn_read(first->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(second, GONE));
	EXPECT_EQ(TIME_WAIT, end_state(first));
}

/* Return the flow of all records, or 0 when there are several, or none. */
static __u64 only_flow(struct events *ev)
{
	size_t i;

	events_pump(ev);
	for (i = 1; i < ev->count; i++)
		if (ev->list[i].flow != ev->list[0].flow)
			return 0;
	return ev->count ? ev->list[0].flow : 0;
}

static void expect_waves(struct __test_metadata *_metadata, struct events *ev)
{
	static const enum class waves[] = { FIN1, ACK1, FIN2, ACK2 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(waves); i++)
		EXPECT_TRUE(events_seg(ev, PRE, waves[i], 1) ||
			    events_seg(ev, POST, waves[i], 1))
			TH_LOG("no %s", class_names[waves[i]]);
}

/* The socket of an end in the namespace of the rules is told of as well. */
static void expect_path(struct __test_metadata *_metadata, struct scene *scene,
			const struct end *end, const char *path)
{
	struct events *ev = scene_events(scene);

	if (end->ns != scene->judge)
		return;
	(void)WAIT_FOR(!strcmp(path, events_path(ev, &end->local)), PATIENCE);
	EXPECT_STREQ(path, events_path(ev, &end->local));
}

static void expect_flow(struct __test_metadata *_metadata,
			const struct ns *ns, __u64 id, bool translated)
{
	char number[32], text[160];
	struct record rec;

	snprintf(number, sizeof(number), "%llu", (unsigned long long)id);
	ASSERT_EQ(1, finject_record(ns, "flows", "flow", "id", number, &rec));
	EXPECT_STREQ("four", record_get(&rec, "shape", text, sizeof(text)));
	EXPECT_EQ(translated, !!strstr(rec.text, " conn="))
		TH_LOG("%s", rec.text);
	EXPECT_EQ(translated, !!strstr(rec.text, " reply="))
		TH_LOG("%s", rec.text);
	if (!translated)
		return;
	record_get(&rec, "conn", text, sizeof(text));
	EXPECT_STRNE(text, record_get(&rec, "reply", number, sizeof(number)));
}

static void expect_one_flow(struct __test_metadata *_metadata,
			    struct scene *scene, const struct end *first,
			    bool translated)
{
	struct bed *bed = &scene->bed;
	const struct end *second = first == &bed->a ? &bed->b : &bed->a;
	struct events *ev = scene_events(scene);
	__u64 id;

	expect_path(_metadata, scene, first, PATH_ACTIVE);
	expect_path(_metadata, scene, second, PATH_PASSIVE);
	id = only_flow(ev);
	EXPECT_NE(0, id);
	expect_waves(_metadata, ev);
	if (id)
		expect_flow(_metadata, scene->judge, id, translated);
}

BED_TEST(identity, four_waves)
{
	struct scene *scene = &self->scene;
	struct end *a = &scene->bed.a, *b = &scene->bed.b;

	finject_rules(scene->judge, "flush\nadd id=1 seg=rst nth=99 pass");
	scene_connect(scene);
	close_ends(_metadata, a, b);
	expect_one_flow(_metadata, scene, a, variant->translated);
	scene_connect(scene);
	close_ends(_metadata, b, a);
	expect_one_flow(_metadata, scene, b, variant->translated);
	EXPECT_NOTHING_STRANGE(scene);
}

/* Drop the first FIN of one end, where the rule sees it. */
static void lose(struct __test_metadata *_metadata, struct scene *scene,
		 struct end *first, enum class class, const char *dir)
{
	struct bed *bed = &scene->bed;
	struct end *second = first == &bed->a ? &bed->b : &bed->a;
	struct end *from = class == FIN1 ? first : second;
	struct end *to = class == FIN1 ? second : first;

	finject_rules(scene->judge, "flush\nadd id=1 seg=%s nth=1 %s drop",
		      class_names[class], dir);
	scene_connect(scene);
	close_ends(_metadata, first, second);
	EXPECT_EQ(1, finject_rule(scene->judge, 1, "fired"));
	EXPECT_EQ(1, events_verdicts(scene_events(scene), "drop", class));
	EXPECT_EQ(1, end_count(from, "RetransSegs"));
	if (from->ns != to->ns)
		EXPECT_EQ(0, end_count(to, "RetransSegs"));
	EXPECT_EQ(1, intake_count(&scene->intake[to == &bed->b],
				  &to->remote, FRAME_FIN));
	EXPECT_NE(0, only_flow(scene_events(scene)))
		TH_LOG("%s %s", class_names[class], dir);
	expect_waves(_metadata, scene_events(scene));
}

BED_TEST(identity, lost)
{
	static const char * const dirs[] = { "", "dir=in", "dir=out" };
	struct scene *scene = &self->scene;
	struct bed *bed = &scene->bed;
	struct end *end[] = { &bed->a, &bed->b };
	enum class class;
	size_t i, dir;

	for (i = 0; i < 2; i++)
		for (class = FIN1; class <= FIN2; class += FIN2 - FIN1)
			for (dir = 0; dir < ARRAY_SIZE(dirs); dir++) {
				/* an end of the rules' own has one direction */
				if (dir && (bed->a.ns == scene->judge ||
					    bed->b.ns == scene->judge))
					continue;
				lose(_metadata, scene, end[i], class, dirs[dir]);
			}
	EXPECT_NOTHING_STRANGE(scene);
}

/* A rule asks for the port that the segment has at the hook, and at no other. */
BED_TEST(identity, wire)
{
	struct scene *scene = &self->scene;
	bool behind = !strcmp(variant->site, "service");
	int port = behind ? BED_PORT : addr_port(&scene->bed.server);

	finject_rules(scene->judge,
		      "flush\nadd id=1 seg=fin1 port=%d pass\nadd id=2 seg=fin1 port=%d pass",
		      port, port == BED_PORT ? 9090 : BED_PORT);
	scene_connect(scene);
	close_ends(_metadata, &scene->bed.a, &scene->bed.b);
	EXPECT_EQ(1, finject_rule(scene->judge, 1, "fired"));
	EXPECT_EQ(0, finject_rule(scene->judge, 2, "matched"));
}

/* A proxy beside the application: both ends are here, and both translated. */
FIXTURE(sidecar)
{
	struct bed bed;
};

FIXTURE_VARIANT(sidecar)
{
	int family;
};

BED_VARIANTS(sidecar, lo);

FIXTURE_SETUP(sidecar)
{
	struct bed *bed = &self->bed;

	NEED_FINJECT();
	bed_open(bed, LOOPBACK, variant->family);
	if (ns_run(&bed->ns[0], "nft -f - <<E\n"
		   "table inet t { chain c { type nat hook output priority -100;\n"
		   "tcp dport 9090 redirect to :8080; }; }\nE\n"))
		SKIP_SETUP("no redirect here (CONFIG_NFT_REDIR)");
	addr_set_port(&bed->server, 9090);
	bed_connect(bed);
}

FIXTURE_TEARDOWN(sidecar)
{
	EXPECT_BALANCED(&self->bed);
}

static void expect_sidecar(struct __test_metadata *_metadata,
			   struct bed *bed, const struct end *first,
			   const struct end *second)
{
	__u64 id;

	EXPECT_PATH(PATH_ACTIVE, first);
	EXPECT_PATH(PATH_PASSIVE, second);
	id = only_flow(bed->a.ev);
	ASSERT_NE(0, id);
	expect_waves(_metadata, bed->a.ev);
	EXPECT_EQ(1, events_count(bed->a.ev, POST, FIN2));
	EXPECT_EQ(1, events_count(bed->a.ev, PRE, FIN2));
	expect_flow(_metadata, &bed->ns[0], id, true);
}

BED_TEST(sidecar, four_waves)
{
	struct bed *bed = &self->bed;

	close_ends(_metadata, &bed->a, &bed->b);
	expect_sidecar(_metadata, bed, &bed->a, &bed->b);
	bed_reconnect(bed, false);
	close_ends(_metadata, &bed->b, &bed->a);
	expect_sidecar(_metadata, bed, &bed->b, &bed->a);
}

BED_TEST(sidecar, lost)
{
	static const char * const seg[] = { "fin1", "fin2" };
	static const char * const hook[] = {
		"", "dir=in", "hook=output", "hook=input",
	};
	struct bed *bed = &self->bed;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(seg); i++)
		for (at = 0; at < ARRAY_SIZE(hook); at++) {
			finject_rules(&bed->ns[0],
				      "flush\nadd id=1 seg=%s nth=1 %s drop",
				      seg[i], hook[at]);
			bed_reconnect(bed, false);
			close_ends(_metadata, &bed->a, &bed->b);
			EXPECT_EQ(1, finject_rule(&bed->ns[0], 1, "fired"))
				TH_LOG("%s %s", seg[i], hook[at]);
			EXPECT_EQ(1, end_count(&bed->a, "RetransSegs"));
			EXPECT_NE(0, only_flow(bed->a.ev));
		}
}

/* The record tells the connection where the hook shows another tuple. */
BED_TEST(sidecar, conn)
{
	struct bed *bed = &self->bed;
	const struct event *fin;
	char conn[2 * ADDR_TEXT];

	close_ends(_metadata, &bed->a, &bed->b);
	snprintf(conn, sizeof(conn), "%s-%s", bed->a.local.text,
		 bed->a.remote.text);
	fin = events_seg(bed->a.ev, POST, FIN1, 1);
	ASSERT_NE(NULL, fin);
	EXPECT_STREQ(conn, fin->conn);
	EXPECT_STREQ(bed->a.local.text, fin->src);
	fin = events_seg(bed->a.ev, POST, FIN2, 1);
	ASSERT_NE(NULL, fin);
	EXPECT_STREQ("", fin->conn);
	EXPECT_STREQ(bed->a.remote.text, fin->src);
}

/**
 * struct pair - two connections with the same tuple at once
 * @scene: the place, where the rules and B are in one namespace
 * @c: the namespace of the second client
 * @fd: its connection
 * @accepted: the other end of that
 * @listener: the socket that @accepted came from, if not B's
 */
struct pair {
	struct scene scene;
	struct ns *c;
	int fd, accepted, listener;
};

/* Close the two connections wave by wave, so that they alternate. */
static void close_pair(struct __test_metadata *_metadata, struct pair *pair)
{
	struct end *a = &pair->scene.bed.a, *b = &pair->scene.bed.b;

	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	conn_shut(pair->fd);
	EXPECT_EQ(CONN_EOF, conn_read(pair->accepted, PATIENCE));
	clock_rest(ACK_MS * MSEC);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_shut(b->fd);
	EXPECT_EQ(CONN_EOF, conn_read(a->fd, PATIENCE));
	conn_shut(pair->accepted);
	EXPECT_EQ(CONN_EOF, conn_read(pair->fd, PATIENCE));
}

FIXTURE(vrfs)
{
	struct pair pair;
};

FIXTURE_VARIANT(vrfs)
{
	int family;
};

BED_VARIANTS(vrfs, ip);

FIXTURE_SETUP(vrfs)
{
	struct pair *pair = &self->pair;
	struct bed *bed = &pair->scene.bed;

	NEED_SCENE(&pair->scene, "twins", variant->family);
	pair->c = &bed->ns[AT_M];
	scene_connect(&pair->scene);
	bed->ns[AT_B].vrf = "blue";
	pair->listener = conn_listen(&bed->ns[AT_B], &bed->server);
	pair->fd = conn_connect(pair->c, &bed->a.local, &bed->server);
	pair->accepted = conn_accept(pair->listener);
	bed->ns[AT_B].vrf = "red";
}

FIXTURE_TEARDOWN(vrfs)
{
	conn_close(&self->pair.fd);
	conn_close(&self->pair.accepted);
	conn_close(&self->pair.listener);
	EXPECT_SCENE_BALANCED(&self->pair.scene);
}

BED_TEST(vrfs, two_flows)
{
	struct scene *scene = &self->pair.scene;
	struct events *ev = scene_events(scene);

	finject_rules(scene->judge,
		      "flush\nadd id=1 seg=fin2 nth=1 drop\nadd id=2 seg=fin1 nth=1 drop");
	close_pair(_metadata, &self->pair);
	EXPECT_EQ(2, finject_rule(scene->judge, 1, "fired"));
	EXPECT_EQ(2, finject_rule(scene->judge, 2, "fired"));
	EXPECT_EQ(2, end_count(&scene->bed.b, "RetransSegs"));
	EXPECT_EQ(1, end_count(&scene->bed.a, "RetransSegs"));
	EXPECT_EQ(2, finject_record(scene->judge, "flows", "flow", "shape",
				    "four", NULL));
	EXPECT_SOON(events_count(ev, PRE, ACK2) == 2);
}

/*
 * Two customers of a router have the same address. Their connections are apart
 * by the zones of the devices by which they come, and B sees an address for
 * each.
 */
static const char zones[] =
	"set -e\n"
	"ip link add left1 type veth peer name fj0 netns $A\n"
	"ip link add left2 type veth peer name fj0 netns $C\n"
	"ip link add right type veth peer name fj0 netns $B\n"
	"for d in left1 left2; do\n"
	"ip addr add 10.7.1.254/24 dev $d; ip link set $d up; done\n"
	"ip addr add 10.7.2.254/24 dev right; ip link set right up\n"
	"echo 1 >/proc/sys/net/ipv4/ip_forward\n"
	"ip rule add fwmark 1 lookup 101; ip rule add fwmark 2 lookup 102\n"
	"for i in 1 2; do ip route add 10.7.1.0/24 dev left$i table 10$i\n"
	"ip route add 10.7.2.0/24 dev right table 10$i; done\n"
	"nft -f - <<E\n"
	"table ip t { chain a { type filter hook prerouting priority -300;\n"
	"iifname left1 ct zone set 1; iifname left2 ct zone set 2;\n"
	"ip daddr 10.7.2.101 ct zone set 1; ip daddr 10.7.2.102 ct zone set 2;\n"
	"}; chain b { type filter hook prerouting priority -150;\n"
	"meta mark set ct zone; }; chain c { type nat hook postrouting priority 100;\n"
	"oifname right mark 1 snat to 10.7.2.101; oifname right mark 2 snat to 10.7.2.102;\n"
	"}; }\nE\n";

static const char customer[] =
	"ip addr add 10.7.1.1/24 dev fj0; ip link set fj0 up\n"
	"ip route add default via 10.7.1.254\n";

static const char provider[] =
	"ip addr add 10.7.2.1/24 dev fj0; ip link set fj0 up\n"
	"ip route add 10.7.2.101 via 10.7.2.254\n"
	"ip route add 10.7.2.102 via 10.7.2.254\n";

FIXTURE(zones)
{
	struct pair pair;
	struct ns c;
};

static void name_ns(const char *name, const struct ns *ns)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), ns->fd);
	setenv(name, path, 1);
}

FIXTURE_SETUP(zones)
{
	struct pair *pair = &self->pair;
	struct bed *bed = &pair->scene.bed;

	NEED_FINJECT();
	bed_bare(bed, 3);
	ASSERT_EQ(0, ns_new(&self->c));
	name_ns("A", &bed->ns[AT_A]);
	name_ns("B", &bed->ns[AT_B]);
	name_ns("C", &self->c);
	if (ns_run(&bed->ns[AT_M], zones))
		SKIP_SETUP("no zones here (CONFIG_NF_CONNTRACK_ZONES)");
	ASSERT_EQ(0, ns_run(&bed->ns[AT_A], customer));
	ASSERT_EQ(0, ns_run(&self->c, customer));
	ASSERT_EQ(0, ns_run(&bed->ns[AT_B], provider));
	bed_serve(bed, &bed->ns[AT_B], "10.7.2.1");
	pair->c = &self->c;
	bed_connect(bed);
	pair->fd = conn_connect(pair->c, &bed->a.local, &bed->server);
	pair->accepted = conn_accept(bed->listener);
}

FIXTURE_TEARDOWN(zones)
{
	conn_close(&self->pair.fd);
	conn_close(&self->pair.accepted);
	EXPECT_BALANCED(&self->pair.scene.bed);
	ns_drop(&self->c);
}

static void expect_two_flows(struct __test_metadata *_metadata,
			     struct pair *pair, const char *rule)
{
	struct bed *bed = &pair->scene.bed;
	struct ns *m = &bed->ns[AT_M];

	finject_rules(m, "flush\nadd id=1 seg=%s nth=1 drop", rule);
	close_pair(_metadata, pair);
	EXPECT_EQ(2, finject_rule(m, 1, "fired"));
	EXPECT_SOON(events_count(&bed->ev[AT_M], PRE, ACK2) == 2);
	EXPECT_EQ(2, events_count(&bed->ev[AT_M], POST, ACK2));
	EXPECT_EQ(2, finject_record(m, "flows", "flow", "shape", "four", NULL));
}

BED_TEST(zones, two_flows)
{
	expect_two_flows(_metadata, &self->pair, "fin2");
	EXPECT_EQ(2, end_count(&self->pair.scene.bed.b, "RetransSegs"));
	EXPECT_EQ(0, end_count(&self->pair.scene.bed.a, "RetransSegs"));
}

BED_TEST(zones, two_flows_first_fin)
{
	expect_two_flows(_metadata, &self->pair, "fin1 dir=out");
	EXPECT_EQ(0, end_count(&self->pair.scene.bed.b, "RetransSegs"));
	EXPECT_EQ(1, end_count(&self->pair.scene.bed.a, "RetransSegs"));
}

/* A socket of the other family, whose packets are IPv4. */
FIXTURE(mapped)
{
	struct bed bed;
};

FIXTURE_SETUP(mapped)
{
	struct bed *bed = &self->bed;

	NEED_FINJECT();
	bed_open(bed, LOOPBACK, AF_INET);
	addr_set(&bed->server, "::ffff:127.0.0.1", BED_PORT);
	bed_connect(bed);
}

FIXTURE_TEARDOWN(mapped)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(mapped, one_flow)
{
	struct bed *bed = &self->bed;
	struct events *ev = bed->a.ev;

	finject_rules(&bed->ns[0], "add id=1 seg=fin2 nth=1 drop");
	conn_shut(bed->a.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->b.fd, PATIENCE));
	clock_rest(ACK_MS * MSEC);
	conn_shut(bed->b.fd);
	EXPECT_EQ(CONN_EOF, conn_read(bed->a.fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(&bed->ns[0], 1, "fired"));
	EXPECT_SOON(events_count(ev, PRE, ACK2) == 1);
	EXPECT_NE(0, only_flow(ev));
	EXPECT_NE(NULL, strstr(finject_read(&bed->ns[0], "flows"), "shape=four"));
}

TEST_HARNESS_MAIN
