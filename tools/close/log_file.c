// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refuse.h"
#include "file.h"
#include "json_record.h"
#include "log.h"
#include "log_file.h"
#include "record.h"

/* No record is longer, not even as JSON. */
enum { LONGEST = 2048 };

static const char cut[] =
	"%s:%u: note: the last line is cut off in the middle, and left out\n";

/* What of a line can be repeated to a terminal. */
static void line_start(const char *line, char *start, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < size && line[i]; i++)
		start[i] = line[i] < ' ' || line[i] > '~' ? '?' : line[i];
	start[i] = '\0';
}

/* A line of `events` or one of `events -j`. */
static bool record_add(struct log *log, char *line)
{
	char *text;
	bool added;

	if (*line != '{')
		return log_line(log, line);
	text = json_record_line(line);
	added = text && log_line(log, text);
	free(text);
	return added;
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
	if (record_add(log, line))
		return DONE;
	fail("%s:%u: no record of `finject events': %s", name, number, start);
	return USAGE;
}

static bool is_start_of(const char *text, size_t length, const char *whole)
{
	return length <= strlen(whole) && !strncmp(text, whole, length);
}

/* Does it look like a record, as far as it goes? */
static bool is_cut(const char *line)
{
	static const char object[] = "{\"record\":";
	size_t length = strlen(line), word = strcspn(line, " =");

	if (length >= LONGEST)
		return false;
	if (*line == '{')
		return !strncmp(line, object, length < strlen(object) ?
				length : strlen(object));
	for (int kind = 0; kind < EVENTS; kind++)
		if (is_start_of(line, word, log_kinds[kind]) &&
		    (word == length || !log_kinds[kind][word]))
			return true;
	return false;
}

/*
 * The writer was ended while it wrote. Of a line without its end nobody knows
 * whether its last value is whole; an object closes its own brace.
 */
static int rest_read(struct log *log, char *line, const char *name,
		     unsigned int number)
{
	line += strspn(line, " \t\r");
	if (!*line || *line == '#' || (*line == '{' && record_add(log, line)))
		return DONE;
	if (!is_cut(line))
		return line_read(log, line, name, number);
	fprintf(stderr, cut, name, number);
	return DONE;
}

/**
 * log_file() - read observations
 * @log: they are added here, by time; those of each file are from a namespace
 *	of their own, or from those that they name
 * @name: a file with what `finject events`, with or without -j, printed or
 *	`demo -o` wrote, for one network namespace or for several; `-` is
 *	standard input
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
	log_source_file(&log->sources, name);
	while (!status && rest && strchr(rest, '\n')) {
		line = record_line(&rest);
		status = line_read(log, line, name, ++number);
	}
	if (!status && rest)
		status = rest_read(log, rest, name, ++number);
	free(text);
	if (status)
		log_free(log);
	else
		log_sort(log);
	return status;
}

/**
 * log_files() - read the observations of several files
 * @log: they are added here, by time
 * @count: number of files
 * @names: their names, see log_file(); of none, standard input is read
 *
 * Return: DONE, or USAGE after an error message, and @log is empty.
 */
int log_files(struct log *log, int count, char **names)
{
	int status = count ? DONE : log_file(log, "-");

	for (int i = 0; i < count && !status; i++)
		status = log_file(log, names[i]);
	return status;
}
