/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LOG_H
#define FINJECT_LOG_H

#include <stdio.h>

#include "types.h"

enum event_kind {
	EVENT_SEG,
	EVENT_OUTCOME,
	EVENT_SK,
	EVENT_SAMPLE,
	EVENT_LOST,
};

enum hook {
	HOOK_POSTROUTING,
	HOOK_PREROUTING,
	HOOK_INPUT,
	HOOK_FORWARD,
	HOOK_OUTPUT,
};

enum { ENDPOINT = 64 };

/**
 * struct event - one observation
 * @kind: which members below are set
 * @t: when, CLOCK_MONOTONIC, in ns
 * @flow: number of the flow in its network namespace
 * @src: a segment's source, or a socket's local end
 * @dst: the other end
 * @hook: (seg, outcome) where it was seen
 * @seg: (seg, outcome) its classes, comma between them
 * @nth: (seg, outcome) the how-many-th of each class
 * @flags: (seg, outcome) TCP flags by their letters
 * @seq: (seg, outcome) sequence number as on the wire
 * @ack: (seg, outcome) acknowledgment number as on the wire
 * @len: (seg, outcome) payload, in bytes
 * @generation: (seg, outcome) of the rule set
 * @rule: (seg, outcome) id of the rule that fired, 0 when none did
 * @verdict: (seg) what was done; (outcome) `released` or `purged`
 * @parked: (outcome) how long it was parked, in ns
 * @copy: (outcome) it is a copy made by duplicate=
 * @from: (sk) state before
 * @to: (sk) state after; (sample) what inet_diag shows, "" when the socket
 *	is gone
 * @since: (sample) when it was last seen otherwise, in ns
 * @lost: (lost) how many records the kernel could not keep
 */
struct event {
	enum event_kind kind;
	u64 t;
	u64 flow;
	char src[ENDPOINT];
	char dst[ENDPOINT];
	enum hook hook;
	char seg[40];
	char nth[40];
	char flags[12];
	u32 seq;
	u32 ack;
	u32 len;
	u64 generation;
	unsigned int rule;
	char verdict[16];
	u64 parked;
	bool copy;
	char from[16];
	char to[16];
	u64 since;
	u64 lost;
};

/**
 * struct log - observations, to be put in order of time
 * @event: the observations
 * @count: how many
 * @room: how many fit
 * @both: both ends were observed, even one of which nothing is here
 */
struct log {
	struct event *event;
	size_t count;
	size_t room;
	bool both;
};

struct event *log_add(struct log *log);
bool log_line(struct log *log, char *line);
void log_print(const struct log *log, FILE *out);
void log_sort(struct log *log);
void log_free(struct log *log);
bool list_has(const char *list, const char *word);

#endif /* FINJECT_LOG_H */
