// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "clock.h"
#include "fail.h"
#include "link.h"
#include "netlink.h"

enum { CARRIER_PATIENCE = 2000 };	/* ms */

static int link_do(const struct ns *ns, struct netlink *nl, const char *what)
{
	int error = netlink_ask(ns, NETLINK_ROUTE, nl, NULL, NULL);

	return error ? fail("%s: %s", what, strerror(-error)) : 0;
}

/**
 * link_index() - get the number of a device
 * @ns: its namespace
 * @name: its name
 *
 * Return: the number, or 0 if there is no such device.
 */
unsigned int link_index(const struct ns *ns, const char *name)
{
	unsigned int index;

	if (ns_enter(ns))
		return 0;
	index = if_nametoindex(name);
	ns_leave();
	return index;
}

/* Return the family of an address, 0 if it is none. */
static int link_parse(const char *text, void *addr, size_t *len)
{
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	*len = family == AF_INET ? 4 : 16;
	return inet_pton(family, text, addr) == 1 ? family : 0;
}

/**
 * link_veth() - make a veth pair between two namespaces, both ends down
 * @a: namespace of the one end
 * @a_name: its name there
 * @b: namespace of the other end
 * @b_name: its name there
 *
 * Return: 0, or 1 after a sentence.
 */
int link_veth(const struct ns *a, const char *a_name,
	      const struct ns *b, const char *b_name)
{
	struct nlattr *info, *data, *peer;
	__u32 b_fd = b->fd;
	struct netlink nl;

	netlink_begin(&nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
		      sizeof(struct ifinfomsg));
	netlink_put(&nl, IFLA_IFNAME, a_name, strlen(a_name) + 1);
	info = netlink_nest(&nl, IFLA_LINKINFO);
	netlink_put(&nl, IFLA_INFO_KIND, "veth", 4);
	data = netlink_nest(&nl, IFLA_INFO_DATA);
	peer = netlink_nest(&nl, VETH_INFO_PEER);
	nl.head.nlmsg_len += sizeof(struct ifinfomsg);
	netlink_put(&nl, IFLA_IFNAME, b_name, strlen(b_name) + 1);
	netlink_put(&nl, IFLA_NET_NS_FD, &b_fd, sizeof(b_fd));
	netlink_unnest(&nl, peer);
	netlink_unnest(&nl, data);
	netlink_unnest(&nl, info);
	return link_do(a, &nl, "veth (CONFIG_VETH)");
}

/**
 * link_up() - set a device up
 * @ns: its namespace
 * @name: its name
 *
 * Return: 0, or 1 after a sentence.
 */
int link_up(const struct ns *ns, const char *name)
{
	struct ifinfomsg *info;
	struct netlink nl;

	info = netlink_begin(&nl, RTM_NEWLINK, 0, sizeof(*info));
	info->ifi_index = link_index(ns, name);
	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	return link_do(ns, &nl, name);
}

/**
 * link_del() - remove a device
 * @ns: its namespace
 * @name: its name
 *
 * Return: 0, or -errno.
 */
int link_del(const struct ns *ns, const char *name)
{
	struct ifinfomsg *info;
	struct netlink nl;

	info = netlink_begin(&nl, RTM_DELLINK, 0, sizeof(*info));
	info->ifi_index = link_index(ns, name);
	return netlink_ask(ns, NETLINK_ROUTE, &nl, NULL, NULL);
}

/**
 * link_addr() - give a device an address, usable at once
 * @ns: its namespace
 * @name: its name
 * @addr: IPv4 or IPv6 address
 * @prefix: length of its prefix, bits
 *
 * Return: 0, or 1 after a sentence.
 */
