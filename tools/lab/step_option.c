// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "record.h"
#include "step.h"

/* Options of socket(7) and tcp(7), with their own units. */
static const struct {
	const char *name;
	int level;
	int option;
} options[] = {
	{ "keepalive", SOL_SOCKET, SO_KEEPALIVE },
	{ "keepcnt", IPPROTO_TCP, TCP_KEEPCNT },
	{ "keepidle", IPPROTO_TCP, TCP_KEEPIDLE },
	{ "keepintvl", IPPROTO_TCP, TCP_KEEPINTVL },
	{ "linger", SOL_SOCKET, SO_LINGER },
	{ "linger2", IPPROTO_TCP, TCP_LINGER2 },
	{ "nodelay", IPPROTO_TCP, TCP_NODELAY },
	{ "quickack", IPPROTO_TCP, TCP_QUICKACK },
	{ "rcvbuf", SOL_SOCKET, SO_RCVBUF },
	{ "sndbuf", SOL_SOCKET, SO_SNDBUF },
	{ "user_timeout", IPPROTO_TCP, TCP_USER_TIMEOUT },
};

enum { OPTIONS = sizeof(options) / sizeof(*options) };

static int option_find(const char *word)
{
	size_t size = strcspn(word, "=");

	for (int i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == size &&
		    !strncmp(options[i].name, word, size))
			return i;
	return -1;
}

const char *step_check_set(const struct scenario_line *line)
{
	const char *value = strchr(line->word[0], '=');
	u64 number;

	if (option_find(line->word[0]) < 0)
		return "that is no option which a scenario can set";
	if (!value || !number_parse(value + 1, &number))
		return "the value is a number, as in socket(7) and tcp(7)";
	return NULL;
}

/**
 * step_set() - set an option of a socket
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_set(struct experiment *run, const struct scenario_line *line)
{
	int number = option_find(line->word[0]);
	int value = atoi(strchr(line->word[0], '=') + 1);
	struct linger linger = { .l_onoff = 1, .l_linger = value };
	bool lingers = options[number].option == SO_LINGER &&
		       options[number].level == SOL_SOCKET;
	int error;

	error = setsockopt(experiment_socket(run, line)->fd, options[number].level,
			   options[number].option,
			   lingers ? (void *)&linger : (void *)&value,
			   lingers ? sizeof(linger) : sizeof(value));
	return error ? experiment_fail(run, line, "%s", strerror(errno)) : EXPERIMENT_OK;
}
