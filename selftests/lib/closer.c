// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "closer.h"
#include "fail.h"

/* Longer than a SYN's first timeout: one lost SYN is tolerated, two are not. */
static const struct timeval patience = { .tv_sec = 1, .tv_usec = 500000 };

/**
 * closer_open - listen on all ports
 * @closer: filled in
 * @bed: the bed, whose B accepts
 * @seed: the seed for closer_mixed()
 */
void closer_open(struct closer *closer, const struct bed *bed,
		 unsigned int seed)
{
	int i;

	memset(closer, 0, sizeof(*closer));
	closer->ns = bed->a.ns;
	closer->seed = seed;
	for (i = 0; i < CLOSER_PORTS; i++) {
		closer->to[i] = bed->server;
		addr_set_port(&closer->to[i], BED_PORT + 1 + i);
		closer->listener[i] = conn_listen(bed->b.ns, &closer->to[i]);
	}
}

/* Connect and accept, blocking; return false if that fails. */
static bool meet(struct closer *closer, int fd[2])
{
	unsigned int i = (closer->made + closer->unmet) % CLOSER_PORTS;
	const struct addr *to = &closer->to[i];

	fd[0] = socket(to->sa.sa_family, SOCK_STREAM, 0);
	if (fd[0] < 0)
		fail("socket: %s", strerror(errno));
	setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &patience,
		   sizeof(patience));
	if (!connect(fd[0], &to->sa, to->len)) {
		fd[1] = accept(closer->listener[i], NULL, NULL);
		if (fd[1] < 0 && errno == EAGAIN)
			fd[1] = conn_accept(closer->listener[i]);
		if (fd[1] >= 0)
			return true;
	} else if (errno == EADDRNOTAVAIL) {
		fail("no local port is left after %lu closes", closer->made);
	}
	close(fd[0]);
	return false;
}

/* Close accepted connections whose other end has given up. */
static void drain(struct closer *closer)
{
	int i, fd;

	for (i = 0; i < CLOSER_PORTS; i++)
		while ((fd = accept(closer->listener[i], NULL, NULL)) >= 0)
			close(fd);
}

static void plain(int fd[2], unsigned int dice)
{
	close(fd[0]);
	close(fd[1]);
}

static void passive_first(int fd[2], unsigned int dice)
{
	close(fd[1]);
	close(fd[0]);
}

/* The FIN carries data, and is read before the other end closes. */
static void with_data(int fd[2], unsigned int dice)
{
	char buf[64];

	send(fd[0], "last words", 10, MSG_MORE | MSG_NOSIGNAL);
	shutdown(fd[0], SHUT_WR);
	recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT);
	close(fd[1]);
	close(fd[0]);
}

/* Half-close: data flows the other way after the first FIN. */
static void half(int fd[2], unsigned int dice)
{
	char buf[64];

	shutdown(fd[0], SHUT_WR);
	send(fd[1], "more", 4, MSG_NOSIGNAL);
	shutdown(fd[1], SHUT_WR);
	recv(fd[0], buf, sizeof(buf), MSG_DONTWAIT);
	close(fd[0]);
	close(fd[1]);
}

static void abort_end(int fd)
{
	struct linger abortive = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abortive, sizeof(abortive));
	close(fd);
}

static void reset(int fd[2], unsigned int dice)
{
	if (dice & 1)
		shutdown(fd[0], SHUT_WR);
	abort_end(fd[1]);
	close(fd[0]);
}

static void (*const kinds[])(int fd[2], unsigned int dice) = {
	plain, plain, plain, passive_first, passive_first, with_data, half,
	reset,
};

static void make_closes(struct closer *closer, unsigned long count, bool mixed)
{
	unsigned int dice = 0;
	int fd[2];

	ns_enter(closer->ns);
	while (count--) {
		if (!meet(closer, fd)) {
			closer->unmet++;
			continue;
		}
		closer->made++;
		if (mixed)
			dice = rand_r(&closer->seed);
		kinds[dice % (sizeof(kinds) / sizeof(*kinds))](fd, dice >> 8);
	}
	ns_leave();
	if (closer->unmet)
		drain(closer);
}

/**
 * closer_plain - make closes: the connecting end first, then the other
 * @closer: the closer
 * @count: number of closes
 */
void closer_plain(struct closer *closer, unsigned long count)
{
	make_closes(closer, count, false);
}

/**
 * closer_mixed - make closes of all kinds: either first, with data, half, reset
 * @closer: the closer
 * @count: number of closes
 */
void closer_mixed(struct closer *closer, unsigned long count)
{
	make_closes(closer, count, true);
}

/**
 * closer_close - stop to listen
 * @closer: the closer
 */
void closer_close(struct closer *closer)
{
	int i;

	for (i = 0; i < CLOSER_PORTS; i++)
		conn_close(&closer->listener[i]);
}
