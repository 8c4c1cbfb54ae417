/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's stream of events: the segments that passed a namespace, their
 * classes and verdicts, and the states that its sockets took.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "addr.h"
#include "diag.h"
#include "ns.h"

/* Classes, in the order of their bits. */
enum class {
#define X(bit, id, word)	id,
	FINJECT_CLASS_LIST(X, X)
#undef X
	CLASSES,
};

enum event_kind {
	EVENT_SEG,
	EVENT_OUTCOME,
	EVENT_SK,
	EVENT_LOST,
};

/* Hooks, as records name them. */
#define PRE	"prerouting"
#define POST	"postrouting"

/**
 * struct event - one record
 * @kind: its word
 * @t: ns of CLOCK_MONOTONIC
 * @flow: number of the flow
 * @hook: its name
 * @classes: bit per enum class
 * @nth: per class of @classes
 * @src: the sender; of an EVENT_SK the socket's own end
 * @dst: the other end
 * @conn: as the opener of the connection sends it, "" where that is no other
 * @flags: letters
 * @seq: raw
 * @ack: raw
 * @len: payload, bytes
 * @rule: the rule that fired, or 0
 * @verdict: pass, drop, ...; of an EVENT_OUTCOME released or purged
 * @parked: of an EVENT_OUTCOME, ns
 * @copy: this EVENT_OUTCOME is of a copy
 * @from: of an EVENT_SK, the old state
 * @to: of an EVENT_SK, the new state
 * @socket: of an EVENT_SK, full or timewait
 * @cause: of an EVENT_SK, why it closed, or "-"
 */
struct event {
	enum event_kind kind;
	__u64 t;
	__u64 flow;
	char hook[16];
	unsigned int classes;
	unsigned int nth[CLASSES];
	char src[ADDR_TEXT];
	char dst[ADDR_TEXT];
	char conn[2 * ADDR_TEXT];
	char flags[12];
	__u32 seq, ack, len;
	unsigned int rule;
	char verdict[16];
	__u64 parked;
	bool copy;
	enum state from, to;
	char socket[12];
	char cause[12];
};

/**
 * struct events - an open stream and its records
 * @fd: the file
 * @list: the records, oldest first
 * @count: number of records
 * @lost: records that were overrun
 * @text: a partial line
 * @len: its length
 */
struct events {
	int fd;
	struct event *list;
	size_t count;
	__u64 lost;
	char text[65536];
	size_t len;
};

void events_open(struct events *ev, const struct ns *ns);
void events_close(struct events *ev);
void events_forget(struct events *ev);
const struct event *events_seg(struct events *ev, const char *hook,
			       enum class class, unsigned int nth);
const struct event *events_change(struct events *ev, const struct addr *local,
				  enum state from, enum state to);
void events_pump(struct events *ev);
size_t events_count(struct events *ev, const char *hook,
		    enum class class);
size_t events_verdicts(struct events *ev, const char *verdict,
		       enum class class);
size_t events_outcomes(struct events *ev, const char *outcome, enum class class);
__u64 events_parked(struct events *ev, enum class class);
size_t events_faults(struct events *ev);
const char *events_walk(struct events *ev, const struct addr *local,
			const struct addr *remote);
const char *events_path(struct events *ev, const struct addr *local);

extern const char * const class_names[CLASSES];

#endif /* EVENTS_H */
