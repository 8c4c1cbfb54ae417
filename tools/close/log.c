// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "log.h"
#include "record.h"

#define WORD(identifier, word) word,
#define NUMBERED(number, identifier, word) word,

/* The first words of records. */
const char * const log_kinds[EVENTS] = {
	FINJECT_RECORD_LIST(WORD)
	"lost",
};

static const char * const hooks[HOOKS] = {
	FINJECT_HOOK_LIST(NUMBERED, NUMBERED)
};

static const char * const verdicts[VERDICTS] = {
	FINJECT_VERDICT_LIST(NUMBERED, NUMBERED)
};

static const char * const causes[CAUSES] = {
	FINJECT_CAUSE_LIST(NUMBERED, NUMBERED)
};

enum {
	SEGMENT = 1 << EVENT_SEGMENT | 1 << EVENT_OUTCOME,
	OUTCOME = 1 << EVENT_OUTCOME,
	SOCKET = 1 << EVENT_SOCKET,
	LOST = 1 << EVENT_LOST,
	ANY = SEGMENT | SOCKET,
};

enum type { NUMBER, ID, TEXT, HOOK };

#define AT(member) .offset = offsetof(struct event, member)
#define ROOM(member) .room = sizeof((*(struct event *)NULL).member)

/* Each key of a record: the kinds that have it, and the member that keeps it. */
static const struct row {
	const char *key;
	unsigned int kinds;
	enum type type;
	size_t offset;
	size_t room;	/* of a TEXT; all others are u64 */
} rows[] = {
	{ "lost", LOST, NUMBER, AT(lost) },
	{ "t", ANY, NUMBER, AT(t) },
	{ "flow", ANY, NUMBER, AT(flow) },
	{ "hook", SEGMENT, HOOK, AT(hook) },
	{ "seg", SEGMENT, TEXT, AT(seg), ROOM(seg) },
	{ "nth", SEGMENT, TEXT, AT(nth), ROOM(nth) },
	{ "src", ANY, TEXT, AT(src), ROOM(src) },
	{ "dst", ANY, TEXT, AT(dst), ROOM(dst) },
	{ "from", SOCKET, TEXT, AT(from), ROOM(from) },
	{ "to", SOCKET, TEXT, AT(to), ROOM(to) },
	{ "socket", SOCKET, TEXT, AT(socket), ROOM(socket) },
	{ "cause", SOCKET, TEXT, AT(cause), ROOM(cause) },
	{ "flags", SEGMENT, TEXT, AT(flags), ROOM(flags) },
	{ "seq", SEGMENT, NUMBER, AT(seq) },
	{ "ack", SEGMENT, NUMBER, AT(ack) },
	{ "len", SEGMENT, NUMBER, AT(len) },
	{ "gen", SEGMENT, NUMBER, AT(generation) },
	{ "rule", SEGMENT, ID, AT(rule) },
	{ "verdict", SEGMENT, TEXT, AT(verdict), ROOM(verdict) },
	{ "parked", OUTCOME, NUMBER, AT(parked) },
	{ "copy", OUTCOME, NUMBER, AT(copy) },
};

/* Only logs of several namespaces have it. */
static const char netns_key[] = "netns";

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* Return: the index of a word, or @count. */
static int word_find(const char * const *words, int count, const char *word)
{
	int i = 0;

	while (i < count && (!word || strcmp(words[i], word)))
		i++;
	return i;
}

/* Return: false when the value does not fit, or is a hook that does not exist. */
static bool row_read(struct event *event, const struct row *row,
		     const struct record *record)
{
	const char *value = record_get(record, row->key);
	void *member = (char *)event + row->offset;

	switch (row->type) {
	case TEXT:
		return snprintf(member, row->room, "%s", value ? value : "") <
			(int)row->room;
	case HOOK:
		event->hook = word_find(hooks, HOOKS, value);
		return event->hook < HOOKS;
	default:
		*(u64 *)member = record_number(record, row->key);
		return true;
	}
}

