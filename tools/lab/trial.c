// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"
#include "refuse.h"
#include "ctl.h"
#include "finject.h"
#include "trial.h"
#include "text.h"

/* Between existing namespaces anything may be in the way. */
static const u64 borrowed_patience = 5 * SEC;

static const char translated[] =
	"addresses are translated between A and B; such a close cannot be followed";

/**
 * trial_enter() - enter the network namespace of an end
 * @trial: the trial
 * @end: the end
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_enter(const struct trial *trial, enum ladder_end end)
{
	return ns_enter(&trial->end[end].ns);
}

static int end_open(struct trial *trial, enum ladder_end i)
{
	struct trial_end *end = &trial->end[i];

	if (trial_enter(trial, i))
		return REFUSED;
	end->diag = diag_open(NULL);
	if (end->diag < 0)
		return fail_with("inet_diag", -end->diag);
	if (trial->together && i == END_B)
		return DONE;
	end->events = ctl_file("events", O_RDONLY | O_NONBLOCK);
	return end->events < 0 ? REFUSED : DONE;
}

static bool end_bind(const struct trial *trial, int fd, struct addr at)
{
	if (!bind(fd, &at.sa, at.len))
		return true;
	if (!trial->borrowed || errno != EADDRINUSE)
		return false;
	addr_set_port(&at, 0);
	return !bind(fd, &at.sa, at.len);
}

static int end_socket(struct trial *trial, enum ladder_end i)
{
	const struct trial_end *end = &trial->end[i];
	int fd = conn_socket(&end->ns, end->at.sa.sa_family);

	if (fd < 0 || end_bind(trial, fd, end->at))
		return fd;
	fail_with("binding a socket", errno);
	close(fd);
	return -1;
}

static int say(const struct trial *trial, int from, int to, const char *word)
{
	u64 span = trial->borrowed ? borrowed_patience : PATIENCE;

	if (conn_write(from, word))
		return REFUSED;
	return conn_read(to, span) == (int)strlen(word) ? DONE :
		fail("what one end says does not come to the other");
}

/* trial_run() follows one pair of addresses, on which both ends must agree. */
static int ends_name(struct trial *trial)
{
	struct addr seen;

	for (int i = END_A; i <= END_B; i++) {
		struct trial_end *end = &trial->end[i];

		if (addr_of(&end->at, end->socket, false) ||
		    addr_of(&seen, trial->end[!i].socket, true))
			return REFUSED;
		if (!addr_is(&end->at, &seen) && !trial->alias.len)
			return fail("%s", translated);
	}
	return DONE;
}

static int talk(struct trial *trial, int listener)
{
	u64 span = trial->borrowed ? borrowed_patience : PATIENCE;
	int a = trial->end[END_A].socket, b;
	struct addr to;

	if (listen(listener, 1))
		return fail_with("listening", errno);
	if (addr_of(&to, listener, false))
		return REFUSED;
	if (trial->alias.len)
		to = trial->alias;
	if (conn_reach(a, &to, span))
		return REFUSED;
	b = conn_accept(listener);
	if (b < 0)
		return REFUSED;
	trial->end[END_B].socket = b;
	return ends_name(trial) || say(trial, a, b, "request") ||
	       say(trial, b, a, "reply");
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
 * trial_open_at() - connect two ends in a given place
 * @trial: the trial; to be closed also after a failure
 * @site: the place
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_open_at(struct trial *trial, const struct trial_site *site)
{
	memset(trial, 0, sizeof(*trial));
	for (int i = END_A; i <= END_B; i++) {
		trial->end[i].ns.fd = -1;
		trial->end[i].diag = -1;
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
 * trial_open() - make two namespaces with a cable, and connect two ends
 * @trial: the trial; to be closed also after a failure
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_open(struct trial *trial)
{
	return trial_open_at(trial, &(struct trial_site){ 0 });
}

/* Add leased rules; they end when the file is closed. */
static int rules_lend(struct trial_end *end, const char *rule)
{
	unsigned int ours;
	char *commands;

	end->before = ctl_read("rules");
	if (!end->before)
		return REFUSED;
	commands = text_leased(rule, end->before, &ours);
	end->lease = ctl_lease("rules", commands, ours, NULL);
	free(commands);
	return end->lease < 0 ? REFUSED : DONE;
}

/**
 * trial_rule() - add a rule, or several
 * @trial: the trial
 * @end: the end in whose namespace
 * @rule: rules, one a line
 *
 * In an existing namespace this is done once, and the rules end with the trial.
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
 * trial_is_own_rule() - check whether a rule was added for this trial
 * @trial: the trial
 * @end: the end in whose namespace the rule is
 * @id: its id
 *
 * Return: false if it existed before.
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
 * trial_read() - read one of the module's files in the namespace of an end
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
 * trial_close() - release all of a trial
 * @trial: the trial
 *
 * Its own namespaces, the cable and the rules end with their last file
 * descriptor.
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
		if (end->diag >= 0)
			close(end->diag);
		ns_drop(&end->ns);
	}
	log_free(&trial->log);
	ns_leave();
}
