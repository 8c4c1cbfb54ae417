/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of netlink that is needed here, without a library: the kselftests
 * are static, and Debian has no static libmnl.
 */
#ifndef BED_NETLINK_H
#define BED_NETLINK_H

#include <stddef.h>
#include <linux/netlink.h>

#include "ns.h"

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

const struct nlattr *netlink_attr(const struct nlmsghdr *msg, size_t payload,
				  int type);
const struct nlattr *netlink_inner(const struct nlattr *nest, int type);

/* Return the value of an attribute. */
static inline const void *netlink_data(const struct nlattr *attr)
{
	return (const void *)attr + NLA_HDRLEN;
}

/* Return its length in bytes. */
static inline int netlink_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

int netlink_open(const struct ns *ns, int protocol);
int netlink_talk(int fd, struct netlink *nl, netlink_fn each, void *arg);
int netlink_ask(const struct ns *ns, int protocol, struct netlink *nl,
		netlink_fn each, void *arg);

#endif /* BED_NETLINK_H */
