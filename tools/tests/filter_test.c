// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that a filter accepts or not, and texts that are no filter.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cases.h"
#include "filter.h"
#include "refuse.h"

static bool fits(const char *words, u64 flow, const char *src, const char *dst)
{
	char copy[128], *word[4], *rest = NULL;
	struct filter filter;
	int count = 0;

	snprintf(copy, sizeof(copy), "%s", words);
	for (word[0] = strtok_r(copy, " ", &rest); word[count];
	     word[count] = strtok_r(NULL, " ", &rest))
		count++;
	return !filter_parse(&filter, count, word) &&
	       filter_fits(&filter, flow, src, dst);
}

static bool is_filter(const char *words)
{
	return fits(words, 3, "192.0.2.1:40000", "192.0.2.2:8080");
}

static void test_fits(void)
{
	static const char a[] = "192.0.2.1:40000", b[] = "198.51.100.7:8080";
	static const char v6[] = "[2001:db8::1]:443", v6b[] = "[2001:db9::1]:9";

	check(fits("", 1, a, b), "no filter");
	check(fits("port=8080", 1, a, b) && fits("port=8080", 1, b, a), "port");
	check(!fits("port=80", 1, a, b), "another port");
	check(fits("port=8000-8080", 1, a, b), "ports");
	check(fits("flow=3", 3, a, b) && !fits("flow=3", 4, a, b), "flow");
	check(fits("addr=192.0.2.1", 1, a, b), "address");
	check(!fits("addr=192.0.2.2", 1, a, b), "another address");
	check(fits("addr=198.51.100.4/30", 1, a, b), "network");
	check(!fits("addr=198.51.100.8/30", 1, a, b), "the next network");
	check(fits("addr=0.0.0.0/0", 1, a, b), "all of IPv4");
	check(!fits("addr=0.0.0.0/0", 1, v6, v6b), "IPv6 is not IPv4");
	check(fits("addr=2001:db8::/33 port=443", 1, v6, v6b), "IPv6");
	check(!fits("addr=2001:db8:8000::/33", 1, v6, v6b), "another IPv6");
	check(fits("addr=192.0.2.1 port=8080", 1, a, b), "of either end");
	check(!fits("addr=192.0.2.1 port=1", 1, a, b), "all must fit");
}

static void test_refused(void)
{
	static const char * const wrong[] = {
		"port=", "port=x", "port=-1", "port=65536", "port=2-1",
		"port=1-", "port=1-2-3", "addr=", "addr=1.2.3", "addr=::1/129",
		"addr=192.0.2.0/33", "addr=192.0.2.0/", "flow=0", "flow=x",
		"colour=red", "8080", "port=8080 port=8080",
	};

	check(is_filter("port=8080"), "port=8080 is one");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		check(!is_filter(wrong[i]), wrong[i]);
}

int main(void)
{
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	test_fits();
	test_refused();
	return cases_end();
}
