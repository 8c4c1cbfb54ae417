// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stages of a close: the waves that one TCP segment belongs to.
 *
 * RFC 9293 section 3.6 knows a close by two FINs and their acknowledgments.
 * Flags alone do not tell them apart: every FIN carries an ACK, an ACK may
 * carry data, and a retransmission looks like its first. Two facts tell them
 * apart: the end that closed first, and the end of each FIN in sequence space.
 */
#include "stage.h"

/* Serial arithmetic of RFC 9293 section 3.4: is @a at or after @b? */
static bool stage_seq_reached(u32 a, u32 b)
{
	return (s32)(a - b) >= 0;
}

static bool stage_is_malformed(u8 flags)
{
	if (!(flags & (FINJECT_TCP_FIN | FINJECT_TCP_SYN | FINJECT_TCP_RST |
		       FINJECT_TCP_ACK)))
		return true;
	return flags & FINJECT_TCP_SYN &&
	       flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST);
}

static bool stage_fin_seen(const struct finject_stage *stage, unsigned int dir)
{
	return stage->fin_seen & BIT(dir);
}

/* Get the direction of the answer to @dir. */
static unsigned int stage_answer(const struct finject_stage *stage, unsigned int dir)
{
	return stage->self ? dir : !dir;
}

/*
 * Test whether @wire, sent in @dir, acknowledges the FIN of the other
 * direction. Once the tuple is reused, an acknowledgment beyond the old FIN is
 * an ordinary one of the new incarnation; only the exact one can be an old
 * duplicate.
 */
static bool stage_covers_fin(const struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	unsigned int peer = stage_answer(stage, dir);

	if (!(wire->flags & FINJECT_TCP_ACK) || !stage_fin_seen(stage, peer))
		return false;
	if (stage->reused)
		return wire->ack == stage->fin_end[peer];
	return stage_seq_reached(wire->ack, stage->fin_end[peer]);
}

/*
 * Test whether @wire lies beyond the FINs of the close on record. No stack
 * sends or acknowledges sequence numbers after a FIN.
 */
static bool stage_beyond_close(const struct finject_stage *stage,
			       const struct finject_wire *wire,
			       unsigned int dir)
{
	if (stage_fin_seen(stage, dir) &&
	    !stage_seq_reached(stage->fin_end[dir], wire->seq))
		return true;
	return wire->flags & FINJECT_TCP_ACK &&
	       stage_fin_seen(stage, stage_answer(stage, dir)) &&
	       !stage_seq_reached(stage->fin_end[stage_answer(stage, dir)], wire->ack);
}

/*
 * Test whether @wire, sent in @dir, can be the second FIN of the close on
 * record. Then it acknowledges no less than its side did before.
 */
static bool stage_continues_close(const struct finject_stage *stage,
				  const struct finject_wire *wire,
				  unsigned int dir)
{
	if (stage->reset)
		return false;
	if (!(wire->flags & FINJECT_TCP_ACK && stage->ack_seen & BIT(dir)))
		return true;
	return stage_seq_reached(wire->ack, stage->ack_max[dir]);
}

/*
 * A FIN that cannot belong to the close on record belongs to a new incarnation
 * of the tuple, whose SYN may have been seen or not. A direction has one FIN,
 * so a FIN with another end in sequence space is another connection's, if the
 * old close is over, or if its end may have been missed. After a SYN, the first
 * FIN of a direction is a late one of the old close only when it acknowledges
 * exactly the other direction's FIN. When a SYN may have been missed, it is one
 * unless it cannot be the second FIN.
 */
static bool stage_fin_is_new(const struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	if (stage_fin_seen(stage, dir))
		return stage->fin_end[dir] != finject_wire_end(wire) &&
		       (stage->reused || stage->unwatched ||
			finject_stage_finished(stage));
	if (stage->reused)
		return !stage_covers_fin(stage, wire, dir);
	return stage->unwatched && !stage_continues_close(stage, wire, dir);
}

/* Test whether the payload, or the FIN, of @wire has the octet @seq. */
static bool stage_has_octet(const struct finject_wire *wire, u32 seq, bool fin)
{
	return stage_seq_reached(seq, wire->seq) &&
	       !stage_seq_reached(seq, wire->seq + wire->len + fin);
}

