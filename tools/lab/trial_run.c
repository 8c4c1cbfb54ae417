// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "finject.h"
#include "trial.h"
#include "record.h"

enum {
	SAMPLE_MS = 100,
	EAGER_MS = 5,
	ANSWER_MS = 500,
	ROOM = 64 * 1024,
};

static const u64 ms = 1000000;
static const u64 deadline = 300000000000;
static const u64 unheard = 5000000000;
static const u64 record_late = 1000000000;

static int counters_take(struct trial *trial)
{
	return snmp_take(&trial->end[END_A].before_close,
			 &trial->end[END_A].ns) ||
	       snmp_take(&trial->end[END_B].before_close,
			 &trial->end[END_B].ns);
}

static int counters_count(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		const struct snmp *before = &trial->end[i].before_close;
		struct trial_counters *counted = &trial->counted[i];
		struct snmp after;

		if (snmp_take(&after, &trial->end[i].ns))
			return REFUSED;
		counted->retransmitted = snmp_rise(before, &after,
						   "RetransSegs");
		counted->spurious = snmp_rise(before, &after,
					      "TCPSpuriousRtxHostQueues");
	}
	return DONE;
}

static bool is_between(const struct trial *trial, const char *src,
		       const char *dst)
{
	const char *a = trial->end[END_A].at.text;
	const char *b = trial->end[END_B].at.text;

	return (!strcmp(src, a) && !strcmp(dst, b)) ||
	       (!strcmp(src, b) && !strcmp(dst, a));
}

/* Both ends may give their flows the same number. */
static void name_source(struct trial *trial, enum ladder_end i)
{
	struct event *event = &trial->log.event[trial->log.count - 1];

	if (!trial->together)
		event->source = log_source(&trial->log.sources, i == END_A ? "A" : "B");
}

/* Keep the newest event only if it is of this trial's connection. */
static void keep_ours(struct trial *trial, enum ladder_end i)
{
	const struct event *event = &trial->log.event[trial->log.count - 1];
	const char *a = trial->end[END_A].at.text;

	name_source(trial, i);
	if (event->kind == EVENT_LOST)
		return;
	if (!is_between(trial, event->src, event->dst))
		trial->log.count--;
	else if (event->kind == EVENT_SOCKET)
		trial->end[strcmp(event->src, a) ? END_B : END_A].waits =
			!strcmp(event->socket, "timewait") &&
			!event_is_closed(event);
}

static bool drain(struct trial *trial, enum ladder_end i)
{
	static char text[ROOM + 1];
	char *rest = text, *line;
	ssize_t got = read(trial->end[i].events, text, ROOM);

	if (got <= 0)
		return false;
	text[got] = '\0';
	while ((line = record_line(&rest)))
		if (log_line(&trial->log, line))
			keep_ours(trial, i);
	return true;
}

static int sample(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		struct trial_end *end = &trial->end[i];
		int error = diag_look(end->diag, &end->at, &trial->end[!i].at,
				      &end->seen);

		if (error)
			return fail_with("inet_diag", -error);
	}
	trial->now = clock_now();
	return DONE;
}

/* An end that never changes its state has no record of it. */
static void note_start(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		const struct trial_end *end = &trial->end[i];

		if (end->seen.state == GONE)
			continue;
		log_add_state(&trial->log, trial->now, end->at.text,
			      trial->end[!i].at.text,
			      state_names[end->seen.state]);
		name_source(trial, i);
	}
}

/* Let B answer: after an end of file it closes, half a second later. */
static void answer(struct trial *trial)
{
	struct trial_end *b = &trial->end[END_B];
	char heard[64];
	int one = 1;

	if (read(b->socket, heard, sizeof(heard)) > 0)
		return;
	trial->eofs++;
	setsockopt(b->socket, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	trial->close_at = clock_now() + ANSWER_MS * ms;
}

static bool is_waiting(const struct trial *trial, char *held)
{
	struct record record;
	char *line;

	while ((line = record_line(&held))) {
		const char *src, *dst;

		if (!record_parse(&record, line) ||
		    strcmp(record.word, "parked"))
			continue;
		src = record_get(&record, "src");
		dst = record_get(&record, "dst");
		if (src && dst && is_between(trial, src, dst))
			return true;
	}
	return false;
}

static bool nothing_waits(struct trial *trial)
{
	bool nothing = true;

	for (int i = END_A; i <= END_B && nothing; i++) {
		char *held = trial_read(trial, i, "held");

		nothing = held && !is_waiting(trial, held);
		free(held);
	}
	return nothing;
}

static bool is_over(struct trial *trial)
{
	const struct trial_end *a = &trial->end[END_A], *b = &trial->end[END_B];

	if (trial->now - trial->started > deadline ||
	    (a->seen.state == GONE && !trial->eofs &&
	     trial->now - trial->started > unheard && nothing_waits(trial))) {
		trial->gave_up = true;
		return true;
	}
	if (b->socket >= 0 || a->seen.state != GONE || b->seen.state != GONE ||
	    !nothing_waits(trial))
		return false;
	if (!trial->gone)
		trial->gone = trial->now;
	/* the record of a time-wait socket's end comes a little after it */
	return (!a->waits && !b->waits) ||
	       trial->now - trial->gone > record_late;
}

static int patience(const struct trial *trial)
{
	int wait = SAMPLE_MS;

	for (int i = END_A; i <= END_B; i++)
		if (trial->end[i].seen.timer == TIMER_TIMEWAIT &&
		    trial->end[i].seen.expires < 2 * SAMPLE_MS)
			wait = EAGER_MS;
	if (trial->end[END_B].socket >= 0 && trial->close_at) {
		u64 t = clock_now();
		int left = trial->close_at > t ?
			(int)((trial->close_at - t) / ms) + 1 : 0;

		wait = left < wait ? left : wait;
	}
	return wait;
}

static void watch(struct trial *trial)
{
	struct trial_end *b = &trial->end[END_B];
	struct pollfd files[3] = {
		{ .fd = trial->end[END_A].events, .events = POLLIN },
		{ .fd = trial->end[END_B].events, .events = POLLIN },
		{ .fd = trial->close_at ? -1 : b->socket, .events = POLLIN },
	};

	poll(files, 3, patience(trial));
	for (int i = END_A; i <= END_B; i++)
		if (files[i].revents & POLLIN)
			drain(trial, i);
	if (files[2].revents)
		answer(trial);
	if (trial->close_at && clock_now() >= trial->close_at)
		trial_end_close(b);
}

/**
 * trial_run() - close A, let B answer, and follow both to the end
 * @trial: the trial
 *
 * It ends when neither end has a socket and no segment is parked.
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_run(struct trial *trial)
{
	int status = counters_take(trial);

	if (!status)
		status = sample(trial);
	if (!status)
		note_start(trial);
	trial->started = clock_now();
	trial_end_close(&trial->end[END_A]);
	while (status == DONE) {
		watch(trial);
		status = sample(trial);
		if (is_over(trial))
			break;
	}
	for (int i = END_A; i <= END_B; i++)
		while (drain(trial, i))
			;
	log_sort(&trial->log);
	return status ? status : counters_count(trial);
}
