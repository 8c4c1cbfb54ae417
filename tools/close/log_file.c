// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "refuse.h"
#include "file.h"
#include "log.h"
#include "log_file.h"
#include "record.h"

/* What of a line can be repeated to a terminal. */
static void line_start(const char *line, char *start, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < size && line[i]; i++)
		start[i] = line[i] < ' ' || line[i] > '~' ? '?' : line[i];
	start[i] = '\0';
}

/* A line is taken apart in place: what stood there must be told before. */
static int line_read(struct log *log, char *line, const char *name,
		     unsigned int number)
{
	char start[40];

	line += strspn(line, " \t\r");
	if (!*line || *line == '#')
		return DONE;
	line[strcspn(line, "\r")] = '\0';
	line_start(line, start, sizeof(start));
	if (log_line(log, line))
		return DONE;
	fail("%s:%u: no record of `finject events': %s", name, number, start);
	return USAGE;
}

/**
 * log_file() - read observations
 * @log: they are added here, by time
 * @name: a file with what `finject events` printed or `demo -o` wrote, for one
 *	network namespace or for two; `-` is standard input
 *
 * Return: DONE, or USAGE after an error message, and @log is empty.
 */
int log_file(struct log *log, const char *name)
{
	char *text = file_text(name), *rest = text, *line;
	unsigned int number = 0;
	int status = DONE;

	if (!text)
		return USAGE;
	while (!status && (line = record_line(&rest)))
		status = line_read(log, line, name, ++number);
	free(text);
	if (status)
		log_free(log);
	else
		log_sort(log);
	return status;
}