int link_addr(const struct ns *ns, const char *name, const char *addr,
	      int prefix)
{
	struct ifaddrmsg *info;
	struct netlink nl;
	char raw[16];
	size_t len;

	info = netlink_begin(&nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
			     sizeof(*info));
	info->ifa_family = link_parse(addr, raw, &len);
	info->ifa_prefixlen = prefix;
	info->ifa_index = link_index(ns, name);
	if (info->ifa_family == AF_INET6)
		info->ifa_flags = IFA_F_NODAD;
	netlink_put(&nl, IFA_LOCAL, raw, len);
	netlink_put(&nl, IFA_ADDRESS, raw, len);
	return link_do(ns, &nl, addr);
}

/* Make one of the requests that netdevice(7) lists. */
static int link_ioctl(const struct ns *ns, const char *name,
		      unsigned long request, struct ifreq *req)
{
	int fd = ns_socket(ns, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error = 0;

	if (fd < 0)
		return fail("%s: %s", name, strerror(-fd));
	snprintf(req->ifr_name, sizeof(req->ifr_name), "%s", name);
	if (ioctl(fd, request, req))
		error = errno;
	close(fd);
	return error ? fail("%s: %s", name, strerror(error)) : 0;
}

static void link_operstate(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attr = netlink_attr(answer,
						 sizeof(struct ifinfomsg),
						 IFLA_OPERSTATE);
	__u8 *state = data;

	if (attr)
		*state = *(const __u8 *)netlink_data(attr);
}

static bool link_is_up(const struct ns *ns, const char *name)
{
	__u8 state = IF_OPER_UNKNOWN;
	struct ifinfomsg *info;
	struct netlink nl;

	info = netlink_begin(&nl, RTM_GETLINK, 0, sizeof(*info));
	info->ifi_index = link_index(ns, name);
	return !netlink_ask(ns, NETLINK_ROUTE, &nl, link_operstate, &state) &&
	       state == IF_OPER_UP;
}

/**
 * link_wait() - wait until a device that was set up takes packets
 * @ns: its namespace
 * @name: its name
 *
 * Until the kernel has seen its carrier, a device has a queue that drops all
 * packets. IFF_RUNNING does not tell: it is set while the operational state is
 * still unknown (dev_get_flags()). An ARP request or a SYN that is lost to that
 * makes all later waits longer.
 *
 * Return: 0, or 1 after a sentence.
 */
int link_wait(const struct ns *ns, const char *name)
{
	if (!WAIT_FOR(link_is_up(ns, name), CARRIER_PATIENCE * MSEC))
		return fail("%s: no carrier", name);
	return 0;
}

/**
 * link_mac() - get the link address of a device
 * @ns: its namespace
 * @name: its name
 * @mac: receives six bytes in hexadecimal
 *
 * Return: 0, or 1 after a sentence.
 */
int link_mac(const struct ns *ns, const char *name, char mac[18])
{
	struct ifreq req = {};
	const unsigned char *at = (unsigned char *)req.ifr_hwaddr.sa_data;

	if (link_ioctl(ns, name, SIOCGIFHWADDR, &req))
		return 1;
	snprintf(mac, 18, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2],
		 at[3], at[4], at[5]);
	return 0;
}

/**
 * link_route() - add a route
 * @ns: the namespace
 * @dst: the network
 * @prefix: length of its prefix, bits
 * @via: the gateway
 *
 * Return: 0, or 1 after a sentence.
 */
int link_route(const struct ns *ns, const char *dst, int prefix,
	       const char *via)
{
	struct netlink nl;
	struct rtmsg *rt;
	char raw[16];
	size_t len;

	rt = netlink_begin(&nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL,
			   sizeof(*rt));
	rt->rtm_family = link_parse(dst, raw, &len);
	rt->rtm_dst_len = prefix;
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_protocol = RTPROT_STATIC;
	rt->rtm_scope = RT_SCOPE_UNIVERSE;
	rt->rtm_type = RTN_UNICAST;
	netlink_put(&nl, RTA_DST, raw, len);
	link_parse(via, raw, &len);
	netlink_put(&nl, RTA_GATEWAY, raw, len);
	return link_do(ns, &nl, dst);
}
