// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is tried: each fault at each point, pairs of those that did no harm. What
 * is found is tried again before it is told.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "found.h"
#include "grow.h"

enum {
	STEADY = 2,	/* runs before something is told */
	UNSTEADY = 3,	/* where runs without a fault differ: most of so many */
};

/*
 * A rule does not meet a connection about which one before it decides: the rule
 * for the last connection comes first.
 */
static unsigned int part_after(const struct attempt *attempt, unsigned int done)
{
	unsigned int next = PARTS;

	for (unsigned int i = 0; i < attempt->parts; i++)
		if (!(done & 1U << i) &&
		    (next == PARTS ||
		     attempt->point[i]->flow > attempt->point[next]->flow))
			next = i;
	return next;
}

static char *rules_of(const struct session *session,
		      const struct attempt *attempt)
{
	char *text = NULL, rule[RULE];
	unsigned int done = 0;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (unsigned int i = 0; i < attempt->parts; i++) {
		unsigned int part = part_after(attempt, done);

		fault_rule(attempt->fault[part], attempt->point[part],
			   &session->setting, rule, sizeof(rule));
		fprintf(out, "%s%s", i ? "\n" : "", rule);
		done |= 1U << part;
	}
	fclose(out);
	return text;
}

/**
 * attempt_add() - add something to try
 * @session: the session
 * @parts: its faults
 *
 * Return: it; good until the next is added.
 */
struct attempt *attempt_add(struct session *session, const struct attempt *parts)
{
	struct attempt *attempt;

	session->attempt = grow(session->attempt, session->attempts,
				&session->room, sizeof(*session->attempt));
	attempt = &session->attempt[session->attempts++];
	*attempt = *parts;
	attempt->rules = rules_of(session, attempt);
	return attempt;
}

static void plan(struct session *session, const struct point *point,
		 const struct fault *fault)
{
	struct attempt attempt = {
		.point = { point }, .fault = { fault }, .parts = 1,
	};

	if (fault_fits(fault, point) &&
	    fault_is_wanted(session->setting.opt->only, fault, point))
		attempt_add(session, &attempt);
}

/**
 * attempts_plan() - plan each fault at each point
 * @session: the session
 *
 * The user's own come first, for the module may refuse them.
 */
void attempts_plan(struct session *session)
{
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < session->points.count; i++)
			for (size_t j = 0; j < session->faults; j++)
				if (fault_is_own(&session->fault[j]) == own)
					plan(session, &session->points.point[i],
					     &session->fault[j]);
}

/**
 * attempt_is_harmless() - find out whether a fault alone did no harm
 * @attempt: it
 *
 * One that does harm does it with others, too: that is no pair.
 *
 * Return: true when it was tried and did none.
 */
bool attempt_is_harmless(const struct attempt *attempt)
{
	return attempt->parts == 1 && attempt->over && !attempt->hits &&
	       attempt->run;
}

/**
 * attempts_pair() - plan all pairs of faults that alone did no harm
 * @session: the session; its single faults were tried
 *
 * The segments of a pair differ: of two rules for one segment the first
 * decides.
 */
void attempts_pair(struct session *session)
{
	size_t single = session->attempts;

	for (size_t i = 0; i < single; i++)
		for (size_t j = i + 1; j < single; j++) {
			const struct attempt *a = &session->attempt[i];
			const struct attempt *b = &session->attempt[j];
			struct attempt pair = {
				.point = { a->point[0], b->point[0] },
				.fault = { a->fault[0], b->fault[0] },
				.parts = 2,
			};

			if (a->point[0] != b->point[0] && attempt_is_harmless(a) &&
			    attempt_is_harmless(b))
				attempt_add(session, &pair);
		}
}

/**
 * attempt_is_sure() - find out whether something was found, and again
 * @session: the session
 * @attempt: it
 *
 * Return: true when that is so.
 */
bool attempt_is_sure(const struct session *session,
		     const struct attempt *attempt)
{
	return attempt->found && attempt->hits >= STEADY;
}

static bool is_over(const struct session *session, const struct attempt *attempt)
{
	unsigned int tries = session->unstable ? UNSTEADY : STEADY;

	return attempt->ended >= tries || !attempt->hits;
}

/**
 * attempt_take() - take the result of a run
 * @session: the session
 * @attempt: what was tried
 * @run: the result, or NULL
 *
 * Return: true when it is over, and a result is there.
 */
bool attempt_take(struct session *session, struct attempt *attempt,
		  struct json_object *run)
{
	unsigned int found;

	attempt->ended++;
	if (!run) {
		session->failed = true;
		attempt->over = true;
		return false;
	}
	found = found_by(session->setting.opt, session->base[0], run);
	if (found || !attempt->run) {
		json_object_put(attempt->run);
		attempt->run = json_object_get(run);
	}
	if (found) {
		attempt->found = attempt->hits ? attempt->found & found : found;
		attempt->hits++;
	}
	attempt->over = is_over(session, attempt);
	return attempt->over;
}

/**
 * attempts_free() - free all that was tried
 * @session: the session
 */
void attempts_free(struct session *session)
{
	for (size_t i = 0; i < session->attempts; i++) {
		free(session->attempt[i].rules);
		json_object_put(session->attempt[i].run);
	}
	free(session->attempt);
}
