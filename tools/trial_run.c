// SPDX-License-Identifier: GPL-2.0-only
#include <libmnl/libmnl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "counter.h"
#include "diag.h"
#include "finject.h"
#include "record.h"
#include "trial.h"

enum {
	SAMPLE_MS = 100,
	EAGER_MS = 5,
	ANSWER_MS = 500,
	ROOM = 64 * 1024,
};

static const u64 ms = 1000000;
static const u64 deadline = 300000000000;
static const u64 unheard = 5000000000;

static int counters_read(struct trial *trial, struct trial_counters *to)
{
	for (int i = END_A; i <= END_B; i++) {
		if (trial_enter(trial, i))
			return REFUSED;
		to[i].retransmitted = counter_read("Tcp", "RetransSegs");
		to[i].spurious = counter_read("TcpExt",
					      "TCPSpuriousRtxHostQueues");
		if (to[i].retransmitted < 0 || to[i].spurious < 0)
			return fail("the counters of TCP cannot be read");
	}
	return DONE;
}

static int counters_count(struct trial *trial)
{
	struct trial_counters after[2] = { 0 };

	if (counters_read(trial, after))
		return REFUSED;
	for (int i = END_A; i <= END_B; i++) {
		struct trial_counters *counted = &trial->counted[i];

		counted->retransmitted = after[i].retransmitted -
					 counted->retransmitted;
		counted->spurious = after[i].spurious - counted->spurious;
	}
	return DONE;
}

static bool is_between(const struct trial *trial, const char *src,
		       const char *dst)
{
	const char *a = trial->end[END_A].name, *b = trial->end[END_B].name;

	return (!strcmp(src, a) && !strcmp(dst, b)) ||
	       (!strcmp(src, b) && !strcmp(dst, a));
}

/* Does the newest event belong here; other connections may be about. */
static bool is_ours(const struct trial *trial)
{
	const struct event *event = &trial->log.event[trial->log.count - 1];

	return event->kind == EVENT_LOST ||
	       is_between(trial, event->src, event->dst);
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
		if (log_line(&trial->log, line) && !is_ours(trial))
			trial->log.count--;
	return true;
}

struct look {
	const struct endpoint *src;
	const struct endpoint *dst;
	bool present;
	bool timewait;
	const char *state;
	u32 expires;
};

static void look_at(const struct diag_socket *found, void *data)
{
	struct look *look = data;

	if (found->sport != look->src->port ||
	    found->dport != look->dst->port ||
	    memcmp(found->saddr, look->src->address, sizeof(found->saddr)) ||
	    memcmp(found->daddr, look->dst->address, sizeof(found->daddr)))
		return;
	look->present = true;
	look->timewait = found->timewait;
	look->state = found->state;
	look->expires = found->expires;
}

/*
 * What full sockets do, `events` tells to the nanosecond. Samples are for what
 * comes after them: only inet_diag knows time-wait sockets.
 */
static void note(struct trial *trial, enum ladder_end i,
		 const struct look *look)
{
	struct trial_end *end = &trial->end[i];
	const char *timewait = look->timewait ? look->state : "";
	struct event *event;

	end->present = look->present;
	end->expires = look->timewait ? look->expires : 0;
	if (end->looked && !strcmp(timewait, end->timewait))
		return;
	snprintf(end->timewait, sizeof(end->timewait), "%s", timewait);
	event = log_add(&trial->log);
	event->kind = EVENT_SAMPLE;
	event->t = trial->now;
	event->since = end->looked;
	memcpy(event->src, end->name, sizeof(event->src));
	memcpy(event->dst, trial->end[!i].name, sizeof(event->dst));
	snprintf(event->to, sizeof(event->to), "%s",
		 end->looked || !look->present ? timewait : look->state);
}

static int sample(struct trial *trial)
{
	for (int i = END_A; i <= END_B; i++) {
		struct look look = {
			.src = &trial->end[i].at,
			.dst = &trial->end[!i].at,
		};
		u64 asked = trial_now();
		int error = diag_dump(trial->end[i].diag, look.src->family,
				      look_at, &look);

		if (error)
			return fail_with("inet_diag", -error);
		trial->now = trial_now();
		note(trial, i, &look);
		trial->end[i].looked = asked;
	}
	return DONE;
}

/* B answers: an end of file makes it close, half a second later. */
static void answer(struct trial *trial)
{
	struct trial_end *b = &trial->end[END_B];
	char heard[64];
	int one = 1;

	if (read(b->socket, heard, sizeof(heard)) > 0)
		return;
	trial->eofs++;
	setsockopt(b->socket, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	trial->close_at = trial_now() + ANSWER_MS * ms;
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
	    (!a->present && !trial->eofs &&
	     trial->now - trial->started > unheard && nothing_waits(trial))) {
		trial->gave_up = true;
		return true;
	}
	return b->socket < 0 && !a->present && !b->present &&
	       nothing_waits(trial);
}

static int patience(const struct trial *trial)
{
	int wait = SAMPLE_MS;

	for (int i = END_A; i <= END_B; i++)
		if (*trial->end[i].timewait &&
		    trial->end[i].expires < 2 * SAMPLE_MS)
			wait = EAGER_MS;
	if (trial->end[END_B].socket >= 0 && trial->close_at) {
		u64 t = trial_now();
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
	if (trial->close_at && trial_now() >= trial->close_at)
		trial_end_close(b);
}

/**
 * trial_run() - A closes, B answers, and nothing is left of it in the end
 * @trial: the trial
 *
 * Follows both ends until neither has a socket and no segment waits.
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int trial_run(struct trial *trial)
{
	int status = counters_read(trial, trial->counted);

	if (!status)
		status = sample(trial);
	trial->started = trial_now();
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
