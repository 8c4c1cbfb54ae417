// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "filter.h"
#include "finject.h"
#include "json_record.h"
#include "record.h"

enum { ROOM = 64 * 1024, LINE = 1024 };

/* That records were lost concerns every reader. */
static bool is_wanted(const struct filter *filter, const struct record *record)
{
	const char *src = record_get(record, "src");
	const char *dst = record_get(record, "dst");

	if (!src || !dst)
		return true;
	return filter_fits(filter, record_number(record, "flow"), src, dst);
}

static int print_line(const struct filter *filter, const char *line, bool json)
{
	struct record record;
	char copy[LINE];

	snprintf(copy, sizeof(copy), "%s", line);
	if (!record_parse(&record, copy) || !is_wanted(filter, &record))
		return DONE;
	if (json)
		return json_print_line(json_record(&record, true), stdout);
	puts(line);
	return DONE;
}

static int print(const struct filter *filter, char *text, bool json)
{
	int status = DONE;
	char *line;

	while (!status && (line = record_line(&text)))
		status = print_line(filter, line, json);
	if (fflush(stdout) || ferror(stdout))
		return fail("standard output: %m");
	return status;
}

/**
 * verb_events() - print records as they come, until interrupted
 * @opt: options
 * @argc: number of words
 * @argv: filters, see filter_parse()
 *
 * Return: exit status.
 */
int verb_events(const struct options *opt, int argc, char **argv)
{
	static char text[ROOM + 1];
	struct filter filter;
	int status = DONE, fd;
	ssize_t got;

	if (filter_parse(&filter, argc, argv) || ctl_open(opt->netns))
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
		status = print(&filter, text, opt->json);
	}
	close(fd);
	return status;
}
