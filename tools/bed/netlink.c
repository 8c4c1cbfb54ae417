// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink.h"

/**
 * netlink_begin() - start a request
 * @nl: the request
 * @type: nlmsg_type
 * @flags: NLM_F_* beside NLM_F_REQUEST
 * @payload: size of the family's own header
 *
 * Return: that header, zeroed.
 */
void *netlink_begin(struct netlink *nl, int type, int flags, size_t payload)
{
	memset(nl, 0, sizeof(*nl));
	nl->head.nlmsg_type = type;
	nl->head.nlmsg_flags = NLM_F_REQUEST | flags;
	nl->head.nlmsg_len = NLMSG_SPACE(payload);
	return NLMSG_DATA(&nl->head);
}

/**
 * netlink_put() - append an attribute
 * @nl: the request; lack of room in it is a bug of the caller
 * @type: nla_type
 * @data: its value, or NULL with @len 0
 * @len: length of @data
 *
 * Return: the attribute.
 */
struct nlattr *netlink_put(struct netlink *nl, int type, const void *data,
			   size_t len)
{
	struct nlattr *attr = (void *)nl + NLMSG_ALIGN(nl->head.nlmsg_len);
	size_t end = NLMSG_ALIGN(nl->head.nlmsg_len) + NLA_HDRLEN + len;

	if (end > sizeof(*nl))
		abort();
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((void *)attr + NLA_HDRLEN, data, len);
	nl->head.nlmsg_len = NLMSG_ALIGN(end);
	return attr;
}

/**
 * netlink_nest() - open an attribute that holds attributes
 * @nl: the request
 * @type: nla_type
 *
 * Return: the attribute, for netlink_unnest().
 */
struct nlattr *netlink_nest(struct netlink *nl, int type)
{
	return netlink_put(nl, type | NLA_F_NESTED, NULL, 0);
}

/**
 * netlink_unnest() - close the attribute that netlink_nest() opened
 * @nl: the request
 * @nest: the attribute
 */
void netlink_unnest(struct netlink *nl, struct nlattr *nest)
{
	nest->nla_len = (void *)nl + nl->head.nlmsg_len - (void *)nest;
}

static const struct nlattr *attr_find(const void *at, int left, int type)
{
	const struct nlattr *attr = at;

	while (left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= left) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		left -= NLA_ALIGN(attr->nla_len);
		attr = (const void *)attr + NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

/**
 * netlink_attr() - find an attribute of a message
 * @msg: the message
 * @payload: size of the family's own header
 * @type: nla_type
 *
 * Return: the first of that type, or NULL.
 */
const struct nlattr *netlink_attr(const struct nlmsghdr *msg, size_t payload,
				  int type)
{
	return attr_find(NLMSG_DATA(msg) + NLMSG_ALIGN(payload),
			 NLMSG_PAYLOAD(msg, payload), type);
}

/**
 * netlink_inner() - find an attribute within another
 * @nest: the outer one
 * @type: nla_type
 *
 * Return: the first of that type, or NULL.
 */
const struct nlattr *netlink_inner(const struct nlattr *nest, int type)
{
	return attr_find(netlink_data(nest), netlink_len(nest), type);
}

/* Return whether more messages follow. */
static bool netlink_take(const struct nlmsghdr *msg, int len, netlink_fn each,
			 void *arg, int *error)
{
	for (; NLMSG_OK(msg, len); msg = NLMSG_NEXT(msg, len)) {
		if (msg->nlmsg_type == NLMSG_DONE)
			return false;
		if (msg->nlmsg_type == NLMSG_ERROR) {
			*error = ((struct nlmsgerr *)NLMSG_DATA(msg))->error;
			return false;
		}
		if (each)
			each(msg, arg);
	}
	return true;
}

/**
 * netlink_open() - open a socket for netlink_talk()
 * @ns: the network namespace, or NULL for the caller's
 * @protocol: NETLINK_*
 *
 * Return: the socket, or -errno.
 */
int netlink_open(const struct ns *ns, int protocol)
{
	return ns_socket(ns, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
}

/**
 * netlink_talk() - send a request, read the answer
 * @fd: the socket
 * @nl: the request, a dump or one to be acknowledged
 * @each: called for each message of the answer, or NULL
 * @arg: for @each
 *
 * Return: 0, or -errno, the kernel's if it refused.
 */
int netlink_talk(int fd, struct netlink *nl, netlink_fn each, void *arg)
{
	union {
		struct nlmsghdr head;
		char bytes[32768];
	} buf;
	int error = 0;
	ssize_t got;

	if ((nl->head.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		nl->head.nlmsg_flags |= NLM_F_ACK;
	if (send(fd, nl, nl->head.nlmsg_len, 0) < 0)
		return -errno;
	do {
		got = recv(fd, &buf, sizeof(buf), 0);
		if (got < 0)
			return -errno;
	} while (netlink_take(&buf.head, got, each, arg, &error));
	return error;
}

/**
 * netlink_ask() - run netlink_talk() once, in a network namespace
 * @ns: the namespace, or NULL for the caller's
 * @protocol: NETLINK_*
 * @nl: the request, a dump or one to be acknowledged
 * @each: called for each message of the answer, or NULL
 * @arg: for @each
 *
 * Return: 0, or -errno, the kernel's if it refused.
 */
int netlink_ask(const struct ns *ns, int protocol, struct netlink *nl,
		netlink_fn each, void *arg)
{
	int fd = netlink_open(ns, protocol), error;

	if (fd < 0)
		return fd;
	error = netlink_talk(fd, nl, each, arg);
	close(fd);
	return error;
}
