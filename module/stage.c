// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stages of a close: which of its waves one TCP segment belongs to.
 *
 * RFC 9293 section 3.6 knows a close by two FINs and their acknowledgments.
 * Flags alone do not tell them apart: every FIN carries an ACK, an ACK may
 * carry data, and a retransmission looks like its first. What tells them
 * apart is who closed first, and where each FIN ends in sequence space.
 */
#include "stage.h"

const char * const finject_class_names[FINJECT_CLASSES] = {
	[FINJECT_FIN1]	= "fin1",
	[FINJECT_ACK1]	= "ack1",
	[FINJECT_FIN2]	= "fin2",
	[FINJECT_ACK2]	= "ack2",
	[FINJECT_RST]	= "rst",
	[FINJECT_DATA]	= "data",
	[FINJECT_SYN]	= "syn",
};

enum { BOTH = 3 };	/* bits of both directions */

/* Serial arithmetic of RFC 9293 section 3.4: is @a at or after @b? */
static bool seq_reached(u32 a, u32 b)
{
	return (s32)(a - b) >= 0;
}

static bool malformed(u8 flags)
{
	if (!(flags & (FINJECT_TCP_FIN | FINJECT_TCP_SYN | FINJECT_TCP_RST |
		       FINJECT_TCP_ACK)))
		return true;
	return flags & FINJECT_TCP_SYN &&
	       flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST);
}

static bool fin_seen(const struct finject_stage *stage, unsigned int dir)
{
	return stage->fin_seen & BIT(dir);
}

/* The direction of what answers @dir. */
static unsigned int answer(const struct finject_stage *stage, unsigned int dir)
{
	return stage->self ? dir : !dir;
}

/*
 * Does @wire, sent in @dir, acknowledge the FIN of the other direction?
 * Once the tuple is reused an acknowledgment beyond the old FIN is an ordinary
 * one of the new incarnation; only the exact one can be a ghost of the old.
 */
static bool covers_fin(const struct finject_stage *stage,
		       const struct finject_wire *wire, unsigned int dir)
{
	unsigned int peer = answer(stage, dir);

	if (!(wire->flags & FINJECT_TCP_ACK) || !fin_seen(stage, peer))
		return false;
	if (stage->reused)
		return wire->ack == stage->fin_end[peer];
	return seq_reached(wire->ack, stage->fin_end[peer]);
}

/*
 * Does @wire lie beyond the FINs of the close on record? Nobody sends what
 * comes after a FIN, nor acknowledges it.
 */
static bool beyond_close(const struct finject_stage *stage,
			 const struct finject_wire *wire, unsigned int dir)
{
	if (fin_seen(stage, dir) &&
	    !seq_reached(stage->fin_end[dir], wire->seq))
		return true;
	return wire->flags & FINJECT_TCP_ACK &&
	       fin_seen(stage, answer(stage, dir)) &&
	       !seq_reached(stage->fin_end[answer(stage, dir)], wire->ack);
}

/*
 * Can @wire, sent in @dir, be the second FIN of the close on record? Then it
 * acknowledges no less than its side did before.
 */
static bool continues_close(const struct finject_stage *stage,
			    const struct finject_wire *wire, unsigned int dir)
{
	if (stage->reset)
		return false;
	if (!(wire->flags & FINJECT_TCP_ACK && stage->ack_seen & BIT(dir)))
		return true;
	return seq_reached(wire->ack, stage->ack_max[dir]);
}

/*
 * A FIN that cannot be one of the close on record belongs to a new
 * incarnation of the tuple, whose SYN may have been seen or not. A direction
 * has one FIN, so another end in sequence space is another connection's, if
 * the old close is over, or if its end may have been missed. After a SYN, the
 * first FIN of a direction is a late one of the old close only when it
 * acknowledges exactly what that close knew; when a SYN may have been missed,
 * unless it cannot be one.
 */
static bool new_incarnation(const struct finject_stage *stage,
			    const struct finject_wire *wire, unsigned int dir)
{
	if (fin_seen(stage, dir))
		return stage->fin_end[dir] != finject_wire_end(wire) &&
		       (stage->reused || stage->unwatched ||
			finject_stage_finished(stage));
	if (stage->reused)
		return !covers_fin(stage, wire, dir);
	return stage->unwatched && !continues_close(stage, wire, dir);
}

