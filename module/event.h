/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of one namespace: a bounded ring that readers follow. */
#ifndef FINJECT_EVENT_H
#define FINJECT_EVENT_H

#include <linux/wait.h>

#include "flow.h"

/**
 * enum finject_verdict - what became of a segment
 * @FINJECT_PASSED: it goes on
 * @FINJECT_DROPPED: lost
 * @FINJECT_DELAYED: parked until a time
 * @FINJECT_DUPLICATED: goes on, copies follow
 * @FINJECT_HELD: parked until released
 * @FINJECT_RESETTED: lost, RSTs were sent
 * @FINJECT_RELEASED: parked before, went on
 * @FINJECT_PURGED: parked before, freed
 * @FINJECT_VERDICTS: how many there are
 *
 * Those before FINJECT_RELEASED stand in the order of enum finject_action.
 */
enum finject_verdict {
	FINJECT_PASSED,
	FINJECT_DROPPED,
	FINJECT_DELAYED,
	FINJECT_DUPLICATED,
	FINJECT_HELD,
	FINJECT_RESETTED,
	FINJECT_RELEASED,
	FINJECT_PURGED,
	FINJECT_VERDICTS,
};

enum finject_record_kind {
	FINJECT_RECORD_SEGMENT,
	FINJECT_RECORD_OUTCOME,
	FINJECT_RECORD_SOCKET,
};

/**
 * struct finject_record - one event
 * @kind: which of the following it has
 * @verdict: of a segment or an outcome
 * @dir: which end of @tuple sent the segment, or owns the socket
 * @hook: enum nf_inet_hooks
 * @copy: the segment was made by duplicate=
 * @from: the socket's old state, TCP_*
 * @to: its new one
 * @flags: FINJECT_TCP_* bits
 * @rule: id of the rule that fired, 0 for none
 * @t: ktime of writing it, ns
 * @generation: of the rule set
 * @parked: ns for which the segment was parked
 * @tuple: the flow's
 * @wire: the segment's
 * @position: its place in its flow
 */
struct finject_record {
	u8 kind;
	u8 verdict;
	u8 dir;
	u8 hook;
	u8 copy;
	u8 from;
	u8 to;
	u32 rule;
	u64 t;
	u64 generation;
	u64 parked;
	struct finject_tuple tuple;
	struct finject_wire wire;
	struct finject_position position;
};

/**
 * struct finject_events - the ring of one namespace
 * @lock: guards the rest; innermost; any context
 * @ring: the last records, allocated while there are readers
 * @size: of @ring, a power of two
 * @head: records ever written: the next goes to @head modulo @size
 * @lost: records that a reader was told it missed
 * @readers: open files
 * @wait: readers wait here
 * @closed: the namespace is gone: end of file
 */
struct finject_events {
	spinlock_t lock;	/* innermost */
	struct finject_record *ring;
	unsigned int size;
	u64 head;
	unsigned long lost;
	unsigned int readers;
	wait_queue_head_t wait;
	bool closed;
};

void finject_events_init(struct finject_events *events);
int finject_events_open(struct finject_events *events, u64 *position);
void finject_events_release(struct finject_events *events);
void finject_events_close(struct finject_events *events);
void finject_event_write(struct finject_events *events,
			 const struct finject_record *record);
bool finject_event_pending(struct finject_events *events, const u64 *position);
bool finject_event_read(struct finject_events *events, u64 *position,
			struct finject_record *record, u64 *lost);
void finject_record_nth(const struct finject_record *record,
			u16 nth[FINJECT_CLASSES]);
void finject_record_end(const struct finject_record *record, unsigned int end,
			void *sockaddr);
int finject_position_print(const struct finject_position *position, char *buf,
			size_t size);
int finject_event_print(const struct finject_record *record, char *buf,
			size_t size);

static inline bool finject_events_read(const struct finject_events *events)
{
	return READ_ONCE(events->readers) != 0;
}

extern const char * const finject_verdict_names[FINJECT_VERDICTS];
extern const char * const finject_hook_names[FINJECT_HOOKS];
extern unsigned int finject_max_events;

#endif /* FINJECT_EVENT_H */
