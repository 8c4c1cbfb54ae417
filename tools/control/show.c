// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"
#include "record.h"
#include "table.h"

static u64 id_of(const char *line)
{
	const char *id = strstr(line, " id=");

	return id ? strtoull(id + 4, NULL, 10) : 0;
}

static int by_id(const void *a, const void *b)
{
	u64 left = id_of(*(char * const *)a), right = id_of(*(char * const *)b);

	return left < right ? -1 : left > right;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		count++;
	}
	return count;
}

/*
 * The kernel walks over a hash table; people want the oldest close first.
 * Without memory they get it as it comes.
 */
static char *sort_by_id(char *text)
{
	size_t size = strlen(text), count = count_lines(text), i;
	char **lines = calloc(count + 1, sizeof(*lines));
	char *sorted = malloc(size + 1), *rest = text, *end = sorted;

	if (!lines || !sorted) {
		free(lines);
		free(sorted);
		return text;
	}
	for (i = 0; i < count; i++)
		lines[i] = record_line(&rest);
	qsort(lines, count, sizeof(*lines), by_id);
	for (i = 0; i < count; i++)
		end += sprintf(end, "%s\n", lines[i]);
	*end = '\0';
	free(lines);
	free(text);
	return sorted;
}

static int show(const struct options *opt, const char *file, const char *empty)
{
	int status = DONE;
	char *text;

	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read(file);
	if (!text)
		return REFUSED;
	if (!strcmp(file, "flows"))
		text = sort_by_id(text);
	if (opt->json)
		status = table_json(text, stdout);
	else
		table_print(text, empty, stdout);
	free(text);
	return status;
}

/**
 * verb_flows() - the closes under way
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_flows(const struct options *opt, int argc, char **argv)
{
	return show(opt, "flows", "no connection is being closed");
}

/**
 * verb_held() - the segments that wait, by a hold or a delay
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_held(const struct options *opt, int argc, char **argv)
{
	return show(opt, "held", "no segment waits");
}

/**
 * verb_namespaces() - the namespaces where finject has something to do
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_namespaces(const struct options *opt, int argc, char **argv)
{
	return show(opt, "namespaces",
		    "no namespace has rules or waiting segments");
}
