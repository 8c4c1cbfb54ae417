// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classes of a segment. An input is any sequence of segments of one flow:
 * five bytes each, or more where numbers are far off.
 *
 * The claims are those on which the rest of the module relies; also, nothing
 * depends on which end of the flow is called 0, on where in sequence space a
 * direction began, or on bytes that have no meaning.
 */
#include "fuzz.h"
#include "stage.h"

#define MASK(a, b)	(BIT(FINJECT_##a) | BIT(FINJECT_##b))

/* A flow, and the same flow with other names and numbers. */
struct flow {
	struct finject_stage stage;
	struct finject_stage other;
	u32 begin[2];
	u32 shift[2];
};

/* Take a number near the beginning of its direction, now and then any. */
static u32 take_number(struct bytes *bytes, u32 begin)
{
	u32 number = bytes_take(bytes, 1);

	if (number == 0xff)
		return bytes_take(bytes, 4);
	return begin + number / 8 * (number % 8 ? 1 : 1460);
}

/*
 * Now and then the flow is unwatched before the segment, or a rule is about what
 * comes before the first FIN.
 */
static unsigned int take_segment(struct bytes *bytes, struct flow *flow,
				 struct finject_wire *wire)
{
	unsigned int dir = bytes_take(bytes, 1);

	if (dir & 4) {
		flow->stage.unwatched = 1;
		flow->other.unwatched = 1;
	}
	if (dir & 8) {
		flow->stage.early = 1;
		flow->other.early = 1;
	}
	wire->flags = bytes_take(bytes, 1);
	wire->len = dir & 2 ? bytes_take(bytes, 1) : 0;
	dir &= 1;
	wire->seq = take_number(bytes, flow->begin[dir]);
	wire->ack = take_number(bytes, flow->begin[!dir]);
	return dir;
}

static bool same(const struct finject_stage *a, const struct finject_stage *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool is_malformed(u8 flags)
{
	const u8 ends = FINJECT_TCP_FIN | FINJECT_TCP_RST;

	if (flags & FINJECT_TCP_SYN)
		return flags & ends;
	return !(flags & (ends | FINJECT_TCP_ACK));
}

/* No segment has classes of both ends, or of flags that it lacks. */
static void claim_classes(u16 classes, u8 flags, bool early)
{
	const u16 before = classes & FINJECT_EARLY_CLASSES;

	CLAIM(!(classes & ~FINJECT_ALL_CLASSES));
	CLAIM((classes & MASK(FIN1, ACK2)) == 0 ||
	      (classes & MASK(FIN2, ACK1)) == 0);
	if (is_malformed(flags))
		CLAIM(!classes);
	else if (flags & FINJECT_TCP_RST)
		CLAIM(classes == BIT(FINJECT_RST));
	else if (flags & FINJECT_TCP_SYN)
		CLAIM(!(classes & ~MASK(SYN, OPEN)));
	else
		CLAIM(!(classes & MASK(RST, SYN)));
	CLAIM(!before || early);
	CLAIM(!before || flags & FINJECT_TCP_SYN || classes == before);
	CLAIM(!(before & (before - 1)));
	if (!(flags & FINJECT_TCP_FIN))
		CLAIM(!(classes & FINJECT_FIN_CLASSES));
	if (!(flags & FINJECT_TCP_ACK))
		CLAIM(!(classes & FINJECT_ACK_CLASSES));
}

/*
 * Only the sender of a FIN disproves it, by what occupies octets, and never one
 * that was acknowledged. The FIN of the other direction stays.
 */
static void claim_forgotten(const struct finject_stage *was,
			    const struct finject_stage *now,
			    const struct finject_wire *wire, unsigned int dir)
{
	CLAIM(was->fin_seen & BIT(dir));
	CLAIM(wire->len || wire->flags & FINJECT_TCP_FIN);
	CLAIM(!(was->ack_seen & BIT(!dir)) ||
	      was->ack_max[!dir] != was->fin_end[dir]);
	CLAIM(!was->reused && !was->unwatched);
	CLAIM((was->fin_seen & BIT(!dir)) == (now->fin_seen & BIT(!dir)));
	CLAIM(was->fin_end[!dir] == now->fin_end[!dir]);
}

/* Knowledge of a flow is kept, except for a new incarnation. */
static void claim_kept(const struct finject_stage *was,
		       const struct finject_stage *now)
{
	unsigned int dir;

	CLAIM(!(was->ack_seen & ~now->ack_seen));
	CLAIM(was->reset <= now->reset && was->reused <= now->reused);
	CLAIM(was->unwatched == now->unwatched);
	if (!finject_stage_restarts(was, now)) {
		CLAIM(!(was->fin_seen & ~now->fin_seen));
		CLAIM(!(was->fin_acked & ~now->fin_acked));
		CLAIM(was->simultaneous <= now->simultaneous);
		CLAIM(was->merged <= now->merged);
		CLAIM(!was->fin_seen || was->closer == now->closer);
	}
	for (dir = 0; dir < 2; dir++) {
		CLAIM(!(was->ack_seen & BIT(dir)) ||
		      was->ack_max[dir] == now->ack_max[dir] ||
		      (s32)(was->ack_max[dir] - now->ack_max[dir]) < 0);
	}
}

static void claim_fresh(const struct finject_stage *was,
			const struct finject_stage *now, u8 flags,
			unsigned int dir)
{
	if (flags & FINJECT_TCP_SYN) {
		CLAIM(was->early && !was->fin_seen && !was->reset);
		CLAIM(now->early && now->syn_seen == BIT(dir) &&
		      now->opener == dir && !now->fin_seen);
		return;
	}
	CLAIM(flags & FINJECT_TCP_FIN);
	CLAIM(was->reused || was->unwatched || finject_stage_finished(was));
	CLAIM(now->fin_seen == BIT(dir) && now->closer == dir);
	CLAIM(!now->fin_acked && !now->reset && !now->reused &&
	      !now->unwatched);
}

/* Check a state, independent of how it came about. */
static void claim_state(const struct finject_stage *stage)
{
	static const char * const shapes[] = {
		"open", "closing", "half-closed", "three", "four",
		"simultaneous", "reset",
	};
	const char *shape = finject_shape_names[finject_stage_shape(stage)];
	unsigned int i;

	CLAIM(!(stage->fin_acked & ~stage->fin_seen));
	CLAIM(!stage->simultaneous || stage->fin_seen == 3);
	CLAIM(!stage->merged || stage->fin_seen == 3);
	CLAIM(!(stage->simultaneous && stage->merged));
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		if (!strcmp(shape, shapes[i]))
			break;
	CLAIM(i < ARRAY_SIZE(shapes));
	if (stage->fin_acked == 3)
		CLAIM(finject_stage_finished(stage) && i >= 3 && i <= 5);
}

/* A segment is pure if it is pure in one of its classes. */
static void claim_pure(u16 classes, const struct finject_wire *wire)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < FINJECT_CLASSES; i++)
		if (classes & BIT(i))
			any |= finject_stage_pure(BIT(i), wire);
	CLAIM(any == finject_stage_pure(classes, wire));
	if (any && !(classes & MASK(DATA, EARLY)))
		CLAIM(!wire->len);
}