/*
 * Test whether @wire, sent in @dir, shows that the FIN on record of its
 * direction is not the sender's, or none that a receiver accepts. A stack sends
 * no payload in the place of its FIN, nor beyond. Of two FINs the receiver takes
 * the one that begins where it expects the next octet (RFC 9293 section
 * 3.10.7.4). Once the receiver has acknowledged just the FIN on record, that one
 * is true.
 */
static bool stage_disproves_fin(const struct finject_stage *stage,
				const struct finject_wire *wire,
				unsigned int dir)
{
	bool fin = wire->flags & FINJECT_TCP_FIN, told;
	u32 end = stage->fin_end[dir], expected;

	if (!stage_fin_seen(stage, dir) || stage->self || stage->reused ||
	    stage->unwatched)
		return false;
	if (wire->flags & (FINJECT_TCP_RST | FINJECT_TCP_SYN) ||
	    stage_is_malformed(wire->flags))
		return false;
	told = stage->ack_seen & BIT(!dir);
	expected = stage->ack_max[!dir];
	if (told && expected == end)
		return false;
	if (stage_has_octet(wire, end - 1, false))
		return true;
	if (!told || !stage_has_octet(wire, expected, fin))
		return false;
	return fin ? finject_wire_end(wire) != end :
		     stage_seq_reached(wire->seq + wire->len, end);
}

/* If it was fin1, the other FIN, if any, is fin1 now. */
static void stage_forget_fin(struct finject_stage *stage, unsigned int dir)
{
	stage->fin_seen &= ~BIT(dir);
	stage->fin_acked &= ~BIT(dir);
	stage->simultaneous = 0;
	stage->merged = 0;
	if (stage->fin_seen)
		stage->closer = !dir;
}

/* A SYN,ACK tells nothing new; its SYN was seen before it. */
static bool stage_syn_reuses(const struct finject_stage *stage, u8 flags)
{
	return flags & FINJECT_TCP_SYN && !(flags & FINJECT_TCP_ACK) &&
	       (stage->fin_seen || stage->reset);
}

/* A connection that never closed is over when its opener sends another SYN. */
static bool stage_syn_is_new(const struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	return !(wire->flags & FINJECT_TCP_ACK) && !stage->fin_seen &&
	       !stage->reset && stage->syn_seen & BIT(dir) &&
	       stage->opener == dir &&
	       stage->fin_end[dir] != finject_wire_end(wire);
}

/**
 * finject_stage_incarnation - tell whether a segment begins a new incarnation
 * @stage: the close on record; marked as reused when from here on there may be
 *	two connections
 * @wire: the segment
 * @dir: direction of the segment in the flow, 0 or 1
 *
 * Where segments may have gone unseen (@stage->unwatched), a segment beyond the
 * FINs on record tells that the tuple is reused, as a SYN does.
 *
 * Context: any; the caller serialises calls on one @stage.
 *
 * Return: true when the segment begins a new incarnation: the close on record
 * is over, and the caller calls finject_stage_reset().
 */
bool finject_stage_incarnation(struct finject_stage *stage,
			       const struct finject_wire *wire,
			       unsigned int dir)
{
	if (stage_is_malformed(wire->flags) || wire->flags & FINJECT_TCP_RST)
		return false;
	if (wire->flags & FINJECT_TCP_SYN) {
		stage->reused |= stage_syn_reuses(stage, wire->flags);
		return stage_syn_is_new(stage, wire, dir);
	}
	if (stage->unwatched && stage_beyond_close(stage, wire, dir))
		stage->reused = 1;
	return wire->flags & FINJECT_TCP_FIN && stage_fin_is_new(stage, wire, dir);
}

/*
 * While the close is not over, a second FIN with another end is a stray one and
 * has no class.
 */
static u16 stage_fin_classes(const struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	unsigned int closer = stage->fin_seen ? stage->closer : dir;

	if (stage_fin_seen(stage, dir) &&
	    stage->fin_end[dir] != finject_wire_end(wire))
		return 0;
	if (stage->self)
		return FINJECT_FIN_CLASSES;
	return dir == closer ? BIT(FINJECT_FIN1) : BIT(FINJECT_FIN2);
}

