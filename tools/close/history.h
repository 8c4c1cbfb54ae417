/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The segments of a close in the order in which they were sent, and what became
 * of each on its way: as the log says, or as the segments after it show.
 */
#ifndef FINJECT_HISTORY_H
#define FINJECT_HISTORY_H

#include "fail.h"
#include "ladder.h"

enum history_class {
	CLASS_FIN = 1 << 0,
	CLASS_ACK = 1 << 1,
	CLASS_DATA = 1 << 2,
	CLASS_RST = 1 << 3,
};

enum history_fate {
	FATE_PASSED,
	FATE_LOST,
	FATE_LATE,
	FATE_DOUBLED,
	FATE_RESET,
	FATES,
};

enum { HISTORY_TEXT = 200 };

/*
 * An answer that is due at once is late after HISTORY_ANSWER. What comes again
 * after more than HISTORY_WAIT, TIME_WAIT of Linux, is a copy. Both in ns.
 */
#define HISTORY_ANSWER	20000000ULL
#define HISTORY_WAIT	60000000000ULL

/**
 * struct sending - a transmission of a segment
 * @arrow: the segment as it was seen; NULL for one that was not, of which a RST
 *	tells
 * @from: its sender
 * @classes: enum history_class, of the FIN and the ACK of a FIN those of @from
 * @t: when it passed the observer, ns
 * @sent: when it was sent as far as is known, ns: the order of the history
 * @fate: what became of it
 * @known: the log says so; else later segments do
 * @span: (late) by how much, (doubled) after what time its copy came, ns
 * @copies: (doubled) their number
 * @copy: it is a copy of an earlier one
 * @stamped: TCP timestamps say that it is late
 * @last: (lost) each later one of its class is lost, too
 * @reset: (reset) `sender`, `receiver` or `both`
 * @why: what shows its fate
 * @other: what else it may have been, or ""
 */
struct sending {
	const struct ladder_arrow *arrow;
	enum ladder_end from;
	unsigned int classes;
	u64 t;
	u64 sent;
	enum history_fate fate;
	bool known;
	u64 span;
	unsigned int copies;
	bool copy;
	bool stamped;
	bool last;
	const char *reset;
	char why[HISTORY_TEXT];
	char other[HISTORY_TEXT];
};

/**
 * struct history - the transmissions of a close
 * @ladder: the close
 * @sending: them
 * @count: their number
 * @room: number of those that fit
 * @begin: time of the first, ns
 * @until: time of the last record, ns
 * @hidden: this end's segments were not seen where it is: one that was lost
 *	before it came to the observer is not here
 */
struct history {
	const struct ladder *ladder;
	struct sending *sending;
	size_t count;
	size_t room;
	u64 begin;
	u64 until;
	bool hidden[2];
};

bool sending_has(const struct sending *sending, unsigned int classes);
bool sending_is_pure_ack(const struct sending *sending);
bool sending_is_same(const struct sending *a, const struct sending *b);
bool sending_is_before(const struct sending *sending,
		       const struct sending *fin);
bool sending_covers(const struct sending *ack, const struct sending *fin);
struct sending *history_add(struct history *history);
struct sending *history_fin(const struct history *history,
			    enum ladder_end from);
struct sending *history_between(const struct history *history,
				enum ladder_end from, unsigned int classes,
				u64 after, u64 before);
void __printf(2, 3) sending_say(char *text, const char *format, ...);
void sending_set_copy(struct sending *first, struct sending *copy,
		      const char *why);
double history_ms(u64 ns);
double history_seconds(const struct history *history, u64 t);

#endif /* FINJECT_HISTORY_H */
