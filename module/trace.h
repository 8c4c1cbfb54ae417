/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: what events says, for perf, trace-cmd and bpftrace. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM finject

#if !defined(FINJECT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define FINJECT_TRACE_H

#include <linux/tracepoint.h>
#include <net/ipv6.h>

#include "event.h"

/*
 * Plain numbers, for perf and trace-cmd read these lists out of the format
 * file and know none of our names; trace.c holds them against the enums.
 */
#define finject_show_classes(classes)				\
	__print_flags(classes, ",",				\
		      { 0x01, "fin1" }, { 0x02, "ack1" },	\
		      { 0x04, "fin2" }, { 0x08, "ack2" },	\
		      { 0x10, "rst" }, { 0x20, "data" },	\
		      { 0x40, "syn" })

#define finject_show_hook(hook)				\
	__print_symbolic(hook,					\
			 { 0, "in" }, { 1, "input" },		\
			 { 2, "forward" }, { 3, "output" },	\
			 { 4, "out" })

#define finject_show_verdict(verdict)				\
	__print_symbolic(verdict,				\
			 { 0, "pass" }, { 1, "drop" },		\
			 { 2, "delay" }, { 3, "duplicate" },	\
			 { 4, "hold" }, { 5, "reset" },		\
			 { 6, "released" }, { 7, "purged" })

#define finject_show_flags(flags)				\
	__print_flags(flags, "",				\
		      { 0x01, "F" }, { 0x02, "S" },		\
		      { 0x04, "R" }, { 0x08, "P" },		\
		      { 0x10, "A" }, { 0x20, "U" },		\
		      { 0x40, "E" }, { 0x80, "C" })

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
		__field(u8, classes)
		__field(u8, flags)
		__field(u8, verdict)
		__field(u8, copy)
		__array(u16, nth, FINJECT_CLASSES)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
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
		finject_record_nth(record, __entry->nth);
		finject_record_end(record, record->dir, __entry->src);
		finject_record_end(record, !record->dir, __entry->dst);
	),
	TP_printk("flow=%llu hook=%s seg=%s nth=%s src=%pISpc dst=%pISpc flags=%s seq=%u ack=%u len=%u gen=%llu rule=%u verdict=%s parked=%llu copy=%u",
		  __entry->flow, finject_show_hook(__entry->hook),
		  finject_show_classes(__entry->classes),
		  __print_array(__entry->nth, 7, 2),
		  __entry->src, __entry->dst,
		  finject_show_flags(__entry->flags), __entry->seq,
		  __entry->ack, __entry->len, __entry->generation,
		  __entry->rule, finject_show_verdict(__entry->verdict),
		  __entry->parked, __entry->copy)
);

/* A segment of a tracked close at a hs. */
DEFINE_EVENT(finject_record, finject_segment,
	     TP_PROTO(const struct finject_record *record), TP_ARGS(record));

/* A rule fired on it. */
DEFINE_EVENT(finject_record, finject_verdict,
	     TP_PROTO(const struct finject_record *record), TP_ARGS(record));

/* What was parked went on, or was freed. */
DEFINE_EVENT(finject_record, finject_outcome,
	     TP_PROTO(const struct finject_record *record), TP_ARGS(record));

#endif /* FINJECT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
