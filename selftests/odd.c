// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segments that no honest host sends, at every hook, under rules of every
 * action.
 *
 * Two namespaces differ in finject only: one has rules and a reader, the other
 * has none. Both receive the same packets, through tun devices and raw sockets,
 * and the packets that leave them are compared byte for byte.
 *
 * 1. fragments, malformed TCP, and packets without TCP pass untouched, and are
 *    counted once at each hook they pass
 * 2. a segment that can be read has the classes that stages.rst gives it, by
 *    an oracle that is no part of the module; it is judged once at each hook
 * 3. a segment without a class passes untouched under any rule
 * 4. in the end every segment is accounted for
 *
 * COUNT is the number of packets in all, SEED chooses them. A failure names its
 * round; ROUND=N repeats that round alone.
 */
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_ether.h>

#include "harness.h"
#include "link.h"
#include "packet.h"
#include "tun.h"

enum {
	COUNT = 15000,
	PER_ROUND = 1000,
	PER_CLOSE = 24,
	OUT_MAX = 1000,		/* packets out for one in: GSO, and copies */
};

/* Input and output belong together: a close has two directions. */
enum {
	AT_ENDS = 1,
	AT_FORWARD = 2,
};

/**
 * struct arms - the rules of a round
 * @rules: the rules
 * @verdict: of each segment with a class at its first hook; NULL for any
 * @hooks: hooks that they use beside prerouting and postrouting
 * @blurred: segments are released later, so the oracle cannot know their order
 */
static const struct arms {
	const char *rules;
	const char *verdict;
	unsigned int hooks;
	bool blurred;
} arms[] = {
	{ "# none", "pass" },
	{ "add seg=all pass", "pass" },
	{ "add seg=all drop", "drop" },
	{ "add seg=all delay=3600s", "delay" },
	{ "add seg=all duplicate=2 gap=3600s", "duplicate" },
	{ "add seg=all hold=x max=3600s", "hold" },
	{ "add seg=all reset=sender", "reset" },
	{ "add seg=all reset=receiver", "reset" },
	{ "add seg=all reset=both", "reset" },
	{ "add seg=all dir=out drop" },
	{ "add seg=all dir=out reset=both" },
	{ "add seg=all dir=out hold=x max=3600s" },
	{ "add seg=all hook=input drop", NULL, AT_ENDS },
	{ "add seg=all hook=input reset=both", NULL, AT_ENDS },
	{ "add seg=all hook=input delay=3600s", NULL, AT_ENDS },
	{ "add seg=all hook=forward drop", NULL, AT_FORWARD },
	{ "add seg=all hook=forward reset=both", NULL, AT_FORWARD },
	{ "add seg=all hook=forward hold=x max=3600s", NULL, AT_FORWARD },
	{ "add seg=all hook=output drop", NULL, AT_ENDS },
	{ "add seg=all hook=output reset=both", NULL, AT_ENDS },
	{ "add seg=all hook=output delay=3600s", NULL, AT_ENDS },
	{ "add seg=all hook=input duplicate=3\n"
	  "add seg=all hook=forward duplicate=3\n"
	  "add seg=all hook=output duplicate=3", NULL,
	  AT_ENDS | AT_FORWARD, true },
	{ "add seg=all delay=1us jitter=1us", NULL, 0, true },
	{ "add seg=fin hold=x gather=2 max=1ms\n"
	  "add seg=ack,data,syn pass release=x\n"
	  "add seg=rst duplicate=2", NULL, 0, true },
};

/**
 * struct side - one of the two namespaces
 * @ns: the namespace
 * @tun: its devices
 * @raw: raw sockets, IPv4 and IPv6
 * @out: packets that left by a device for the last packet
 * @size: of each of @out
 * @outs: number of them
 */
struct side {
	struct ns ns;
	int tun[2];
	int raw[2];
	unsigned char out[OUT_MAX][20000];
	size_t size[OUT_MAX];
	size_t outs;
};

/* How a close goes through the namespace. */
enum way {
	FORWARDED,	/* from one device to the other, and back */
	LOCAL,		/* from a device to it, and back from a raw socket */
};

/**
 * struct close - the close under way
 * @way: the way of its segments
 * @end: its two ends
 * @next: their next sequence numbers
 * @fin: the last FIN of each
 * @oracle: the oracle's state of it
 */
