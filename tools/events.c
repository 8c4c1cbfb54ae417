// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl.h"
#include "finject.h"
#include "json.h"
#include "record.h"

enum { ROOM = 64 * 1024 };

static int print_json(char *text)
{
	struct record record;
	char *line;

	while ((line = record_line(&text))) {
		if (!record_parse(&record, line))
			continue;
		if (json_print_line(json_record(&record, true), stdout))
			return REFUSED;
	}
	return DONE;
}

static int print(char *text, size_t size, bool json)
{
	int status = DONE;

	if (json)
		status = print_json(text);
	else
		fwrite(text, 1, size, stdout);
	if (fflush(stdout) || ferror(stdout))
		return fail("standard output: %m");
	return status;
}

/**
 * verb_events() - print records as they come, until interrupted
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_events(const struct options *opt, int argc, char **argv)
{
	static char text[ROOM + 1];
	int status = DONE, fd;
	ssize_t got;

	(void)argc;
	(void)argv;
	if (ctl_open(opt->netns))
		return REFUSED;
	fd = ctl_file("events", O_RDONLY);
	if (fd < 0)
		return REFUSED;
	while (status == DONE) {
		got = read(fd, text, ROOM);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			status = fail("events: %m");
		if (got <= 0)
			break;
		text[got] = '\0';
		status = print(text, got, opt->json);
	}
	close(fd);
	return status;
}
