// SPDX-License-Identifier: GPL-2.0-only
/*
 * The runs without a fault: what all others are compared with.
 */
#include <json-c/json.h>
#include <stdio.h>

#include "base.h"
#include "clock.h"
#include "found.h"
#include "pool.h"
#include "session.h"

enum { LEAST = 2 };

struct bases {
	struct session *session;
	size_t wanted;
	size_t begun;
};

static const char *next(void *arg, size_t *task)
{
	struct bases *bases = arg;

	*task = 0;
	if (bases->begun == bases->wanted || bases->session->failed)
		return NULL;
	bases->begun++;
	return "";
}

static void done(void *arg, size_t task, struct json_object *run)
{
	struct bases *bases = arg;
	struct session *session = bases->session;

	if (!run) {
		session->failed = true;
		return;
	}
	session->base[session->bases++] = json_object_get(run);
	if (run_took(run) > session->longest)
		session->longest = run_took(run);
}

static unsigned int differences(const struct session *session, size_t from)
{
	unsigned int found = 0;

	for (size_t i = 0; i < session->bases; i++)
		found |= found_by(session->setting.opt, session->base[from],
				  session->base[i]);
	return found;
}

static unsigned int agreeing(const struct session *session, size_t with)
{
	unsigned int count = 0;

	for (size_t i = 0; i < session->bases; i++)
		count += !found_by(session->setting.opt, session->base[with],
				   session->base[i]);
	return count;
}

/* The one that most others are like comes first. */
static void choose(struct session *session)
{
	struct json_object *first = session->base[0];
	size_t best = 0;

	for (size_t i = 1; i < session->bases; i++)
		if (agreeing(session, i) > agreeing(session, best))
			best = i;
	session->base[0] = session->base[best];
	session->base[best] = first;
}

static void repeat(struct session *session, size_t wanted, int signals)
{
	struct bases bases = { session, wanted, session->bases };
	struct pool pool = {
		.setting = &session->setting, .next = next, .done = done,
		.arg = &bases,
	};

	pool_run(&pool, signals);
	session->signal = pool.signal;
}

/**
 * base_learn() - run the command without a fault, more often if it varies
 * @session: the session; its base is filled in
 * @signals: of pool_open()
 *
 * Return: DONE, or NOT_RUN after a sentence.
 */
int base_learn(struct session *session, int signals)
{
	unsigned int found;

	repeat(session, LEAST, signals);
	if (!session->failed && !session->signal) {
		/* in both directions: a socket more in either differs */
		found = differences(session, 0) | differences(session, 1);
		if (found)
			repeat(session, BASES, signals);
	}
	if (session->signal)
		return SIGNALLED + session->signal;
	if (session->failed) {
		fail("the command could not be run without a fault");
		return NOT_RUN;
	}
	choose(session);
	for (size_t i = 0; i < session->bases; i++)
		session->unstable |= differences(session, i);
	points_learn(&session->points, session->base, session->bases);
	return DONE;
}
