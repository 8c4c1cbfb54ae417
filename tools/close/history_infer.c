// SPDX-License-Identifier: GPL-2.0-only
/*
 * One observer does not see what happened elsewhere, but what came of it. An ACK
 * or a RST that nothing seen asks for answers a segment that came late, or twice.
 * Where two histories lead to the same segments at the observer, the one with
 * the fewest faults is taken, and the other is named.
 */
#include <string.h>

#include "history_infer.h"
#include "history_repeats.h"
#include "history_stamps.h"

/* When it went on beyond the observer. */
static u64 passed_at(const struct history *history,
		     const struct sending *sending)
{
	return sending->fate == FATE_LATE && !history->hidden[sending->from] ?
	       sending->t + sending->span : sending->t;
}

/* The latest segment that a reply may answer, after that span at most. */
static const struct sending *stimulus(const struct history *history,
				      const struct sending *reply, u64 span)
{
	const struct sending *found = NULL;

	for (size_t i = 0; i < history->count; i++) {
		const struct sending *at = &history->sending[i];
		u64 t = passed_at(history, at);

		if (at->arrow && at->from != reply->from && t <= reply->t &&
		    reply->t - t <= span && at->fate != FATE_LOST &&
		    at->fate != FATE_RESET &&
		    (!found || t > passed_at(history, found)))
			found = at;
	}
	return found;
}

static struct sending *lost_before(const struct history *history,
				   enum ladder_end from, u64 before)
{
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];

		if (at->arrow && at->from == from && at->t < before &&
		    at->fate == FATE_LOST && !at->known)
			return at;
	}
	return NULL;
}

static struct sending *same_before(const struct history *history,
				   const struct sending *sending)
{
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];

		if (at->arrow && at != sending && at->t < sending->t &&
		    !at->copy && sending_is_same(at, sending))
			return at;
	}
	return NULL;
}

/* The segment that nothing asks for answers one that was thought to be lost. */
static void set_late(struct sending *late, const struct history *history,
		     const struct sending *reply)
{
	late->fate = FATE_LATE;
	late->span = reply->t - late->t;
	late->last = false;
	sending_say(late->why, "it was sent again, and is answered at %.3f s",
		    history_seconds(history, reply->t));
	sending_say(late->other, "it was lost, and the answer came twice");
}

static void infer_answer(struct history *history, struct sending *reply)
{
	struct sending *late = lost_before(history, !reply->from, reply->t);
	struct sending *same = same_before(history, reply);
	const struct sending *asked;

	if (stimulus(history, reply, HISTORY_ANSWER))
		return;
	if (late) {
		set_late(late, history, reply);
	} else if (same) {
		sending_set_copy(same, reply, "and nothing asked for it");
		sending_say(same->other, "the segment that it answers came twice");
	} else if (sending_is_pure_ack(reply)) {
		asked = stimulus(history, reply, HISTORY_WAIT);
		if (!asked)
			return;
		reply->fate = FATE_LATE;
		reply->span = reply->t - asked->t;
		reply->sent = asked->t;
		sending_say(reply->why, "it answers a FIN after %.0f ms",
			    history_ms(reply->span));
		sending_say(reply->other,
			    "the FIN came late; or the stack delayed its ACK (RFC 9293, 3.8.6.3)");
	}
}

/* The FIN that was thought to be lost came; its ACK is this one. */
static void set_late_answer(const struct history *history, struct sending *fin,
			    struct sending *ack)
{
	fin->fate = FATE_PASSED;
	ack->fate = FATE_LATE;
	ack->span = ack->t - fin->t;
	ack->sent = fin->t + 1;
	sending_say(ack->why,
		    "it came after the FIN behind it, and the FIN at %.3f s was sent again",
		    history_seconds(history, fin->t));
	sending_say(ack->other, "that FIN was lost, and a copy of its next ACK came");
}

/* What came behind a FIN, and was sent before it. */
static void infer_order(struct history *history, struct sending *sending)
{
	struct sending *fin = history_fin(history, sending->from);
	struct sending *same = same_before(history, sending), *lost;
	const struct sending *asked;

	if (!fin || fin->t >= sending->t || sending_has(sending, CLASS_FIN) ||
	    !sending_is_before(sending, fin))
		return;
	lost = lost_before(history, !sending->from, fin->t);
	if (lost && sending_is_pure_ack(sending)) {
		set_late_answer(history, lost, sending);
		return;
	}
	if (same) {
		sending_set_copy(same, sending, "after its sender's FIN");
		return;
	}
	asked = history_between(history, !sending->from, CLASS_FIN, 0, fin->t);
	if (!sending_is_pure_ack(sending) || !asked)
		asked = fin;
	sending->fate = FATE_LATE;
	sending->span = sending->t - asked->t;
	sending->sent = fin->t - 1;
	sending_say(sending->why, "it came after the FIN behind it");
	sending_say(sending->other, "the time is the longest that fits");
}

