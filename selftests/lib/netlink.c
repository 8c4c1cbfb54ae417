// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "netlink.h"

/**
 * netlink_begin - start a request
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
 * netlink_put - append an attribute
 * @nl: the request
 * @type: nla_type
 * @data: its value, or NULL with @len 0
 * @len: bytes of @data
 *
 * Return: the attribute.
 */
struct nlattr *netlink_put(struct netlink *nl, int type, const void *data,
			   size_t len)
{
	struct nlattr *attr = (void *)nl + NLMSG_ALIGN(nl->head.nlmsg_len);
	size_t end = NLMSG_ALIGN(nl->head.nlmsg_len) + NLA_HDRLEN + len;

	if (end > sizeof(*nl))
		fail("netlink request too long");
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((void *)attr + NLA_HDRLEN, data, len);
	nl->head.nlmsg_len = NLMSG_ALIGN(end);
	return attr;
}

/**
 * netlink_nest - open an attribute that holds attributes
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
 * netlink_unnest - close what netlink_nest() opened
 * @nl: the request
 * @nest: the attribute
 */
void netlink_unnest(struct netlink *nl, struct nlattr *nest)
{
	nest->nla_len = (void *)nl + nl->head.nlmsg_len - (void *)nest;
}

/* Returns whether more is to come. */
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
 * netlink_ask - send a request in the caller's namespace, read the answer
 * @protocol: NETLINK_*
 * @nl: the request, a dump or one to be acknowledged
 * @each: called for each message of the answer, or NULL
 * @arg: for @each
 *
 * Return: 0, or the kernel's -errno.
 */
int netlink_ask(int protocol, struct netlink *nl, netlink_fn each, void *arg)
{
	union {
		struct nlmsghdr head;
		char bytes[32768];
	} buf;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	int error = 0;
	ssize_t got;

	if (fd < 0)
		return -errno;
	if ((nl->head.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		nl->head.nlmsg_flags |= NLM_F_ACK;
	if (send(fd, nl, nl->head.nlmsg_len, 0) < 0)
		fail("netlink: send: %s", strerror(errno));
	do {
		got = recv(fd, &buf, sizeof(buf), 0);
		if (got < 0)
			fail("netlink: recv: %s", strerror(errno));
	} while (netlink_take(&buf.head, got, each, arg, &error));
	close(fd);
	return error;
}
