// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state machine: figure 5 of RFC 9293 as a table, with what must have
 * happened before each change, and Linux's ways of doing it.
 */
#include "judge_rules.h"

enum cause {
	BY_USER,	/* or by what this log does not show */
	BY_FIN,		/* a FIN came */
	BY_ACK,		/* an ACK of the own FIN came */
	BY_BOTH,	/* both of these */
	BY_ACK_OR_END,	/* an ACK of the own FIN came, or BY_END */
	BY_END,		/* a RST, or retransmission was given up */
	BY_ABORT,	/* a RST, or a timer that this log does not show */
};

/*
 * Only the changes listed here exist. LISTEN and the SYN states come before
 * any close: how they were reached is not judged.
 */
static const struct {
	enum judge_state from;
	enum judge_state to;
	enum cause cause;
} transitions[] = {
	/* 3.10.1, 3.10.2: OPEN, and what led to ESTABLISHED */
	{ STATE_CLOSED, STATE_LISTEN, BY_USER },
	{ STATE_CLOSED, STATE_SYN_SENT, BY_USER },
	{ STATE_CLOSED, STATE_SYN_RECV, BY_USER },
	{ STATE_LISTEN, STATE_SYN_RECV, BY_USER },
	{ STATE_LISTEN, STATE_CLOSED, BY_USER },
	{ STATE_SYN_SENT, STATE_SYN_RECV, BY_USER },
	{ STATE_SYN_SENT, STATE_ESTABLISHED, BY_USER },
	{ STATE_SYN_SENT, STATE_CLOSED, BY_USER },
	{ STATE_SYN_RECV, STATE_ESTABLISHED, BY_USER },
	{ STATE_SYN_RECV, STATE_CLOSED, BY_USER },
	/* 3.10.4 CLOSE call, SYN-RECEIVED: send a FIN */
	{ STATE_SYN_RECV, STATE_FIN_WAIT1, BY_USER },
	/* 3.10.7.4 eighth: a FIN that came with the last ACK of the handshake */
	{ STATE_SYN_RECV, STATE_CLOSE_WAIT, BY_FIN },
	/* 3.10.4 CLOSE call, ESTABLISHED: send a FIN */
	{ STATE_ESTABLISHED, STATE_FIN_WAIT1, BY_USER },
	/* 3.10.7.4 eighth, ESTABLISHED: only a FIN makes the other end passive */
	{ STATE_ESTABLISHED, STATE_CLOSE_WAIT, BY_FIN },
	/* 3.10.5 ABORT, 3.10.7.4 second: RST; 3.8.3 R2 */
	{ STATE_ESTABLISHED, STATE_CLOSED, BY_ABORT },
	/* 3.10.4 CLOSE call, CLOSE-WAIT: send a FIN */
	{ STATE_CLOSE_WAIT, STATE_LAST_ACK, BY_USER },
	/* 3.10.5, 3.10.7.4 second, 3.8.3 as from ESTABLISHED */
	{ STATE_CLOSE_WAIT, STATE_CLOSED, BY_ABORT },
	/* 3.10.7.4 fifth, FIN-WAIT-1: our FIN is acknowledged */
	{ STATE_FIN_WAIT1, STATE_FIN_WAIT2, BY_ACK },
	/* 3.10.7.4 eighth, FIN-WAIT-1: their FIN, ours not yet acknowledged */
	{ STATE_FIN_WAIT1, STATE_CLOSING, BY_FIN },
	/* 3.10.7.4 eighth, FIN-WAIT-1: their FIN acknowledges ours */
	{ STATE_FIN_WAIT1, STATE_TIME_WAIT, BY_BOTH },
	/* 3.10.7.4 second; 3.8.3: an orphan gives up (tcp_orphan_retries) */
	{ STATE_FIN_WAIT1, STATE_CLOSED, BY_END },
	/* 3.10.7.4 eighth, FIN-WAIT-2; Linux reports the handing over as CLOSE */
	{ STATE_FIN_WAIT2, STATE_TIME_WAIT, BY_FIN },
	/* 3.6: that, a RST, or Linux's tcp_fin_timeout, which the RFC allows */
	{ STATE_FIN_WAIT2, STATE_CLOSED, BY_USER },
	/* 3.10.7.4 fifth, CLOSING: our FIN is acknowledged */
	{ STATE_CLOSING, STATE_TIME_WAIT, BY_ACK },
	/* the same, reported as CLOSE; or given up, or RST */
	{ STATE_CLOSING, STATE_CLOSED, BY_ACK_OR_END },
	/* 3.10.7.4 fifth, LAST-ACK: our FIN is acknowledged; or given up, RST */
	{ STATE_LAST_ACK, STATE_CLOSED, BY_ACK_OR_END },
	/* 3.10.8: 2 MSL are over; RFC 1337: or a RST came */
	{ STATE_TIME_WAIT, STATE_CLOSED, BY_USER },
};

