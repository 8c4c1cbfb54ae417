// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "grow.h"
#include "history.h"

/**
 * sending_has() - check the classes of a segment
 * @sending: the segment
 * @classes: enum history_class, one or several
 *
 * Return: true when it has any of these.
 */
bool sending_has(const struct sending *sending, unsigned int classes)
{
	return sending->classes & classes;
}

/**
 * sending_is_pure_ack() - check for an ACK of a FIN that carries nothing else
 * @sending: the segment
 *
 * Return: true when it is one.
 */
bool sending_is_pure_ack(const struct sending *sending)
{
	return sending->classes == CLASS_ACK;
}

/**
 * sending_is_same() - compare two segments of one sender
 * @a: a segment
 * @b: another one
 *
 * Return: true when they are the same on the wire, timestamps apart.
 */
bool sending_is_same(const struct sending *a, const struct sending *b)
{
	return a->from == b->from && a->arrow->seq == b->arrow->seq &&
	       a->arrow->ack == b->arrow->ack && a->arrow->len == b->arrow->len &&
	       !strcmp(a->arrow->flags, b->arrow->flags);
}

/**
 * sending_covers() - check that a segment acknowledges a FIN (RFC 9293, 3.4)
 * @ack: the segment
 * @fin: a segment with the FIN, of the other end
 *
 * Return: true when it does.
 */
bool sending_covers(const struct sending *ack, const struct sending *fin)
{
	u32 end = (u32)fin->arrow->seq + fin->arrow->len + 1;

	return strchr(ack->arrow->flags, 'A') &&
	       (s32)((u32)ack->arrow->ack - end) >= 0;
}

/**
 * sending_is_before() - check that a segment belongs before a FIN
 * @sending: the segment
 * @fin: a segment with the FIN, of the same end
 *
 * Return: true when it ends where the FIN is, or before (RFC 9293, 3.4).
 */
bool sending_is_before(const struct sending *sending,
		       const struct sending *fin)
{
	u32 end = (u32)sending->arrow->seq + sending->arrow->len;

	return (s32)((u32)fin->arrow->seq + fin->arrow->len - end) >= 0;
}

/**
 * history_add() - make room for one more transmission
 * @history: the history
 *
 * Return: it, all zero. It moves when another one is added.
 */
struct sending *history_add(struct history *history)
{
	history->sending = grow(history->sending, history->count,
				&history->room, sizeof(*history->sending));
	memset(&history->sending[history->count], 0,
	       sizeof(*history->sending));
	return &history->sending[history->count++];
}

/**
 * history_fin() - find the FIN of an end
 * @history: the history
 * @from: the end
 *
 * Return: its first transmission that was seen, or NULL.
 */
struct sending *history_fin(const struct history *history, enum ladder_end from)
{
	return history_between(history, from, CLASS_FIN, 0, (u64)-1);
}

/**
 * history_between() - find a segment by its time
 * @history: the history
 * @from: its sender
 * @classes: it has any of these
 * @after: it passed the observer later than that, ns
 * @before: and earlier than that, ns
 *
 * Return: the first of them that passed, or NULL.
 */
struct sending *history_between(const struct history *history,
				enum ladder_end from, unsigned int classes,
				u64 after, u64 before)
{
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];

		if (at->from == from && at->arrow && !at->copy &&
		    sending_has(at, classes) && at->t > after &&
		    at->t < before)
			return at;
	}
	return NULL;
}

/**
 * history_seconds() - convert a time to seconds from the start of the history
 * @history: the history
 * @t: the time, ns
 *
 * Return: the seconds.
 */
double history_seconds(const struct history *history, u64 t)
{
	return log_seconds(t, history->begin);
}

/**
 * history_ms() - convert a time to milliseconds
 * @ns: the time
 *
 * Return: the milliseconds.
 */
double history_ms(u64 ns)
{
	return ns / 1e6;
}

/**
 * sending_say() - write a reason
 * @text: where to, HISTORY_TEXT bytes: @why or @other of a transmission
 * @format: as of printf(3)
 */
void sending_say(char *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, HISTORY_TEXT, format, args);
	va_end(args);
}

/**
 * sending_set_copy() - take a segment for a copy of an earlier one
 * @first: the earlier one
 * @copy: the segment
 * @why: why it is not a retransmission
 */
void sending_set_copy(struct sending *first, struct sending *copy,
		      const char *why)
{
	copy->copy = true;
	if (first->fate != FATE_DOUBLED) {
		first->span = copy->t - first->t;
		sending_say(first->why, "it came again %.0f ms later, %s",
			    history_ms(first->span), why);
		sending_say(first->other,
			    "the first transmission came late, and a retransmission before it");
	}
	first->fate = FATE_DOUBLED;
	first->copies++;
}
