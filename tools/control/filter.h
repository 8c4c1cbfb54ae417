/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_FILTER_H
#define FINJECT_FILTER_H

#include "addr.h"
#include "types.h"

/**
 * struct filter - which connections are wanted
 * @flow: number of the flow, 0 for all
 * @port: the first and the last port, 0 and 65535 for all
 * @net: an address whose first @bits bits count
 * @bits: number of those bits, -1 for all addresses
 */
struct filter {
	u64 flow;
	u16 port[2];
	struct addr net;
	int bits;
};

int filter_parse(struct filter *filter, int count, char **words);
bool filter_is_open(const struct filter *filter);
bool filter_fits(const struct filter *filter, u64 flow, const char *src,
		 const char *dst);

#endif /* FINJECT_FILTER_H */