/* The first FIN of a direction: which of the two it is, and how they met. */
static void record_fin(struct finject_stage *stage,
		       const struct finject_wire *wire, unsigned int dir)
{
	if (!stage->fin_seen)
		stage->closer = dir;
	else if (!covers_fin(stage, wire, dir))
		stage->simultaneous = 1;
	else if (!(stage->fin_acked & BIT(!dir)))
		stage->merged = 1;

	stage->fin_end[dir] = finject_wire_end(wire);
	stage->fin_seen |= BIT(dir);
	if (stage->self) {
		stage->fin_seen = BOTH;
		stage->simultaneous = 1;
	}
}

static u8 classify_fin(struct finject_stage *stage,
		       const struct finject_wire *wire, unsigned int dir,
		       bool *fresh)
{
	if (new_incarnation(stage, wire, dir)) {
		finject_stage_reset(stage);
		*fresh = true;
	}
	if (!fin_seen(stage, dir))
		record_fin(stage, wire, dir);
	else if (stage->fin_end[dir] != finject_wire_end(wire))
		return 0;
	if (stage->self)
		return FINJECT_FIN_CLASSES;
	return dir == stage->closer ? BIT(FINJECT_FIN1) : BIT(FINJECT_FIN2);
}

static u8 classify_ack(struct finject_stage *stage,
		       const struct finject_wire *wire, unsigned int dir)
{
	if (!covers_fin(stage, wire, dir))
		return 0;
	if (stage->self) {
		stage->fin_acked = BOTH;
		return FINJECT_ACK_CLASSES;
	}
	stage->fin_acked |= BIT(!dir);
	return dir == stage->closer ? BIT(FINJECT_ACK2) : BIT(FINJECT_ACK1);
}

/*
 * A SYN on the tuple of a close: from here on there may be two connections.
 * A SYN,ACK says nothing new; its SYN was seen before it.
 */
static u8 classify_syn(struct finject_stage *stage, u8 flags)
{
	if (flags & FINJECT_TCP_ACK || !(stage->fin_seen || stage->reset))
		return 0;
	stage->reused = 1;
	return BIT(FINJECT_SYN);
}

static void record_ack(struct finject_stage *stage,
		       const struct finject_wire *wire, unsigned int dir)
{
	if (!(wire->flags & FINJECT_TCP_ACK))
		return;
	if (stage->ack_seen & BIT(dir) &&
	    seq_reached(stage->ack_max[dir], wire->ack))
		return;
	stage->ack_max[dir] = wire->ack;
	stage->ack_seen |= BIT(dir);
}

/**
 * finject_stage_reset - forget what was seen of a close
 * @stage: the close
 */
void finject_stage_reset(struct finject_stage *stage)
{
	bool self = stage->self;

	memset(stage, 0, sizeof(*stage));
	stage->self = self;
}

/**
 * finject_stage_classify - find the classes of one segment and move on
 * @stage: how far the close of the segment's flow has come; updated
 * @wire: the segment
 * @dir: its direction in the flow, 0 or 1
 * @fresh: set to whether this segment begins a new incarnation of the tuple:
 *	@stage was zeroed before it, and the caller zeroes the counts it keeps
 *
 * Flags are read in the order of RFC 9293 section 3.10.7: a RST is processed
 * before its ACK and before a FIN, so it is of class rst and of no other. A
 * segment that no stack sends (SYN with FIN or RST, none of SYN, FIN, RST and
 * ACK) is of no class and changes nothing. A second FIN with another end, while
 * the close is not over, is a stray one: its ACK has its class, but does not
 * end the close, or the same FIN would begin another at its next hs. Where
 * segments may have gone unseen (@stage->unwatched), what lies beyond the FINs
 * on record tells that the tuple is reused, as a SYN does.
 *
 * A FIN is recognised by the sequence number after it (finject_wire_end()): a
 * retransmission may carry more or less of the payload before it. An ACK is of
 * class ack1 or ack2 when it covers the other side's FIN (section 3.4), so
 * simultaneous closes, closes in three segments and ACKs repeated from
 * TIME_WAIT need no case of their own. A socket connected to itself closes
 * simultaneously with itself: its FIN is fin1 and fin2, and the ACK of that is
 * ack1 and ack2.
 *
 * Context: any; the caller serialises calls on one @stage.
 *
 * Return: a bitmask of enum finject_class, 0 for a segment of no class.
 */
