// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other hosts of `finject top`. Each is a program, ssh, that says the looks
 * of a `finject top` there. It has a process group of its own, so that the end
 * is that of all it began.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "netns.h"
#include "refuse.h"
#include "top.h"

enum { READ_END, WRITE_END, TAKES = 16 };

static bool stream_open(struct top_stream *stream, int *write_end)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return false;
	fcntl(ends[READ_END], F_SETFL, O_NONBLOCK);
	stream->fd = ends[READ_END];
	*write_end = ends[WRITE_END];
	stream->text = malloc(TOP_LINE);
	return stream->text;
}

static void become(const struct top_host *host, u64 delay, int out, int err,
		   pid_t parent)
{
	const char *ssh = getenv("FINJECT_SSH");
	int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char seconds[32];

	snprintf(seconds, sizeof(seconds), "%.3f", delay / 1e9);
	setpgid(0, 0);
	dup2(input, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	ssh = ssh && *ssh ? ssh : "ssh";
	if (!prctl(PR_SET_PDEATHSIG, SIGTERM) && getppid() == parent)
		execlp(ssh, ssh, "-oBatchMode=yes", "-oConnectTimeout=10",
		       "--", host->name, "finject", "top", "--json",
		       "--delay", seconds, NULL);
	dprintf(STDERR_FILENO, "%s: %s\n", ssh, strerror(errno));
	_exit(NOT_FOUND);
}

/**
 * top_host_start() - begin to listen to another host
 * @host: all but @name is zero
 * @delay: the time between two of its looks, ns
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int top_host_start(struct top_host *host, u64 delay)
{
	int out = -1, err = -1, error;
	pid_t parent = getpid();

	host->home = -1;
	host->out.fd = -1;
	host->err.fd = -1;
	host->patience = 3 * delay + 10 * SEC;
	if (stream_open(&host->out, &out) && stream_open(&host->err, &err))
		host->pid = fork();
	if (!host->pid && err >= 0)
		become(host, delay, out, err, parent);
	error = errno;
	if (host->pid > 0)
		setpgid(host->pid, host->pid);
	if (out >= 0)
		close(out);
	if (err >= 0)
		close(err);
	return host->pid > 0 ? DONE : fail_with(host->name, error);
}

static void stream_close(struct top_stream *stream)
{
	if (stream->fd >= 0)
		close(stream->fd);
	free(stream->text);
	*stream = (struct top_stream){ .fd = -1 };
}

static void say(struct top_host *host, const char *text)
{
	int length = strcspn(text, "\r");

	if (length)
		snprintf(host->said, sizeof(host->said), "%.*s", length, text);
}

static void take_look(struct top_host *host, const char *line)
{
	if (top_take(host, line))
		host->heard = clock_now();
	else
		say(host, line);
}

static void take_lines(struct top_host *host, struct top_stream *stream,
		       void (*take)(struct top_host *host, const char *line))
{
	char *line = stream->text, *end;
	size_t left = stream->size;

	while ((end = memchr(line, '\n', left))) {
		*end++ = '\0';
		take(host, line);
		left -= end - line;
		line = end;
	}
	memmove(stream->text, line, left);
	stream->size = left;
}

/* Return: false when nothing will come any more. */
static bool hear(struct top_host *host, struct top_stream *stream,
		 void (*take)(struct top_host *host, const char *line))
{
	ssize_t got;

	if (stream->fd < 0)
		return false;
	got = read(stream->fd, stream->text + stream->size,
		   TOP_LINE - stream->size);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (got <= 0)
		return false;
	stream->size += got;
	take_lines(host, stream, take);
	return stream->size < TOP_LINE;
}

/* Not reaped yet, so that its number is no other's. */
static bool is_gone(const struct top_host *host, siginfo_t *how)
{
	how->si_pid = 0;
	return waitid(P_PID, host->pid, how, WEXITED | WNOHANG | WNOWAIT) ||
	       how->si_pid;
}

/* Return: its exit status, as a shell puts it. */
static int reap(struct top_host *host)
{
	siginfo_t how = { .si_code = CLD_EXITED };

	WAIT_FOR(is_gone(host, &how), SEC);
	kill(-host->pid, SIGKILL);
	waitpid(host->pid, NULL, 0);
	host->pid = 0;
	return how.si_code == CLD_EXITED ? how.si_status :
					   SIGNALLED + how.si_status;
}

/* What it complained of last is told with its end, also without a newline. */
static void end_err(struct top_host *host)
{
	struct top_stream *err = &host->err;

	for (int i = 0; i < TAKES && hear(host, err, say); i++)
		;
	if (err->size && err->size < TOP_LINE) {
		err->text[err->size] = '\0';
		say(host, err->text);
	}
	stream_close(err);
}

static void end(struct top_host *host)
{
	bool whole = host->out.size < TOP_LINE;
	char text[TOP_SAID];
	int status;

	if (!whole)
		kill(-host->pid, SIGTERM);
	status = reap(host);
	end_err(host);
	snprintf(text, sizeof(text), "exit status %d", status);
	if (!whole)
		snprintf(text, sizeof(text), "a line of more than %d bytes",
			 TOP_LINE);
	if (!whole || !*host->said)
		say(host, text);
	stream_close(&host->out);
	host->ended = true;
}

/**
 * top_host_hear() - take what another host said
 * @host: the host
 */
void top_host_hear(struct top_host *host)
{
	if (!hear(host, &host->err, say))
		end_err(host);
	if (!hear(host, &host->out, take_look))
		end(host);
}

/**
 * top_hosts_end() - no longer look at any host
 * @hosts: the hosts
 * @count: their number
 */
void top_hosts_end(struct top_host *hosts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (hosts[i].pid > 0)
			kill(-hosts[i].pid, SIGTERM);
	for (size_t i = 0; i < count; i++) {
		if (hosts[i].pid > 0)
			reap(&hosts[i]);
		stream_close(&hosts[i].out);
		stream_close(&hosts[i].err);
		json_object_put(hosts[i].look);
		free(hosts[i].place);
		if (hosts[i].home >= 0)
			close(hosts[i].home);
	}
}
