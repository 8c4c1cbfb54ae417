// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pair.h"

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		err(1, "setsockopt %d", name);
}

static int tcp_socket(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set(fd, IPPROTO_TCP, TCP_MAXSEG, PAIR_MSS);
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	return fd;
}

/**
 * pair_listen() - open a listening socket
 * @at: its address
 *
 * Return: the socket.
 */
int pair_listen(const struct addr *at)
{
	int fd = tcp_socket(at->sa.sa_family);

	if (bind(fd, &at->sa, at->len) || listen(fd, 16))
		err(1, "listen at %s", at->text);
	return fd;
}

/**
 * pair_open() - connect two ends
 * @pair: filled in
 * @listener: of the accepting end
 * @to: the address of @listener
 */
void pair_open(struct pair *pair, int listener, const struct addr *to)
{
	pair->a = tcp_socket(to->sa.sa_family);
	if (connect(pair->a, &to->sa, to->len))
		err(1, "connect to %s", to->text);
	pair->b = accept(listener, NULL, NULL);
	if (pair->b < 0)
		err(1, "accept");
}

/**
 * pair_end() - close the accepting end, when the other has closed
 * @pair: the connection
 */
void pair_end(struct pair *pair)
{
	char byte;

	if (read(pair->b, &byte, 1))
		err(1, "read at the end");
	close(pair->b);
}

/**
 * pair_close() - close both ends, the connecting one first
 * @pair: the connection
 */
void pair_close(struct pair *pair)
{
	close(pair->a);
	pair_end(pair);
}

/**
 * pair_send() - send one full segment and read it
 * @pair: the connection
 */
void pair_send(const struct pair *pair)
{
	static char buf[SEGMENT];
	ssize_t done = 0, got;

	if (write(pair->a, buf, sizeof(buf)) != sizeof(buf))
		err(1, "write");
	while (done < (ssize_t)sizeof(buf)) {
		got = read(pair->b, buf, sizeof(buf) - done);
		if (got <= 0)
			err(1, "read");
		done += got;
	}
}