struct close {
	enum way way;
	struct addr end[2];
	__u32 next[2];
	struct wire fin[2];
	struct oracle oracle;
};

/**
 * struct odd - a round
 * @side: with finject, and without
 * @ev: finject's events
 * @dice: choose the packets
 * @close: the close under way
 * @arms: the rules
 * @tap: a packet socket, or -1
 * @round: its number
 * @index: of the packet
 * @malformed: the most that finject may count
 * @looked_at: those of them with FIN or RST, which it must count; the others it
 *	looks at when their close is tracked
 * @fragments: likewise
 * @classed: segments with a class, in all rounds
 * @packet: the packet
 */
struct odd {
	struct side *side;
	struct events ev;
	struct dice dice;
	struct close close;
	const struct arms *arms;
	int tap;
	int round;
	unsigned long index;
	long long malformed, looked_at, fragments;
	long long classed;
	struct packet packet;
};

FIXTURE(odd)
{
	struct odd o;
};

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static void side_open(struct side *side)
{
	static const char * const names[] = { "t0", "t1" };
	static const char * const addrs[2][2] = {
		{ "10.8.0.1", "fd08::1" }, { "10.9.0.1", "fd09::1" },
	};
	int i, on = 1;

	ns_new(&side->ns);
	link_up(&side->ns, "lo");
	ns_sysctl(&side->ns, "net/ipv4/ip_forward", "1");
	ns_sysctl(&side->ns, "net/ipv6/conf/all/forwarding", "1");
	ns_sysctl(&side->ns, "net/ipv4/icmp_ratelimit", "0");
	for (i = 0; i < 2; i++) {
		side->tun[i] = tun_open(&side->ns, names[i]);
		link_addr(&side->ns, names[i], addrs[i][0], 24);
		link_addr(&side->ns, names[i], addrs[i][1], 64);
	}
	ns_enter(&side->ns);
	side->raw[0] = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	side->raw[1] = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	ns_leave();
	if (side->raw[0] < 0 || side->raw[1] < 0)
		fail("raw sockets: %s", strerror(errno));
	setsockopt(side->raw[1], IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on));
}

static void side_close(struct side *side)
{
	int i;

	for (i = 0; i < 2; i++) {
		close(side->tun[i]);
		close(side->raw[i]);
	}
	ns_drop(&side->ns);
}

/* ICMP is rate-limited globally, and multicast runs by timers of its own. */
static bool is_chatter(const unsigned char *packet, size_t len)
{
	if (packet[0] >> 4 == 4)
		return packet[9] == IPPROTO_ICMP || packet[9] == IPPROTO_IGMP;
	return len >= sizeof(struct ip6_hdr) && packet[0] >> 4 == 6 &&
	       (packet[6] == IPPROTO_ICMPV6 || packet[24] == 0xff);
}

static void side_collect(struct side *side)
{
	size_t len;
	int i;

	side->outs = 0;
	for (i = 0; i < 2; i++)
		while ((len = tun_read(side->tun[i], side->out[side->outs],
				       sizeof(side->out[0])))) {
			if (is_chatter(side->out[side->outs], len))
				continue;
			side->size[side->outs++] = len;
			if (side->outs == OUT_MAX)
				fail("one packet became %d", OUT_MAX);
		}
}

/* Return false if the packet was refused before it entered the stack. */
static bool side_inject(struct side *side, const struct packet *packet,
			const struct addr *to, bool raw)
{
	bool v6 = packet->family == AF_INET6;
	struct addr port_of = *to;
	ssize_t put;

	if (!raw)
		return !tun_write(side->tun[packet->wire.dir],
				  v6 ? ETH_P_IPV6 : ETH_P_IP, &packet->vnet,
				  packet->bytes, packet->len);
	port_of.v4.sin_port = 0;	/* sin6_port is at the same place */
	put = sendto(side->raw[v6], packet->bytes, packet->len, 0,
		     &port_of.sa, port_of.len);
	return put == (ssize_t)packet->len;
}

static void arm(struct odd *self)
{
	struct ns *ns = &self->side[0].ns;

	finject_rules(ns, "%s", self->arms->rules);
	events_open(&self->ev, ns);
	self->tap = -1;
	if (self->round % 2 == 0)
		return;
	/* A packet socket: every skb is shared. */
	ns_enter(ns);
	self->tap = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC,
			   htons(ETH_P_ALL));
	ns_leave();
}

