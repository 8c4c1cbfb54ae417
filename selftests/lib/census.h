/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link and IP addresses of some namespaces. Nobody can have sent a frame
 * with any other address.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include <netinet/in.h>
#include <stdbool.h>

#include "ns.h"

enum { CENSUS_MAX = 64 };

/**
 * struct census - addresses
 * @macs: link addresses
 * @mac_count: number of @macs
 * @ips: IP addresses, IPv4 as mapped
 * @ip_count: number of @ips
 */
struct census {
	unsigned char macs[CENSUS_MAX][6];
	int mac_count;
	struct in6_addr ips[CENSUS_MAX];
	int ip_count;
};

void census_take(struct census *census, const struct ns *ns);
bool census_mac(const struct census *census, const unsigned char *mac);
bool census_ip(const struct census *census, const struct in6_addr *ip);

#endif /* CENSUS_H */