static u16 stage_ack_classes(const struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	if (!stage_covers_fin(stage, wire, dir))
		return 0;
	if (stage->self)
		return FINJECT_ACK_CLASSES;
	return dir == stage->closer ? BIT(FINJECT_ACK2) : BIT(FINJECT_ACK1);
}

/*
 * The handshake ends with the opener's first ACK; the same ACK comes again when
 * the SYN,ACK does.
 */
static bool stage_ends_handshake(const struct finject_stage *stage,
				 const struct finject_wire *wire,
				 unsigned int dir)
{
	return stage->syn_seen == FINJECT_BOTH && stage->opener == dir &&
	       !stage->fin_seen && !wire->len &&
	       wire->seq == stage->fin_end[dir] &&
	       wire->ack == stage->fin_end[!dir];
}

/* Where a SYN was seen after a close, the next connection has begun. */
static u16 stage_early_classes(const struct finject_stage *stage,
			       const struct finject_wire *wire,
			       unsigned int dir)
{
	if (!stage->early)
		return 0;
	if (wire->flags & FINJECT_TCP_SYN)
		return BIT(FINJECT_OPEN);
	if (wire->flags & FINJECT_TCP_FIN ||
	    ((stage->fin_seen || stage->reset) && !stage->reused))
		return 0;
	if (stage_ends_handshake(stage, wire, dir))
		return BIT(FINJECT_OPEN);
	return wire->len ? BIT(FINJECT_EARLY) : BIT(FINJECT_EARLYACK);
}

/**
 * finject_stage_classes - tell the classes of a segment
 * @stage: the close of the segment (finject_stage_incarnation()), before the
 *	segment is recorded in it
 * @wire: the segment
 * @dir: direction of the segment in the flow, 0 or 1
 *
 * Flags are read in the order of RFC 9293 section 3.10.7: a RST is processed
 * before its ACK and before a FIN, so it is of class rst and of no other. A
 * segment that no stack sends (SYN with FIN or RST, none of SYN, FIN, RST and
 * ACK) is of no class.
 *
 * A FIN is recognised by the sequence number after it (finject_wire_end()): a
 * retransmission may carry more or less of the payload before it. An ACK is of
 * class ack1 or ack2 when it covers the other side's FIN (section 3.4), so
 * simultaneous closes, closes in three segments and ACKs repeated from
 * TIME_WAIT need no case of their own. A socket connected to itself closes
 * simultaneously with itself: its FIN is fin1 and fin2, and the ACK of that FIN
 * is ack1 and ack2.
 *
 * With @stage->early a segment before the first FIN has a class as well, and
 * with any other class it has none of these.
 *
 * Context: any.
 *
 * Return: a bitmask of enum finject_class, 0 for a segment of no class.
 */
u16 finject_stage_classes(const struct finject_stage *stage,
			  const struct finject_wire *wire, unsigned int dir)
{
	u16 classes = 0;

	if (stage_is_malformed(wire->flags))
		return 0;
	if (wire->flags & FINJECT_TCP_RST)
		return BIT(FINJECT_RST);
	if (wire->flags & FINJECT_TCP_SYN) {
		if (stage_syn_reuses(stage, wire->flags))
			classes = BIT(FINJECT_SYN);
		return classes | stage_early_classes(stage, wire, dir);
	}

	if (wire->flags & FINJECT_TCP_FIN)
		classes |= stage_fin_classes(stage, wire, dir);
	classes |= stage_ack_classes(stage, wire, dir);
	if (wire->len && stage->fin_seen && !stage->reused &&
	    !(classes & BIT(FINJECT_FIN1)))
		classes |= BIT(FINJECT_DATA);
	return classes ? classes : stage_early_classes(stage, wire, dir);
}

/* Record the first FIN of a direction, and how it met the other one. */
static void stage_record_fin(struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	if (!stage->fin_seen)
		stage->closer = dir;
	else if (!stage_covers_fin(stage, wire, dir))
		stage->simultaneous = 1;
	else if (!(stage->fin_acked & BIT(!dir)))
		stage->merged = 1;

	stage->fin_end[dir] = finject_wire_end(wire);
	stage->fin_seen |= BIT(dir);
	if (stage->self) {
		stage->fin_seen = FINJECT_BOTH;
		stage->simultaneous = 1;
	}
}

