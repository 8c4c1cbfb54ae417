// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "diag.h"
#include "finject.h"
#include "text.h"
#include "trial.h"

enum { PATIENCE_S = 5 };

static const char translated[] =
	"addresses are translated between A and B; such a close cannot be followed";

/**
 * trial_now() - the time that events are stamped with
 *
 * Return: CLOCK_MONOTONIC, in ns.
 */
u64 trial_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/**
 * trial_enter() - enter the network namespace of an end
 * @trial: the trial
 * @end: the end
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_enter(const struct trial *trial, enum ladder_end end)
{
	int error = ctl_netns_enter(trial->end[end].netns);

	return error ? fail_with("entering a network namespace", -error) : DONE;
}

static int end_open(struct trial *trial, enum ladder_end i)
{
	struct trial_end *end = &trial->end[i];

	if (trial_enter(trial, i))
		return REFUSED;
	end->diag = diag_open();
	if (!end->diag)
		return fail_with("inet_diag", errno);
	if (trial->together && i == END_B)
		return DONE;
	end->events = ctl_file("events", O_RDONLY | O_NONBLOCK);
	return end->events < 0 ? REFUSED : DONE;
}

static int name_bind(struct trial *trial, int fd, enum ladder_end i)
{
	struct endpoint at = trial->end[i].at;
	struct sockaddr_storage name;
	unsigned int size = endpoint_to_socket(&at, &name);

	if (!bind(fd, (struct sockaddr *)&name, size))
		return 0;
	if (!trial->borrowed || errno != EADDRINUSE)
		return -1;
	at.port = 0;
	size = endpoint_to_socket(&at, &name);
	return bind(fd, (struct sockaddr *)&name, size);
}

/* Nobody knows what is between existing namespaces. */
static void be_impatient(int fd)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static int end_socket(struct trial *trial, enum ladder_end i)
{
	int one = 1, error, fd;

	if (trial_enter(trial, i))
		return -1;
	fd = socket(trial->end[i].at.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (trial->borrowed)
		be_impatient(fd);
	if (fd >= 0 && name_bind(trial, fd, i)) {
		error = errno;
		close(fd);
		errno = error;
		fd = -1;
	}
	if (fd < 0)
		fail_with("making a socket", errno);
	return fd;
}

static int no_answer(const char *what)
{
	bool waited = errno == EINPROGRESS || errno == EAGAIN;

	return fail_with(what, waited ? ETIMEDOUT : errno);
}

static int say(int from, int to, const char *word)
{
	size_t size = strlen(word);
	char heard[16];

	if (write(from, word, size) != (ssize_t)size ||
	    read(to, heard, sizeof(heard)) != (ssize_t)size)
		return no_answer("talking over the connection");
	return DONE;
}

typedef int name_fn(int fd, struct sockaddr *name, socklen_t *size);

static struct endpoint endpoint_get(int fd, name_fn *get)
{
	struct sockaddr_storage name = { 0 };
	socklen_t size = sizeof(name);
	struct endpoint endpoint;

	get(fd, (struct sockaddr *)&name, &size);
	endpoint_of_socket(&endpoint, &name);
	return endpoint;
}

static bool is_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->family == b->family && a->port == b->port &&
	       !memcmp(a->address, b->address, sizeof(a->address));
}

/* Both ends have to agree on who they are, or no segment is found again. */
static int ends_name(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		struct trial_end *end = &trial->end[i];
		struct endpoint seen = endpoint_get(trial->end[!i].socket,
						    getpeername);

		end->at = endpoint_get(end->socket, getsockname);
		endpoint_print(&end->at, end->name);
		if (!is_same(&end->at, &seen))
			return fail("%s", translated);
	}
	return DONE;
}

static int talk(struct trial *trial, int listener)
{
	struct endpoint to = endpoint_get(listener, getsockname);
	struct sockaddr_storage name;
	unsigned int size = endpoint_to_socket(&to, &name);
	int a = trial->end[END_A].socket, b;

	if (listen(listener, 1) ||
	    connect(a, (struct sockaddr *)&name, size))
		return no_answer("connecting");
	b = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (b < 0)
		return no_answer("accepting");
	trial->end[END_B].socket = b;
	return ends_name(trial) || say(a, b, "request") || say(b, a, "reply");
}

