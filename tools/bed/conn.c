// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"
#include "fail.h"

/* Poll until @events or the deadline; return whether there is an event. */
static bool conn_poll(int fd, short events, __u64 span)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, span / MSEC) > 0;
}

/**
 * conn_socket() - make a TCP socket that is neither bound nor connected
 * @ns: its namespace, which may have another protocol
 * @family: AF_INET or AF_INET6
 *
 * Return: the socket, non-blocking as all of these are, or -1 after a sentence.
 */
int conn_socket(const struct ns *ns, int family)
{
	int fd, one = 1;

	fd = ns_socket(ns, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		       ns->protocol);
	if (fd < 0) {
		fail("socket: %s", strerror(-fd));
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (ns->vrf && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ns->vrf,
				  strlen(ns->vrf)))
		fail("binding to %s: %s", ns->vrf, strerror(errno));
	return fd;
}

/**
 * conn_listen() - make a listening socket
 * @ns: its namespace
 * @at: its address
 *
 * Return: the socket, or -1 after a sentence.
 */
int conn_listen(const struct ns *ns, const struct addr *at)
{
	int fd = conn_socket(ns, at->sa.sa_family);

	if (fd < 0)
		return -1;
	if (!WAIT_FOR(!bind(fd, &at->sa, at->len), PATIENCE))
		fail("bind %s: %s", at->text, strerror(errno));
	else if (listen(fd, 128))
		fail("listen: %s", strerror(errno));
	else
		return fd;
	close(fd);
	return -1;
}

/**
 * conn_reach() - connect a socket, and wait for the end of the handshake
 * @fd: from conn_socket()
 * @to: the listener's address
 * @span: how long to wait, ns
 *
 * Return: 0, or 1 after a sentence.
 */
int conn_reach(int fd, const struct addr *to, __u64 span)
{
	int error;

	if (connect(fd, &to->sa, to->len) && errno != EINPROGRESS)
		return fail("connect %s: %s", to->text, strerror(errno));
	if (!conn_poll(fd, POLLOUT, span))
		return fail("connect %s: nobody answers", to->text);
	error = conn_error(fd);
	if (error)
		return fail("connect %s: %s", to->text, strerror(error));
	return 0;
}

/**
 * conn_connect() - make a socket and connect it, as conn_reach() does
 * @ns: the client's namespace
 * @from: address to bind to, or NULL
 * @to: the listener's address
 *
 * Return: the socket, or -1 after a sentence.
 */
int conn_connect(const struct ns *ns, const struct addr *from,
		 const struct addr *to)
{
	int fd = conn_socket(ns, to->sa.sa_family);

	if (fd < 0)
		return -1;
	if (from && bind(fd, &from->sa, from->len))
		fail("bind %s: %s", from->text, strerror(errno));
	else if (!conn_reach(fd, to, PATIENCE))
		return fd;
	close(fd);
	return -1;
}

/**
 * conn_accept() - accept the next connection
 * @listener: from conn_listen()
 *
 * Return: the socket, or -1 after a sentence.
 */
int conn_accept(int listener)
{
	int fd;

	if (!conn_poll(listener, POLLIN, PATIENCE)) {
		fail("accept: no connection comes");
		return -1;
	}
	fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		fail("accept: %s", strerror(errno));
	return fd;
}

/**
 * conn_read() - read the next data, or the end of it
 * @fd: the socket
 * @span: how long to wait, ns
 *
 * Return: number of bytes read (and discarded), CONN_EOF, CONN_NOTHING, or
 * -errno below that.
 */
int conn_read(int fd, __u64 span)
{
	char buf[4096];
	ssize_t got;

	if (!conn_poll(fd, POLLIN, span))
		return CONN_NOTHING;
	got = read(fd, buf, sizeof(buf));
	return got < 0 ? -errno : (int)got;
}

/**
 * conn_error() - get and clear the pending error of a socket
 * @fd: the socket
 *
 * Return: errno, or 0.
 */
int conn_error(int fd)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		fail("SO_ERROR: %s", strerror(errno));
	return error;
}

/**
 * conn_write() - send a text
 * @fd: the socket
 * @text: the text, which must fit its send buffer
 *
 * Return: 0, or 1 after a sentence.
 */
int conn_write(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
		return fail("send: %s", strerror(errno));
	return 0;
}

/**
 * conn_shut() - send a FIN and keep the socket
 * @fd: the socket
 *
 * Return: 0, or 1 after a sentence.
 */
int conn_shut(int fd)
{
	return shutdown(fd, SHUT_WR) ?
		fail("shutdown: %s", strerror(errno)) : 0;
}

/**
 * conn_reset() - close with a RST
 * @fd: the socket, -1 afterwards
 */
void conn_reset(int *fd)
{
	struct linger abortive = { .l_onoff = 1 };

	setsockopt(*fd, SOL_SOCKET, SO_LINGER, &abortive, sizeof(abortive));
	conn_close(fd);
}

/**
 * conn_close() - close a socket once
 * @fd: the socket, -1 afterwards
 */
void conn_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
