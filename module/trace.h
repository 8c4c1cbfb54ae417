/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: the records of events, for perf, trace-cmd and bpftrace. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM finject

#if !defined(FINJECT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define FINJECT_TRACE_H

#include <linux/tracepoint.h>
#include <net/ipv6.h>

#include "record.h"

#define finject_trace_name(nr, id, word)	{ nr, word },
#define finject_trace_last(nr, id, word)	{ nr, word }
#define finject_trace_state(nr, id)		{ nr, #id },
#define finject_trace_last_state(nr, id)	{ nr, #id }

#define finject_show_classes(classes)					\
	__print_flags(classes, ",",					\
		      FINJECT_CLASS_LIST(finject_trace_name,		\
					 finject_trace_last))
#define finject_show_hook(hook)						\
	__print_symbolic(hook, FINJECT_HOOK_LIST(finject_trace_name,	\
						 finject_trace_last))
#define finject_show_verdict(verdict)					\
	__print_symbolic(verdict,					\
			 FINJECT_VERDICT_LIST(finject_trace_name,	\
					      finject_trace_last))
#define finject_show_state(state)					\
	__print_symbolic(state, FINJECT_STATE_LIST(finject_trace_state,	\
						   finject_trace_last_state))
#define finject_show_socket(socket)					\
	__print_symbolic(socket, FINJECT_SOCKET_LIST(finject_trace_name, \
						     finject_trace_last))
#define finject_show_cause(cause)					\
	__print_symbolic(cause, FINJECT_CAUSE_LIST(finject_trace_name,	\
						   finject_trace_last))
#define finject_show_flags(flags)					\
	__print_flags(flags, "", FINJECT_FLAG_LIST(finject_trace_name,	\
						   finject_trace_last))

DECLARE_EVENT_CLASS(finject_record,
	TP_PROTO(const struct finject_record *record),
	TP_ARGS(record),
	TP_STRUCT__entry(
		__field(u64, flow)
		__field(u64, generation)
		__field(u64, parked)
		__field(u32, rule)
		__field(u32, seq)
		__field(u32, ack)
		__field(u32, len)
		__field(u8, hook)
		__field(u16, classes)
		__field(u8, flags)
		__field(u8, verdict)
		__field(u8, copy)
		__field(u8, partial)
		__array(u16, nth, FINJECT_CLASSES)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
		__dynamic_array(char, conn, finject_record_conn_size(record))
	),
	TP_fast_assign(
		__entry->flow = record->position.flow;
		__entry->generation = record->generation;
		__entry->parked = record->parked;
		__entry->rule = record->rule;
		__entry->seq = record->wire.seq;
		__entry->ack = record->wire.ack;
		__entry->len = record->wire.len;
		__entry->hook = record->hook;
		__entry->classes = record->position.classes;
		__entry->flags = record->wire.flags;
		__entry->verdict = record->verdict;
		__entry->copy = record->copy;
		__entry->partial = record->position.partial;
		finject_record_nth(record, __entry->nth);
		finject_record_end(record, record->dir, __entry->src);
		finject_record_end(record, !record->dir, __entry->dst);
		finject_record_conn(record, __get_dynamic_array(conn),
				    __get_dynamic_array_len(conn));
	),
	TP_printk("flow=%llu hook=%s seg=%s nth=%s src=%pISpc dst=%pISpc flags=%s seq=%u ack=%u len=%u gen=%llu rule=%u verdict=%s parked=%llu copy=%u conn=%s partial=%u",
		  __entry->flow, finject_show_hook(__entry->hook),
		  finject_show_classes(__entry->classes),
		  __print_array(__entry->nth, 10, 2),
		  __entry->src, __entry->dst,
		  finject_show_flags(__entry->flags), __entry->seq,
		  __entry->ack, __entry->len, __entry->generation,
		  __entry->rule, finject_show_verdict(__entry->verdict),
		  __entry->parked, __entry->copy, __get_str(conn),
		  __entry->partial)
);

/* A segment of a tracked close at a hook. */
DEFINE_EVENT(finject_record, finject_segment,
	     TP_PROTO(const struct finject_record *record), TP_ARGS(record));

/* A rule fired on it. */
DEFINE_EVENT(finject_record, finject_verdict,
	     TP_PROTO(const struct finject_record *record), TP_ARGS(record));

/* A parked segment was released or purged. */
DEFINE_EVENT(finject_record, finject_outcome,
	     TP_PROTO(const struct finject_record *record), TP_ARGS(record));

/* A socket of a tracked close changed its state. */
TRACE_EVENT(finject_socket,
	TP_PROTO(const struct finject_record *record),
	TP_ARGS(record),
	TP_STRUCT__entry(
		__field(u64, flow)
		__field(u8, from)
		__field(u8, to)
		__field(u8, socket)
		__field(u8, cause)
		__field(u8, partial)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
		__dynamic_array(char, conn, finject_record_conn_size(record))
	),
	TP_fast_assign(
		__entry->flow = record->position.flow;
		__entry->from = record->from;
		__entry->to = record->to;
		__entry->socket = record->socket;
		__entry->cause = record->cause;
		__entry->partial = record->position.partial;
		finject_record_end(record, record->dir, __entry->src);
		finject_record_end(record, !record->dir, __entry->dst);
		finject_record_conn(record, __get_dynamic_array(conn),
				    __get_dynamic_array_len(conn));
	),
	TP_printk("flow=%llu src=%pISpc dst=%pISpc from=%s to=%s socket=%s cause=%s conn=%s partial=%u",
		  __entry->flow, __entry->src, __entry->dst,
		  finject_show_state(__entry->from),
		  finject_show_state(__entry->to),
		  finject_show_socket(__entry->socket),
		  finject_show_cause(__entry->cause), __get_str(conn),
		  __entry->partial)
);

#endif /* FINJECT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
