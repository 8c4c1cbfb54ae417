// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cable between two network namespaces, through rtnetlink.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>

#include "veth.h"

enum { SEQUENCE = 1, ROOM = 1024 };

static int talk(const struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	char answer[8192];
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	int got, error = 0;

	if (!nl)
		return -errno;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, request, request->nlmsg_len) < 0) {
		error = -errno;
	} else {
		got = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		if (got < 0 ||
		    mnl_cb_run(answer, got, SEQUENCE,
			       mnl_socket_get_portid(nl), each, data) < 0)
			error = -errno;
	}
	mnl_socket_close(nl);
	return error;
}

static struct nlmsghdr *request_begin(char *room, int type, int flags)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(room);

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	request->nlmsg_seq = SEQUENCE;
	return request;
}

/**
 * veth_pair() - lay a cable
 * @name: device at the end that stays in this network namespace
 * @peer: device at the other end
 * @peer_netns: file descriptor of the network namespace that gets @peer
 *
 * Return: 0 or -errno.
 */
int veth_pair(const char *name, const char *peer, int peer_netns)
{
	char room[ROOM] = { 0 };
	struct nlmsghdr *request;
	struct nlattr *info, *data, *other;

	request = request_begin(room, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(request, IFLA_LINKINFO);
	mnl_attr_put_strz(request, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(request, IFLA_INFO_DATA);
	other = mnl_attr_nest_start(request, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, peer);
	mnl_attr_put_u32(request, IFLA_NET_NS_FD, peer_netns);
	mnl_attr_nest_end(request, other);
	mnl_attr_nest_end(request, data);
	mnl_attr_nest_end(request, info);
	return talk(request, NULL, NULL);
}

static int link_up(unsigned int index)
{
	char room[ROOM] = { 0 };
	struct nlmsghdr *request = request_begin(room, RTM_NEWLINK, 0);
	struct ifinfomsg *link;

	link = mnl_nlmsg_put_extra_header(request, sizeof(*link));
	link->ifi_index = index;
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	return talk(request, NULL, NULL);
}

/**
 * veth_up() - give a device an address and turn it on
 * @name: the device, in this network namespace
 * @address: its IPv4 address
 * @prefix: length of the network's prefix
 *
 * Return: 0 or -errno.
 */
int veth_up(const char *name, const struct in_addr *address, int prefix)
{
	char room[ROOM] = { 0 };
	struct nlmsghdr *request;
	struct ifaddrmsg *head;
	int error;

	request = request_begin(room, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	head = mnl_nlmsg_put_extra_header(request, sizeof(*head));
	head->ifa_family = AF_INET;
	head->ifa_prefixlen = prefix;
	head->ifa_index = if_nametoindex(name);
	if (!head->ifa_index)
		return -errno;
	mnl_attr_put(request, IFA_LOCAL, sizeof(*address), address);
	error = talk(request, NULL, NULL);
	return error ? error : link_up(head->ifa_index);
}

static int flags_read(const struct nlmsghdr *answer, void *data)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(answer);

	*(unsigned int *)data = link->ifi_flags;
	return MNL_CB_OK;
}

/**
 * veth_is_running() - does the kernel know that a device has a carrier
 * @name: the device, in this network namespace
 *
 * Return: 1, 0 or -errno.
 */
int veth_is_running(const char *name)
{
	char room[ROOM] = { 0 };
	struct nlmsghdr *request = request_begin(room, RTM_GETLINK, 0);
	unsigned int flags = 0;
	int error;

	request->nlmsg_flags = NLM_F_REQUEST;
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	error = talk(request, flags_read, &flags);
	return error ? error : !!(flags & IFF_RUNNING);
}
