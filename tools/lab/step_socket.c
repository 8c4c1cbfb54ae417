// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "conn.h"
#include "record.h"
#include "span.h"
#include "step.h"
#include "scenario_words.h"

enum {
	A_PORT = 40000,
	B_PORT = 8080,
	PATTERN = 251,		/* data repeats itself after so many bytes */
	CHUNK = 4096,
	POLL_MS = 10,
};

static const u64 patience = 600 * SEC;	/* unless in= says more */

/* Watch until @fd is ready or has an error. Return: false after @span ns. */
static bool step_ready(struct experiment *run, int fd, short events, u64 span)
{
	u64 start = clock_now();

	while (clock_now() - start < span) {
		struct pollfd ready = { .fd = fd, .events = events };

		if (poll(&ready, 1, 0) > 0)
			return true;
		experiment_watch(run, POLL_MS + (clock_now() - start) / MSEC / 128);
	}
	return false;
}

static bool step_number(const char *text, u64 least, u64 greatest)
{
	u64 value;

	return number_parse(text, &value) && value >= least &&
	       value <= greatest;
}

static int step_port(const struct scenario_line *line, const char *key,
		     int otherwise)
{
	const char *text = words_get(line, 0, key);

	return text ? atoi(text) : otherwise;
}

const char *step_check_listen(const struct scenario_line *line)
{
	return strcmp(line->word[0], "none") &&
	       !step_number(line->word[0], 1, 65535) ?
		"a port is a number from 1 to 65535, or none" : NULL;
}

const char *step_check_connect(const struct scenario_line *line)
{
	const char *port = words_get(line, 0, "port");
	const char *to = words_get(line, 0, "to");
	const char *error = words_get(line, 0, "error");
	const char *at = words_get(line, 0, "at");
	struct range range;

	if (at && strcmp(at, "R"))
		return "`at=' knows only R, the router";
	if ((port && !step_number(port, 1, 65535)) ||
	    (to && !step_number(to, 1, 65535)))
		return "a port is a number from 1 to 65535";
	if (error && !words_errno(error))
		return "that error is none of a connection";
	if (!words_in(line, 0, "in", &range))
		return "`in=' wants a time or a range";
	return words_only(line, 0, " port to at in error ");
}

/* What the socket sends next. */
static void step_pattern(const struct experiment_socket *socket, char *data,
			 size_t size)
{
	for (size_t i = 0; i < size; i++)
		data[i] = (socket->sent + i) % PATTERN;
}

/* Send a SYN with data on it (TCP Fast Open). Return: 0, or errno. */
static int step_fast(struct experiment_socket *socket, size_t size)
{
	char data[CHUNK];
	ssize_t done;

	step_pattern(socket, data, size);
	done = sendto(socket->fd, data, size, MSG_FASTOPEN | MSG_NOSIGNAL,
		      &socket->remote.sa, socket->remote.len);
	if (done > 0)
		socket->sent += done;
	return done < 0 ? errno : 0;
}

/**
 * step_listen() - listen at a port of the end, or no more at any
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_listen(struct experiment *run, const struct scenario_line *line)
{
	struct addr at = run->at[line->host];

	conn_close(&run->listener[line->host]);
	if (!strcmp(line->word[0], "none"))
		return EXPERIMENT_OK;
	addr_set_port(&at, atoi(line->word[0]));
	run->listener[line->host] = conn_listen(&run->ns[line->host], &at);
	return run->listener[line->host] < 0 ? EXPERIMENT_BROKEN : EXPERIMENT_OK;
}

/* Take over the end @there of a connection that came to its listener. */
static int step_take(struct experiment *run, const struct scenario_line *line,
		     enum host there)
{
	struct experiment_socket *to = &run->socket[there][line->slot];
	int fd;

