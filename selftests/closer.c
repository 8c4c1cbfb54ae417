// SPDX-License-Identifier: GPL-2.0-only
/*
 * closer FAULT [server|client ADDRESS]: a server and a client that close
 * connections with a fault that shows only when the network has one, or, as
 * `none', without. The client ends with 0 when all went well; the server stays.
 * explore.sh wants each found. With an address it is only one of both, and the
 * server says who came.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 7000, ASKED = 10, PATIENCE_MS = 1000, HASTE_MS = 100 };

enum fault {
	NONE,
	UNREAD,		/* the server does not read on behind its own FIN */
	LEAK,		/* it forgets a connection whose end comes late */
	FOREVER,	/* the client waits for the end without a time limit */
	RST,		/* a reset is as good to it as an answer */
	DOUBLE,		/* after an error the server closes the file twice */
	ABORT,		/* after an error, which hurt nobody, it aborts */
	FAULTS,
};

static const char * const names[FAULTS] = {
	"none", "unread", "leak", "forever", "rst", "double", "abort"
};

static const char *at = "127.0.0.1";

static const char answer[] = "stored\n";

/* Return: what read() does, or -1 with ETIMEDOUT; -1 ms is for ever. */
static ssize_t read_within(int fd, void *room, size_t size, int ms)
{
	struct pollfd ready = { fd, POLLIN, 0 };

	if (poll(&ready, 1, ms) == 1)
		return read(fd, room, size);
	errno = ETIMEDOUT;
	return -1;
}

static bool read_all(int fd, size_t wanted)
{
	char room[64];
	ssize_t got;

	while (wanted) {
		got = read_within(fd, room, wanted, 5 * PATIENCE_MS);
		if (got <= 0)
			return false;
		wanted -= got;
	}
	return true;
}

/* Return: 0 at the end, -1 after an error. */
static int read_to_end(int fd, int ms)
{
	char room[64];
	ssize_t got;

	do {
		got = read_within(fd, room, sizeof(room), ms);
	} while (got > 0);
	return got;
}

static void send_text(int fd, const char *text)
{
	send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void serve_one(int fd, enum fault fault, int *stale)
{
	if (fault == RST) {
		if (!read_to_end(fd, PATIENCE_MS))
			send_text(fd, answer);
		close(fd);
		return;
	}
	if (read_all(fd, ASKED))
		send_text(fd, answer);
	if (fault == UNREAD) {
		shutdown(fd, SHUT_WR);
		usleep(HASTE_MS * 1000);
		close(fd);
		return;
	}
	if (!read_to_end(fd, fault == LEAK ? HASTE_MS : PATIENCE_MS)) {
		close(fd);
		return;
	}
	if (fault == LEAK)
		return;
	if (fault == ABORT)
		abort();
	close(fd);
	if (fault == DOUBLE)
		*stale = fd;
}

static void serve(int listener, enum fault fault, bool says)
{
	int stale = -1;

	for (;;) {
		struct sockaddr_in peer;
		socklen_t size = sizeof(peer);
		int fd = accept(listener, (struct sockaddr *)&peer, &size);

		if (fd < 0)
			exit(1);
		if (says) {
			printf("from %s\n", inet_ntoa(peer.sin_addr));
			fflush(stdout);
		}
		if (stale >= 0)
			close(stale);
		stale = -1;
		serve_one(fd, fault, &stale);
	}
}

static void address(struct sockaddr_in *addr)
{
	*addr = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(at),
	};
}

static int dial(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in addr;

	address(&addr);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("connect");
		exit(1);
	}
	send_text(fd, "0123456789");
	return fd;
}

/* The server closes first, and then has to be told something. */
static bool ask_last(void)
{
	int fd = dial();
	bool good = read_all(fd, strlen(answer)) &&
		    !read_to_end(fd, 5 * PATIENCE_MS);

	send_text(fd, "bye");
	shutdown(fd, SHUT_WR);
	good = read_within(fd, &(char){ 0 }, 1, HASTE_MS) >= 0 && good;
	close(fd);
	return good;
}

/* The answer comes behind the end of the question. */
static bool ask_at_end(void)
{
	char room[64] = "";
	int fd = dial();
	ssize_t got;

	shutdown(fd, SHUT_WR);
	got = read_within(fd, room, sizeof(room), 5 * PATIENCE_MS);
	close(fd);
	if (got < 0 && errno != ECONNRESET)
		return false;
	printf("%s", room);
	return true;
}

/* With the answer all is done; what comes of the close does not matter. */
static bool ask(enum fault fault)
{
	int fd = dial();
	bool good = read_all(fd, strlen(answer));

	shutdown(fd, SHUT_WR);
	read_to_end(fd, fault == FOREVER ? -1 : PATIENCE_MS);
	close(fd);
	return good;
}

static bool client(enum fault fault)
{
	switch (fault) {
	case UNREAD:
		return ask_last();
	case RST:
		return ask_at_end();
	case DOUBLE:
		return ask(fault) && ask(fault);
	default:
		return ask(fault);
	}
}

static int listen_there(void)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	struct sockaddr_in addr;

	address(&addr);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(listener, 16)) {
		perror("bind");
		exit(1);
	}
	return listener;
}

static int misused(void)
{
	fprintf(stderr, "usage: closer none|unread|leak|forever|rst|double|abort\n"
		"       [server|client ADDRESS]\n");
	return 2;
}

int main(int argc, char **argv)
{
	enum fault fault = NONE;
	int listener = -1;

	if (argc != 2 && argc != 4)
		return misused();
	while (fault < FAULTS && strcmp(argv[1], names[fault]))
		fault++;
	if (fault == FAULTS)
		return misused();
	if (argc == 4)
		at = argv[3];
	if (argc == 2 || !strcmp(argv[2], "server")) {
		listener = listen_there();
		if (argc == 4 || !fork())
			serve(listener, fault, argc == 4);
	}
	close(listener);
	return client(fault) ? 0 : 1;
}
