// SPDX-License-Identifier: GPL-2.0-only
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "experiment.h"
#include "record.h"

enum { ROOM = 64 * 1024 };

/**
 * experiment_end() - say what decided a run
 * @run: the run
 * @line: the line that did, or NULL
 * @result: how it went
 * @format: what was seen, or why this kernel cannot
 *
 * Return: @result.
 */
int experiment_end(struct experiment *run, const struct scenario_line *line,
		   enum experiment_result result, const char *format, ...)
{
	va_list args;

	run->result = result;
	run->line = line ? line->number : 0;
	va_start(args, format);
	vsnprintf(run->why, sizeof(run->why), format, args);
	va_end(args);
	return result;
}

/**
 * experiment_saw() - keep what was seen, whether as the line wants it or not
 * @run: the run
 * @line: the line that asks
 * @format: what was seen
 */
void experiment_saw(struct experiment *run, const struct scenario_line *line,
		    const char *format, ...)
{
	struct experiment_seen *seen = &run->seen[run->sights];
	va_list args;

	if (run->sights == EXPERIMENT_SEEN)
		return;
	run->sights++;
	seen->line = line->number;
	va_start(args, format);
	vsnprintf(seen->text, sizeof(seen->text), format, args);
	va_end(args);
}

/**
 * experiment_socket() - get the end of a connection that a line speaks of
 * @run: the run
 * @line: the line
 */
struct experiment_socket *experiment_socket(struct experiment *run,
					    const struct scenario_line *line)
{
	return &run->socket[line->host][line->slot];
}

/* Take one record of the host @i; flows have the same number in several. */
static void experiment_take(struct experiment *run, unsigned int i, char *line)
{
	static const char * const names[SCENARIO_HOSTS] = { "A", "B", "R" };
	struct log *log = &run->log;

	if (log_line(log, line) && run->events[HOST_B] >= 0)
		log->event[log->count - 1].source = log_source(&log->sources,
							       names[i]);
}

static void experiment_drain(struct experiment *run, unsigned int i)
{
	static char text[ROOM + 1];
	char *rest, *line;
	ssize_t got;

	while ((got = read(run->events[i], text, ROOM)) > 0) {
		text[got] = '\0';
		rest = text;
		while ((line = record_line(&rest)))
			experiment_take(run, i, line);
	}
}

/**
 * experiment_watch() - let time pass and take what was recorded
 * @run: the run
 * @ms: how long, ms
 */
void experiment_watch(struct experiment *run, unsigned int ms)
{
	poll(NULL, 0, ms);
	for (unsigned int i = 0; i < run->hosts && i < SCENARIO_HOSTS; i++)
		if (run->events[i] >= 0)
			experiment_drain(run, i);
}
