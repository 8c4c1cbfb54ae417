/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_NETLINK_H
#define FINJECT_NETLINK_H

#include <libmnl/libmnl.h>

enum { NETLINK_ROOM = 16384 };

int netlink_dump(int bus, struct nlmsghdr *request, mnl_cb_t each, void *data);

#endif /* FINJECT_NETLINK_H */