	if (!step_ready(run, run->listener[there], POLLIN, 5 * SEC))
		return experiment_fail(run, line, "no connection came to %s",
				 there ? "B" : "A");
	fd = accept4(run->listener[there], NULL, NULL,
		     SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return experiment_fail(run, line, "accept: %s", strerror(errno));
	conn_close(&to->fd);
	*to = (struct experiment_socket){ .fd = fd };
	/* seen from there, which a router on the way may have changed */
	return addr_of(&to->local, fd, false) || addr_of(&to->remote, fd, true) ?
	       EXPERIMENT_BROKEN : EXPERIMENT_OK;
}

/**
 * step_accept() - take over the end of a connection that came to the listener
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_accept(struct experiment *run, const struct scenario_line *line)
{
	return step_take(run, line, line->host);
}

/* Return: 0, or -errno. connect() finds more free ports than bind(). */
static int step_bind(struct experiment_socket *socket)
{
	return addr_port(&socket->local) &&
	       bind(socket->fd, &socket->local.sa, socket->local.len) ?
	       -errno : 0;
}

/* Return: 0 once it is established, or -errno. */
static int step_establish(struct experiment *run, struct experiment_socket *socket)
{
	int error = step_bind(socket);

	if (error)
		return error;
	if (!connect(socket->fd, &socket->remote.sa, socket->remote.len))
		return 0;
	if (errno != EINPROGRESS)
		return -errno;
	if (!step_ready(run, socket->fd, POLLOUT, patience))
		return -ETIMEDOUT;
	return -conn_error(socket->fd);
}

static int step_in(struct experiment *run, const struct scenario_line *line,
		   unsigned int from, u64 start)
{
	u64 took = clock_now() - start;
	struct range range;

	words_in(line, from, "in", &range);
	if (range_has(&range, took))
		return EXPERIMENT_OK;
	return experiment_fail(run, line, "it took %.3fs, not %s", took / 1e9,
			 words_get(line, from, "in"));
}

/* Make the socket of a line, with its addresses. Return: whether there is one. */
static bool step_socket(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket *socket = experiment_socket(run, line);

	conn_close(&socket->fd);
	*socket = (struct experiment_socket){
		.fd = conn_socket(&run->ns[line->host], run->family),
		.local = run->at[line->host],
		.remote = words_get(line, 0, "at") ? run->router :
			  run->to[!line->host],
	};
	addr_set_port(&socket->local,
		      step_port(line, "port", A_PORT + line->slot));
	addr_set_port(&socket->remote, step_port(line, "to", B_PORT));
	return socket->fd >= 0;
}

/**
 * step_connect() - connect to the other end, which accepts
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_connect(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket *socket = experiment_socket(run, line);
	const char *wanted = words_get(line, 0, "error");
	u64 start = clock_now();
	int error, expected = wanted ? words_errno(wanted) : 0;

	if (!step_socket(run, line))
		return EXPERIMENT_BROKEN;
	error = -step_establish(run, socket);
	if (error != expected)
		return experiment_fail(run, line, "the result is %s, not %s",
				 strerrorname_np(error) ?: "0",
				 wanted ?: "a connection");
	if (error) {
		conn_close(&socket->fd);
		return step_in(run, line, 0, start);
	}
	return step_in(run, line, 0, start) ?:
	       step_take(run, line, !line->host);
}

const char *step_check_begin(const struct scenario_line *line)
{
	const char *port = words_get(line, 0, "port");
	const char *to = words_get(line, 0, "to");
	const char *bytes = words_get(line, 0, "fastopen");

	if ((port && !step_number(port, 1, 65535)) ||
	    (to && !step_number(to, 1, 65535)))
		return "a port is a number from 1 to 65535";
	if (bytes && !step_number(bytes, 1, 1000))
		return "a SYN takes from 1 to 1000 bytes";
	return words_only(line, 0, " port to fastopen ");
}

/**
 * step_begin() - send a SYN, and leave the rest to others
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_begin(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket *socket = experiment_socket(run, line);
	const char *bytes = words_get(line, 0, "fastopen");
	int error;

	if (!step_socket(run, line))
		return EXPERIMENT_BROKEN;
	error = -step_bind(socket);
	if (!error && bytes)
		error = step_fast(socket, atoi(bytes));
	else if (!error && connect(socket->fd, &socket->remote.sa,
				   socket->remote.len))
		error = errno;
	if (!error || error == EINPROGRESS)
		return EXPERIMENT_OK;
	return experiment_fail(run, line, "the result is %s",
			       strerrorname_np(error));
}

const char *step_check_churn(const struct scenario_line *line)
{
	const char *error = words_get(line, 1, "error");

	if (!step_number(line->word[0], 1, 65536))
		return "a number of connections is from 1 to 65536";
	if (error && !words_errno(error))
		return "that error is none of a connection";
	return words_only(line, 1, " error ");
}

/* Open a connection from any port, and close it, this end first. */
static int step_churn_once(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket socket = {
		.fd = conn_socket(&run->ns[line->host], run->family),
		.local = run->at[line->host],
		.remote = run->to[!line->host],
	};
	int there, error;

	addr_set_port(&socket.remote, B_PORT);
	error = step_establish(run, &socket);
	if (!error) {
		there = conn_accept(run->listener[!line->host]);
		conn_close(&socket.fd);
		if (step_ready(run, there, POLLIN, SEC))
			conn_close(&there);
	}
	conn_close(&socket.fd);
	return error;
}

/**
 * step_churn() - open and close so many connections, one after the other
 * @run: the run
 * @line: the step; with error= the last but no other must fail
 *
 * Return: enum experiment_result.
 */
int step_churn(struct experiment *run, const struct scenario_line *line)
{
	const char *wanted = words_get(line, 1, "error");
	int count = atoi(line->word[0]), error;

	for (int i = 1; i <= count; i++) {
		int expected = wanted && i == count ? words_errno(wanted) : 0;

		error = -step_churn_once(run, line);
		if (error != expected)
			return experiment_fail(run, line, "the result of number %d is %s",
					       i, error ? strerrorname_np(error) : "success");
	}
	return EXPERIMENT_OK;
}

const char *step_check_send(const struct scenario_line *line)
{
	const char *error = words_get(line, 1, "error");

	if (!step_number(line->word[0], 1, 1 << 30))
		return "a number of bytes is from 1 to 2^30";
	if (error && !words_errno(error))
		return "that error is none of a connection";
	return words_only(line, 1, " error ");
}

static ssize_t step_send_some(struct experiment_socket *socket, u64 left)
{
	char data[CHUNK];
	size_t size = left < CHUNK ? left : CHUNK;
	ssize_t done;

	step_pattern(socket, data, size);
	done = send(socket->fd, data, size, MSG_NOSIGNAL);
	if (done > 0)
		socket->sent += done;
	return done;
}

/* Return: 0 when all was sent, or -errno. */
static int step_send_all(struct experiment *run, struct experiment_socket *socket,
			 u64 left)
{
	while (left) {
		ssize_t done = step_send_some(socket, left);

		if (done > 0)
			left -= done;
		else if (errno != EAGAIN)
			return -errno;
		else if (!step_ready(run, socket->fd, POLLOUT, patience))
			return -EAGAIN;
	}
	return 0;
}

/**
 * step_send() - send bytes, and wait until the socket has taken them
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_send(struct experiment *run, const struct scenario_line *line)
{
	const char *wanted = words_get(line, 1, "error");
	int error = -step_send_all(run, experiment_socket(run, line),
				  atoll(line->word[0]));

	if (error == (wanted ? words_errno(wanted) : 0))
		return EXPERIMENT_OK;
	return experiment_fail(run, line, "the result is %s, not %s",
			 error ? strerrorname_np(error) : "success",
			 wanted ?: "success");
}

/**
 * step_fill() - send until the socket takes no more
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_fill(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket *socket = experiment_socket(run, line);

	do {
		while (step_send_some(socket, CHUNK) > 0)
			;
		experiment_watch(run, 500);
	} while (step_send_some(socket, CHUNK) > 0);
	return EXPERIMENT_OK;
}

const char *step_check_read(const struct scenario_line *line)
{
	struct range range;

	if (strcmp(line->word[0], "eof") && !words_errno(line->word[0]) &&
	    !step_number(line->word[0], 1, 1 << 30))
		return "it reads a number of bytes, eof, or an error";
	if (!words_in(line, 1, "in", &range))
		return "`in=' wants a time or a range";
	return words_only(line, 1, " in ");
}

static bool step_is_pattern(const struct experiment_socket *socket, const char *data,
			    size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] != (char)((socket->came + i) % PATTERN))
			return false;
	return true;
}

/* Print what a read found: bytes, `eof` or an error. */
static void step_read_some(struct experiment *run, struct experiment_socket *socket,
			   u64 most, short events, u64 span,
			   char *found, size_t room)
{
	char data[CHUNK];
	ssize_t got;

	if (!step_ready(run, socket->fd, events, span)) {
		snprintf(found, room, "nothing");
		return;
	}
	got = recv(socket->fd, data, most < CHUNK ? most : CHUNK, 0);
	if (got < 0)
		snprintf(found, room, "%s", strerrorname_np(errno));
	else if (!got)
		snprintf(found, room, "eof");
	else if (!step_is_pattern(socket, data, got))
		snprintf(found, room, "bytes that were not sent");
	else
		snprintf(found, room, "%zd", got);
	if (got > 0)
		socket->came += got;
}

/**
 * step_read() - read so many bytes, as they were sent, or what ends them
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_read(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket *socket = experiment_socket(run, line);
	u64 left = 0, start = clock_now(), got, span = patience;
	struct range range;
	char found[32];

	if (words_get(line, 1, "in") && words_in(line, 1, "in", &range))
		span = range.to;
	if (number_parse(line->word[0], &left)) {
		while (left) {
			step_read_some(run, socket, left, POLLIN, span, found,
				       sizeof(found));
			if (!number_parse(found, &got))
				return experiment_fail(run, line,
						 "%s, and %llu bytes are missing",
						 found, left);
			left -= got;
		}
		return step_in(run, line, 1, start);
	}
	/* an end of file can be read for ever; an error comes once */
	step_read_some(run, socket, 1,
		       words_errno(line->word[0]) ? 0 : POLLIN, span, found,
		       sizeof(found));
	if (strcmp(found, line->word[0]))
		return experiment_fail(run, line, "it reads %s", found);
	return step_in(run, line, 1, start);
}

/**
 * step_shutdown() - end what the end sends (SHUT_WR)
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_shutdown(struct experiment *run, const struct scenario_line *line)
{
	if (!shutdown(experiment_socket(run, line)->fd, SHUT_WR))
		return EXPERIMENT_OK;
	return experiment_fail(run, line, "%s", strerror(errno));
}

const char *step_check_close(const struct scenario_line *line)
{
	struct range range;

	if (!words_in(line, 0, "in", &range))
		return "`in=' wants a time or a range";
	return words_only(line, 0, " in ");
}

/**
 * step_close() - close the socket; with SO_LINGER this takes its time
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_close(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket *socket = experiment_socket(run, line);
	u64 start = clock_now();

	if (socket->fd < 0)
		return experiment_fail(run, line, "it is closed already");
	conn_close(&socket->fd);
	return step_in(run, line, 0, start);
}

