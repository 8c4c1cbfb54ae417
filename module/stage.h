/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stages of a close: the waves that one TCP segment belongs to.
 * Pure: sequence numbers in, a bitmask of classes out; sees no skb, no lock.
 */
#ifndef FINJECT_STAGE_H
#define FINJECT_STAGE_H

#include "names.h"

/**
 * struct finject_wire - the fields of a segment that the tracker reads
 * @seq: SEG.SEQ, host order
 * @ack: SEG.ACK, host order; of no meaning without FINJECT_TCP_ACK
 * @len: payload bytes, SYN and FIN not counted
 * @flags: FINJECT_TCP_* bits
 */
struct finject_wire {
	u32 seq;
	u32 ack;
	u32 len;
	u8 flags;
};

/**
 * finject_wire_end - get the sequence number after a segment
 * @wire: the segment
 *
 * Return: SEG.SEQ + SEG.LEN, where SYN and FIN count one each (RFC 9293, 3.4).
 */
static inline u32 finject_wire_end(const struct finject_wire *wire)
{
	return wire->seq + wire->len + !!(wire->flags & FINJECT_TCP_SYN) +
	       !!(wire->flags & FINJECT_TCP_FIN);
}

/**
 * struct finject_stage - the progress of the close of one flow
 * @fin_end: sequence number after the FIN, per direction (0, 1)
 * @ack_max: highest ACK that each direction has sent since tracking began: its
 *	stack expects this number next from the other (RCV.NXT)
 * @fin_seen: bit per direction: @fin_end is valid
 * @fin_acked: bit per direction: the FIN of that direction was acknowledged
 * @ack_seen: bit per direction: @ack_max is valid
 * @closer: direction of fin1, once a bit of @fin_seen is set
 * @simultaneous: fin2 did not cover fin1 when first seen
 * @merged: fin2 itself was the first to acknowledge fin1 (three segments)
 * @reset: a RST was seen
 * @reused: a SYN was seen, or must have been missed: a segment that does not
 *	fit the old close belongs to a new incarnation
 * @unwatched: a SYN may have been missed, because the caller did not see all
 *	segments
 * @partial: a FIN of it was not seen, but is known of
 * @early: segments before the first FIN have classes; stays when the rest is
 *	zeroed
 * @syn_seen: bit per direction: a SYN was seen, and @fin_end is the sequence
 *	number after it, until a FIN is seen
 * @opener: direction of the SYN without ACK, by the latest SYN or SYN-ACK, once
 *	a bit of @syn_seen is set
 * @self: the connection has one end only, a socket connected to itself, and all
 *	its segments are of direction 0; stays when the rest is zeroed
 *
 * The two directions are those of the flow table's key: 0 from its first
 * address to its second, 1 back. Zeroed memory is a flow of which no segment
 * was seen yet.
 */
struct finject_stage {
	u32 fin_end[2];
	u32 ack_max[2];
	u8 fin_seen:2;
	u8 fin_acked:2;
	u8 ack_seen:2;
	u8 closer:1;
	u8 simultaneous:1;
	u8 merged:1;
	u8 reset:1;
	u8 reused:1;
	u8 unwatched:1;
	u8 partial:1;
	u8 early:1;
	u8 syn_seen:2;
	u8 opener:1;
	u8 self:1;
};

/**
 * struct finject_window - the numbers by which a socket accepts segments
 * @left: oldest sequence number of which it still takes note, at most RCV.NXT
 * @right: RCV.NXT + RCV.WND
 * @sent: SND.NXT, or later
 */
struct finject_window {
	u32 left;
	u32 right;
	u32 sent;
};

enum { FINJECT_BOTH = 3 };	/* bits of both directions */

/**
 * finject_stage_finished - test whether a close is over
 * @stage: the close
 *
 * Later segments are old duplicates: retransmissions, and ACKs from TIME_WAIT.
 *
 * Context: any.
 *
 * Return: true when both FINs were acknowledged, or a RST was seen.
 */
static inline bool finject_stage_finished(const struct finject_stage *stage)
{
	return stage->reset || stage->fin_acked == FINJECT_BOTH;
}

/**
 * finject_stage_has_fin - test whether a FIN is the one on record
 * @stage: the close
 * @wire: the FIN
 * @dir: direction of the FIN in the flow, 0 or 1
 *
 * Context: any.
 */
static inline bool finject_stage_has_fin(const struct finject_stage *stage,
					 const struct finject_wire *wire,
					 unsigned int dir)
{
	return stage->fin_seen & BIT(dir) &&
	       stage->fin_end[dir] == finject_wire_end(wire);
}

bool finject_stage_incarnation(struct finject_stage *stage,
			       const struct finject_wire *wire,
			       unsigned int dir);
u16 finject_stage_classes(const struct finject_stage *stage,
			  const struct finject_wire *wire, unsigned int dir);
void finject_stage_advance(struct finject_stage *stage,
			   const struct finject_wire *wire, unsigned int dir,
			   u16 classes);
u16 finject_stage_classify(struct finject_stage *stage,
			   const struct finject_wire *wire, unsigned int dir,
			   bool *fresh);
u16 finject_stage_restarts(const struct finject_stage *was,
			   const struct finject_stage *now);
bool finject_stage_acceptable(const struct finject_window *window,
			      const struct finject_wire *wire);
void finject_stage_resume(struct finject_stage *stage, unsigned int dir,
			  u32 end);
void finject_stage_reset(struct finject_stage *stage);
bool finject_stage_pure(u16 classes, const struct finject_wire *wire);
enum finject_shape finject_stage_shape(const struct finject_stage *stage);

#endif /* FINJECT_STAGE_H */