static void round_open(struct odd *self)
{
	self->arms = &arms[self->round % ARRAY_SIZE(arms)];
	self->malformed = 0;
	self->looked_at = 0;
	self->fragments = 0;
	self->index = 0;
	dice_seed(&self->dice, number("SEED", 1) * 1000003 + self->round);
	side_open(&self->side[0]);
	side_open(&self->side[1]);
	arm(self);
}

static void close_begin(struct odd *self)
{
	static const char * const v4[2][2] = {
		{ "10.8.0.2", "10.9.0.2" }, { "10.8.0.2", "10.8.0.1" },
	};
	static const char * const v6[2][2] = {
		{ "fd08::2", "fd09::2" }, { "fd08::2", "fd08::1" },
	};
	struct close *close = &self->close;
	bool is_v6 = dice_throw(&self->dice, 2);
	int i;

	memset(close, 0, sizeof(*close));
	close->way = dice_throw(&self->dice, 3) ? FORWARDED : LOCAL;
	for (i = 0; i < 2; i++) {
		addr_set(&close->end[i],
			 is_v6 ? v6[close->way][i] : v4[close->way][i],
			 1024 + self->index / PER_CLOSE * 2 + i);
		/* near the wrap, every other time */
		close->next[i] = dice_throw(&self->dice, 2) ?
				 dice_throw(&self->dice, 0) :
				 -dice_throw(&self->dice, 3000);
	}
}

/* Return the next step of a close; half of them are regular. */
static struct wire next_step(struct odd *self)
{
	struct close *close = &self->close;
	struct dice *dice = &self->dice;
	struct wire wire = { .dir = dice_throw(dice, 2) };
	unsigned int dir = wire.dir;

	wire.flags = FLAG_ACK;
	wire.seq = close->next[dir];
	wire.ack = close->next[!dir];
	if (dice_throw(dice, 3) == 0)
		wire.len = dice_throw(dice, 600);
	switch (dice_throw(dice, 10)) {
	case 0:
	case 1:
		wire.flags |= FLAG_FIN;
		break;
	case 2:		/* the same FIN again, with more or less data */
		if (!close->fin[dir].flags)
			break;
		wire = close->fin[dir];
		wire.len = dice_throw(dice, 600);
		wire.seq = close->fin[dir].seq + close->fin[dir].len - wire.len;
		wire.ack = close->next[!dir];
		return wire;
	case 3:
		wire.flags = dice_throw(dice, 256);
		break;
	case 4:		/* an ACK of data never sent, or sent long ago */
		wire.ack += dice_throw(dice, 0);
		break;
	case 5:
		wire.seq += dice_throw(dice, 0);
		break;
	case 6:
		wire.flags = dice_throw(dice, 4) ? FLAG_ACK : FLAG_SYN;
		break;
	case 7:
		if (dice_throw(dice, 4) == 0)
			wire.flags = FLAG_RST | (dice_throw(dice, 2) << 4) |
				     dice_throw(dice, 2);
		break;
	default:
		return wire;
	}
	if (wire.flags & FLAG_FIN && !close->fin[dir].flags)
		close->fin[dir] = wire;
	return wire;
}

static void step_done(struct close *close, const struct wire *wire)
{
	__u32 end = wire->seq + wire->len + (wire->flags & FLAG_FIN);

	if (wire->seq == close->next[wire->dir] && !(wire->flags & ~0x19))
		close->next[wire->dir] = end;
}

static bool is_raw(const struct close *close, const struct wire *wire)
{
	return close->way == LOCAL && wire->dir == 1;
}

/* Return how many of finject's hooks a packet passed, by the hooks in use and
 * the way of the packet.
 */
static int hooks_passed(struct odd *self, const struct packet *packet)
{
	unsigned int hooks = self->arms->hooks;
	bool left = self->side[1].outs > 0;

	if (is_raw(&self->close, &packet->wire))
		return left ? 1 + !!(hooks & AT_ENDS) : 0;
	if (self->close.way == FORWARDED)
		return left ? 2 + !!(hooks & AT_FORWARD) : 1;
	/* IPv4 reassembles fragments before it delivers them. */
	if (packet->family == AF_INET && packet->reading == READ_FRAGMENT)
		return 1;
	return 1 + !!(hooks & AT_ENDS);
}

