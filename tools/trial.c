// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "diag.h"
#include "finject.h"
#include "text.h"
#include "trial.h"
#include "veth.h"

enum {
	PAUSE_NS = 5000000,
	PATIENCE_NS = 2000000000,
};

const struct trial_place trial_place[2] = {
	{ "a", "192.0.2.1", 40000 },
	{ "b", "192.0.2.2", 8080 },
};

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

static int netns_make(struct trial *trial)
{
	int error = 0;

	for (int i = END_A; i <= END_B; i++) {
		trial->end[i].netns = ctl_netns_new();
		if (trial->end[i].netns < 0)
			return fail_with("making a network namespace",
					 -trial->end[i].netns);
	}
	if (trial_enter(trial, END_A))
		return REFUSED;
	error = veth_pair(trial_place[END_A].device, trial_place[END_B].device,
			  trial->end[END_B].netns);
	return error ? fail_with("making a veth pair", -error) : DONE;
}

/*
 * A device that was just turned on loses what it is given until the kernel
 * has seen its carrier; a lost SYN would make all later waits longer.
 */
static int carrier_wait(struct trial *trial)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	u64 late = trial_now() + PATIENCE_NS;
	int up = 0;

	for (int i = END_A; i <= END_B; i++) {
		if (trial_enter(trial, i))
			return REFUSED;
		for (;;) {
			up = veth_is_running(trial_place[i].device);
			if (up || trial_now() > late)
				break;
			nanosleep(&pause, NULL);
		}
		if (up <= 0)
			return fail_with("waiting for a veth device",
					 up ? -up : ETIMEDOUT);
	}
	return DONE;
}

static int end_open(struct trial *trial, enum ladder_end i)
{
	struct trial_end *end = &trial->end[i];
	struct in_addr address;
	int error;

	if (trial_enter(trial, i))
		return REFUSED;
	inet_pton(AF_INET, trial_place[i].address, &address);
	error = veth_up(trial_place[i].device, &address, 24);
	if (error)
		return fail_with("setting up a veth device", -error);
	end->diag = diag_open();
	if (!end->diag)
		return fail_with("inet_diag", errno);
	end->events = ctl_file("events", O_RDONLY | O_NONBLOCK);
	return end->events < 0 ? REFUSED : DONE;
}

static int end_socket(struct trial *trial, enum ladder_end i)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_port = htons(trial_place[i].port),
	};
	int one = 1, fd;

	if (trial_enter(trial, i))
		return -1;
	inet_pton(AF_INET, trial_place[i].address, &name.sin_addr);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof(name))) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		fail_with("making a socket", errno);
	return fd;
}

static int say(int from, int to, const char *word)
{
	size_t size = strlen(word);
	char heard[16];

	if (write(from, word, size) != (ssize_t)size ||
	    read(to, heard, sizeof(heard)) != (ssize_t)size)
		return fail_with("talking over the connection", errno);
	return DONE;
}

static int talk(struct trial *trial, int listener)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_port = htons(trial_place[END_B].port),
	};
	int a = trial->end[END_A].socket, b;

	inet_pton(AF_INET, trial_place[END_B].address, &name.sin_addr);
	if (listen(listener, 1) ||
	    connect(a, (struct sockaddr *)&name, sizeof(name)))
		return fail_with("connecting", errno);
	b = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (b < 0)
		return fail_with("accepting", errno);
	trial->end[END_B].socket = b;
	return say(a, b, "request") || say(b, a, "reply");
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
 * trial_open() - two namespaces, a cable, a connection
 * @trial: the trial; to be closed whatever this returns
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_open(struct trial *trial)
{
	memset(trial, 0, sizeof(*trial));
	for (int i = END_A; i <= END_B; i++) {
		trial->end[i].netns = -1;
		trial->end[i].events = -1;
		trial->end[i].socket = -1;
	}
	if (ctl_open(NULL) || netns_make(trial) || end_open(trial, END_A) ||
	    end_open(trial, END_B) || carrier_wait(trial))
		return REFUSED;
	return connect_ends(trial);
}

/**
 * trial_rule() - add a rule
 * @trial: the trial
 * @end: in whose namespace
 * @rule: its text
 *
 * Return: DONE, or REFUSED after the kernel's sentence.
 */
int trial_rule(struct trial *trial, enum ladder_end end, const char *rule)
{
	char *command = text_commands(rule, "");
	int status = trial_enter(trial, end);

	if (!status)
		status = ctl_write("rules", command, 0, NULL);
	free(command);
	return status;
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
 * The namespaces, the cable and the rules go with the last file descriptor
 * and with the process or the next trial leaving them.
 */
void trial_close(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		struct trial_end *end = &trial->end[i];

		trial_end_close(end);
		if (end->events >= 0)
			close(end->events);
		if (end->diag)
			mnl_socket_close(end->diag);
		if (end->netns >= 0)
			close(end->netns);
	}
	log_free(&trial->log);
}
