// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP timestamps (RFC 7323), which a capture has: each transmission of a segment
 * has the time of its sender, and a copy of it that of the first. Linux counts
 * them in ms. So a segment that has been on its way for longer than others of its
 * sender shows, if two of these agree on how far both clocks are apart.
 */
#include "history_stamps.h"

static const s64 tick = 1000000;

/* Two segments agree up to that, and are that far apart; ns. */
static const s64 agreement = 5000000;

static bool has_stamp(const struct sending *sending, enum ladder_end from)
{
	return sending->arrow && sending->from == from &&
	       sending->arrow->stamped;
}

/**
 * stamps_differ() - check that two segments are two transmissions for certain
 * @a: a segment
 * @b: another one of the same sender
 *
 * Return: true when both have timestamps, and not the same.
 */
bool stamps_differ(const struct sending *a, const struct sending *b)
{
	return a->arrow->stamped && b->arrow->stamped &&
	       a->arrow->stamp != b->arrow->stamp;
}

/* By the clock of its sender: the time from @first to @sending. */
static s64 clock_of(const struct sending *first, const struct sending *sending)
{
	return (s32)(sending->arrow->stamp - first->arrow->stamp) * tick;
}

/* How much longer than @first it was on its way, ns. */
static s64 longer(const struct sending *first, const struct sending *sending)
{
	return (s64)(sending->t - first->t) - clock_of(first, sending);
}

static struct sending *quickest(const struct history *history,
				enum ladder_end from)
{
	struct sending *first = NULL;

	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];

		if (has_stamp(at, from) && (!first || longer(first, at) < 0))
			first = at;
	}
	return first;
}

/* With another unit of time no two would be equally long on their way. */
static bool is_confirmed(const struct history *history,
			 const struct sending *first)
{
	for (size_t i = 0; i < history->count; i++) {
		const struct sending *at = &history->sending[i];
		s64 apart;

		if (!has_stamp(at, first->from))
			continue;
		apart = clock_of(first, at);
		if ((apart > agreement || apart < -agreement) &&
		    longer(first, at) < agreement)
			return true;
	}
	return false;
}

static struct sending *same_stamp(const struct history *history, size_t before)
{
	const struct sending *copy = &history->sending[before];

	for (size_t i = 0; i < before; i++) {
		struct sending *at = &history->sending[i];

		if (has_stamp(at, copy->from) && !at->copy &&
		    sending_is_same(at, copy) && !stamps_differ(at, copy))
			return at;
	}
	return NULL;
}

/* A sender repeats a pure ACK at any time, but a FIN or data after its RTO. */
static void find_copies(struct history *history, enum ladder_end from)
{
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i], *first;

		if (!has_stamp(at, from) || at->copy || at->known)
			continue;
		first = same_stamp(history, i);
		if (!first || !sending_has(at, CLASS_FIN | CLASS_ACK | CLASS_DATA))
			continue;
		sending_set_copy(first, at, "with the same TCP timestamp");
		*first->other = '\0';
	}
}

static void find_late(struct history *history, const struct sending *first)
{
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];
		s64 span;

		if (!has_stamp(at, first->from) || at->copy || at->known ||
		    at->fate != FATE_PASSED)
			continue;
		span = longer(first, at);
		if (span < (s64)HISTORY_ANSWER)
			continue;
		at->fate = FATE_LATE;
		at->stamped = true;
		at->span = span;
		at->sent = at->t - span;
		sending_say(at->why, "its TCP timestamp is %.0f ms older",
			    history_ms(span));
	}
}

/**
 * history_stamps() - find out by TCP timestamps what was late, and what came twice
 * @history: the transmissions
 * @from: the end whose segments are looked at
 */
void history_stamps(struct history *history, enum ladder_end from)
{
	const struct sending *first = quickest(history, from);

	if (!first)
		return;
	find_copies(history, from);
	if (is_confirmed(history, first))
		find_late(history, first);
}