static const char *hook_of(struct odd *self)
{
	if (!is_raw(&self->close, &self->packet.wire))
		return PRE;
	return self->arms->hooks & AT_ENDS ? "output" : POST;
}

static const char letters[] = "FSRPAUEC";

static unsigned char flags_of(const char *text)
{
	unsigned char flags = 0;
	const char *at;

	for (; *text; text++) {
		at = strchr(letters, *text);
		if (at)
			flags |= 1 << (at - letters);
	}
	return flags;
}

static struct wire wire_of(const struct event *event,
			   const struct close *close)
{
	return (struct wire) {
		.flags = flags_of(event->flags),
		.dir = !!strcmp(event->src, close->end[0].text),
		.seq = event->seq,
		.ack = event->ack,
		.len = event->len,
	};
}

/* Return whether a record is of the packet's own segment. For a GSO packet that
 * may be the last wire segment, which has CWR only if it is the first as well.
 */
static bool is_of(const struct event *event, const struct packet *packet,
		  const struct close *close)
{
	const struct wire *wire = &packet->wire;
	struct wire seen = wire_of(event, close);
	unsigned char differ = seen.flags ^ wire->flags;

	if (packet->vnet.gso_size)
		differ &= ~FLAG_CWR;
	else if (seen.seq != wire->seq)
		return false;
	return !differ && seen.dir == wire->dir &&
	       seen.seq + seen.len == wire->seq + wire->len &&
	       (seen.ack == wire->ack || !(wire->flags & FLAG_ACK));
}

/* Return whether a rule acted, on the packet or on an answer. */
static bool was_touched(const struct events *ev)
{
	size_t i;

	for (i = 0; i < ev->count; i++)
		if (ev->list[i].kind == EVENT_OUTCOME ||
		    (ev->list[i].kind == EVENT_SEG &&
		     strcmp(ev->list[i].verdict, "pass")))
			return true;
	return false;
}

static const char *where(struct odd *self)
{
	static char text[512];
	const struct wire *wire = &self->packet.wire;

	snprintf(text, sizeof(text),
		 "ROUND=%d, packet %lu: %s (gso %u/%u, %zu bytes left first), %s from %s, flags %#x seq %u ack %u len %u, under: %s",
		 self->round, self->index, self->packet.kind,
		 self->packet.vnet.gso_size, self->packet.vnet.flags,
		 self->side[1].outs ? self->side[1].size[0] : 0,
		 hook_of(self), self->close.end[wire->dir].text, wire->flags,
		 wire->seq, wire->ack, wire->len, self->arms->rules);
	return text;
}

static void expect_same(struct __test_metadata *_metadata,
			struct odd *self)
{
	struct side *with = &self->side[0], *without = &self->side[1];
	bool answers = self->close.way == LOCAL &&
		       !is_raw(&self->close, &self->packet.wire);
	size_t i;

	/* Every segment is answered, and a GSO packet with FIN was split. */
	if (answers && self->packet.vnet.gso_size)
		return;
	ASSERT_EQ(without->outs, with->outs) TH_LOG("%s", where(self));
	/* Answers have their own random numbers. */
	if (answers)
		return;
	for (i = 0; i < with->outs; i++) {
		ASSERT_EQ(without->size[i], with->size[i])
			TH_LOG("%s", where(self));
		ASSERT_EQ(0, memcmp(without->out[i], with->out[i],
				    with->size[i])) TH_LOG("%s", where(self));
	}
}

/* A GSO packet with FIN is judged by the last of its segments. */
static struct wire judged(const struct odd *self, struct wire wire)
{
	__u32 gso = self->packet.vnet.gso_size, last;

	if (!gso || !(wire.flags & FLAG_FIN) || wire.len <= gso)
		return wire;
	last = wire.len % gso ?: gso;
	wire.seq += wire.len - last;
	wire.len = last;
	return wire;
}

