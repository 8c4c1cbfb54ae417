// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the two ends of a trial are.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "ctl.h"
#include "finject.h"
#include "trial.h"
#include "veth.h"

enum {
	PAUSE_NS = 5000000,
	PATIENCE_NS = 2000000000,
};

struct place {
	const char *device;
	const char *address;
	u16 port;
	int prefix;
};

static const struct place cable[2] = {
	{ "a", "192.0.2.1", 40000, 24 },
	{ "b", "192.0.2.2", 8080, 24 },
};

static const struct place loopback[2] = {
	{ "lo", "127.0.0.1", 40000, 8 },
	{ "lo", "127.0.0.1", 8080, 8 },
};

static int netns_make(struct trial_end *end)
{
	end->netns = ctl_netns_new();
	return end->netns < 0 ?
		fail_with("making a network namespace", -end->netns) : DONE;
}

static int device_up(struct trial *trial, enum ladder_end i,
		     const struct place *place)
{
	struct in_addr address;
	int error;

	if (trial_enter(trial, i))
		return REFUSED;
	inet_pton(AF_INET, place->address, &address);
	error = veth_up(place->device, &address, place->prefix);
	return error ? fail_with("setting up a device", -error) : DONE;
}

/*
 * A device that was just turned on loses what it is given until the kernel
 * has seen its carrier; a lost SYN would make all later waits longer.
 */
static int carrier_wait(struct trial *trial, enum ladder_end i)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	u64 late = trial_now() + PATIENCE_NS;
	int up;

	if (trial_enter(trial, i))
		return REFUSED;
	for (;;) {
		up = veth_is_running(cable[i].device);
		if (up || trial_now() > late)
			break;
		nanosleep(&pause, NULL);
	}
	return up > 0 ? DONE :
		fail_with("waiting for a veth device", up ? -up : ETIMEDOUT);
}

static void settle(struct trial *trial, const struct place *place)
{
	for (int i = END_A; i <= END_B; i++) {
		address_parse(place[i].address, &trial->end[i].at);
		trial->end[i].at.port = place[i].port;
	}
}

static int cable_open(struct trial *trial)
{
	int error;

	if (netns_make(&trial->end[END_A]) || netns_make(&trial->end[END_B]) ||
	    trial_enter(trial, END_A))
		return REFUSED;
	error = veth_pair(cable[END_A].device, cable[END_B].device,
			  trial->end[END_B].netns);
	if (error)
		return fail_with("making a veth pair", -error);
	settle(trial, cable);
	return device_up(trial, END_A, &cable[END_A]) ||
	       device_up(trial, END_B, &cable[END_B]) ||
	       carrier_wait(trial, END_A) || carrier_wait(trial, END_B);
}

static int loopback_open(struct trial *trial)
{
	if (netns_make(&trial->end[END_A]))
		return REFUSED;
	trial->end[END_B].netns = ctl_netns_open("/proc/self/ns/net");
	trial->together = true;
	settle(trial, loopback);
	return trial->end[END_B].netns < 0 ||
	       device_up(trial, END_A, &loopback[END_A]);
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

/* IPv4 comes first in what the kernel lists. */
static int address_find(struct trial *trial, const char *netns)
{
	struct endpoint *b = &trial->end[END_B].at;
	struct ifaddrs *all, *at;

	if (trial_enter(trial, END_B))
		return REFUSED;
	if (getifaddrs(&all))
		return fail_with("looking for an address", errno);
	for (at = all; at && !is_global(at); at = at->ifa_next)
		;
	if (at)
		endpoint_of_socket(b, (const void *)at->ifa_addr);
	freeifaddrs(all);
	return at ? DONE :
		fail("network namespace `%s' has no address to connect with; --address names one",
		     netns);
}

static bool is_one(int a, int b)
{
	struct stat one, other;

	return !fstat(a, &one) && !fstat(b, &other) &&
	       one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

/* A gets what address and port its own namespace chooses. */
static int existing_open(struct trial *trial, const struct trial_site *site)
{
	struct trial_end *a = &trial->end[END_A], *b = &trial->end[END_B];

	a->netns = ctl_netns_open(site->netns[END_A]);
	if (a->netns < 0)
		return REFUSED;
	b->netns = ctl_netns_open(site->netns[END_B]);
	if (b->netns < 0)
		return REFUSED;
	trial->borrowed = true;
	trial->together = is_one(a->netns, b->netns);
	if (site->address && !address_parse(site->address, &b->at))
		return fail("`%s' is no IPv4 or IPv6 address", site->address);
	if (!site->address && address_find(trial, site->netns[END_B]))
		return REFUSED;
	b->at.port = cable[END_B].port;
	a->at.family = b->at.family;
	return DONE;
}

/**
 * trial_site_open() - the namespaces of both ends, and their addresses
 * @trial: the trial; it may need closing whatever this returns
 * @site: where it is to be
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_site_open(struct trial *trial, const struct trial_site *site)
{
	if (site->netns[END_A])
		return existing_open(trial, site);
	return site->loopback ? loopback_open(trial) : cable_open(trial);
}
