// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux_peer listen ADDRESS:PORT STEP... | connect LOCAL REMOTE STEP...: one end
 * of a connection on the kernel's stack; see steps_run(). [ADDRESS]:PORT is IPv6.
 * DEVICE= in the environment binds the socket to that device, as a VRF needs.
 */
#include <err.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "steps.h"

static int linux_fd = -1;

/* Resolve "ADDRESS:PORT"; the port is behind the last colon. */
static struct addrinfo *linux_resolve(const char *text)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	char host[64], *port;
	struct addrinfo *info;
	int status;

	if (strlen(text) >= sizeof(host))
		errx(1, "%s: too long", text);
	strcpy(host, text + (*text == '['));
	port = strrchr(host, ':');
	if (!port)
		errx(1, "%s: no port", text);
	*port++ = '\0';
	if (*text == '[')
		port[-2] = '\0';
	status = getaddrinfo(host, port, &hints, &info);
	if (status)
		errx(1, "%s: %s", text, gai_strerror(status));
	return info;
}

static int linux_socket(const struct addrinfo *info)
{
	const char *device = getenv("DEVICE");
	const int on = 1;
	int fd = socket(info->ai_family, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
				 strlen(device)))
		err(1, "%s", device);
	return fd;
}

static void linux_listen(const char *local)
{
	struct addrinfo *at = linux_resolve(local);
	int listener = linux_socket(at);

	if (bind(listener, at->ai_addr, at->ai_addrlen) || listen(listener, 1))
		err(1, "%s", local);
	linux_fd = accept(listener, NULL, NULL);
	if (linux_fd < 0)
		err(1, "accept");
	close(listener);
	freeaddrinfo(at);
}

static void linux_open(const char *local, const char *remote)
{
	struct addrinfo *to, *from;

	if (!remote) {
		linux_listen(local);
		return;
	}
	to = linux_resolve(remote);
	linux_fd = linux_socket(to);
	if (strcmp(local, "-")) {
		from = linux_resolve(local);
		if (bind(linux_fd, from->ai_addr, from->ai_addrlen))
			err(1, "%s", local);
		freeaddrinfo(from);
	}
	if (connect(linux_fd, to->ai_addr, to->ai_addrlen))
		err(1, "%s", remote);
	freeaddrinfo(to);
}

static void linux_send(size_t bytes)
{
	static const char text[65536];
	ssize_t sent;

	while (bytes) {
		sent = send(linux_fd, text,
			    bytes < sizeof(text) ? bytes : sizeof(text), 0);
		if (sent < 0) {
			warn("send");
			return;
		}
		bytes -= sent;
	}
}

static long linux_receive(void)
{
	static char text[65536];

	return recv(linux_fd, text, sizeof(text), 0);
}

static void linux_shut(void)
{
	if (shutdown(linux_fd, SHUT_WR))
		warn("shutdown");
}

static void linux_close(void)
{
	close(linux_fd);
	linux_fd = -1;
}

static void linux_abort(void)
{
	const struct linger none = { 1, 0 };

	setsockopt(linux_fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	linux_close();
}

int main(int argc, char **argv)
{
	static const struct steps_stack stack = {
		.open = linux_open, .send = linux_send,
		.receive = linux_receive, .shut = linux_shut,
		.close = linux_close, .abort = linux_abort,
	};

	signal(SIGPIPE, SIG_IGN);
	return steps_run(&stack, argv + 1);
}