JUDGE_RULE(order, DEPARTS, "order", "3.3.2",
	   "changed from a state that it was not in");
JUDGE_RULE(edge, DEPARTS, "edge", "3.3.2",
	   "made a change of state that the state machine does not have");
JUDGE_RULE(fin_first, DEPARTS, "fin-first", "3.10.7.4",
	   "changed its state for a FIN, and none had come");
JUDGE_RULE(ack_first, DEPARTS, "ack-first", "3.10.7.4",
	   "changed its state for an ACK of its FIN, and none had come");
JUDGE_RULE(own_fin, DEPARTS, "own-fin", "3.10.4",
	   "changed its state for an ACK of its FIN, and had sent no FIN");
JUDGE_RULE(deaf, DEPARTS, "end", "3.8.3",
	   "closed with neither an ACK of its FIN, nor a RST, nor any patience");
JUDGE_RULE(early, UNDECIDED, "patience", "3.8.3",
	   "gave up before a retransmission was due; a user timeout may explain it");
JUDGE_RULE(unreset, UNDECIDED, "unreset", "3.10.5",
	   "was aborted without a RST; TCP_REPAIR may explain it");
JUDGE_RULE(abort_unseen, UNDECIDED, "abort", "3.8.3",
	   "closed without a RST: a timeout, perhaps of data that was not recorded");

enum {
	AT_ONCE_MS = 1,
	RESET_MS = 10,
	RTO_MIN_MS = 190,	/* 200 less a tick */
};

/* Linux leaves the state first and sends the RST after it. */
static bool was_reset(const struct judge_view *view,
		      const struct judge_event *event)
{
	const struct judge_event *next;
	u64 until = event->t + RESET_MS * judge_ms;

	if (view->rst_came || view->rst_sent)
		return true;
	next = judge_next(view, JUDGE_SENT, until);
	return next && next->flags & FLAG_RST;
}

/* 3.10.5, ABORT in CLOSING and LAST_ACK: the TCB is deleted, no RST is sent. */
static const struct judge_rule *aborted(const struct judge_event *event)
{
	return event->from == STATE_CLOSING || event->from == STATE_LAST_ACK ?
		NULL : &unreset;
}

/*
 * Giving up is the business of the retransmission timer, which runs out one
 * RTO after the last transmission: an end that leaves at once did not wait. An
 * ICMP error may come at any time.
 */
static const struct judge_rule *gave_up(const struct judge_view *view,
					const struct judge_event *event)
{
	u64 last = view->sent_t ? view->sent_t : view->entered;

	if (was_reset(view, event))
		return NULL;
	if (event->cause == CLOSED_BY_USER)
		return aborted(event);
	if (!last || event->t - last >= RTO_MIN_MS * judge_ms)
		return NULL;
	return event->t - last < AT_ONCE_MS * judge_ms &&
	       event->cause != CLOSED_BY_TIMEOUT ? &deaf : &early;
}

/* Half-close data that nothing answered. */
static bool gave_up_data(const struct judge_view *view,
			 const struct judge_event *event)
{
	return view->run &&
	       event->t - view->sent_t >= RTO_MIN_MS * judge_ms;
}

static const struct judge_rule *acked(const struct judge_view *view)
{
	if (!view->fin_sent)
		return &own_fin;
	return view->fin_acked ? NULL : &ack_first;
}

static const struct judge_rule *is_due(enum cause cause,
				       const struct judge_view *view,
				       const struct judge_event *event)
{
	switch (cause) {
	case BY_USER:
		return NULL;
	case BY_FIN:
		return view->peer_fin ? NULL : &fin_first;
	case BY_ACK:
		return acked(view);
	case BY_BOTH:
		return view->peer_fin ? acked(view) : &fin_first;
	case BY_ACK_OR_END:
		return view->fin_acked ? NULL : gave_up(view, event);
	case BY_END:
		return gave_up(view, event);
	case BY_ABORT:
		return was_reset(view, event) || gave_up_data(view, event) ?
			NULL : &abort_unseen;
	}
	return NULL;
}

/**
 * judge_transition() - check that this change of state was due
 * @view: the end before it
 * @event: the change
 *
 * Return: the rule it breaks, or NULL.
 */
const struct judge_rule *judge_transition(const struct judge_view *view,
					  const struct judge_event *event)
{
	if (event->from != view->state)
		return &order;
	if (event->from == event->to)
		return NULL;
	for (size_t i = 0; i < sizeof(transitions) / sizeof(*transitions); i++)
		if (transitions[i].from == event->from &&
		    transitions[i].to == event->to)
			return is_due(transitions[i].cause, view, event);
	return &edge;
}
