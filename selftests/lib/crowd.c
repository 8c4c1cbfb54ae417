// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crowd.h"
#include "fail.h"

/* Routes with a rto_min of a minute, by topology and family, of A and of B. */
static const char * const slow_routes[][2][2] = {
	[VETH] = {
		{ "ip route replace 10.7.0.0/16 dev fj0 rto_min 60s",
		  "ip route replace 10.7.0.0/16 dev fj0 rto_min 60s" },
		{ "ip -6 route replace fd07::/16 dev fj0 metric 256 rto_min 60s",
		  "ip -6 route replace fd07::/16 dev fj0 metric 256 rto_min 60s" },
	},
	[LOOPBACK] = {
		{ "ip route replace local 127.0.0.1 dev lo table local rto_min 60s",
		  "true" },
	},
	[ROUTER] = {
		{ "ip route replace 10.7.2.0/24 via 10.7.1.254 rto_min 60s",
		  "ip route replace 10.7.1.0/24 via 10.7.2.254 rto_min 60s" },
	},
};

static void side_make(struct side *side, unsigned int count)
{
	side->ended = 0;
	side->others = 0;
	side->epoll = epoll_create1(EPOLL_CLOEXEC);
	side->fd = calloc(count, sizeof(*side->fd));
	side->order = calloc(count, sizeof(*side->order));
	if (side->epoll < 0 || !side->fd || !side->order)
		fail("no memory for %u sockets", count);
}

static void side_add(struct side *side, unsigned int index, int fd)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLONESHOT, .data.u32 = index,
	};

	side->fd[index] = fd;
	if (epoll_ctl(side->epoll, EPOLL_CTL_ADD, fd, &event))
		fail("epoll: %s", strerror(errno));
}

static void allow_files(unsigned int count)
{
	struct rlimit limit = { count, count };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("%u open files: %s", count, strerror(errno));
}

/**
 * crowd_port - get the port of a client
 * @index: its index, from 0
 *
 * Return: the port.
 */
unsigned int crowd_port(unsigned int index)
{
	return CROWD_PORT + index % CROWD_PORTS;
}

static int meet(const struct addr *to, struct addr *from, unsigned int index)
{
	int fd = socket(to->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;

	/* the port may be in use for another server */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	addr_set_port(from, crowd_port(index));
	if (fd < 0 || bind(fd, &from->sa, from->len) ||
	    connect(fd, &to->sa, to->len))
		fail("connection %u: %s", index, strerror(errno));
	return fd;
}

/* Connect @count clients to one port of B. */
static void open_part(struct crowd *crowd, const struct bed *bed,
		      unsigned int first, unsigned int until)
{
	struct addr from = bed->a.local, to = bed->server;
	unsigned int i;
	int listener;

	addr_set_port(&to, BED_PORT + 1 + first / CROWD_PORTS);
	listener = conn_listen(bed->b.ns, &to);
	ns_enter(bed->a.ns);
	for (i = first; i < until; i++) {
		side_add(&crowd->a, i, meet(&to, &from, i));
		side_add(&crowd->b, i, conn_accept(listener));
	}
	ns_leave();
	conn_close(&listener);
}

/**
 * crowd_open - make many connections
 * @crowd: filled in
 * @bed: the bed, which was connected before
 * @count: number of connections from A to B
 */
void crowd_open(struct crowd *crowd, const struct bed *bed, unsigned int count)
{
	unsigned int first, until;

	crowd->count = count;
	allow_files(2 * count + 1000);
	side_make(&crowd->a, count);
	side_make(&crowd->b, count);
	for (first = 0; first < count; first = until) {
		until = first + CROWD_PORTS < count ? first + CROWD_PORTS :
						      count;
		open_part(crowd, bed, first, until);
	}
}

/**
 * crowd_repeats_late - delay retransmissions of later connections by a minute
 * @bed: the bed; existing connections are unaffected
 *
 * Return: whether ip can set rto_min.
 */
bool crowd_repeats_late(const struct bed *bed)
{
	const char * const *routes =
		slow_routes[bed->topology][bed->server.sa.sa_family == AF_INET6];

	return !ns_run(bed->a.ns, routes[0]) && !ns_run(bed->b.ns, routes[1]);
}

static void side_close(struct side *side, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		conn_close(&side->fd[i]);
	close(side->epoll);
	free(side->fd);
	free(side->order);
}

/**
 * crowd_close - close all open ends
 * @crowd: the crowd
 */
void crowd_close(struct crowd *crowd)
{
	side_close(&crowd->a, crowd->count);
	side_close(&crowd->b, crowd->count);
	crowd->count = 0;
}

/**
 * side_shut - send FINs
 * @side: the ends
 * @from: index of the first
 * @count: number of FINs
 */
void side_shut(const struct side *side, unsigned int from, unsigned int count)
{
	unsigned int i;

	for (i = from; i < from + count; i++)
		conn_shut(side->fd[i]);
}

/**
 * side_ended - note the ends that have read the end of data
 * @side: the ends
 * @count: number of ends
 *
 * Return: how many have read it up to now.
 */
unsigned int side_ended(struct side *side, unsigned int count)
{
	struct epoll_event *event = calloc(count, sizeof(*event));
	int got, i;
	char byte;

	if (!event)
		fail("out of memory");
	while ((got = epoll_wait(side->epoll, event, count, 0)) > 0) {
		for (i = 0; i < got; i++) {
			if (recv(side->fd[event[i].data.u32], &byte, 1,
				 MSG_DONTWAIT) || side->ended == count)
				side->others++;
			else
				side->order[side->ended++] = event[i].data.u32;
		}
	}
	free(event);
	return side->ended;
}
