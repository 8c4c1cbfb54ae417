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

static bool step_is_switch(const char *text)
{
	return !text || !strcmp(text, "0") || !strcmp(text, "1");
}

const char *step_check_listen(const struct scenario_line *line)
{
	const char *error = words_get(line, 1, "error");

	if (strcmp(line->word[0], "none") &&
	    !step_number(line->word[0], 1, 65535))
		return "a port is a number from 1 to 65535, or none";
	if (!strcmp(line->word[0], "none") && line->count > 1)
		return "`none' stands alone";
	if (!step_is_switch(words_get(line, 1, "reuseaddr")))
		return "`reuseaddr=' is 0 or 1";
	if (error && !words_errno(error))
		return "that error is none of a connection";
	return words_only(line, 1, " reuseaddr error ");
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

/* Return: a listening socket, or -errno. */
static int step_listen_at(struct experiment *run,
			  const struct scenario_line *line,
			  const struct addr *at)
{
	const char *reuse = words_get(line, 1, "reuseaddr");
	int fd = conn_socket(&run->ns[line->host], run->family);
	int on = !reuse || atoi(reuse), error;

	if (fd < 0)
		return -EIO;
	if (!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
	    !bind(fd, &at->sa, at->len) && !listen(fd, SOMAXCONN))
		return fd;
	error = errno;
	close(fd);
	return -error;
}

/* Return: CHUNK bytes as they stand at that place of what an end sends. */
static const char *step_pattern(u64 at)
{
	static char bytes[PATTERN + CHUNK];

	if (!bytes[1])
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = i % PATTERN;
	return bytes + at % PATTERN;
}

/* Send a SYN with data on it (TCP Fast Open). Return: 0, or errno. */
static int step_fast(struct experiment_socket *socket, size_t size)
{
	ssize_t done;

	done = sendto(socket->fd, step_pattern(socket->sent), size,
		      MSG_FASTOPEN | MSG_NOSIGNAL,
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
	const char *wanted = words_get(line, 1, "error");
	struct addr at = run->at[line->host];
	int fd, error;

	conn_close(&run->listener[line->host]);
	if (!strcmp(line->word[0], "none"))
		return EXPERIMENT_OK;
	addr_set_port(&at, atoi(line->word[0]));
	fd = step_listen_at(run, line, &at);
	if (fd >= 0)
		run->listener[line->host] = fd;
	error = fd < 0 ? -fd : 0;
	experiment_saw(run, line, "%s", strerrorname_np(error));
	return error == (wanted ? words_errno(wanted) : 0) ? EXPERIMENT_OK :
		experiment_fail(run, line, "the result is %s",
				error ? strerrorname_np(error) : "success");
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

	experiment_saw(run, line, "%.3fs", took / 1e9);
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
	const char *first = words_get(line, 1, "first");
	const char *to = words_get(line, 1, "to");

	if (!step_number(line->word[0], 1, 65536))
		return "a number of connections is from 1 to 65536";
	if (error && !words_errno(error))
		return "that error is none of a connection";
	if (first && strcmp(first, "A") && strcmp(first, "B"))
		return "`first=' is A or B";
	if (!step_is_switch(words_get(line, 1, "reset")))
		return "`reset=' is 0 or 1";
	if (to && !step_number(to, 1, 65535))
		return "a port is a number from 1 to 65535";
	return words_only(line, 1, " error first reset to ");
}

/* Close one end, by a FIN or a RST, and the other once it has learned of it. */
static void churn_close(struct experiment *run,
			const struct scenario_line *line, int *here, int *there)
{
	const char *first = words_get(line, 1, "first");
	const char *reset = words_get(line, 1, "reset");
	bool peer = first && (*first == 'A' ? HOST_A : HOST_B) != line->host;
	int *one = peer ? there : here, *other = peer ? here : there;

	if (reset && atoi(reset))
		conn_reset(one);
	else
		conn_close(one);
	step_ready(run, *other, POLLIN, SEC);
	conn_close(other);
}

/* Open a connection from any port, and close it. */
static int step_churn_once(struct experiment *run, const struct scenario_line *line)
{
	struct experiment_socket socket = {
		.fd = conn_socket(&run->ns[line->host], run->family),
		.local = run->at[line->host],
		.remote = run->to[!line->host],
	};
	const char *to = words_get(line, 1, "to");
	int there, error;

	addr_set_port(&socket.remote, to ? atoi(to) : B_PORT);
	error = step_establish(run, &socket);
	if (!error) {
		there = conn_accept(run->listener[!line->host]);
		churn_close(run, line, &socket.fd, &there);
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
	int count = atoi(line->word[0]), error = 0, i;

	for (i = 0; i < count && !error; i++)
		error = -step_churn_once(run, line);
	experiment_saw(run, line, "%d", error ? i - 1 : i);
	if (i == count && error == (wanted ? words_errno(wanted) : 0))
		return EXPERIMENT_OK;
	return experiment_fail(run, line, "the result of number %d is %s", i,
			       error ? strerrorname_np(error) : "success");
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
	size_t size = left < CHUNK ? left : CHUNK;
	ssize_t done;

	done = send(socket->fd, step_pattern(socket->sent), size, MSG_NOSIGNAL);
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
	u64 start = clock_now();
	int error = -step_send_all(run, experiment_socket(run, line),
				  atoll(line->word[0]));

	experiment_saw(run, line, "%.3fs", (clock_now() - start) / 1e9);
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
	return !memcmp(data, step_pattern(socket->came), size);
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

