/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LOG_H
#define FINJECT_LOG_H

#include <stdio.h>

#include "log_source.h"
#include "vocabulary.h"
#include "types.h"

/* The kernel's records, and its word for those that it could not keep. */
enum event_kind {
#define EVENT_KIND(identifier, word) EVENT_##identifier,
	FINJECT_RECORD_LIST(EVENT_KIND)
	EVENT_LOST,
	EVENTS,
};

enum hook {
#define HOOK_NUMBER(number, identifier, word) HOOK_##identifier,
	FINJECT_HOOK_LIST(HOOK_NUMBER, HOOK_NUMBER)
	HOOKS,
};

enum verdict {
#define VERDICT_NUMBER(number, identifier, word) VERDICT_##identifier,
	FINJECT_VERDICT_LIST(VERDICT_NUMBER, VERDICT_NUMBER)
	VERDICTS,
};

enum cause {
#define CAUSE_NUMBER(number, identifier, word) CAUSE_##identifier,
	FINJECT_CAUSE_LIST(CAUSE_NUMBER, CAUSE_NUMBER)
	CAUSES,
};

/* Where an observation was made. */
enum event_place {
	PLACE_END,	/* in the network namespace of an end */
	PLACE_ROUTER,	/* on the way between both */
	PLACE_UNKNOWN,	/* the log mixes both kinds of namespaces */
};

enum { ENDPOINT = 64 };

/**
 * struct event - one observation
 * @kind: which members below are set
 * @t: when, CLOCK_MONOTONIC, in ns
 * @flow: number of the flow in its network namespace; 0: a state that was read
 *	from inet_diag
 * @src: a segment's source, or a socket's local end
 * @dst: the other end
 * @hook: (segment, outcome) where it was seen
 * @seg: (segment, outcome) its classes, comma between them
 * @nth: (segment, outcome) its ordinal number in each class
 * @flags: (segment, outcome) TCP flags by their letters
 * @seq: (segment, outcome) sequence number as on the wire
 * @ack: (segment, outcome) acknowledgment number as on the wire
 * @len: (segment, outcome) payload, in bytes
 * @generation: (segment, outcome) of the rule set
 * @rule: (segment, outcome) id of the rule that fired, 0 when none did
 * @verdict: (segment) what was done; (outcome) `released` or `purged`
 * @parked: (outcome) how long it was parked, in ns
 * @copy: (outcome) it is a copy made by duplicate=
 * @from: (socket) state before
 * @to: (socket) state after
 * @socket: (socket) `full` or `timewait`; "" in a log of before records said so
 * @cause: (socket) why it closed, or `-`
 * @lost: (lost) number of records that the kernel could not keep
 * @more: further words of the record, as far as they fit, each with a blank
 *	before it
 * @source: index in @sources of the log: the network namespace it is from
 * @place: (segment, outcome) where that is; closes_split() finds out
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
	u64 seq;
	u64 ack;
	u64 len;
	u64 generation;
	u64 rule;
	char verdict[16];
	u64 parked;
	u64 copy;
	char from[16];
	char to[16];
	char socket[12];
	char cause[12];
	u64 lost;
	char more[96];
	unsigned int source;
	enum event_place place;
};

/**
 * struct log - observations, to be put in order of time
 * @event: the observations
 * @count: their number
 * @room: number of those that fit
 * @both: both ends were observed, even one of which nothing is here
 * @sources: the network namespaces that they are from
 */
struct log {
	struct event *event;
	size_t count;
	size_t room;
	bool both;
	struct log_sources sources;
};

extern const char * const log_kinds[EVENTS];

struct event *log_add(struct log *log);
void log_add_state(struct log *log, u64 t, const char *src, const char *dst,
		   const char *state);
bool log_line(struct log *log, char *line);
void log_print(const struct log *log, FILE *out);
void log_sort(struct log *log);
void log_free(struct log *log);
double log_seconds(u64 t, u64 start);
bool seg_is_early(const char *seg);
bool event_is_segment(const struct event *event);
bool event_is_between(const struct event *event, const char *a, const char *b);
bool event_is_hand_over(const struct event *event);
bool event_is_closed(const struct event *event);
bool event_is_unknown(const struct event *event);
enum cause event_cause(const struct event *event);
const char *event_hook(const struct event *event);
enum verdict event_verdict(const struct event *event);
bool list_has(const char *list, const char *word);

#endif /* FINJECT_LOG_H */