/* No stack accepts a FIN whose checksum is wrong. Output is not asked for it. */
static bool is_ignored(struct odd *self)
{
	const struct packet *packet = &self->packet;
	const struct wire *wire = &packet->wire;
	const struct oracle *oracle = &self->close.oracle;
	const unsigned char ends = FLAG_FIN | FLAG_SYN | FLAG_RST;

	if ((wire->flags & ends) != FLAG_FIN || is_raw(&self->close, wire) ||
	    !packet->wrong_sum)
		return false;
	return !oracle->fin[wire->dir] ||
	       oracle->end[wire->dir] != wire->seq + wire->len + 1;
}

/* A packet without a record has no class. It may tell of a FIN all the same. */
static void expect_own(struct __test_metadata *_metadata,
		       struct odd *self, const struct event *own)
{
	struct wire wire = judged(self, self->packet.wire);

	if (!own && is_ignored(self))
		return;
	if (!own) {
		ASSERT_EQ(0, oracle_classes(&self->close.oracle, &wire))
			TH_LOG("%s", where(self));
		return;
	}
	self->classed++;
	if (self->arms->verdict && !self->packet.vnet.gso_size)
		ASSERT_STREQ(self->arms->verdict, own->verdict)
			TH_LOG("%s", where(self));
}

static bool has_record(const struct odd *self, const struct wire *wire)
{
	const struct event *event;
	size_t i;

	for (i = 0; i < self->ev.count; i++) {
		event = &self->ev.list[i];
		if (event->kind == EVENT_SEG && event->seq == wire->seq &&
		    event->len == wire->len)
			return true;
	}
	return false;
}

/* Tell the oracle of the data split off before a FIN that got no class. */
static void tell_data(struct odd *self, const struct event *own)
{
	struct wire wire = self->packet.wire, last = judged(self, wire);

	if (!own || !strcmp(own->verdict, "pass"))
		return;
	wire.flags &= ~FLAG_FIN;
	for (; wire.seq != last.seq; wire.seq += wire.len) {
		wire.len = self->packet.vnet.gso_size;
		if (!has_record(self, &wire))
			oracle_classes(&self->close.oracle, &wire);
	}
}

/*
 * Check the classes of every segment seen at a hook, in that order: the
 * packet's own at each hook it passed, the data split off before a FIN, the
 * RSTs with which the stack answers for no socket, and those of reset=.
 */
static void expect_classes(struct __test_metadata *_metadata,
			   struct odd *self)
{
	const struct event *event, *own = NULL;
	const char *hook = hook_of(self);
	bool answered = false;
	struct wire wire;
	size_t i;

	for (i = 0; i < self->ev.count; i++) {
		event = &self->ev.list[i];
		if (event->kind != EVENT_SEG)
			continue;
		wire = judged(self, wire_of(event, &self->close));
		if (!answered && wire.dir != self->packet.wire.dir) {
			answered = true;
			expect_own(_metadata, self, own);
		}
		ASSERT_EQ(oracle_classes(&self->close.oracle, &wire),
			  event->classes)
			TH_LOG("%s: at %s seq %u len %u", where(self),
			       event->hook, event->seq, event->len);
		if (!own && !strcmp(event->hook, hook) &&
		    is_of(event, &self->packet, &self->close))
			own = event;
	}
	if (!answered)
		expect_own(_metadata, self, own);
	tell_data(self, own);
}

static void check(struct __test_metadata *_metadata, struct odd *self)
{
	const struct packet *packet = &self->packet;
	size_t records = events_count(&self->ev, NULL, FIN1);
	bool touched = was_touched(&self->ev);

	records = self->ev.count;
	switch (packet->reading) {
	case READ_SEGMENT:
		if (!self->arms->blurred)
			expect_classes(_metadata, self);
		break;
	case READ_MALFORMED:
		self->malformed += hooks_passed(self, packet);
		if (packet->wire.flags & (FLAG_FIN | FLAG_RST))
			self->looked_at += hooks_passed(self, packet);
		break;
	case READ_FRAGMENT:
		self->fragments += hooks_passed(self, packet);
		break;
	case READ_NEVER:
		ASSERT_EQ(0, self->side[1].outs) TH_LOG("%s", where(self));
		break;
	default:
		break;
	}
	if (packet->reading != READ_SEGMENT && !self->arms->blurred)
		ASSERT_EQ(0, records) TH_LOG("%s", where(self));
	if (!touched && !self->arms->blurred)
		expect_same(_metadata, self);
}

