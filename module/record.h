/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of events, and their text. */
#ifndef FINJECT_RECORD_H
#define FINJECT_RECORD_H

#include "flow.h"
#include "text.h"

struct finject_hook_state;
struct finject_parked;

/**
 * struct finject_record - one event
 * @kind: enum finject_record_kind, which decides on the members in use
 * @verdict: verdict on a segment, or outcome
 * @dir: end of @tuple that sent the segment, or owns the socket
 * @hook: enum nf_inet_hooks
 * @copy: the segment was made by duplicate=
 * @from: old state of the socket, TCP_*
 * @to: new state of the socket, TCP_*
 * @socket: enum finject_socket_kind
 * @cause: enum finject_cause, when @to is TCP_CLOSE
 * @rule: id of the rule that fired, 0 for none
 * @t: ktime of the change of a socket, else of writing the record, ns
 * @generation: generation of the rule set
 * @parked: ns for which the segment was parked
 * @tuple: tuple of the flow
 * @wire: sequence numbers, length and flags of the segment
 * @position: position of the segment in its flow
 */
struct finject_record {
	u8 kind;
	u8 verdict;
	u8 dir;
	u8 hook;
	u8 copy;
	u8 from;
	u8 to;
	u8 socket;
	u8 cause;
	u32 rule;
	u64 t;
	u64 generation;
	u64 parked;
	struct finject_tuple tuple;
	struct finject_wire wire;
	struct finject_position position;
};

void finject_record_segment(struct finject_record *record,
			    const struct finject_hook_state *hs);
void finject_record_outcome(struct finject_record *record,
			    const struct finject_parked *parked,
			    enum finject_verdict verdict);
void finject_record_nth(const struct finject_record *record,
			u16 nth[FINJECT_CLASSES]);
void finject_record_end(const struct finject_record *record, unsigned int end,
			void *sockaddr);
size_t finject_record_conn_size(const struct finject_record *record);
void finject_record_conn(const struct finject_record *record, char *buf,
			 size_t size);
int finject_record_print(const struct finject_record *record, char *buf,
			 size_t size);

void finject_put_classes(struct finject_text *out,
			 const struct finject_position *position);
void finject_put_nth(struct finject_text *out,
		     const struct finject_position *position);
void finject_put_endpoint(struct finject_text *out,
			  const struct finject_tuple *tuple, unsigned int end);
void finject_put_ends(struct finject_text *out,
		      const struct finject_tuple *tuple, unsigned int first);

#endif /* FINJECT_RECORD_H */