static void stage_record_syn(struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	if (!stage->early || stage->fin_seen)
		return;
	stage->fin_end[dir] = finject_wire_end(wire);
	stage->syn_seen |= BIT(dir);
	stage->opener = wire->flags & FINJECT_TCP_ACK ? !dir : dir;
}

static void stage_record_ack(struct finject_stage *stage,
			     const struct finject_wire *wire, unsigned int dir)
{
	if (!(wire->flags & FINJECT_TCP_ACK))
		return;
	if (stage->ack_seen & BIT(dir) &&
	    stage_seq_reached(stage->ack_max[dir], wire->ack))
		return;
	stage->ack_max[dir] = wire->ack;
	stage->ack_seen |= BIT(dir);
}

/**
 * finject_stage_advance - advance a close by a segment
 * @stage: the close
 * @wire: the segment
 * @dir: direction of the segment in the flow, 0 or 1
 * @classes: classes found by finject_stage_classes()
 *
 * The ACK on a stray FIN does not end the close, or the same FIN would begin
 * another one at its next hook.
 *
 * Context: any; the caller serialises calls on one @stage.
 */
void finject_stage_advance(struct finject_stage *stage,
			   const struct finject_wire *wire, unsigned int dir,
			   u16 classes)
{
	bool fin = wire->flags & FINJECT_TCP_FIN;

	if (classes & BIT(FINJECT_RST))
		stage->reset = 1;
	if (stage_is_malformed(wire->flags) || wire->flags & FINJECT_TCP_RST)
		return;
	if (wire->flags & FINJECT_TCP_SYN) {
		stage_record_syn(stage, wire, dir);
		return;
	}
	if (classes & FINJECT_FIN_CLASSES && !stage_fin_seen(stage, dir))
		stage_record_fin(stage, wire, dir);
	if (classes & FINJECT_ACK_CLASSES &&
	    (!fin || classes & FINJECT_FIN_CLASSES))
		stage->fin_acked |= stage->self ? FINJECT_BOTH : BIT(!dir);
	stage_record_ack(stage, wire, dir);
}

/**
 * finject_stage_resume - begin a close of which a FIN went before, unseen
 * @stage: the close; all that was known of it is forgotten
 * @dir: direction of that FIN, which is fin1
 * @end: sequence number after it
 *
 * Context: any; the caller serialises calls on one @stage.
 */
void finject_stage_resume(struct finject_stage *stage, unsigned int dir,
			  u32 end)
{
	finject_stage_reset(stage);
	if (stage->self)
		return;
	stage->fin_end[dir] = end;
	stage->fin_seen = BIT(dir);
	stage->closer = dir;
	stage->partial = 1;
}

/**
 * finject_stage_reset - reset a close to its beginning
 * @stage: the close
 */
void finject_stage_reset(struct finject_stage *stage)
{
	bool self = stage->self, early = stage->early;

	memset(stage, 0, sizeof(*stage));
	stage->self = self;
	stage->early = early;
}

/**
 * finject_stage_classify - tell the classes of a segment and advance the close
 * @stage: the close of the segment's flow; updated
 * @wire: the segment
 * @dir: direction of the segment in the flow, 0 or 1
 * @fresh: set to whether this segment begins a new incarnation of the tuple:
 *	@stage was zeroed before it, and the caller zeroes the counts it keeps
 *
 * A FIN on record that the segment disproves is forgotten first; the caller
 * zeroes the counts of the classes in finject_stage_restarts().
 *
 * Context: any; the caller serialises calls on one @stage.
 *
 * Return: a bitmask of enum finject_class, 0 for a segment of no class.
 */
u16 __flatten finject_stage_classify(struct finject_stage *stage,
				     const struct finject_wire *wire,
				     unsigned int dir, bool *fresh)
{
	/* a copy, which stays in registers while *stage is written */
	const struct finject_wire segment = *wire;
	u16 classes;

	*fresh = finject_stage_incarnation(stage, &segment, dir);
	if (*fresh)
		finject_stage_reset(stage);
	else if (stage_disproves_fin(stage, &segment, dir))
		stage_forget_fin(stage, dir);
	classes = finject_stage_classes(stage, &segment, dir);
	finject_stage_advance(stage, &segment, dir, classes);
	return classes;
}