/*
 * The same segment again has the same classes and changes nothing. But a FIN
 * without a class, so not of this close, may carry the ACK that ends it, and
 * then later segments are of another connection.
 */
static void claim_again(const struct finject_stage *stage,
			const struct finject_wire *wire, unsigned int dir,
			u16 classes)
{
	struct finject_stage again = *stage;
	bool fresh;

	if (wire->flags & FINJECT_TCP_FIN && !(classes & FINJECT_FIN_CLASSES) &&
	    finject_stage_finished(stage))
		return;
	CLAIM(finject_stage_classify(&again, wire, dir, &fresh) == classes);
	CLAIM(!fresh && same(&again, stage));
}

/* The result is the same with swapped ends and shifted sequence numbers. */
static void claim_otherwise(struct flow *flow, struct finject_wire wire,
			    unsigned int dir, u16 classes, bool fresh)
{
	struct finject_stage *a = &flow->stage, *b = &flow->other;
	bool fresh_too;
	unsigned int i;

	wire.seq += flow->shift[dir];
	if (wire.flags & FINJECT_TCP_ACK)
		wire.ack += flow->shift[!dir];
	else
		wire.ack = ~wire.ack;
	CLAIM(finject_stage_classify(b, &wire, !dir, &fresh_too) == classes);
	CLAIM(fresh == fresh_too);
	for (i = 0; i < 2; i++) {
		CLAIM(!(a->fin_seen & BIT(i)) == !(b->fin_seen & BIT(!i)));
		CLAIM(!(a->fin_acked & BIT(i)) == !(b->fin_acked & BIT(!i)));
		CLAIM(!(a->ack_seen & BIT(i)) == !(b->ack_seen & BIT(!i)));
		CLAIM(!(a->fin_seen & BIT(i)) ||
		      a->fin_end[i] + flow->shift[i] == b->fin_end[!i]);
		CLAIM(!(a->ack_seen & BIT(i)) ||
		      a->ack_max[i] + flow->shift[!i] == b->ack_max[!i]);
	}
	CLAIM(finject_stage_shape(a) == finject_stage_shape(b));
	CLAIM(finject_stage_finished(a) == finject_stage_finished(b));
}

static void classify(struct flow *flow, const struct finject_wire *wire,
		     unsigned int dir)
{
	const struct finject_stage was = flow->stage;
	bool fresh;
	u16 classes = finject_stage_classify(&flow->stage, wire, dir, &fresh);

	claim_classes(classes, wire->flags, flow->stage.early);
	claim_state(&flow->stage);
	claim_pure(classes, wire);
	if (is_malformed(wire->flags))
		CLAIM(!fresh && same(&was, &flow->stage));
	if (fresh)
		claim_fresh(&was, &flow->stage, wire->flags, dir);
	else
		claim_kept(&was, &flow->stage);
	if (!fresh && finject_stage_restarts(&was, &flow->stage))
		claim_forgotten(&was, &flow->stage, wire, dir);
	claim_again(&flow->stage, wire, dir, classes);
	claim_otherwise(flow, *wire, dir, classes, fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* at the wrap, at the change of sign, in the middle */
	static const u32 begins[] = { 0xfffffff0, 0x7ffffff0, 0, 1000000 };
	struct bytes bytes = { data, size };
	u8 where = bytes_take(&bytes, 1);
	struct flow flow = {
		.begin = { begins[where % 4], begins[where / 4 % 4] },
		.shift = { 0x01234567U * where, 0x89abcdefU * (where + 1) },
	};

	while (bytes.left) {
		struct finject_wire wire;
		unsigned int dir = take_segment(&bytes, &flow, &wire);

		classify(&flow, &wire, dir);
	}
	return 0;
}