static void one_packet(struct __test_metadata *_metadata,
		       struct odd *self)
{
	struct close *close = &self->close;
	struct packet *packet = &self->packet;
	struct wire wire;
	bool taken[2], raw;
	int i;

	if (self->index % PER_CLOSE == 0)
		close_begin(self);
	wire = next_step(self);
	raw = is_raw(close, &wire);
	packet_make(packet, &self->dice, &close->end[wire.dir],
		    &close->end[!wire.dir], &wire, raw, NULL);
	for (i = 0; i < 2; i++) {
		taken[i] = side_inject(&self->side[i], packet,
				       &close->end[!wire.dir], raw);
		side_collect(&self->side[i]);
	}
	ASSERT_EQ(taken[0], taken[1]) TH_LOG("%s", where(self));
	if (!taken[0])
		packet->reading = READ_NEVER;
	check(_metadata, self);
	if (taken[0] && packet->reading == READ_SEGMENT)
		step_done(close, &packet->wire);
	events_forget(&self->ev);
	self->index++;
}

/* While a close is tracked finject reads, and so counts, all of its TCP. */
static void begin_tracking(struct __test_metadata *_metadata,
			   struct odd *self)
{
	const struct ns *ns = &self->side[0].ns;

	while (!finject_limit(ns, "flows", "now") && self->index < PER_ROUND)
		one_packet(_metadata, self);
	finject_write(ns, "stats", "zero");
	self->malformed = 0;
	self->looked_at = 0;
	self->fragments = 0;
}

static void expect_counts(struct __test_metadata *_metadata,
			  struct odd *self)
{
	const struct ns *ns = &self->side[0].ns;
	struct record rec;

	ASSERT_TRUE(finject_record(ns, "stats", "skipped", NULL, NULL, &rec));
	EXPECT_LE(self->looked_at, record_num(&rec, "malformed"))
		TH_LOG("ROUND=%d: %s", self->round, self->arms->rules);
	EXPECT_GE(self->malformed, record_num(&rec, "malformed"))
		TH_LOG("ROUND=%d: %s", self->round, self->arms->rules);
	EXPECT_EQ(self->fragments, record_num(&rec, "fragments"))
		TH_LOG("ROUND=%d: %s", self->round, self->arms->rules);
	EXPECT_EQ(0, self->ev.lost);
}

static void round_close(struct __test_metadata *_metadata,
			struct odd *self)
{
	const char *unbalanced;

	expect_counts(_metadata, self);
	/* This releases all parked segments at once. */
	unbalanced = finject_unbalanced(&self->side[0].ns);
	EXPECT_EQ(NULL, unbalanced) TH_LOG("ROUND=%d: out of balance: %s",
					   self->round, unbalanced);
	events_close(&self->ev);
	if (self->tap >= 0)
		close(self->tap);
	side_close(&self->side[0]);
	side_close(&self->side[1]);
}

FIXTURE_SETUP(odd)
{
	NEED_FINJECT();
	if (tun_missing())
		SKIP_SETUP("%s", tun_missing());
	self->o.side = calloc(2, sizeof(*self->o.side));
	ASSERT_NE(NULL, self->o.side);
}

FIXTURE_TEARDOWN(odd)
{
	free(self->o.side);
}

/* A million packets take long, in virtual time too. */
TEST_F_TIMEOUT(odd, segments, 36000)
{
	unsigned long count = number("COUNT", COUNT);
	int rounds = (count + PER_ROUND - 1) / PER_ROUND;
	int only = number("ROUND", -1);

	for (self->o.round = 0; self->o.round < rounds; self->o.round++) {
		if (only >= 0)
			self->o.round = only;
		round_open(&self->o);
		begin_tracking(_metadata, &self->o);
		while (self->o.index < PER_ROUND)
			one_packet(_metadata, &self->o);
		round_close(_metadata, &self->o);
		if (only >= 0)
			break;
	}
	EXPECT_TRUE(only >= 0 || self->o.classed > 0);
	TH_LOG("%lu packets, %lld segments with a class",
	       only >= 0 ? 1UL * PER_ROUND : 1UL * PER_ROUND * rounds,
	       self->o.classed);
}

/* Read as the pointer of a recorded route, as by code that takes the TCP header
 * for IP options, this port makes the next address a part of the TCP header.
 */
enum { PORT = 0x0a0a };

