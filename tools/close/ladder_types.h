/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a ladder.
 */
#ifndef FINJECT_LADDER_TYPES_H
#define FINJECT_LADDER_TYPES_H

#include "log.h"

enum ladder_end {
	END_A,
	END_B,
};

enum ladder_fault {
	FAULT_NONE,
	FAULT_LOST,
	FAULT_PARKED,
	FAULT_PURGED,
	FAULT_COPIED,
	FAULT_OTHER,	/* one that this tool does not know: it is named */
};

/**
 * struct ladder_arrow - one segment on its way
 * @from: who sent it
 * @seg: its classes, comma between them
 * @nth: its ordinal number in each class, as counted where it was first seen
 * @flags: TCP flags by their letters
 * @seq: sequence number relative to the sender's first segment here
 * @ack: acknowledgment number relative to the receiver's first segment
 * @len: payload, in bytes
 * @out: when it left, ns; 0 when that was not observed
 * @in: when it came, ns; 0 when it did not, or not yet
 * @released: when it was sent on after it was parked, ns; 0 when it did not
 * @parked: for how long it was parked, ns
 * @fault: what was done to it
 * @there: the fault was done at the receiver's end of the way
 * @rule: id of the rule that fired, 0 when none did
 * @verdict: what that rule did
 * @outward: it was judged before it left, and has yet to leave
 * @through: it came to a router and left it again; @in is when it came
 * @routed: (beside records of an end) it left a router
 * @unseen: nobody observed the end that it was on its way to
 * @copy: it is a copy; it begins where the fault is
 * @stamped: it has a TCP timestamp (RFC 7323), as in a capture
 * @stamp: TSval of that
 */
struct ladder_arrow {
	enum ladder_end from;
	char seg[40];
	char nth[40];
	char flags[12];
	s32 seq;
	s32 ack;
	u32 len;
	u64 out;
	u64 in;
	u64 released;
	u64 parked;
	enum ladder_fault fault;
	bool there;
	unsigned int rule;
	char verdict[16];
	bool outward;
	bool through;
	bool routed;
	bool unseen;
	bool copy;
	bool stamped;
	u32 stamp;
};

/**
 * struct ladder_state - a state that an end came into
 * @end: which end
 * @t: when, ns
 * @name: the state; CLOSED when nothing of the socket is left; LADDER_UNKNOWN
 */
struct ladder_state {
	enum ladder_end end;
	u64 t;
	char name[16];
};

/**
 * struct ladder - one close
 * @name: address and port of both ends; A sent the first FIN
 * @start: the state of each end before the first change, "" when unknown
 * @arrow: the segments, by the time they were first seen
 * @arrows: their number
 * @state: the states, by time
 * @states: their number
 * @now: while the close continues, the present, ns: segments may yet come.
 *	0 when it is over
 * @lost: records the kernel could not keep: something may be missing
 * @seen: each end was seen where it is
 * @router: (when neither was) the source whose records make the arrows
 */
struct ladder {
	char name[2][ENDPOINT];
	char start[2][16];
	struct ladder_arrow *arrow;
	size_t arrows;
	struct ladder_state *state;
	size_t states;
	u64 now;
	u64 lost;
	bool seen[2];
	unsigned int router;
};

#endif /* FINJECT_LADDER_TYPES_H */