static bool has_row(const struct event *event, const char *key)
{
	for (int i = 0; i < ROWS; i++)
		if (rows[i].kinds & 1 << event->kind &&
		    !strcmp(rows[i].key, key))
			return true;
	return false;
}

/* A word that this tool has no use for is kept as it is, if there is room. */
static void more_read(struct event *event, const struct record *record)
{
	int size = sizeof(event->more), used = 0;

	for (unsigned int i = 0; i < record->count; i++) {
		const char *key = record->pair[i].key;
		const char *value = record->pair[i].value;
		int more;

		if (has_row(event, key) || !strcmp(key, netns_key))
			continue;
		more = snprintf(event->more + used, size - used, " %s%s%s", key,
				value ? "=" : "", value ? value : "");
		if (more < size - used)
			used += more;
		event->more[used] = '\0';
	}
}

static bool event_read(struct event *event, const struct record *record)
{
	event->kind = word_find(log_kinds, EVENTS, record->word);
	if (event->kind == EVENTS)
		return false;
	for (int i = 0; i < ROWS; i++)
		if (rows[i].kinds & 1 << event->kind &&
		    !row_read(event, &rows[i], record))
			return false;
	more_read(event, record);
	return true;
}

/**
 * log_add() - room for one more observation
 * @log: the log
 *
 * Return: the observation, all zero. It moves when another one is added.
 */
struct event *log_add(struct log *log)
{
	log->event = grow(log->event, log->count, &log->room,
			  sizeof(*log->event));
	memset(&log->event[log->count], 0, sizeof(*log->event));
	return &log->event[log->count++];
}

/**
 * log_add_state() - add the state that inet_diag showed
 * @log: the log
 * @t: when, ns
 * @src: address and port of the socket's end
 * @dst: those of the other
 * @state: its state
 *
 * A close begins with it: the kernel records changes, and an end that never
 * changes its state has none.
 */