/**
 * finject_stage_restarts - tell which classes a forgotten FIN had wrongly
 * @was: a close before finject_stage_classify()
 * @now: the same close after it; no new incarnation
 *
 * Context: any.
 *
 * Return: a bitmask of classes: those of the FIN and of its ACKs; all of both
 * FINs when the one that is left is fin1 now.
 */
u16 finject_stage_restarts(const struct finject_stage *was,
			   const struct finject_stage *now)
{
	unsigned int dir;

	for (dir = 0; dir < 2; dir++) {
		if (!stage_fin_seen(was, dir) ||
		    (stage_fin_seen(now, dir) &&
		     was->fin_end[dir] == now->fin_end[dir]))
			continue;
		if (was->fin_seen == FINJECT_BOTH && was->closer == dir)
			return FINJECT_FIN_CLASSES | FINJECT_ACK_CLASSES |
			       BIT(FINJECT_DATA);
		if (was->closer == dir)
			return BIT(FINJECT_FIN1) | BIT(FINJECT_ACK1) |
			       BIT(FINJECT_DATA);
		return BIT(FINJECT_FIN2) | BIT(FINJECT_ACK2);
	}
	return 0;
}

/**
 * finject_stage_acceptable - test whether a socket takes a FIN into account
 * @window: the numbers of the socket
 * @wire: the FIN
 *
 * RFC 9293 section 3.10.7.4: a segment outside the receive window is dropped,
 * and one that acknowledges what was never sent.
 *
 * Context: any.
 *
 * Return: false when the socket drops it.
 */
bool finject_stage_acceptable(const struct finject_window *window,
			      const struct finject_wire *wire)
{
	if (!stage_seq_reached(finject_wire_end(wire), window->left) ||
	    !stage_seq_reached(window->right, wire->seq))
		return false;
	return !(wire->flags & FINJECT_TCP_ACK) ||
	       stage_seq_reached(window->sent, wire->ack);
}

/**
 * finject_stage_pure - test whether nothing else rides on a segment
 * @classes: bitmask of the classes by which it was matched
 * @wire: the segment
 *
 * The test differs by class: a FIN is pure without payload (its ACK is no
 * rider, every FIN has one), an ACK without payload, FIN and SYN, a RST, a SYN
 * or another segment of the handshake without payload, and data without a FIN.
 *
 * Context: any.
 *
 * Return: true when the segment is pure as one of @classes.
 */
bool finject_stage_pure(u16 classes, const struct finject_wire *wire)
{
	const u16 data = BIT(FINJECT_DATA) | BIT(FINJECT_EARLY);
	const u16 alone = FINJECT_FIN_CLASSES | BIT(FINJECT_RST) |
			  BIT(FINJECT_SYN) | BIT(FINJECT_EARLYACK) |
			  BIT(FINJECT_OPEN);
	const u8 control = FINJECT_TCP_FIN | FINJECT_TCP_SYN | FINJECT_TCP_RST;

	if (classes & data && !(wire->flags & FINJECT_TCP_FIN))
		return true;
	if (wire->len)
		return false;
	if (classes & alone)
		return true;
	return classes & FINJECT_ACK_CLASSES && !(wire->flags & control);
}

/**
 * finject_stage_shape - tell the shape of a close
 * @stage: the close
 *
 * A RST after both FINs were acknowledged (RFC 1337) does not change the shape
 * of the close before it, nor does a RST that the stacks ignored.
 *
 * Context: any.
 *
 * Return: FINJECT_SHAPE_OPEN before any FIN, _CLOSING while fin1 is not
 * acknowledged, _HALF_CLOSED until fin2, then by how the FINs met; _RESET
 * when a RST cut it short.
 */
enum finject_shape finject_stage_shape(const struct finject_stage *stage)
{
	if (stage->reset && stage->fin_acked != FINJECT_BOTH)
		return FINJECT_SHAPE_RESET;
	if (!stage->fin_seen)
		return FINJECT_SHAPE_OPEN;
	if (stage->fin_seen != FINJECT_BOTH)
		return stage->fin_acked ? FINJECT_SHAPE_HALF_CLOSED :
					  FINJECT_SHAPE_CLOSING;
	if (stage->simultaneous)
		return FINJECT_SHAPE_SIMULTANEOUS;
	return stage->merged ? FINJECT_SHAPE_THREE : FINJECT_SHAPE_FOUR;
}
