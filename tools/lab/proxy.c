// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that relays TCP connections as a good proxy does: an end of file is
 * passed on alone (a half-close), a reset resets the other side.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conn.h"
#include "proxy.h"
#include "refuse.h"

enum {
	RELAYS = 4,		/* connections at once; others wait */
	ROOM = 4096,		/* bytes under way in each direction */
};

/**
 * struct stream - one direction of a relayed connection
 * @from: socket that is read
 * @to: socket that is written
 * @data: bytes read and not yet written
 * @begin: the first of them
 * @end: behind the last of them
 * @over: the end of file was read, and is passed on
 */
struct stream {
	int from;
	int to;
	char data[ROOM];
	size_t begin;
	size_t end;
	bool over;
};

/**
 * struct relay - a relayed connection
 * @fd: sockets to the client and to the server, -1 when there is none
 * @stream: from the client, from the server
 */
struct relay {
	int fd[2];
	struct stream stream[2];
};

static void relay_open(struct relay *relay, const struct ns *ns, int listener,
		       const struct addr *to)
{
	relay->fd[0] = conn_accept(listener);
	relay->fd[1] = conn_connect(ns, NULL, to);
	if (relay->fd[0] < 0 || relay->fd[1] < 0) {
		conn_reset(&relay->fd[0]);
		conn_close(&relay->fd[1]);
	}
	for (int i = 0; i < 2; i++) {
		relay->stream[i].from = relay->fd[i];
		relay->stream[i].to = relay->fd[!i];
		relay->stream[i].begin = 0;
		relay->stream[i].end = 0;
		relay->stream[i].over = false;
	}
}

/* Return: false when the connection is broken. */
static bool stream_pass(struct stream *stream)
{
	ssize_t done;

	if (stream->begin < stream->end) {
		done = send(stream->to, stream->data + stream->begin,
			    stream->end - stream->begin, MSG_NOSIGNAL);
		if (done > 0)
			stream->begin += done;
		return done > 0 || errno == EAGAIN;
	}
	if (stream->over)
		return true;
	done = recv(stream->from, stream->data, ROOM, 0);
	if (done < 0)
		return errno == EAGAIN;
	stream->begin = 0;
	stream->end = done;
	stream->over = !done;
	return done || !shutdown(stream->to, SHUT_WR);
}

static void relay_pass(struct relay *relay, bool broken)
{
	broken = broken || !stream_pass(&relay->stream[0]) ||
		 !stream_pass(&relay->stream[1]);
	if (broken) {
		conn_reset(&relay->fd[0]);
		conn_reset(&relay->fd[1]);
	} else if (relay->stream[0].over && relay->stream[1].over) {
		conn_close(&relay->fd[0]);
		conn_close(&relay->fd[1]);
	}
}

/* What the sockets of a relay wait for. */
static void relay_ask(const struct relay *relay, struct pollfd *ask)
{
	for (int i = 0; i < 2; i++) {
		const struct stream *in = &relay->stream[i];
		const struct stream *out = &relay->stream[!i];

		ask[i] = (struct pollfd){ .fd = relay->fd[i] };
		if (!in->over && in->begin == in->end)
			ask[i].events |= POLLIN;
		if (out->begin < out->end)
			ask[i].events |= POLLOUT;
	}
}

static void proxy_turn(struct relay *relays, const struct ns *ns, int listener,
		       const struct addr *to)
{
	struct pollfd ask[2 * RELAYS + 1];
	struct relay *idle = NULL;

	for (int i = 0; i < RELAYS; i++) {
		relay_ask(&relays[i], &ask[2 * i]);
		if (relays[i].fd[0] < 0)
			idle = &relays[i];
	}
	ask[2 * RELAYS] = (struct pollfd){
		.fd = idle ? listener : -1,
		.events = POLLIN,
	};
	if (poll(ask, 2 * RELAYS + 1, -1) < 0)
		return;
	for (int i = 0; i < RELAYS; i++)
		if (ask[2 * i].revents || ask[2 * i + 1].revents)
			relay_pass(&relays[i], (ask[2 * i].revents |
				   ask[2 * i + 1].revents) & POLLERR);
	if (idle && ask[2 * RELAYS].revents)
		relay_open(idle, ns, listener, to);
}

static void __attribute((noreturn))
proxy_run(const struct ns *ns, int listener, const struct addr *to)
{
	static struct relay relays[RELAYS];

	for (int i = 0; i < RELAYS; i++)
		relays[i] = (struct relay){ .fd = { -1, -1 } };
	for (;;)
		proxy_turn(relays, ns, listener, to);
}

/**
 * proxy_start() - start a proxy, which ends with its parent
 * @ns: where it is
 * @at: address at which it listens
 * @to: address of the server
 *
 * Return: the process, or -1 after a sentence.
 */
pid_t proxy_start(const struct ns *ns, const struct addr *at,
		  const struct addr *to)
{
	int listener = conn_listen(ns, at);
	pid_t parent = getpid(), pid;

	if (listener < 0)
		return -1;
	pid = fork();
	if (!pid) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
			_exit(1);
		proxy_run(ns, listener, to);
	}
	if (pid < 0)
		fail_with("a process for the proxy", errno);
	conn_close(&listener);
	return pid;
}

/**
 * proxy_stop() - end a proxy, and all its connections
 * @pid: from proxy_start()
 */
void proxy_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
