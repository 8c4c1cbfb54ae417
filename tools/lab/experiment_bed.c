// SPDX-License-Identifier: GPL-2.0-only
/*
 * The namespaces of a scenario, and a process in one. Each ends with its last file descriptor, also
 * when the process is killed.
 */
#include <stdio.h>
#include <sys/socket.h>

#include "cable.h"
#include "experiment_bed.h"
#include "link.h"
#include "proxy.h"
#include "refuse.h"

enum { PORT = 8080 };

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

/* Commands of a bed, each of which must succeed. Without them it is skipped. */
static int bed_sh(struct experiment *run, const struct ns *ns,
		  const char *without, const char *variables,
		  const char *commands)
{
	char text[1024];

	snprintf(text, sizeof(text), "exec >/dev/null\nset -e\n%s\n%s",
		 variables, commands);
	if (!ns_run(ns, text))
		return 0;
	experiment_skip(run, NULL, "there is no %s here", without);
	return REFUSED;
}

/* What leaves towards B has R's address; 8080 at R's address is 8080 at B. */
static int nat_open(struct experiment *run)
{
	static const char commands[] =
		"nft add table $ip nat\n"
		"nft add chain $ip nat pre '{ type nat hook prerouting priority -100; }'\n"
		"nft add chain $ip nat post '{ type nat hook postrouting priority 100; }'\n"
		"nft add rule $ip nat pre iifname ra $ip daddr $router tcp dport 8080 dnat to $b\n"
		"nft add rule $ip nat post oifname rb ct status dnat accept\n"
		"nft add rule $ip nat post oifname rb masquerade\n";
	bool six = run->family == AF_INET6;
	char variables[128];

	snprintf(variables, sizeof(variables), "ip=%s router=%s b=%s",
		 six ? "ip6" : "ip", to_router[six].far, from_router[six].far);
	return router_open(run) ||
	       bed_sh(run, &run->ns[HOST_ROUTER], "NAT (nft, nf_nat)",
		      variables, commands);
}

/* One host: what A sends to an address outside is redirected to B. */
static int redirect_open(struct experiment *run)
{
	static const char commands[] =
		"ip link add out type veth peer name nowhere\n"
		"ip addr add $a dev out $nodad\n"
		"ip link set dev out arp off up\n"
		"ip link set dev nowhere up\n"
		"ip $family route add default via $gateway\n"
		"nft add table $ip nat\n"
		"nft add chain $ip nat out '{ type nat hook output priority -100; }'\n"
		"nft add rule $ip nat out $ip daddr $outside tcp dport 8080 redirect\n";
	bool six = run->family == AF_INET6;
	const char *outside = six ? "2001:db8:2::80" : "198.51.100.80";
	const struct cable *cable = &direct[six];
	char variables[192];

	snprintf(variables, sizeof(variables),
		 "%s a=%s/%d gateway=%s outside=%s",
		 six ? "ip=ip6 family=-6 nodad=nodad" : "ip=ip family=-4 nodad=",
		 cable->near, cable->prefix, cable->far, outside);
	return loopback_open(run) ||
	       bed_sh(run, &run->ns[HOST_A], "redirection (ip, nft, nf_nat)",
		      variables, commands) ||
	       addr_set(&run->at[HOST_A], cable->near, 0) ||
	       addr_set(&run->to[HOST_B], outside, 0);
}

/* B's end of the cable is in a VRF; it has to be before it has addresses. */
static int vrf_open(struct experiment *run)
{
	const struct cable *cable = &direct[run->family == AF_INET6];
	struct ns *a = &run->ns[HOST_A], *b = &run->ns[HOST_B];

	run->hosts = 2;
	if (cable_end_new(a) || cable_end_new(b) ||
	    link_veth(a, "a", b, "b") ||
	    bed_sh(run, b, "VRF (ip, CONFIG_NET_VRF)", "",
		   "ip link add red type vrf table 10\n"
		   "ip link set dev red up\n"
		   "ip link set dev b master red\n") ||
	    cable_connect(a, "a", b, "b", cable))
		return REFUSED;
	b->vrf = "red";
	return addr_set(&run->at[HOST_A], cable->near, 0) ||
	       addr_set(&run->at[HOST_B], cable->far, 0);
}

/* R does not route: it relays connections. */
static int proxy_open(struct experiment *run)
{
	bool six = run->family == AF_INET6;
	struct ns *a = &run->ns[HOST_A], *b = &run->ns[HOST_B];
	struct ns *r = &run->ns[HOST_ROUTER];
	struct addr at, to;

	run->hosts = 3;
	if (cable_end_new(a) || cable_end_new(b) || cable_end_new(r) ||
	    cable_lay(a, "a", r, "ra", &to_router[six]) ||
	    cable_lay(r, "rb", b, "b", &from_router[six]) ||
	    addr_set(&run->router, to_router[six].far, 0) ||
	    addr_set(&run->at[HOST_A], to_router[six].near, 0) ||
	    addr_set(&run->at[HOST_B], from_router[six].far, 0) ||
	    addr_set(&at, to_router[six].far, PORT) ||
	    addr_set(&to, from_router[six].far, PORT))
		return REFUSED;
	run->to[HOST_B] = run->router;
	run->helper = proxy_start(r, &at, &to);
	return run->helper < 0 ? REFUSED : 0;
}

static int (* const opens[BEDS])(struct experiment *run) = {
	[BED_PAIR] = pair_open,
	[BED_LOOPBACK] = loopback_open,
	[BED_ROUTER] = router_open,
	[BED_NAT] = nat_open,
	[BED_REDIRECT] = redirect_open,
	[BED_VRF] = vrf_open,
	[BED_PROXY] = proxy_open,
};

/**
 * experiment_bed_open() - make the namespaces of a scenario, and connect them
 * @run: the run; to be closed also after a failure
 *
 * Return: 0, or not 0 after a sentence; also when the machine cannot build it,
 * which @run then says.
 */
int experiment_bed_open(struct experiment *run)
{
	if (opens[run->scenario->bed](run))
		return REFUSED;
	for (int end = HOST_A; end <= HOST_B; end++)
		if (!run->to[end].len)
			run->to[end] = run->at[end];
	return DONE;
}

/**
 * experiment_bed_close() - end the process of a bed
 * @run: the run
 *
 * The namespaces end with their last file descriptor.
 */
void experiment_bed_close(struct experiment *run)
{
	if (run->helper > 0)
		proxy_stop(run->helper);
	run->helper = 0;
}
