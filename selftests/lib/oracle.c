// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "events.h"
#include "oracle.h"

/* Return whether no stack sends such flags: then there is no class. */
static bool absurd(unsigned char flags)
{
	unsigned char kind = flags & (FLAG_FIN | FLAG_SYN | FLAG_RST);

	if (!kind)
		return !(flags & FLAG_ACK);
	return kind & FLAG_SYN && kind != FLAG_SYN;
}

/* Return whether the segment acknowledges the other end's FIN. Once the tuple
 * may have two connections, only the exact number belongs to the old one.
 */
static bool acknowledges(const struct oracle *oracle, const struct wire *wire)
{
	unsigned int peer = !wire->dir;
	__s32 beyond = wire->ack - oracle->end[peer];

	if (!oracle->fin[peer] || !(wire->flags & FLAG_ACK))
		return false;
	return oracle->reused ? beyond == 0 : beyond >= 0;
}

/* Return whether the segment's payload, or its FIN, occupies a number. */
static bool occupies(const struct wire *wire, __u32 number, bool fin)
{
	return number - wire->seq < wire->len + fin;
}

/* Return whether the segment proves its sender's known FIN false: there is
 * payload in its place, or, while it is not acknowledged itself, the octet that
 * the receiver expects is this segment's, and the FIN before it or elsewhere.
 */
static bool disproves(const struct oracle *oracle, const struct wire *wire)
{
	bool fin = wire->flags & FLAG_FIN, told = oracle->told[!wire->dir];
	__u32 end = oracle->end[wire->dir], next = oracle->next[!wire->dir];

	if (!oracle->fin[wire->dir] || oracle->reused || (told && next == end))
		return false;
	if (occupies(wire, end - 1, false))
		return true;
	if (!told || !occupies(wire, next, fin))
		return false;
	return fin ? wire->seq + wire->len + 1 != end :
		     (__s32)(wire->seq + wire->len - end) >= 0;
}

static void forget(struct oracle *oracle, unsigned int dir)
{
	oracle->fin[dir] = false;
	oracle->acked[dir] = false;
	if (oracle->fin[!dir])
		oracle->active = !dir;
}

/* A close is known from its first FIN or RST on. */
static void note_ack(struct oracle *oracle, const struct wire *wire)
{
	unsigned int dir = wire->dir;

	if (!(wire->flags & FLAG_ACK) ||
	    !(oracle->fin[0] || oracle->fin[1] || oracle->reset))
		return;
	if (!oracle->told[dir] || (__s32)(wire->ack - oracle->next[dir]) > 0)
		oracle->next[dir] = wire->ack;
	oracle->told[dir] = true;
}

static __u32 end_of(const struct wire *wire)
{
	return wire->seq + wire->len + 1;
}

static bool over(const struct oracle *oracle)
{
	return oracle->reset || oracle->reused ||
	       (oracle->acked[0] && oracle->acked[1]);
}

/* Return whether a FIN is of another connection than the known one. */
static bool foreign(const struct oracle *oracle, const struct wire *wire)
{
	if (!oracle->fin[wire->dir])
		return oracle->reused && !acknowledges(oracle, wire);
	return oracle->end[wire->dir] != end_of(wire) && over(oracle);
}

static unsigned int classes_of_fin(struct oracle *oracle,
				   const struct wire *wire)
{
	unsigned int dir = wire->dir;

	if (!oracle->fin[dir]) {
		if (!oracle->fin[!dir])
			oracle->active = dir;
		oracle->fin[dir] = true;
		oracle->end[dir] = end_of(wire);
	}
	if (oracle->end[dir] != end_of(wire))
		return 0;
	return 1U << (dir == oracle->active ? FIN1 : FIN2);
}

static unsigned int classes_of_syn(struct oracle *oracle,
				   const struct wire *wire)
{
	bool known = oracle->fin[0] || oracle->fin[1] || oracle->reset;

	if (!known || wire->flags & FLAG_ACK)
		return 0;
	oracle->reused = true;
	return 1U << SYN;
}

/**
 * oracle_classes - classify the next segment
 * @oracle: zeroed before the first
 * @wire: the segment
 *
 * Return: a bit per enum class.
 */
unsigned int oracle_classes(struct oracle *oracle, const struct wire *wire)
{
	bool closing, stray = false;
	unsigned int classes = 0;

	if (absurd(wire->flags))
		return 0;
	if (wire->flags & FLAG_RST) {
		oracle->reset = true;
		return 1U << RST;
	}
	if (wire->flags & FLAG_SYN)
		return classes_of_syn(oracle, wire);
	if (wire->flags & FLAG_FIN && foreign(oracle, wire))
		memset(oracle, 0, sizeof(*oracle));
	else if (disproves(oracle, wire))
		forget(oracle, wire->dir);
	closing = (oracle->fin[0] || oracle->fin[1]) && !oracle->reused;
	if (wire->flags & FLAG_FIN) {
		classes = classes_of_fin(oracle, wire);
		stray = !classes;
	}
	if (acknowledges(oracle, wire)) {
		/* a FIN without a class acknowledges no FIN */
		if (!stray)
			oracle->acked[!wire->dir] = true;
		classes |= 1U << (wire->dir == oracle->active ? ACK2 : ACK1);
	}
	if (closing && wire->len && !(classes & 1U << FIN1))
		classes |= 1U << DATA;
	note_ack(oracle, wire);
	return classes;
}
