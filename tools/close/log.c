// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "record.h"

static const char * const kinds[] = {
	[EVENT_SEG] = "seg",
	[EVENT_OUTCOME] = "outcome",
	[EVENT_SK] = "sk",
	[EVENT_SAMPLE] = "sample",
};

static const char * const hooks[] = {
	[HOOK_POSTROUTING] = "postrouting",
	[HOOK_PREROUTING] = "prerouting",
	[HOOK_INPUT] = "input",
	[HOOK_FORWARD] = "forward",
	[HOOK_OUTPUT] = "output",
};

static int name_find(const char * const *names, int count, const char *name)
{
	for (int i = 0; name && i < count; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/* A value that does not fit makes the line one that this tool cannot know. */
struct member {
	const char *key;
	char *to;
	size_t size;
};

static bool copy_values(const struct record *record,
			const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct member *member = &members[i];
		const char *value = record_get(record, member->key);

		if (strlen(value ? value : "") >= member->size)
			return false;
		strcpy(member->to, value ? value : "");
	}
	return true;
}

static bool segment_read(struct event *event, const struct record *record)
{
	const struct member members[] = {
		{ "seg", event->seg, sizeof(event->seg) },
		{ "nth", event->nth, sizeof(event->nth) },
		{ "flags", event->flags, sizeof(event->flags) },
		{ "verdict", event->verdict, sizeof(event->verdict) },
	};
	const char *hook = record_get(record, "hook");
	int found = name_find(hooks, HOOK_OUTPUT + 1, hook);

	if (found < 0)
		return false;
	event->hook = found;
	event->seq = record_number(record, "seq");
	event->ack = record_number(record, "ack");
	event->generation = record_number(record, "gen");
	event->len = record_number(record, "len");
	event->rule = record_number(record, "rule");
	event->parked = record_number(record, "parked");
	event->copy = record_number(record, "copy");
	return copy_values(record, members, 4);
}

static bool event_read(struct event *event, const struct record *record)
{
	const struct member ends[] = {
		{ "src", event->src, sizeof(event->src) },
		{ "dst", event->dst, sizeof(event->dst) },
	};
	const struct member states[] = {
		{ "from", event->from, sizeof(event->from) },
		{ "to", event->to, sizeof(event->to) },
	};
	int kind = name_find(kinds, EVENT_SAMPLE + 1, record->word);

	if (kind < 0) {
		event->kind = EVENT_LOST;
		event->lost = record_number(record, "lost");
		return !strcmp(record->word, "lost");
	}
	event->kind = kind;
	event->t = record_number(record, "t");
	event->flow = record_number(record, "flow");
	event->since = record_number(record, "since");
	if (!copy_values(record, ends, 2))
		return false;
	if (kind == EVENT_SK || kind == EVENT_SAMPLE)
		return copy_values(record, states, 2);
	return segment_read(event, record);
}

/**
 * log_add() - room for one more observation
 * @log: the log
 *
 * Return: the observation, all zero. It moves when another one is added.
 */
struct event *log_add(struct log *log)
{
	if (log->count == log->room) {
		log->room = log->room ? 2 * log->room : 256;
		log->event = reallocarray(log->event, log->room,
					  sizeof(*log->event));
		if (!log->event)
			abort();
	}
	memset(&log->event[log->count], 0, sizeof(*log->event));
	return &log->event[log->count++];
}

/* Anything else is not the kernel's, and might speak to the terminal. */
static bool is_printable(const char *line)
{
	for (; *line; line++)
		if (*line < ' ' || *line > '~')
			return false;
	return true;
}

/**
 * log_line() - add a line of the file `events`
 * @log: the log
 * @line: the line; taken apart in place
 *
 * Besides the kernel's records a line may be a sample of inet_diag, as a saved
 * log has them: `sample t= since= src= dst= to=`.
 *
 * Return: false when the line is none of them, or not of printable ASCII.
 */
bool log_line(struct log *log, char *line)
{
	struct record record;

	if (!is_printable(line) || !record_parse(&record, line))
		return false;
	if (event_read(log_add(log), &record))
		return true;
	log->count--;
	return false;
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static void segment_print(const struct event *e, FILE *out)
{
	fprintf(out, " flow=%llu hook=%s seg=%s nth=%s src=%s dst=%s",
		e->flow, hooks[e->hook], e->seg, e->nth, e->src,
		e->dst);
	fprintf(out, " flags=%s seq=%u ack=%u len=%u gen=%llu",
		or_dash(e->flags), e->seq, e->ack, e->len, e->generation);
	if (e->rule)
		fprintf(out, " rule=%u verdict=%s", e->rule, e->verdict);
	else
		fprintf(out, " rule=- verdict=%s", e->verdict);
	if (e->kind == EVENT_OUTCOME)
		fprintf(out, " parked=%llu copy=%d", e->parked, e->copy);
}

static void event_print(const struct event *e, FILE *out)
{
	if (e->kind == EVENT_LOST) {
		fprintf(out, "lost=%llu\n", e->lost);
		return;
	}
	fprintf(out, "%s t=%llu", kinds[e->kind], e->t);
	if (e->kind == EVENT_SK)
		fprintf(out, " flow=%llu src=%s dst=%s from=%s to=%s", e->flow,
			e->src, e->dst, or_dash(e->from), or_dash(e->to));
	else if (e->kind == EVENT_SAMPLE)
		fprintf(out, " since=%llu src=%s dst=%s to=%s", e->since,
			e->src, e->dst, or_dash(e->to));
	else
		segment_print(e, out);
	fputc('\n', out);
}

/**
 * log_print() - write observations so that log_line() reads them
 * @log: the log
 * @out: where to
 */
void log_print(const struct log *log, FILE *out)
{
	for (size_t i = 0; i < log->count; i++)
		event_print(&log->event[i], out);
}

/* An unstable sort made stable: equal times keep the order of arrival. */
static int by_time(const void *left, const void *right)
{
	const struct event *a = *(const struct event * const *)left;
	const struct event *b = *(const struct event * const *)right;

	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	return a < b ? -1 : a > b;
}

/**
 * log_sort() - put observations in order of time
 * @log: the log
 */
void log_sort(struct log *log)
{
	const struct event **order;
	struct event *sorted;

	if (!log->count)
		return;
	order = calloc(log->count, sizeof(*order));
	sorted = calloc(log->count, sizeof(*sorted));
	if (!order || !sorted)
		abort();
	for (size_t i = 0; i < log->count; i++)
		order[i] = &log->event[i];
	qsort(order, log->count, sizeof(*order), by_time);
	for (size_t i = 0; i < log->count; i++)
		sorted[i] = *order[i];
	free(order);
	free(log->event);
	log->event = sorted;
	log->room = log->count;
}

/**
 * log_free() - forget all observations
 * @log: the log; empty and usable afterwards
 */
void log_free(struct log *log)
{
	free(log->event);
	memset(log, 0, sizeof(*log));
}

/**
 * list_has() - is a word in a comma list
 * @list: the list
 * @word: the word
 *
 * Return: true when it is.
 */
bool list_has(const char *list, const char *word)
{
	size_t size = strlen(word);

	while (*list) {
		size_t length = strcspn(list, ",");

		if (length == size && !strncmp(list, word, size))
			return true;
		list += length;
		list += *list == ',';
	}
	return false;
}
