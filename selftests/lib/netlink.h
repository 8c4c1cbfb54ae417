/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much netlink as these tests need, without a library: the programs are
 * static and run in any initramfs.
 */
#ifndef NETLINK_H
#define NETLINK_H

#include <stddef.h>
#include <linux/netlink.h>

/**
 * struct netlink - one request
 * @head: header, its length kept up to date
 * @room: payload and attributes
 */
struct netlink {
	struct nlmsghdr head;
	char room[2048];
};

typedef void (*netlink_fn)(const struct nlmsghdr *msg, void *arg);

void *netlink_begin(struct netlink *nl, int type, int flags, size_t payload);
struct nlattr *netlink_put(struct netlink *nl, int type, const void *data,
			   size_t len);
struct nlattr *netlink_nest(struct netlink *nl, int type);
void netlink_unnest(struct netlink *nl, struct nlattr *nest);
int netlink_ask(int protocol, struct netlink *nl, netlink_fn each, void *arg);

#endif /* NETLINK_H */
