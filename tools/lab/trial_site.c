// SPDX-License-Identifier: GPL-2.0-only
/*
 * The places of the two ends of a trial.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "cable.h"
#include "ctl.h"
#include "finject.h"
#include "link.h"
#include "trial.h"

enum { A_PORT = 40000, B_PORT = 8080 };

static int cable_open(struct trial *trial)
{
	static const struct cable cable = { "192.0.2.1", "192.0.2.2", 24 };
	struct trial_end *a = &trial->end[END_A], *b = &trial->end[END_B];

	return cable_end_new(&a->ns) || cable_end_new(&b->ns) ||
	       cable_lay(&a->ns, "a", &b->ns, "b", &cable) ||
	       addr_set(&a->at, cable.near, A_PORT) ||
	       addr_set(&b->at, cable.far, B_PORT);
}

static int loopback_open(struct trial *trial)
{
	struct trial_end *a = &trial->end[END_A], *b = &trial->end[END_B];

	trial->together = true;
	return ns_new(&a->ns) || link_up(&a->ns, "lo") ||
	       ns_share(&b->ns, &a->ns) ||
	       addr_set(&a->at, "127.0.0.1", A_PORT) ||
	       addr_set(&b->at, "127.0.0.1", B_PORT);
}

static bool is_global(const struct ifaddrs *at)
{
	const struct sockaddr_in6 *six = (const void *)at->ifa_addr;
	const struct sockaddr_in *four = (const void *)at->ifa_addr;

	if (!six || !(at->ifa_flags & IFF_UP) || at->ifa_flags & IFF_LOOPBACK)
		return false;
	if (four->sin_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 16 != 0xa9fe;
	return six->sin6_family == AF_INET6 &&
	       !IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr);
}

/* Find an address of B; IPv4 comes first in the kernel's list. */
static int address_find(struct trial *trial, const char *netns)
{
	struct addr *b = &trial->end[END_B].at;
	struct ifaddrs *all, *at;

	if (trial_enter(trial, END_B))
		return REFUSED;
	if (getifaddrs(&all))
		return fail_with("looking for an address", errno);
	for (at = all; at && !is_global(at); at = at->ifa_next)
		;
	if (at) {
		addr_any(b, at->ifa_addr->sa_family);
		memcpy(&b->sa, at->ifa_addr, b->len);
	}
	freeifaddrs(all);
	return at ? DONE :
		fail("network namespace `%s' has no address to connect with; --address names one",
		     netns);
}

static int end_borrow(struct trial_end *end, const char *netns)
{
	int fd = ctl_netns_open(netns);

	return fd < 0 ? REFUSED : ns_adopt(&end->ns, fd);
}

/* Let A's namespace choose A's address and port. */
static int existing_open(struct trial *trial, const struct trial_site *site)
{
	struct trial_end *a = &trial->end[END_A], *b = &trial->end[END_B];

	if (end_borrow(a, site->netns[END_A]) ||
	    end_borrow(b, site->netns[END_B]))
		return REFUSED;
	trial->borrowed = true;
	trial->together = ns_is(&a->ns, &b->ns);
	if (site->address && !addr_read(&b->at, site->address, 0))
		return fail("`%s' is no IPv4 or IPv6 address", site->address);
	if (!site->address && address_find(trial, site->netns[END_B]))
		return REFUSED;
	if (site->alias && !addr_read(&trial->alias, site->alias, B_PORT))
		return fail("`%s' is no IPv4 or IPv6 address", site->alias);
	addr_set_port(&b->at, B_PORT);
	addr_any(&a->at, b->at.sa.sa_family);
	return DONE;
}

/**
 * trial_site_open() - set up the namespaces of both ends, and their addresses
 * @trial: the trial; to be closed also after a failure
 * @site: the place
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_site_open(struct trial *trial, const struct trial_site *site)
{
	if (site->netns[END_A])
		return existing_open(trial, site);
	return site->loopback ? loopback_open(trial) : cable_open(trial);
}