static int connect_ends(struct trial *trial)
{
	int listener = end_socket(trial, END_B);
	int status;

	if (listener < 0)
		return REFUSED;
	trial->end[END_A].socket = end_socket(trial, END_A);
	status = trial->end[END_A].socket < 0 ? REFUSED :
		talk(trial, listener);
	close(listener);
	return status;
}

/**
 * trial_open_at() - a connection in a certain place
 * @trial: the trial; to be closed whatever this returns
 * @site: where
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_open_at(struct trial *trial, const struct trial_site *site)
{
	memset(trial, 0, sizeof(*trial));
	for (int i = END_A; i <= END_B; i++) {
		trial->end[i].netns = -1;
		trial->end[i].lease = -1;
		trial->end[i].events = -1;
		trial->end[i].socket = -1;
	}
	if (ctl_open(NULL) || trial_site_open(trial, site) ||
	    end_open(trial, END_A) || end_open(trial, END_B))
		return REFUSED;
	return connect_ends(trial);
}

/**
 * trial_open() - two namespaces, a cable, a connection
 * @trial: the trial; to be closed whatever this returns
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_open(struct trial *trial)
{
	return trial_open_at(trial, &(struct trial_site){ 0 });
}

/* The file stays open: it is all that keeps these rules. */
static int rules_lend(struct trial_end *end, const char *rule)
{
	char *commands = text_commands(rule, "lease\n");

	end->before = ctl_read("rules");
	if (end->before)
		end->lease = ctl_lease("rules", commands, 1, NULL);
	free(commands);
	return end->lease < 0 ? REFUSED : DONE;
}

/**
 * trial_rule() - add a rule, or several
 * @trial: the trial
 * @end: in whose namespace
 * @rule: one a line
 *
 * In a namespace that was there before this is done once, and what is added
 * ends with the trial.
 *
 * Return: DONE, or REFUSED after the kernel's sentence.
 */
int trial_rule(struct trial *trial, enum ladder_end end, const char *rule)
{
	int status = trial_enter(trial, end);
	char *command;

	if (status)
		return status;
	if (trial->borrowed)
		return rules_lend(&trial->end[end], rule);
	command = text_commands(rule, "");
	status = ctl_write("rules", command, 0, NULL);
	free(command);
	return status;
}

/**
 * trial_is_own_rule() - was a rule added for this trial
 * @trial: the trial
 * @end: in whose namespace the rule is
 * @id: its id
 *
 * Return: false when it was there before.
 */
bool trial_is_own_rule(const struct trial *trial, enum ladder_end end,
		       unsigned int id)
{
	const char *before = trial->end[end].before;
	char start[32];

	if (!trial->borrowed)
		return true;
	snprintf(start, sizeof(start), "add id=%u ", id);
	return before && !strstr(before, start);
}

/**
 * trial_read() - one of the module's files, as an end sees it
 * @trial: the trial
 * @end: the end
 * @file: its name
 *
 * Return: the text, for the caller to free, or NULL after a sentence.
 */
char *trial_read(struct trial *trial, enum ladder_end end, const char *file)
{
	return trial_enter(trial, end) ? NULL : ctl_read(file);
}

/**
 * trial_end_close() - close the socket of an end, if it is open
 * @end: the end
 */
void trial_end_close(struct trial_end *end)
{
	if (end->socket >= 0)
		close(end->socket);
	end->socket = -1;
}

/**
 * trial_close() - leave nothing behind
 * @trial: the trial
 *
 * Namespaces of its own, the cable and the rules go with the last file
 * descriptor and with the process or the next trial leaving them.
 */
void trial_close(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		struct trial_end *end = &trial->end[i];

		trial_end_close(end);
		if (end->lease >= 0)
			close(end->lease);
		free(end->before);
		if (end->events >= 0)
			close(end->events);
		if (end->diag)
			mnl_socket_close(end->diag);
		if (end->netns >= 0)
			close(end->netns);
	}
	log_free(&trial->log);
}
