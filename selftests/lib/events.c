// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "events.h"
#include "finject.h"

const char * const class_names[CLASSES] = {
#define X(bit, id, word)	word,
	FINJECT_CLASS_LIST(X, X)
#undef X
};

static const char * const hook_names[] = {
#define X(number, id, word)	word,
	FINJECT_HOOK_LIST(X, X)
#undef X
};

static const char * const verdict_names[] = {
#define X(number, id, word)	word,
	FINJECT_VERDICT_LIST(X, X)
#undef X
};

/**
 * events_open - begin to watch a namespace
 * @ev: the stream
 * @ns: the namespace
 */
void events_open(struct events *ev, const struct ns *ns)
{
	memset(ev, 0, sizeof(*ev));
	ev->fd = ns_open(ns, finject_dir(), "events", O_RDONLY | O_NONBLOCK);
	if (ev->fd < 0)
		fail("events: %s", strerror(-ev->fd));
}

/**
 * events_close - stop watching
 * @ev: the stream
 */
void events_close(struct events *ev)
{
	close(ev->fd);
	free(ev->list);
	memset(ev, 0, sizeof(*ev));
	ev->fd = -1;
}

static enum state events_state(const struct record *rec, const char *key)
{
	char name[32];
	int i;

	record_get(rec, key, name, sizeof(name));
	for (i = ESTABLISHED; i < STATES; i++)
		if (!strcmp(name, state_names[i]))
			return i;
	if (!strcmp(name, "NEW_SYN_RECV"))
		return SYN_RECV;
	fail("unknown state in: %s", rec->text);
}

static void events_classes(const struct record *rec, struct event *event)
{
	char names[64], counts[96], *name, *save = NULL, *nth = counts;
	int i;

	record_get(rec, "seg", names, sizeof(names));
	record_get(rec, "nth", counts, sizeof(counts));
	for (name = strtok_r(names, ",", &save); name && nth;
	     name = strtok_r(NULL, ",", &save)) {
		for (i = 0; i < CLASSES && strcmp(name, class_names[i]); i++)
			;
		if (i == CLASSES)
			fail("unknown class in: %s", rec->text);
		event->classes |= 1U << i;
		event->nth[i] = strtoul(nth, &nth, 10);
		nth = *nth == ',' ? nth + 1 : NULL;
	}
	if (name || nth)
		fail("seg= and nth= of different length in: %s", rec->text);
}

static void events_segment(const struct record *rec, struct event *event)
{
	char rule[16];

	record_get(rec, "hook", event->hook, sizeof(event->hook));
	record_get(rec, "flags", event->flags, sizeof(event->flags));
	record_get(rec, "verdict", event->verdict, sizeof(event->verdict));
	events_classes(rec, event);
	event->seq = record_num(rec, "seq");
	event->ack = record_num(rec, "ack");
	event->len = record_num(rec, "len");
	record_get(rec, "rule", rule, sizeof(rule));
	event->rule = strtoul(rule, NULL, 10);
	if (event->kind != EVENT_OUTCOME)
		return;
	event->parked = record_num(rec, "parked");
	event->copy = record_num(rec, "copy");
}

static struct event *events_more(struct events *ev)
{
	ev->list = realloc(ev->list, (ev->count + 1) * sizeof(*ev->list));
	if (!ev->list)
		fail("out of memory");
	return memset(&ev->list[ev->count++], 0, sizeof(*ev->list));
}

static void events_line(struct events *ev, const char *line, size_t len)
{
	struct record rec;
	struct event *event;

	snprintf(rec.text, sizeof(rec.text), "%.*s", (int)len, line);
	if (!strncmp(line, "lost=", 5)) {
		ev->lost += strtoull(line + 5, NULL, 10);
		return;
	}
	event = events_more(ev);
	event->t = record_num(&rec, "t");
	event->flow = record_num(&rec, "flow");
	record_get(&rec, "src", event->src, sizeof(event->src));
	record_get(&rec, "dst", event->dst, sizeof(event->dst));
	if (strstr(rec.text, " conn="))
		record_get(&rec, "conn", event->conn, sizeof(event->conn));
	if (!strncmp(line, "sk ", 3)) {
		event->kind = EVENT_SK;
		event->from = events_state(&rec, "from");
		event->to = events_state(&rec, "to");
		record_get(&rec, "socket", event->socket,
			   sizeof(event->socket));
		record_get(&rec, "cause", event->cause, sizeof(event->cause));
		return;
	}
	event->kind = strncmp(line, "outcome ", 5) ? EVENT_SEG : EVENT_OUTCOME;
	events_segment(&rec, event);
}

static void events_lines(struct events *ev)
{
	char *line = ev->text, *end;

	while ((end = memchr(line, '\n', ev->text + ev->len - line))) {
		events_line(ev, line, end - line);
		line = end + 1;
	}
	if (line != ev->text + ev->len)
		fail("a read of events ended within a line");
	ev->len = 0;
}

/**
 * events_pump - read the records written so far
 * @ev: the stream
 */
void events_pump(struct events *ev)
{
	ssize_t got;

	while ((got = read(ev->fd, ev->text, sizeof(ev->text))) > 0) {
		ev->len = got;
		events_lines(ev);
	}
	if (got < 0 && errno != EAGAIN)
		fail("events: %s", strerror(errno));
}

/**
 * events_forget - count from here on
 * @ev: the stream
 */
void events_forget(struct events *ev)
{
	events_pump(ev);
	ev->count = 0;
}

/* Refuse a word that no record can have: a count of it would always be 0. */
static void must_be_one_of(const char *word, const char * const *words,
			   size_t count)
{
	size_t i;

	for (i = 0; word && i < count; i++)
		if (!strcmp(word, words[i]))
			return;
	if (word)
		fail("no record has the word %s", word);
}

