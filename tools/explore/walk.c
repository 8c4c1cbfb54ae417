// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "span.h"
#include "walk.h"

enum { DRAWS = 1000 };

/**
 * walk_read() - read what the user wants of a walk
 * @walk: filled in
 * @text: SEED,TIME
 *
 * Return: DONE, or USAGE after a sentence.
 */
int walk_read(struct walk *walk, const char *text)
{
	char *end;

	walk->state = strtoull(text, &end, 10);
	if (end != text && *text != '-' && *end == ',' &&
	    span_parse(end + 1, &walk->span))
		return DONE;
	fail("--random wants a seed and a time, as 1,10min, not `%s'", text);
	return USAGE;
}

/**
 * walk_begin() - let the time of a walk begin
 * @walk: it
 */
void walk_begin(struct walk *walk)
{
	walk->end = clock_now() + walk->span;
}

/* splitmix64 */
static u64 draw(struct walk *walk, u64 below)
{
	u64 z = walk->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31) % below;
}

static bool is_known(const struct session *session, const struct attempt *one)
{
	for (size_t i = 0; i < session->attempts; i++) {
		const struct attempt *other = &session->attempt[i];

		if (other->parts == one->parts &&
		    !memcmp(other->point, one->point, sizeof(one->point)) &&
		    !memcmp(other->fault, one->fault, sizeof(one->fault)))
			return true;
	}
	return false;
}

static bool has_point(const struct attempt *attempt, const struct point *point)
{
	for (unsigned int i = 0; i < attempt->parts; i++)
		if (attempt->point[i] == point)
			return true;
	return false;
}

/* In the order of the points, so that one set is one text. */
static void insert(struct attempt *attempt, const struct attempt *single)
{
	unsigned int i = attempt->parts++;

	for (; i && attempt->point[i - 1] > single->point[0]; i--) {
		attempt->point[i] = attempt->point[i - 1];
		attempt->fault[i] = attempt->fault[i - 1];
	}
	attempt->point[i] = single->point[0];
	attempt->fault[i] = single->fault[0];
}

/**
 * walk_step() - plan the next set of faults that alone did no harm
 * @walk: the walk
 * @session: the session; it gets the set
 *
 * Return: false when the walk is over, has not begun, or finds no more.
 */
bool walk_step(struct walk *walk, struct session *session)
{
	if (!walk->end || clock_now() >= walk->end || !session->attempts)
		return false;
	for (int tries = 0; tries < DRAWS; tries++) {
		unsigned int wanted = 2 + draw(walk, PARTS - 1);
		struct attempt set = { 0 };

		for (int i = 0; i < DRAWS && set.parts < wanted; i++) {
			size_t at = draw(walk, session->attempts);
			const struct attempt *one = &session->attempt[at];

			if (attempt_is_harmless(one) && !has_point(&set, one->point[0]))
				insert(&set, one);
		}
		if (set.parts < 2)
			return false;
		if (!is_known(session, &set)) {
			set.drawn = true;
			attempt_add(session, &set);
			return true;
		}
	}
	return false;
}

static struct attempt without(const struct attempt *attempt, unsigned int part)
{
	struct attempt less = { 0 };

	for (unsigned int i = 0; i < attempt->parts; i++) {
		if (i == part)
			continue;
		less.point[less.parts] = attempt->point[i];
		less.fault[less.parts++] = attempt->fault[i];
	}
	return less;
}

/* The first of the faults is the plainest; where it does harm alone it is none. */
static const struct fault *plainest(const struct session *session,
				    const struct point *point)
{
	for (size_t i = 0; i < session->attempts; i++) {
		const struct attempt *one = &session->attempt[i];

		if (one->parts == 1 && one->point[0] == point &&
		    one->fault[0] == &session->fault[0] &&
		    attempt_is_harmless(one))
			return one->fault[0];
	}
	return NULL;
}

static void plan(struct session *session, struct attempt set)
{
	set.drawn = true;
	if (!is_known(session, &set))
		attempt_add(session, &set);
}

static struct attempt parts_of(const struct attempt *attempt)
{
	struct attempt set = { .parts = attempt->parts };

	memcpy(set.point, attempt->point, sizeof(set.point));
	memcpy(set.fault, attempt->fault, sizeof(set.fault));
	return set;
}

/**
 * walk_reduce() - plan each set that has one fault less than another, or a
 *	plainer one
 * @session: the session
 * @index: the attempt in which something was found
 */
void walk_reduce(struct session *session, size_t index)
{
	const struct attempt whole = parts_of(&session->attempt[index]);

	for (unsigned int i = 0; i < whole.parts; i++) {
		const struct fault *fault = plainest(session, whole.point[i]);
		struct attempt set = whole;

		plan(session, without(&whole, i));
		if (!fault)
			continue;
		set.fault[i] = fault;
		plan(session, set);
	}
}

/* Return: whether all of @part is in @set, or is it in a plainer form. */
static bool holds(const struct session *session, const struct attempt *set,
		  const struct attempt *part)
{
	for (unsigned int i = 0; i < part->parts; i++) {
		bool has = false;

		for (unsigned int j = 0; j < set->parts; j++)
			has = has || (set->point[j] == part->point[i] &&
				      (set->fault[j] == part->fault[i] ||
				       (part->parts == set->parts &&
					part->fault[i] == &session->fault[0])));
		if (!has)
			return false;
	}
	return true;
}

/**
 * walk_is_least() - find out whether something was found, and not with less
 * @session: the session; all was tried
 * @index: an attempt
 *
 * Return: true when that is so of an attempt that waited for its parts.
 */
bool walk_is_least(const struct session *session, size_t index)
{
	const struct attempt *set = &session->attempt[index];

	if (!set->drawn || !set->over || !attempt_is_sure(session, set))
		return false;
	for (size_t i = 0; i < session->attempts; i++) {
		const struct attempt *part = &session->attempt[i];

		if (i != index && part->over && attempt_is_sure(session, part) &&
		    holds(session, set, part))
			return false;
	}
	return true;
}