static bool is_late_copy(const struct history *history,
			 const struct sending *sending)
{
	const struct sending *fin = history_fin(history, sending->from);

	return fin && fin->t < sending->t &&
	       sending_is_before(sending, fin);
}

static void infer_replies(struct history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		struct sending *at = &history->sending[i];

		if (!at->arrow || at->copy || at->known ||
		    at->fate != FATE_PASSED || !history->hidden[at->from])
			continue;
		if (sending_has(at, CLASS_ACK | CLASS_DATA) &&
		    !sending_has(at, CLASS_FIN) && is_late_copy(history, at))
			infer_order(history, at);
		else if (sending_is_pure_ack(at) ||
			 (sending_has(at, CLASS_RST) &&
			  history_fin(history, at->from)))
			infer_answer(history, at);
	}
}

/*
 * A stack that gives up a connection sets ACK in its RST (RFC 9293, 3.10.5), and
 * one without a connection answers what came. A RST without ACK that is neither
 * was made on the way, for a segment that did not pass.
 */
static void infer_reset(struct history *history, size_t i)
{
	struct sending rst = history->sending[i], *fin;
	bool asked = stimulus(history, &rst, HISTORY_ANSWER);
	struct sending *made;

	if (strchr(rst.arrow->flags, 'A'))
		return;
	fin = history_fin(history, rst.from);
	if ((fin && fin->t < rst.t && !asked) ||
	    (asked && history_between(history, rst.from, CLASS_ACK, 0, rst.t)))
		return;
	made = history_add(history);
	made->from = rst.from;
	made->classes = asked ? CLASS_ACK : CLASS_FIN;
	made->t = rst.t;
	made->sent = rst.t - 1;
	made->fate = FATE_RESET;
	made->reset = history_between(history, rst.from,
				      CLASS_FIN | CLASS_ACK | CLASS_DATA,
				      rst.t, (u64)-1) ? "receiver" : "both";
	sending_say(made->why, "a RST came at %.3f s instead of it",
		    history_seconds(history, rst.t));
	sending_say(made->other, "its sender had no such connection any more");
	history->sending[i].copy = true;
}

static void infer_resets(struct history *history)
{
	for (size_t i = 0, count = history->count; i < count; i++) {
		const struct sending *at = &history->sending[i];

		if (at->arrow && sending_has(at, CLASS_RST) && !at->copy &&
		    !at->known && history->hidden[at->from])
			infer_reset(history, i);
	}
}

/* An end in FIN_WAIT2 that no FIN ever reached. */
static void infer_missing(struct history *history, enum ladder_end from)
{
	const struct sending *fin = history_fin(history, !from);
	struct sending *missing;

	if (!fin || !history->hidden[from] || history_fin(history, from) ||
	    !history_between(history, from, CLASS_ACK, fin->t, (u64)-1) ||
	    history_between(history, from, CLASS_RST, 0, (u64)-1) ||
	    history->until - fin->t < HISTORY_WAIT)
		return;
	for (size_t i = 0; i < history->count; i++)
		if (history->sending[i].fate == FATE_RESET)
			return;
	missing = history_add(history);
	missing->from = from;
	missing->classes = CLASS_FIN;
	missing->t = history->until;
	missing->sent = history->until;
	missing->fate = FATE_LOST;
	missing->last = true;
	sending_say(missing->why, "it never came, for %.0f s after the other FIN",
		    history_seconds(history, history->until) -
	    history_seconds(history, fin->t));
	sending_say(missing->other, "the program at that end did not close");
}

/**
 * history_infer() - find out what became of the segments where nobody looked
 * @history: the transmissions that were seen, with the fates that are known
 */
void history_infer(struct history *history)
{
	infer_resets(history);
	for (int from = END_A; from <= END_B; from++)
		if (history->hidden[from])
			history_stamps(history, from);
	for (int from = END_A; from <= END_B; from++)
		if (history_fin(history, from))
			history_repeats(history, from);
	infer_replies(history);
	for (int from = END_A; from <= END_B; from++)
		infer_missing(history, from);
}
