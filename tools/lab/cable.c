// SPDX-License-Identifier: GPL-2.0-only
#include <unistd.h>

#include "cable.h"
#include "link.h"

/**
 * cable_end_new() - make a namespace for an end of a cable
 * @ns: filled in
 *
 * Without duplicate address detection, so that an IPv6 address is good at once.
 *
 * Return: 0, or 1 after a sentence.
 */
int cable_end_new(struct ns *ns)
{
	if (ns_new(ns))
		return 1;
	if (access("/proc/sys/net/ipv6", F_OK))
		return 0;	/* a kernel without IPv6 */
	return ns_sysctl(ns, "net/ipv6/conf/default/accept_dad", "0") ||
	       ns_sysctl(ns, "net/ipv6/conf/default/dad_transmits", "0");
}

/**
 * cable_lay() - connect two namespaces, and wait until packets pass
 * @near: the first
 * @near_name: name of the device there
 * @far: the second
 * @far_name: name of the device there
 * @cable: addresses
 *
 * Return: 0, or 1 after a sentence.
 */
int cable_lay(const struct ns *near, const char *near_name,
	      const struct ns *far, const char *far_name,
	      const struct cable *cable)
{
	return link_veth(near, near_name, far, far_name) ||
	       cable_connect(near, near_name, far, far_name, cable);
}

/**
 * cable_connect() - give the ends of a cable addresses, and wait until packets
 *	pass
 * @near: the first
 * @near_name: name of the device there
 * @far: the second
 * @far_name: name of the device there
 * @cable: addresses
 *
 * Return: 0, or 1 after a sentence.
 */
int cable_connect(const struct ns *near, const char *near_name,
		  const struct ns *far, const char *far_name,
		  const struct cable *cable)
{
	return link_addr(near, near_name, cable->near, cable->prefix) ||
	       link_addr(far, far_name, cable->far, cable->prefix) ||
	       link_up(near, near_name) || link_up(far, far_name) ||
	       link_wait(near, near_name) || link_wait(far, far_name);
}
