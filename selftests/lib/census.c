// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/socket.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "census.h"
#include "fail.h"
#include "netlink.h"

static const void *attr_of(const struct nlmsghdr *msg, size_t head, int type,
			   int len)
{
	const struct nlattr *attr = netlink_attr(msg, head, type);

	return attr && netlink_len(attr) == len ? netlink_data(attr) : NULL;
}

static void link_each(const struct nlmsghdr *msg, void *arg)
{
	const void *mac = attr_of(msg, sizeof(struct ifinfomsg), IFLA_ADDRESS,
				  6);
	static const unsigned char none[6];
	struct census *census = arg;

	/* a loopback device has none */
	if (!mac || !memcmp(mac, none, sizeof(none)) ||
	    census_mac(census, mac))
		return;
	if (census->mac_count == CENSUS_MAX)
		fail("more devices than a census holds");
	memcpy(census->macs[census->mac_count++], mac, 6);
}

static void addr_each(const struct nlmsghdr *msg, void *arg)
{
	const struct ifaddrmsg *head = NLMSG_DATA(msg);
	struct in6_addr ip = { .s6_addr = { [10] = 0xff, [11] = 0xff } };
	size_t len = head->ifa_family == AF_INET ? 4 : 16;
	const void *raw = attr_of(msg, sizeof(*head),
				  len == 4 ? IFA_LOCAL : IFA_ADDRESS, len);
	struct census *census = arg;

	if (!raw)
		return;
	memcpy(ip.s6_addr + 16 - len, raw, len);
	if (census_ip(census, &ip))
		return;
	if (census->ip_count == CENSUS_MAX)
		fail("more addresses than a census holds");
	census->ips[census->ip_count++] = ip;
}

static void ask(struct census *census, const struct ns *ns, int type,
		size_t head, netlink_fn each)
{
	struct netlink nl;
	int error;

	netlink_begin(&nl, type, NLM_F_DUMP, head);
	error = netlink_ask(ns, NETLINK_ROUTE, &nl, each, census);
	if (error)
		fail("rtnetlink: %s", strerror(-error));
}

/**
 * census_take - add the addresses of a namespace
 * @census: zeroed before the first
 * @ns: the namespace
 */
void census_take(struct census *census, const struct ns *ns)
{
	ask(census, ns, RTM_GETLINK, sizeof(struct ifinfomsg), link_each);
	ask(census, ns, RTM_GETADDR, sizeof(struct ifaddrmsg), addr_each);
}

/**
 * census_mac - look up a link address
 * @census: the addresses
 * @mac: six bytes
 *
 * Return: whether it is there.
 */
bool census_mac(const struct census *census, const unsigned char *mac)
{
	int i;

	for (i = 0; i < census->mac_count; i++)
		if (!memcmp(census->macs[i], mac, 6))
			return true;
	return false;
}

/**
 * census_ip - look up an IP address
 * @census: the addresses
 * @ip: the address, IPv4 as mapped
 *
 * Return: whether it is there.
 */
bool census_ip(const struct census *census, const struct in6_addr *ip)
{
	int i;

	for (i = 0; i < census->ip_count; i++)
		if (!memcmp(&census->ips[i], ip, sizeof(*ip)))
			return true;
	return false;
}