static bool at_hook(const struct event *event, const char *hook)
{
	return !hook || !strcmp(event->hook, hook);
}

/**
 * events_seg - find a segment
 * @ev: the stream, read up to now
 * @hook: the hook that judged it, NULL for any
 * @class: one of its classes
 * @nth: its nth in that class
 *
 * Return: the record, valid until more is read; NULL if there is none yet.
 */
const struct event *events_seg(struct events *ev, const char *hook,
			       enum class class, unsigned int nth)
{
	size_t i;

	events_pump(ev);
	for (i = 0; i < ev->count; i++)
		if (ev->list[i].kind == EVENT_SEG &&
		    ev->list[i].classes & 1U << class &&
		    ev->list[i].nth[class] == nth &&
		    at_hook(&ev->list[i], hook))
			return &ev->list[i];
	return NULL;
}

/**
 * events_change - find a change of state
 * @ev: the stream, read up to now
 * @local: end of the socket
 * @from: old state
 * @to: new state
 *
 * Return: the last such record, valid until more is read; NULL for none yet.
 */
const struct event *events_change(struct events *ev, const struct addr *local,
				  enum state from, enum state to)
{
	size_t i;

	events_pump(ev);
	for (i = ev->count; i--;)
		if (ev->list[i].kind == EVENT_SK && ev->list[i].from == from &&
		    ev->list[i].to == to &&
		    !strcmp(ev->list[i].src, local->text))
			return &ev->list[i];
	return NULL;
}

/* Count the records of @kind with @class and a verdict of that name. */
static size_t events_select(struct events *ev, enum event_kind kind,
			    const char *hook, enum class class,
			    const char *verdict)
{
	size_t i, count = 0;

	must_be_one_of(hook, hook_names,
		       sizeof(hook_names) / sizeof(*hook_names));
	must_be_one_of(verdict, verdict_names,
		       sizeof(verdict_names) / sizeof(*verdict_names));
	events_pump(ev);
	for (i = 0; i < ev->count; i++)
		count += ev->list[i].kind == kind &&
			 ev->list[i].classes & 1U << class &&
			 at_hook(&ev->list[i], hook) &&
			 (!verdict || !strcmp(ev->list[i].verdict, verdict));
	return count;
}

/**
 * events_count - count the segments of a class
 * @ev: the stream
 * @hook: the hook that judged them, NULL for any
 * @class: the class
 *
 * Return: how many there were up to now.
 */
size_t events_count(struct events *ev, const char *hook, enum class class)
{
	return events_select(ev, EVENT_SEG, hook, class, NULL);
}

/**
 * events_verdicts - count the segments of a class by their verdict
 * @ev: the stream
 * @verdict: its name
 * @class: the class
 *
 * Return: how many there were up to now, at any hook.
 */
size_t events_verdicts(struct events *ev, const char *verdict,
		       enum class class)
{
	return events_select(ev, EVENT_SEG, NULL, class, verdict);
}

/**
 * events_outcomes - count the outcomes of parked segments
 * @ev: the stream
 * @outcome: released or purged
 * @class: a class of the segments
 *
 * Return: how many there were up to now, copies among them.
 */
size_t events_outcomes(struct events *ev, const char *outcome, enum class class)
{
	return events_select(ev, EVENT_OUTCOME, NULL, class, outcome);
}

/**
 * events_parked - get how long a segment was parked
 * @ev: the stream
 * @class: a class of the segment, the first that was released or purged
 *
 * Return: ns, 0 when there is none.
 */
__u64 events_parked(struct events *ev, enum class class)
{
	size_t i;

	events_pump(ev);
	for (i = 0; i < ev->count; i++)
		if (ev->list[i].kind == EVENT_OUTCOME &&
		    ev->list[i].classes & 1U << class)
			return ev->list[i].parked;
	return 0;
}

/**
 * events_faults - count the segments on which a rule acted
 * @ev: the stream
 *
 * Return: segments with another verdict than pass, plus lost records, so that a
 * stream with gaps never looks clean.
 */
size_t events_faults(struct events *ev)
{
	size_t i, count = 0;

	events_pump(ev);
	for (i = 0; i < ev->count; i++)
		count += ev->list[i].kind == EVENT_SEG &&
			 strcmp(ev->list[i].verdict, "pass");
	return count + ev->lost;
}

/**
 * events_walk - get the states that one socket of several took
 * @ev: the stream
 * @local: its end
 * @remote: the other end, NULL for any
 *
 * Return: names with blanks between, valid until the next call. An illegal
 * sequence, which leaves a state never taken, is written as "A | B".
 */
const char *events_walk(struct events *ev, const struct addr *local,
			const struct addr *remote)
{
	static char path[512];
	enum state last = GONE;
	size_t i, len = 0;

	events_pump(ev);
	path[0] = '\0';
	for (i = 0; i < ev->count; i++) {
		const struct event *event = &ev->list[i];

		if (event->kind != EVENT_SK || strcmp(event->src, local->text))
			continue;
		if (remote && strcmp(event->dst, remote->text))
			continue;
		if (event->from == event->to)
			continue;
		if (event->from != last)
			len += snprintf(path + len, sizeof(path) - len, "%s%s",
					last == GONE ? "" : " | ",
					state_names[event->from]);
		len += snprintf(path + len, sizeof(path) - len, " %s",
				state_names[event->to]);
		last = event->to;
	}
	return path;
}

/**
 * events_path - get the states that one socket took
 * @ev: the stream
 * @local: its end
 *
 * Return: as of events_walk().
 */
const char *events_path(struct events *ev, const struct addr *local)
{
	return events_walk(ev, local, NULL);
}
