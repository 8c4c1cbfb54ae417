/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_JUDGE_VIEW_H
#define FINJECT_JUDGE_VIEW_H

#include "judge_end.h"

/**
 * struct judge_view - what an end has been seen to do up to some event
 * @end: the end
 * @at: index of that event
 * @state: its state
 * @entered: when it came into that state, ns
 * @left: the state before
 * @cause: why it closed
 * @waits: a time-wait socket has taken over, or may have
 * @fin_sent: it sent its FIN
 * @fin_end: the sequence number after that FIN
 * @fin_acked: an acknowledgment of that FIN came
 * @acked_t: when the first that cannot be stale came, ns; 0 none did
 * @peer_fin: the other end's FIN came
 * @peer_fin_t: when last, ns
 * @rst_came: a RST came
 * @rst_sent: it sent a RST
 * @syn: a new connection uses the addresses
 * @other: the state of another socket on the same addresses, which connects
 *	while this one closes; STATE_UNKNOWN without
 * @acked: it sent an ACK, @ack is the furthest
 * @ack: the furthest acknowledgment it sent
 * @came: something with an ACK came; @came_seq, @came_ack are the furthest
 * @came_seq: the furthest end in sequence space that came
 * @came_ack: the furthest acknowledgment that came
 * @next: (if @placed) the furthest number it has sent, all that followed being
 *	recorded
 * @placed: it sent a segment without data, which has that number
 * @sent_t: when it last sent something that is to be acknowledged, ns
 * @sent: the furthest end in sequence space of those
 * @sent_seq: where the last of those begins
 * @gap: between the last two of those, ns
 * @run: how often it was sent since something came or anything else was sent
 * @stopped: something was dropped on its way to the end
 * @heard: when something came last, ns
 * @answers: number of ACKs of the other end's FIN it sent
 */
struct judge_view {
	const struct judge_end *end;
	size_t at;
	enum judge_state state;
	u64 entered;
	enum judge_state left;
	enum judge_cause cause;
	bool waits;
	bool fin_sent;
	u32 fin_end;
	bool fin_acked;
	u64 acked_t;
	bool peer_fin;
	u64 peer_fin_t;
	bool rst_came;
	bool rst_sent;
	bool syn;
	enum judge_state other;
	bool acked;
	u32 ack;
	bool came;
	u32 came_seq;
	u32 came_ack;
	u32 next;
	bool placed;
	u64 sent_t;
	u32 sent;
	u32 sent_seq;
	u64 gap;
	unsigned int run;
	bool stopped;
	u64 heard;
	unsigned int answers;
};

static const u64 judge_ms = 1000000;

/* Serial arithmetic of RFC 9293 section 3.4: is @a at or after @b? */
static inline bool seq_reached(u32 a, u32 b)
{
	return (s32)(a - b) >= 0;
}

static inline bool is_pending(enum judge_state state)
{
	return state == STATE_FIN_WAIT1 || state == STATE_CLOSING ||
	       state == STATE_LAST_ACK;
}

/* Does a FIN of this end lead to @state? */
static inline bool judge_has_sent(enum judge_state state)
{
	return is_pending(state) || state == STATE_FIN_WAIT2 ||
	       state == STATE_TIME_WAIT;
}

/* Does a FIN of the other end? */
static inline bool judge_has_got(enum judge_state state)
{
	return state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK ||
	       state == STATE_CLOSING || state == STATE_TIME_WAIT;
}

static inline bool is_answer(const struct judge_view *view, u32 ack)
{
	return view->end->peer_fin &&
	       seq_reached(ack, view->end->peer_fin_end);
}

/* A RST may have no ACK: then its number says nothing. */
static inline bool judge_answers(const struct judge_view *view,
				 const struct judge_event *event)
{
	return event->flags & FLAG_ACK && is_answer(view, event->ack);
}

bool judge_over(const struct judge_view *view);
bool judge_watched(const struct judge_view *view, u64 t);
bool judge_is_fresh(const struct judge_view *view,
		    const struct judge_event *event);
void judge_remember(struct judge_view *view, const struct judge_event *event);
const struct judge_event *judge_next(const struct judge_view *view,
				     enum judge_kind kind, u64 until);

#endif /* FINJECT_JUDGE_VIEW_H */
