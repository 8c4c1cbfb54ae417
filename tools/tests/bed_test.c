// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of the bed that need no kernel.
 */
#include <stdio.h>
#include <string.h>

#include "addr.h"
#include "cases.h"
#include "netlink.h"
#include "snmp.h"

static bool is_read(const char *text, int family, uint16_t port)
{
	struct addr addr;

	return addr_parse(&addr, text) && addr.sa.sa_family == family &&
	       addr_port(&addr) == port && !strcmp(addr.text, text);
}

static void test_addr(void)
{
	static const char * const wrong[] = {
		"", ":", "[]:1", "[:1", "::1:80", "[192.0.2.1]:80",
		"192.0.2.1:65536", "192.0.2.1", "192.0.2.1:", "192.0.2.1:-1",
		"192.0.2.1:8x", "192.0.2.1:000080",
	};
	struct addr addr;

	check(is_read("192.0.2.1:80", AF_INET, 80), "IPv4");
	check(is_read("[::1]:65535", AF_INET6, 65535), "IPv6");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check(!addr_parse(&addr, wrong[i]), wrong[i]);
	check(addr_read(&addr, "2001:db8::1", 7) &&
	      !strcmp(addr.text, "[2001:db8::1]:7"), "an address alone");
	check(!addr_read(&addr, "192.0.2.1:80", 0), "more than an address");
}

static void test_snmp(void)
{
	static const struct snmp before = {
		"Ip: RetransSegs B\nIp: 1 2\nTcp: RetransSegs In\nTcp: 7 -1\n"
		"TcpExt: A\nTcpExt: 5\n"
	}, after = {
		"Tcp: RetransSegs In\nTcp: 9 -1\nTcpExt: A\nTcpExt: 5\n"
	};

	check(snmp_get(&before, "RetransSegs") == 7, "RetransSegs");
	check(snmp_get(&before, "In") == -1, "the last of its line");
	check(snmp_get(&before, "A") == 5, "of the second file");
	check(snmp_get(&before, "B") == -1, "not one of TCP's");
	check(snmp_get(&before, "Retrans") == -1, "no such name");
	check(snmp_rise(&before, &after, "RetransSegs") == 2, "the difference");
}

static void test_netlink(void)
{
	const struct nlattr *nest, *inner;
	struct netlink nl;
	struct nlattr *open;

	netlink_begin(&nl, 1, 0, 6);
	netlink_put(&nl, 3, "three", 6);
	open = netlink_nest(&nl, 5);
	netlink_put(&nl, 7, "x", 1);
	netlink_unnest(&nl, open);
	check(netlink_attr(&nl.head, 6, 3) &&
	      !strcmp(netlink_data(netlink_attr(&nl.head, 6, 3)), "three"),
	      "an attribute");
	check(!netlink_attr(&nl.head, 6, 7), "an inner one is not outside");
	nest = netlink_attr(&nl.head, 6, 5);
	inner = nest ? netlink_inner(nest, 7) : NULL;
	check(inner && netlink_len(inner) == 1, "an attribute within another");
	check(!nest || !netlink_inner(nest, 3), "an outer one is not within");
	nl.head.nlmsg_len -= 4;
	check(!netlink_attr(&nl.head, 6, 5), "an attribute that is cut off");
}

int main(void)
{
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	test_addr();
	test_snmp();
	test_netlink();
	return cases_end();
}
