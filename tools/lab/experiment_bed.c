// SPDX-License-Identifier: GPL-2.0-only
/*
 * The namespaces of a scenario. Each ends with its last file descriptor, also
 * when the process is killed.
 */
#include <sys/socket.h>

#include "cable.h"
#include "experiment_bed.h"
#include "link.h"
#include "refuse.h"

static const struct cable direct[2] = {
	{ "192.0.2.1", "192.0.2.2", 24 },
	{ "2001:db8::1", "2001:db8::2", 64 },
};

static const struct cable to_router[2] = {
	{ "192.0.2.1", "192.0.2.254", 24 },
	{ "2001:db8:1::1", "2001:db8:1::fe", 64 },
};

static const struct cable from_router[2] = {
	{ "198.51.100.254", "198.51.100.2", 24 },
	{ "2001:db8:2::fe", "2001:db8:2::2", 64 },
};

static int pair_open(struct experiment *run)
{
	const struct cable *cable = &direct[run->family == AF_INET6];

	run->hosts = 2;
	return cable_end_new(&run->ns[HOST_A]) ||
	       cable_end_new(&run->ns[HOST_B]) ||
	       cable_lay(&run->ns[HOST_A], "a", &run->ns[HOST_B], "b", cable) ||
	       addr_set(&run->at[HOST_A], cable->near, 0) ||
	       addr_set(&run->at[HOST_B], cable->far, 0);
}

static int loopback_open(struct experiment *run)
{
	const char *at = run->family == AF_INET6 ? "::1" : "127.0.0.1";

	run->hosts = 2;
	return ns_new(&run->ns[HOST_A]) ||
	       link_up(&run->ns[HOST_A], "lo") ||
	       ns_share(&run->ns[HOST_B], &run->ns[HOST_A]) ||
	       addr_set(&run->at[HOST_A], at, 0) ||
	       addr_set(&run->at[HOST_B], at, 0);
}

static int forward(const struct experiment *run)
{
	const struct ns *ns = &run->ns[HOST_ROUTER];

	return ns_sysctl(ns, run->family == AF_INET6 ?
			 "net/ipv6/conf/all/forwarding" :
			 "net/ipv4/conf/all/forwarding", "1");
}

static int route(const struct experiment *run, enum host end, const char *via)
{
	return link_route(&run->ns[end],
			  run->family == AF_INET6 ? "::" : "0.0.0.0", 0, via);
}

static int router_open(struct experiment *run)
{
	bool six = run->family == AF_INET6;
	struct ns *a = &run->ns[HOST_A], *b = &run->ns[HOST_B];
	struct ns *r = &run->ns[HOST_ROUTER];

	run->hosts = 3;
	return cable_end_new(a) || cable_end_new(b) || cable_end_new(r) || forward(run) ||
	       cable_lay(a, "a", r, "ra", &to_router[six]) ||
	       cable_lay(r, "rb", b, "b", &from_router[six]) ||
	       route(run, HOST_A, to_router[six].far) ||
	       route(run, HOST_B, from_router[six].near) ||
	       addr_set(&run->router, to_router[six].far, 0) ||
	       addr_set(&run->at[HOST_A], to_router[six].near, 0) ||
	       addr_set(&run->at[HOST_B], from_router[six].far, 0);
}

/**
 * experiment_bed_open() - make the namespaces of a scenario, and connect them
 * @run: the run; to be closed also after a failure
 *
 * Return: 0, or not 0 after a sentence.
 */
int experiment_bed_open(struct experiment *run)
{
	switch (run->scenario->bed) {
	case BED_PAIR:
		return pair_open(run);
	case BED_LOOPBACK:
		return loopback_open(run);
	case BED_ROUTER:
		return router_open(run);
	case BEDS:
		break;
	}
	return REFUSED;
}
