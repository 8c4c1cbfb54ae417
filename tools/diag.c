// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "endpoint.h"

enum {
	ALL_BUT_LISTEN = 0xfff & ~(1 << TCP_LISTEN),
	TIMER_TIMEWAIT = 3,
};

static const char * const states[] = {
	[TCP_ESTABLISHED] = "ESTABLISHED",
	[TCP_SYN_SENT] = "SYN_SENT",
	[TCP_SYN_RECV] = "SYN_RECV",
	[TCP_FIN_WAIT1] = "FIN_WAIT1",
	[TCP_FIN_WAIT2] = "FIN_WAIT2",
	[TCP_TIME_WAIT] = "TIME_WAIT",
	[TCP_CLOSE] = "CLOSED",
	[TCP_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_LAST_ACK] = "LAST_ACK",
	[TCP_LISTEN] = "LISTEN",
	[TCP_CLOSING] = "CLOSING",
};

struct dump {
	diag_fn *each;
	void *data;
};

/**
 * diag_open() - a way to ask for sockets of the present network namespace
 *
 * Return: the netlink socket, which stays with that namespace, or NULL with
 * errno set.
 */
struct mnl_socket *diag_open(void)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_SOCK_DIAG,
						 SOCK_CLOEXEC);

	if (nl && mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(nl);
		return NULL;
	}
	return nl;
}

static void describe(struct diag_socket *found,
		     const struct inet_diag_msg *msg)
{
	*found = (struct diag_socket) {
		.sport = ntohs(msg->id.idiag_sport),
		.dport = ntohs(msg->id.idiag_dport),
		.state = "?",
		.timewait = msg->idiag_timer == TIMER_TIMEWAIT,
		.expires = msg->idiag_expires,
	};
	memcpy(found->saddr, msg->id.idiag_src, sizeof(found->saddr));
	memcpy(found->daddr, msg->id.idiag_dst, sizeof(found->daddr));
	if (msg->idiag_state < sizeof(states) / sizeof(*states) &&
	    states[msg->idiag_state])
		found->state = states[msg->idiag_state];
}

static int message(const struct nlmsghdr *head, void *data)
{
	const struct dump *dump = data;
	struct diag_socket found;

	describe(&found, mnl_nlmsg_get_payload(head));
	dump->each(&found, dump->data);
	return MNL_CB_OK;
}

/**
 * diag_dump() - look at all TCP sockets but those that listen
 * @nl: from diag_open()
 * @family: AF_INET or AF_INET6
 * @each: called for each socket
 * @data: for @each
 *
 * Return: 0 or -errno.
 */
int diag_dump(struct mnl_socket *nl, int family, diag_fn *each, void *data)
{
	struct inet_diag_req_v2 *ask;
	struct dump dump = { each, data };
	char room[16384] = { 0 };
	struct nlmsghdr *head = mnl_nlmsg_put_header(room);
	int got, more = MNL_CB_OK;

	head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	ask = mnl_nlmsg_put_extra_header(head, sizeof(*ask));
	ask->sdiag_family = family;
	ask->sdiag_protocol = IPPROTO_TCP;
	ask->idiag_states = ALL_BUT_LISTEN;
	if (mnl_socket_sendto(nl, head, head->nlmsg_len) < 0)
		return -errno;
	while (more == MNL_CB_OK) {
		got = mnl_socket_recvfrom(nl, room, sizeof(room));
		more = got < 0 ? got : mnl_cb_run(room, got, 0, 0, message,
						  &dump);
	}
	return more < 0 ? -errno : 0;
}

static void identify(struct inet_diag_sockid *id, const struct endpoint *src,
		     const struct endpoint *dst)
{
	memcpy(id->idiag_src, src->address, sizeof(src->address));
	memcpy(id->idiag_dst, dst->address, sizeof(dst->address));
	id->idiag_sport = htons(src->port);
	id->idiag_dport = htons(dst->port);
	id->idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static int answer(const struct nlmsghdr *head, void *data)
{
	describe(data, mnl_nlmsg_get_payload(head));
	return MNL_CB_STOP;
}

/**
 * diag_find() - look at one TCP socket
 * @nl: from diag_open()
 * @src: its own end
 * @dst: the other end
 * @found: what it is
 *
 * Return: 0, -ENOENT when there is none, or -errno.
 */
int diag_find(struct mnl_socket *nl, const struct endpoint *src,
	      const struct endpoint *dst, struct diag_socket *found)
{
	char room[16384] = { 0 };
	struct nlmsghdr *head = mnl_nlmsg_put_header(room);
	struct inet_diag_req_v2 *ask;
	int got;

	head->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	head->nlmsg_flags = NLM_F_REQUEST;
	ask = mnl_nlmsg_put_extra_header(head, sizeof(*ask));
	ask->sdiag_family = src->family;
	ask->sdiag_protocol = IPPROTO_TCP;
	ask->idiag_states = ALL_BUT_LISTEN;
	identify(&ask->id, src, dst);
	if (mnl_socket_sendto(nl, head, head->nlmsg_len) < 0)
		return -errno;
	got = mnl_socket_recvfrom(nl, room, sizeof(room));
	if (got < 0 || mnl_cb_run(room, got, 0, 0, answer, found) < 0)
		return -errno;
	return 0;
}