u8 finject_stage_classify(struct finject_stage *stage,
			  const struct finject_wire *wire, unsigned int dir,
			  bool *fresh)
{
	bool closing, stray;
	u8 classes = 0, acked;

	*fresh = false;
	if (malformed(wire->flags))
		return 0;
	if (wire->flags & FINJECT_TCP_RST) {
		stage->reset = 1;
		return BIT(FINJECT_RST);
	}
	if (wire->flags & FINJECT_TCP_SYN)
		return classify_syn(stage, wire->flags);
	if (stage->unwatched && beyond_close(stage, wire, dir))
		stage->reused = 1;

	closing = stage->fin_seen && !stage->reused;
	if (wire->flags & FINJECT_TCP_FIN)
		classes |= classify_fin(stage, wire, dir, fresh);
	stray = wire->flags & FINJECT_TCP_FIN && !classes;
	acked = stage->fin_acked;
	classes |= classify_ack(stage, wire, dir);
	if (stray)
		stage->fin_acked = acked;
	if (wire->len && closing && !(classes & BIT(FINJECT_FIN1)))
		classes |= BIT(FINJECT_DATA);
	record_ack(stage, wire, dir);
	return classes;
}

/**
 * finject_stage_pure - whether nothing else rides on a segment
 * @classes: the classes it was matched by, a bitmask of enum finject_class
 * @wire: the segment
 *
 * Each class asks its own question: a FIN is pure without payload (its ACK is
 * no rider, every FIN has one), an ACK without payload, FIN and SYN, a RST or
 * SYN without payload, and data without a FIN.
 *
 * Context: any.
 *
 * Return: true when the segment is pure as one of @classes.
 */
bool finject_stage_pure(u8 classes, const struct finject_wire *wire)
{
	const u8 alone = FINJECT_FIN_CLASSES | BIT(FINJECT_RST) |
			 BIT(FINJECT_SYN);
	const u8 control = FINJECT_TCP_FIN | FINJECT_TCP_SYN | FINJECT_TCP_RST;

	if (classes & BIT(FINJECT_DATA) && !(wire->flags & FINJECT_TCP_FIN))
		return true;
	if (wire->len)
		return false;
	if (classes & alone)
		return true;
	return classes & FINJECT_ACK_CLASSES && !(wire->flags & control);
}

/**
 * finject_stage_finished - whether a close has nothing more to come
 * @stage: the close
 *
 * What still comes are ghosts: retransmissions, and ACKs from TIME_WAIT.
 *
 * Context: any.
 *
 * Return: true when both FINs were acknowledged, or a RST was seen.
 */
bool finject_stage_finished(const struct finject_stage *stage)
{
	return stage->reset || stage->fin_acked == BOTH;
}

/**
 * finject_stage_shape - one word for how a close went, or how far it is
 * @stage: the close
 *
 * A RST after both FINs were acknowledged (RFC 1337) does not change the shape
 * of the close it comes after, nor does one that the stacks ignored.
 *
 * Context: any.
 *
 * Return: "open" before any FIN, "closing" while fin1 is not acknowledged,
 * "half-closed" until fin2, then "three", "four" or "simultaneous"; "reset"
 * when a RST cut it short.
 */
const char *finject_stage_shape(const struct finject_stage *stage)
{
	if (stage->reset && stage->fin_acked != BOTH)
		return "reset";
	if (!stage->fin_seen)
		return "open";
	if (stage->fin_seen != BOTH)
		return stage->fin_acked ? "half-closed" : "closing";
	if (stage->simultaneous)
		return "simultaneous";
	return stage->merged ? "three" : "four";
}