void log_add_state(struct log *log, u64 t, const char *src, const char *dst,
		   const char *state)
{
	struct event *event = log_add(log);

	event->kind = EVENT_SOCKET;
	event->t = t;
	snprintf(event->src, sizeof(event->src), "%s", src);
	snprintf(event->dst, sizeof(event->dst), "%s", dst);
	snprintf(event->from, sizeof(event->from), "%s", state);
	snprintf(event->to, sizeof(event->to), "%s", state);
	snprintf(event->socket, sizeof(event->socket), "full");
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
 * Return: false when the line is none of them, or not of printable ASCII.
 */
bool log_line(struct log *log, char *line)
{
	struct record record;
	struct event *event;

	if (!is_printable(line) || !record_parse(&record, line))
		return false;
	event = log_add(log);
	if (event_read(event, &record)) {
		event->source = log_source(&log->sources,
					   record_get(&record, netns_key));
		return true;
	}
	log->count--;
	return false;
}

static void row_print(const struct event *event, const struct row *row,
		      FILE *out)
{
	const void *member = (const char *)event + row->offset;

	switch (row->type) {
	case TEXT:
		fputs(*(const char *)member ? member : "-", out);
		return;
	case HOOK:
		fputs(hooks[event->hook], out);
		return;
	default:
		if (*(const u64 *)member || row->type == NUMBER)
			fprintf(out, "%llu", *(const u64 *)member);
		else
			fputc('-', out);
	}
}

/* `lost=N` has no word before it. */
static void event_print(const struct event *event,
			const struct log_source *source, FILE *out)
{
	const char *gap = event->kind == EVENT_LOST ? "" : " ";

	if (*gap)
		fputs(log_kinds[event->kind], out);
	for (int i = 0; i < ROWS; i++) {
		if (!(rows[i].kinds & 1 << event->kind))
			continue;
		fprintf(out, "%s%s=", gap, rows[i].key);
		row_print(event, &rows[i], out);
	}
	fputs(event->more, out);
	if (source->named)
		fprintf(out, " %s=%s", netns_key, source->name);
	fputc('\n', out);
}

/**
 * log_print() - write observations so that log_line() reads them
 * @log: the log
 * @out: where to
 */
void log_print(const struct log *log, FILE *out)
{
	for (size_t i = 0; i < log->count; i++) {
		const struct event *event = &log->event[i];

		event_print(event, log_source_get(&log->sources, event->source),
			    out);
	}
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
	log_source_free(&log->sources);
	memset(log, 0, sizeof(*log));
}

/**
 * log_seconds() - convert a time to seconds from a start
 * @t: the time, ns
 * @start: when their clock began, ns
 *
 * Return: the seconds between both, below zero when @t is the earlier one.
 */
double log_seconds(u64 t, u64 start)
{
	return t < start ? -((start - t) / 1e9) : (t - start) / 1e9;
}

/**
 * event_is_segment() - tell observations of segments from those of sockets
 * @event: the observation
 *
 * Return: true when it is, and false when it is one of a socket.
 */
bool event_is_segment(const struct event *event)
{
	return event->kind == EVENT_SEGMENT || event->kind == EVENT_OUTCOME;
}

/**
 * seg_is_early() - tell segments before a close from those of it
 * @seg: the classes of a segment
 *
 * They are recorded only where a rule is about them, so their absence says
 * nothing.
 *
 * Return: true when they are those of a segment before the first FIN.
 */
bool seg_is_early(const char *seg)
{
	return !strcmp(seg, "open") || !strcmp(seg, "early") ||
	       !strcmp(seg, "earlyack");
}

/**
 * event_is_between() - check that an observation belongs to a connection
 * @event: the observation
 * @a: address and port of one end
 * @b: those of the other
 *
 * Return: true when it is.
 */
bool event_is_between(const struct event *event, const char *a, const char *b)
{
	return (!strcmp(event->src, a) && !strcmp(event->dst, b)) ||
	       (!strcmp(event->src, b) && !strcmp(event->dst, a));
}

/**
 * event_is_hand_over() - check that a connection kept its state
 * @event: the observation
 *
 * Return: true when a time-wait socket took over from the full one in the same
 * state, or the state was read from inet_diag.
 */
bool event_is_hand_over(const struct event *event)
{
	return event->kind == EVENT_SOCKET && !strcmp(event->from, event->to);
}

/**
 * event_is_closed() - check that a socket is gone
 * @event: the observation
 *
 * Return: true when it says so.
 */
bool event_is_closed(const struct event *event)
{
	return event->kind == EVENT_SOCKET && !strcmp(event->to, "CLOSE");
}

/**
 * event_is_unknown() - check that a time-wait socket may have taken over
 * @event: the observation
 *
 * The tracepoint of the kernel calls it CLOSE, and so does a log of before
 * records said which.
 *
 * Return: true when nobody looked.
 */
bool event_is_unknown(const struct event *event)
{
	return event_is_closed(event) && !*event->socket &&
	       (!strcmp(event->from, "FIN_WAIT2") ||
		!strcmp(event->from, "CLOSING"));
}

/**
 * event_cause() - look up why a socket closed
 * @event: the observation
 *
 * Return: the cause; CAUSES for one that this tool does not know.
 */
enum cause event_cause(const struct event *event)
{
	return *event->cause ? word_find(causes, CAUSES, event->cause) :
			       CAUSE_NONE;
}

/**
 * event_verdict() - look up what was done to a segment
 * @event: its observation
 *
 * Return: the verdict; VERDICTS for one that this tool does not know.
 */
enum verdict event_verdict(const struct event *event)
{
	return word_find(verdicts, VERDICTS, event->verdict);
}

/**
 * event_hook() - name the hook where a segment was seen
 * @event: its observation
 *
 * Return: the word.
 */
const char *event_hook(const struct event *event)
{
	return hooks[event->hook];
}

/**
 * list_has() - look for a word in a list with commas
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
