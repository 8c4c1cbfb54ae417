// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "netlink.h"

static int receive(struct mnl_socket *nl, mnl_cb_t each, void *data)
{
	char room[NETLINK_ROOM];
	int got, more = MNL_CB_OK;

	while (more > MNL_CB_STOP) {
		got = mnl_socket_recvfrom(nl, room, sizeof(room));
		if (got < 0)
			return -errno;
		more = mnl_cb_run(room, got, 0, 0, each, data);
	}
	return more < 0 ? -errno : 0;
}

/**
 * netlink_dump() - ask the present network namespace for all of something
 * @bus: NETLINK_ROUTE or another
 * @request: what is asked for; becomes a dump request
 * @each: called for each answer
 * @data: for @each
 *
 * Return: 0 or -errno.
 */
int netlink_dump(int bus, struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	struct mnl_socket *nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	int error;

	if (!nl)
		return -errno;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, request, request->nlmsg_len) < 0)
		error = -errno;
	else
		error = receive(nl, each, data);
	mnl_socket_close(nl);
	return error;
}
