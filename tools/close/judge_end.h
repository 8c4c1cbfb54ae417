/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The judge's material: what one end of a connection did, and the rules that
 * it is held against.
 */
#ifndef FINJECT_JUDGE_END_H
#define FINJECT_JUDGE_END_H

#include "types.h"

enum judge_state {
	STATE_UNKNOWN,
	STATE_CLOSED,
	STATE_LISTEN,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_ESTABLISHED,
	STATE_FIN_WAIT1,
	STATE_FIN_WAIT2,
	STATE_CLOSING,
	STATE_TIME_WAIT,
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	/* the kernel's names */
	STATE_CLOSE = STATE_CLOSED,
	STATE_NEW_SYN_RECV = STATE_SYN_RECV,
};

/* Why an end closed, as far as that matters to a rule. */
enum judge_cause {
	CLOSED_OTHERWISE,
	CLOSED_UNKNOWN,		/* or a time-wait socket took over */
	CLOSED_BY_TIMER,	/* a time-wait socket's time was over */
	CLOSED_BY_STACK,	/* there was to be a time-wait socket, and is none */
	CLOSED_BY_USER,		/* ABORT, or killed */
	CLOSED_BY_TIMEOUT,	/* the stack gave up, or an ICMP error came */
};

enum judge_kind {
	JUDGE_SENT,
	JUDGE_CAME,
	JUDGE_STATE,
	JUDGE_STOPPED,		/* was on its way to the end, and dropped */
};

/* From where an end was seen. */
enum judge_place {
	JUDGE_HERE,	/* its socket's states are known */
	JUDGE_FAR,	/* by a router, a capture, or the other end */
	JUDGE_BLIND,	/* its segments as they left, without states */
};

enum {
	FLAG_FIN = 1,
	FLAG_SYN = 2,
	FLAG_RST = 4,
	FLAG_ACK = 8,
	FLAG_MADE = 16,
};

/**
 * struct judge_event - something an end did, or that befell it
 * @kind: which members below are set
 * @t: when, ns
 * @seq: (sent, came) sequence number
 * @end: (sent, came) the sequence number after the segment
 * @ack: (sent, came) acknowledgment number
 * @len: (sent, came) payload, in bytes
 * @flags: (sent, came) FLAG_ bits; with FLAG_MADE it may have come, and its
 *	numbers are not known
 * @from: (state) before
 * @to: (state) after; that before when a time-wait socket takes over in it
 * @cause: (state) why it closed
 * @origin: the caller's name for it
 */
struct judge_event {
	enum judge_kind kind;
	u64 t;
	u32 seq;
	u32 end;
	u32 ack;
	u32 len;
	unsigned int flags;
	enum judge_state from;
	enum judge_state to;
	enum judge_cause cause;
	size_t origin;
};

/**
 * struct judge_end - all that is known of one end
 * @event: by time
 * @count: their number
 * @place: from where it was seen
 * @until: as long as this the end was watched, ns; what did not happen until
 *	then did not happen
 * @whole: its close is known from its first FIN on
 * @late: the log may begin in the middle of the close
 * @witnessed: the other end's segments were seen to leave a socket there, so
 *	that none is malformed
 * @one_way: nothing that the other end sent was seen, and may have been missed
 * @peer_fin: the other end sent a FIN at some time
 * @peer_fin_end: the sequence number after it
 */
struct judge_end {
	const struct judge_event *event;
	size_t count;
	enum judge_place place;
	u64 until;
	bool whole;
	bool late;
	bool witnessed;
	bool one_way;
	bool peer_fin;
	u32 peer_fin_end;
};

enum judge_result {
	JUDGE_OK,
	JUDGE_UNDECIDED,
	JUDGE_DEPARTS,
};

/**
 * struct judge_rule - a sentence of the RFC, as far as it can be checked
 * @name: one word for it
 * @section: of RFC 9293
 * @result: of an end that breaks it: DEPARTS; UNDECIDED when that may have
 *	reasons which a log does not show; OK for a note, of something that the
 *	RFC allows and a reader should know
 * @broken: what an end did that broke it
 * @maybe: what else explains it when a log shows it once or twice, of a segment
 *	that nobody saw being made; NULL: nothing does
 */
struct judge_rule {
	const char *name;
	const char *section;
	enum judge_result result;
	const char *broken;
	const char *maybe;
};

#define JUDGE_RULE(identifier, result, name, section, broken)	\
	static const struct judge_rule identifier = {		\
		name, section, JUDGE_##result, broken, NULL	\
	}

/* An end makes nothing of a segment: it may not have got it whole. */
#define JUDGE_OMISSION(identifier, name, section, broken)	\
	static const struct judge_rule identifier = {		\
		name, section, JUDGE_DEPARTS, broken,		\
		"a bad checksum or a filter may explain it"	\
	}

enum judge_state judge_state(const char *name);

#endif /* FINJECT_JUDGE_END_H */
