// SPDX-License-Identifier: GPL-2.0-only
/*
 * A FIN is sent again because it, or its ACK, was lost (RFC 9293, 3.8.1). It
 * comes again also when it was copied, or came late.
 */
#include <string.h>

#include "history_repeats.h"
#include "history_stamps.h"

/* Linux sends no segment again before TCP_RTO_MIN, 200 ms. */
static const u64 rto_least = 190000000;

static void set_lost(struct sending *lost, const struct history *history,
		     const struct sending *again, const char *other)
{
	lost->fate = FATE_LOST;
	sending_say(lost->why, "the FIN was sent again at %.3f s",
		    history_seconds(history, again->t));
	sending_say(lost->other, "%s", other);
}

/* An end that acknowledges a FIN which acknowledges its own has got that ACK. */
static bool has_receipt(const struct history *history,
			const struct sending *fin, u64 before)
{
	for (size_t i = 0; i < history->count; i++) {
		const struct sending *at = &history->sending[i];
		const struct sending *theirs;

		if (!at->arrow || at->from != fin->from || at->t <= fin->t ||
		    at->t >= before || sending_has(at, CLASS_FIN))
			continue;
		theirs = history_between(history, !fin->from, CLASS_FIN,
					 fin->t, at->t);
		if (sending_has(at, CLASS_RST) ||
		    (theirs && sending_covers(theirs, fin) &&
		     sending_covers(at, theirs)))
			return true;
	}
	return false;
}

/* It is answered, and the answer by a RST: its sender's connection is gone. */
static bool is_from_closed(const struct history *history,
			   const struct sending *fin)
{
	const struct sending *ack =
		history_between(history, !fin->from, CLASS_ACK, fin->t,
				fin->t + HISTORY_ANSWER);

	return ack && history_between(history, fin->from, CLASS_RST, ack->t,
				      ack->t + HISTORY_ANSWER);
}

static bool is_copy(const struct history *history, const struct sending *first,
		    const struct sending *last, const struct sending *fin)
{
	u64 gap = fin->t - last->t;

	if (stamps_differ(last, fin))
		return false;
	return history->hidden[fin->from] &&
	       (gap < rto_least || gap > HISTORY_WAIT ||
		has_receipt(history, first, fin->t) ||
		is_from_closed(history, fin));
}

/* A timestamp tells when it was sent, to a ms or so. */
static u64 slack_of(const struct sending *sending)
{
	return sending->stamped ? HISTORY_ANSWER : 0;
}

static bool is_explained(const struct history *history,
			 const struct sending *last, const struct sending *fin)
{
	if (last->known && last->fate != FATE_PASSED &&
	    last->fate != FATE_DOUBLED)
		return true;
	for (size_t i = 0; i < history->count; i++) {
		const struct sending *at = &history->sending[i];

		if (at->arrow && at->from != fin->from &&
		    (at->known || at->stamped) &&
		    (at->fate == FATE_LOST || at->fate == FATE_LATE ||
		     at->fate == FATE_RESET) &&
		    sending_covers(at, fin) &&
		    at->sent + slack_of(at) > last->t && at->sent < fin->t)
			return true;
	}
	return false;
}

/* All ACKs that passed between the two FINs did not come to their sender. */
static bool lose_acks(struct history *history, const struct sending *last,
		      const struct sending *fin)
{
	bool any = false;

	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];

		if (!at->arrow || at->from == fin->from || at->t <= last->t ||
		    at->t >= fin->t || at->copy || !sending_has(at, CLASS_ACK))
			continue;
		any = true;
		if (at->fate == FATE_PASSED)
			set_lost(at, history, fin,
				 "the FIN that came again was a copy of the first");
	}
	return any;
}

/* When Linux sends a FIN for the n-th time, without a measured round trip. */
static const u64 rto_from_start[] = {
	0, 206000000, 413000000, 830000000, 1660000000
};

enum { LATE_FINS = 3 };

/* Copies that a rule makes have equal times between them. */
static bool is_even(const struct history *history, const struct sending *first)
{
	unsigned int number = 0;

	for (size_t i = 0; i < history->count; i++) {
		const struct sending *at = &history->sending[i];
		u64 due = first->t + (number + 1) * first->span;

		if (!at->copy || !at->arrow || at->from != first->from ||
		    !sending_has(at, CLASS_FIN))
			continue;
		number++;
		if (at->t > due + HISTORY_ANSWER || due > at->t + HISTORY_ANSWER)
			return false;
	}
	return true;
}

/* Others are the transmissions before the one that came first, all late. */
static void spread(struct history *history, struct sending *first)
{
	unsigned int before = first->copies, number = 0;

	if (first->fate != FATE_DOUBLED || first->known ||
	    before > LATE_FINS || is_even(history, first))
		return;
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];
		u64 lead = rto_from_start[before] - rto_from_start[number];

		if (!at->copy || !at->arrow || at->from != first->from ||
		    !sending_has(at, CLASS_FIN))
			continue;
		number++;
		at->copy = false;
		at->fate = FATE_LATE;
		at->span = at->t - first->t + lead;
		at->sent = first->sent - lead;
		sending_say(at->why,
			    "it came %.0f ms after a retransmission, and was not sent again",
			    history_ms(at->t - first->t));
		sending_say(at->other,
			    "copies of it came; Linux's RTO, 200 ms, is taken for granted");
	}
	first->fate = FATE_PASSED;
	first->copies = 0;
}

/**
 * history_repeats() - find out why an end sent its FIN again
 * @history: the transmissions; fates of FINs and of their ACKs are set
 * @from: the end, which has sent a FIN
 */
void history_repeats(struct history *history, enum ladder_end from)
{
	struct sending *first = history_fin(history, from), *last = first;

	for (size_t i = 0; i < history->count; i++) {
		struct sending *fin = &history->sending[i];

		if (fin->from != from || !fin->arrow || fin->copy ||
		    !sending_has(fin, CLASS_FIN) || fin->t <= first->t ||
		    fin->stamped)
			continue;
		if (is_explained(history, last, fin)) {
			last = fin;
		} else if (is_copy(history, first, last, fin)) {
			sending_set_copy(first, fin, "and was not sent again");
		} else {
			if (!lose_acks(history, last, fin))
				set_lost(last, history, fin,
					 "it came, and its ACK was lost");
			last = fin;
		}
	}
	spread(history, first);
	if (last && last->fate == FATE_PASSED &&
	    history->until - last->t > rto_least &&
	    !history_between(history, !from, CLASS_ACK | CLASS_RST, last->t,
			     (u64)-1)) {
		last->fate = FATE_LOST;
		last->last = true;
		sending_say(last->why, "nothing acknowledges it to the end of the log");
	}
}
