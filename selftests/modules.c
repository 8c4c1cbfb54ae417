// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other modules are unloaded while a segment is parked: rmmod neither crashes
 * nor hangs, and the segment has an outcome.
 *
 * 1. br_netfilter, through which the segment would continue
 * 2. nf_conntrack, which has an entry that the segment refers to
 *
 * Either the module is in use, and can be unloaded when the segment is
 * released; or it is unloaded at once, and the segment is released or purged.
 * Without conntrack the segment may also stay parked.
 */
#include <dirent.h>
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "link.h"
#include "module.h"

/**
 * struct held - a held FIN
 * @judge: the namespace that holds it
 * @fd: both ends of its connection, the sender first
 * @listener: the socket that accepted it
 */
struct held {
	const struct ns *judge;
	int fd[2];
	int listener;
};

static void hold_fin(struct __test_metadata *_metadata, struct held *held,
		     const struct ns *from, const struct ns *to)
{
	struct addr server;

	addr_set(&server, "10.7.2.1", 9090);
	finject_rules(held->judge, "add id=1 seg=fin1 nth=1 hold=x max=3600s\n"
		      "add id=2 seg=fin1 nth=2- drop\n");
	held->listener = conn_listen(to, &server);
	held->fd[0] = conn_connect(from, NULL, &server);
	held->fd[1] = conn_accept(held->listener);
	conn_shut(held->fd[0]);
	ASSERT_SOON(finject_total(held->judge, "parked") == 1);
}

static bool at_eof(const struct held *held)
{
	return conn_read(held->fd[1], SEC) == CONN_EOF;
}

static void let_go(struct __test_metadata *_metadata, const struct held *held)
{
	EXPECT_EQ(0, finject_write(held->judge, "held", "release all"));
	EXPECT_TRUE(at_eof(held));
}

/* Remove a module in a child: the call may never return. */
static pid_t start_removal(const char *module)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid)
		_exit(-module_remove(module));
	return pid;
}

static bool has_ended(pid_t pid, int *error)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) != pid)
		return false;
	*error = -WEXITSTATUS(status);
	return true;
}

/* Return the result of rmmod. After a second fail, and drop the segment. */
static int remove_while_held(struct __test_metadata *_metadata,
			     const struct held *held, const char *module)
{
	pid_t pid = start_removal(module);
	bool ended;
	int error;

	ended = WAIT_FOR(has_ended(pid, &error), SEC);
	EXPECT_TRUE(ended)
		TH_LOG("rmmod %s does not return", module);
	if (!ended) {
		finject_write(held->judge, "held", "drop all");
		ASSERT_SOON(has_ended(pid, &error));
	}
	if (error) {
		EXPECT_EQ(-EWOULDBLOCK, error);
		EXPECT_EQ(1, finject_total(held->judge, "parked"));
	}
	return error;
}

/* The segment has one outcome, and B has it if it was released. (B may have a
 * retransmission: none is held where the hooks are gone with the module.)
 */
static void expect_fate(struct __test_metadata *_metadata,
			const struct held *held)
{
	bool released = finject_total(held->judge, "released");

	EXPECT_EQ(1, finject_total(held->judge, "parked") +
		     finject_total(held->judge, "purged") + released);
	EXPECT_TRUE(!released || at_eof(held));
}

FIXTURE(bridge)
{
	struct ns a, b, bridge;
	struct held held;
};

static const char * const make_bridge[] = {
	"modprobe br_netfilter",
	"ip link add br0 type bridge",
	"ip link set left master br0",
	"ip link set right master br0",
	"ip link set br0 up",
	"echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables",
};

FIXTURE_SETUP(bridge)
{
	bool missing = false;
	size_t i;

	NEED_FINJECT();
	ns_new(&self->a);
	ns_new(&self->b);
	ns_new(&self->bridge);
	link_veth(&self->a, "fj0", &self->bridge, "left");
	link_veth(&self->b, "fj0", &self->bridge, "right");
	link_up(&self->bridge, "left");
	link_up(&self->bridge, "right");
	link_up(&self->a, "fj0");
	link_up(&self->b, "fj0");
	link_addr(&self->a, "fj0", "10.7.1.1", 16);
	link_addr(&self->b, "fj0", "10.7.2.1", 16);
	self->held.judge = &self->bridge;
	for (i = 0; i < ARRAY_SIZE(make_bridge) && !missing; i++)
		missing = ns_run(&self->bridge, make_bridge[i]);
	if (missing || module_count("br_netfilter") < 0)
		SKIP_SETUP("no bridge, or br_netfilter is no module");
}

FIXTURE_TEARDOWN(bridge)
{
	const char *unbalanced = finject_unbalanced(&self->bridge);

	EXPECT_EQ(NULL, unbalanced)
		TH_LOG("out of balance: %s", unbalanced);
}

BED_TEST(bridge, goes)
{
	struct held *held = &self->held;

	hold_fin(_metadata, held, &self->a, &self->b);
	if (remove_while_held(_metadata, held, "br_netfilter")) {
		let_go(_metadata, held);
		EXPECT_SOON(!module_remove("br_netfilter"));
		return;
	}
	/* a segment still parked would continue in unloaded code */
	EXPECT_EQ(0, finject_total(held->judge, "parked"));
	EXPECT_EQ(0, finject_write(held->judge, "held", "drop all"));
	expect_fate(_metadata, held);
}

FIXTURE(conntrack)
{
	struct bed bed;
	struct held held;
};

static const char track[] =
	"nft 'table ip t { chain c { type filter hook output priority 0; ct state new; }; }'";

FIXTURE_SETUP(conntrack)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
	self->held.judge = self->bed.a.ns;
	if (ns_run(self->bed.a.ns, track) || module_count("nf_conntrack") < 0)
		SKIP_SETUP("no nft, or conntrack is no module");
}

FIXTURE_TEARDOWN(conntrack)
{
	EXPECT_BALANCED(&self->bed);
}

/* Modules that may use conntrack, each before those it depends on. */
static const char * const users[] = {
	"nft_ct", "nft_masq", "nft_redir", "nft_nat", "nft_chain_nat", "nf_nat",
	"nf_conntrack_netlink", "nf_flow_table_inet", "nft_flow_offload",
	"nf_flow_table",
};

static bool has_users(const char *module)
{
	struct dirent *entry;
	bool found = false;
	char path[128];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/module/%s/holders", module);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		found |= entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return found;
}

BED_TEST(conntrack, goes)
{
	struct held *held = &self->held;
	size_t i;

	hold_fin(_metadata, held, self->bed.a.ns, self->bed.b.ns);
	EXPECT_EQ(0, ns_run(self->bed.a.ns, "nft flush ruleset"));
	for (i = 0; i < ARRAY_SIZE(users); i++)
		WAIT_FOR(module_count(users[i]) < 0 ||
			 !module_remove(users[i]), SEC);
	if (has_users("nf_conntrack"))
		SKIP(return, "somebody else uses conntrack");
	if (remove_while_held(_metadata, held, "nf_conntrack")) {
		let_go(_metadata, held);
		EXPECT_SOON(!module_remove("nf_conntrack"));
		return;
	}
	expect_fate(_metadata, held);
	if (finject_total(held->judge, "parked"))
		let_go(_metadata, held);
}

TEST_HARNESS_MAIN
