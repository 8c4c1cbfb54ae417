// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "diag.h"
#include "fail.h"
#include "netlink.h"

const char * const state_names[STATES] = {
	[GONE] = "-",
#define X(number, name) \
	[number] = #name,
	FINJECT_STATE_LIST(X, X)
#undef X
};

struct lookup {
	const struct addr *local, *remote;
	struct diag *found;
};

static bool diag_is(const struct addr *addr, const __be32 *raw, __be16 port)
{
	size_t len;
	const void *want = addr_raw(addr, &len);

	return addr_port(addr) == ntohs(port) && !memcmp(raw, want, len);
}

static void diag_fill(const struct nlmsghdr *msg, void *arg)
{
	const struct inet_diag_msg *sock = NLMSG_DATA(msg);
	struct diag *found = arg;

	found->state = sock->idiag_state;
	found->timer = sock->idiag_timer;
	found->expires = sock->idiag_expires;
	found->retransmits = sock->idiag_retrans;
	found->count++;
}

static void diag_each(const struct nlmsghdr *msg, void *arg)
{
	const struct inet_diag_msg *sock = NLMSG_DATA(msg);
	const struct lookup *lookup = arg;

	if (diag_is(lookup->local, sock->id.idiag_src, sock->id.idiag_sport) &&
	    diag_is(lookup->remote, sock->id.idiag_dst, sock->id.idiag_dport))
		diag_fill(msg, lookup->found);
}

static struct inet_diag_req_v2 *diag_begin(struct netlink *nl, int flags,
					   int family)
{
	struct inet_diag_req_v2 *req;

	req = netlink_begin(nl, SOCK_DIAG_BY_FAMILY, flags, sizeof(*req));
	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = ~(1U << LISTEN);
	return req;
}

static void diag_name(const struct addr *addr, __be32 *raw, __be16 *port)
{
	size_t len;
	const void *ip = addr_raw(addr, &len);

	memcpy(raw, ip, len);
	*port = htons(addr_port(addr));
}

/**
 * diag_open() - open a netlink socket to query sockets of a network namespace
 * @ns: the namespace, or NULL for the caller's
 *
 * Return: a netlink socket, or -errno.
 */
int diag_open(const struct ns *ns)
{
	return netlink_open(ns, NETLINK_SOCK_DIAG);
}

/**
 * diag_look() - look for one end of a connection among all sockets
 * @nl: from diag_open()
 * @local: its address
 * @remote: its peer's
 * @found: the socket in inet_diag; state GONE if there is none
 *
 * Return: 0 or -errno.
 */
int diag_look(int nl, const struct addr *local, const struct addr *remote,
	      struct diag *found)
{
	struct lookup lookup = { local, remote, found };
	struct netlink ask;

	memset(found, 0, sizeof(*found));
	diag_begin(&ask, NLM_F_DUMP, local->sa.sa_family);
	return netlink_talk(nl, &ask, diag_each, &lookup);
}

/**
 * diag_find() - look up one end of a connection, as the stack does
 * @nl: from diag_open()
 * @local: its address
 * @remote: its peer's
 * @found: the socket in inet_diag
 *
 * This is cheap even with many sockets. The stack would give a segment without
 * a connection to a listening socket, which is none. It finds IPv4 connections of IPv6
 * sockets too, whose addresses in the answer are mapped ones. It does not find
 * sockets that are bound to a device.
 *
 * Return: 0, -ENOENT if there is none, or -errno.
 */
int diag_find(int nl, const struct addr *local, const struct addr *remote,
	      struct diag *found)
{
	struct inet_diag_req_v2 *req;
	struct netlink ask;
	int error;

	memset(found, 0, sizeof(*found));
	req = diag_begin(&ask, 0, local->sa.sa_family);
	diag_name(local, req->id.idiag_src, &req->id.idiag_sport);
	diag_name(remote, req->id.idiag_dst, &req->id.idiag_dport);
	req->id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	req->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	error = netlink_talk(nl, &ask, diag_fill, found);
	if (!error && (!found->count || found->state == LISTEN)) {
		memset(found, 0, sizeof(*found));
		error = -ENOENT;
	}
	return error;
}

static void diag_tally(const struct nlmsghdr *msg, void *arg)
{
	++*(int *)arg;
}

/**
 * diag_count() - count the sockets in a state
 * @nl: from diag_open()
 * @family: AF_INET or AF_INET6
 * @state: the state; timewait sockets are in TIME_WAIT or FIN_WAIT2
 *
 * Return: the number, or -errno.
 */
int diag_count(int nl, int family, enum state state)
{
	struct inet_diag_req_v2 *req;
	struct netlink ask;
	int count = 0, error;

	req = diag_begin(&ask, NLM_F_DUMP, family);
	req->idiag_states = 1U << state;
	error = netlink_talk(nl, &ask, diag_tally, &count);
	return error ? error : count;
}

/**
 * diag_get() - run diag_look() once
 * @ns: the namespace
 * @local: address of the end
 * @remote: its peer's
 *
 * Return: the socket in inet_diag; state GONE if there is none.
 */
struct diag diag_get(const struct ns *ns, const struct addr *local,
		     const struct addr *remote)
{
	struct diag found = { GONE };
	int nl = diag_open(ns), error = nl;

	if (nl >= 0) {
		error = diag_look(nl, local, remote, &found);
		close(nl);
	}
	if (error < 0)
		fail("inet_diag (CONFIG_INET_TCP_DIAG): %s", strerror(-error));
	return found;
}

/**
 * diag_state() - get the state of one end of a connection
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
