// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "diag.h"
#include "fail.h"
#include "netlink.h"

const char * const state_names[STATES] = {
	[GONE] = "-",
	[ESTABLISHED] = "ESTABLISHED",
	[SYN_SENT] = "SYN_SENT",
	[SYN_RECV] = "SYN_RECV",
	[FIN_WAIT1] = "FIN_WAIT1",
	[FIN_WAIT2] = "FIN_WAIT2",
	[TIME_WAIT] = "TIME_WAIT",
	[CLOSED] = "CLOSE",
	[CLOSE_WAIT] = "CLOSE_WAIT",
	[LAST_ACK] = "LAST_ACK",
	[LISTEN] = "LISTEN",
	[CLOSING] = "CLOSING",
};

struct lookup {
	const struct addr *local, *remote;
	struct diag found;
};

static bool diag_is(const struct addr *addr, const __be32 *raw, __be16 port)
{
	size_t len;
	const void *want = addr_raw(addr, &len);

	return addr_port(addr) == ntohs(port) && !memcmp(raw, want, len);
}

static void diag_each(const struct nlmsghdr *msg, void *arg)
{
	const struct inet_diag_msg *sock = NLMSG_DATA(msg);
	struct lookup *lookup = arg;

	if (!diag_is(lookup->local, sock->id.idiag_src, sock->id.idiag_sport) ||
	    !diag_is(lookup->remote, sock->id.idiag_dst, sock->id.idiag_dport))
		return;
	lookup->found.state = sock->idiag_state;
	lookup->found.timer = sock->idiag_timer;
	lookup->found.expires = sock->idiag_expires;
	lookup->found.retransmits = sock->idiag_retrans;
	lookup->found.count++;
}

/**
 * diag_get - look at one end of a connection
 * @ns: its namespace
 * @local: its address
 * @remote: its peer's
 *
 * Return: what inet_diag says; state GONE when there is no such socket.
 */
struct diag diag_get(const struct ns *ns, const struct addr *local,
		     const struct addr *remote)
{
	struct lookup lookup = { .local = local, .remote = remote };
	struct inet_diag_req_v2 *req;
	struct netlink nl;
	int error;

	req = netlink_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, sizeof(*req));
	req->sdiag_family = local->sa.sa_family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = ~0U;
	ns_enter(ns);
	error = netlink_ask(NETLINK_SOCK_DIAG, &nl, diag_each, &lookup);
	ns_leave();
	if (error)
		fail("inet_diag (CONFIG_INET_TCP_DIAG): %s", strerror(-error));
	return lookup.found;
}

/**
 * diag_state - the state of one end of a connection
 * @ns: its namespace
 * @local: its address
 * @remote: its peer's
 *
 * Return: the state, GONE without a socket.
 */
enum state diag_state(const struct ns *ns, const struct addr *local,
		      const struct addr *remote)
{
	return diag_get(ns, local, remote).state;
}