/* Single packets of one kind, forwarded or for the local host. */
FIXTURE(one)
{
	struct side *side;
};

FIXTURE_SETUP(one)
{
	NEED_FINJECT();
	if (tun_missing())
		SKIP_SETUP("%s", tun_missing());
	self->side = calloc(1, sizeof(*self->side));
	ASSERT_NE(NULL, self->side);
	side_open(self->side);
}

FIXTURE_TEARDOWN(one)
{
	EXPECT_EQ(NULL, finject_unbalanced(&self->side->ns));
	side_close(self->side);
	free(self->side);
}

static void send_one(struct side *side, const char *kind, const char *from,
		     const char *to, unsigned char flags)
{
	struct wire wire = { .flags = flags, .seq = 1000, .ack = 2000 };
	static struct packet packet;
	static struct dice dice = { .state = 1 };
	struct addr ends[2];

	addr_set(&ends[0], from, PORT);
	addr_set(&ends[1], to, PORT);
	packet_make(&packet, &dice, &ends[0], &ends[1], &wire, false, kind);
	side_inject(side, &packet, &ends[1], false);
}

/* The RST has no IP options, so no route is recorded in it. */
TEST_F(one, rst_for_a_recorded_route)
{
	struct side *side = self->side;
	int i;

	finject_rules(&side->ns, "add seg=fin hook=forward reset=receiver");
	for (i = 0; i < 40; i++) {
		send_one(self->side, "IP options", "10.8.0.2", "10.9.0.2",
			 FLAG_FIN | FLAG_ACK);
		side_collect(side);
		ASSERT_EQ(1, side->outs);
		EXPECT_EQ(40, side->size[0]);
		EXPECT_TRUE(packet_is_sound(side->out[0], side->size[0]));
	}
	EXPECT_EQ(40, finject_total(&side->ns, "resets"));
}

/* The RST has no extension headers: the stack finds TCP next to IPv6. */
TEST_F(one, rst_for_extension_headers)
{
	struct snmp before;
	int i;

	finject_rules(&self->side->ns, "add seg=fin1 reset=receiver");
	snmp_take(&before, &self->side->ns);
	for (i = 0; i < 40; i++)
		send_one(self->side, "extension headers", "fd08::2", "fd08::1",
			 FLAG_FIN | FLAG_ACK);
	EXPECT_EQ(40, finject_total(&self->side->ns, "resets"));
	EXPECT_EQ(40, snmp_delta(&before, &self->side->ns, "InSegs"));
}

/* A broadcast, multicast or unspecified sender is not answered. */
TEST_F(one, rst_for_everybody)
{
	static const char * const everybody[][2] = {
		{ "255.255.255.255", "10.9.0.2" }, { "224.0.0.1", "10.9.0.2" },
		{ "10.8.0.255", "10.9.0.2" }, { "0.0.0.0", "10.9.0.2" },
		{ "ff02::1", "fd09::2" }, { "::", "fd09::2" },
	};
	size_t i;

	finject_rules(&self->side->ns, "add seg=fin reset=sender");
	for (i = 0; i < ARRAY_SIZE(everybody); i++)
		send_one(self->side, "plain", everybody[i][0], everybody[i][1],
			 FLAG_FIN | FLAG_ACK);
	EXPECT_EQ(0, finject_total(&self->side->ns, "resets"));
	send_one(self->side, "plain", "10.8.0.2", "10.9.0.2", FLAG_FIN | FLAG_ACK);
	send_one(self->side, "plain", "fd08::2", "fd09::2", FLAG_FIN | FLAG_ACK);
	EXPECT_EQ(2, finject_total(&self->side->ns, "resets"));
}

TEST_F(one, absurd_flags_track_nothing)
{
	finject_rules(&self->side->ns, "add seg=all drop");
	send_one(self->side, "plain", "10.8.0.2", "10.9.0.2", FLAG_SYN | FLAG_FIN);
	send_one(self->side, "plain", "fd08::2", "fd09::2", FLAG_SYN | FLAG_RST);
	EXPECT_EQ(0, finject_limit(&self->side->ns, "flows", "now"));
	send_one(self->side, "plain", "fd08::2", "fd09::2", FLAG_RST);
	EXPECT_EQ(1, finject_limit(&self->side->ns, "flows", "now"));
}

TEST_HARNESS_MAIN
