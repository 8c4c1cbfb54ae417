// SPDX-License-Identifier: GPL-2.0-only
/*
 * reset=: a segment is lost, and its sender, its receiver, or both receive a
 * RST.
 *
 * 1. the addressed end accepts the RST in its current state (RFC 9293,
 *    3.10.7.4): it is CLOSED, with the error that Linux gives in that state
 * 2. it accepts the first one: a challenge ACK (RFC 5961, 3.2) would mean that
 *    the RST was in the window, not at RCV.NXT
 * 3. the other end learns nothing
 * 4. a RST that seems to arrive by a device has that device's header, for taps
 *    and tc
 *
 * The rule is at each wave's sender and receiver, over loopback, at a router
 * and behind its DNAT. A closes, B acknowledges, B closes, A acknowledges. Each
 * wave finds the ends in these states:
 *
 *         fin1         ack1         fin2         ack2
 *   A     FIN_WAIT1    FIN_WAIT1    FIN_WAIT2    TIME_WAIT
 *   B     ESTABLISHED  CLOSE_WAIT   LAST_ACK     LAST_ACK
 */
#include <errno.h>

#include "harness.h"
#include "tap.h"

enum who {
	SENDER_END = 1,
	RECEIVER_END = 2,
	BOTH_ENDS = 3,
};

enum place {
	AT_SENDER,
	AT_RECEIVER,
	LO,
	FORWARDED,
	TRANSLATED,
};

enum { NAT_PORT = 9090 };

static const char * const who_names[] = {
	[SENDER_END] = "sender",
	[RECEIVER_END] = "receiver",
	[BOTH_ENDS] = "both",
};

static const char * const paths[STATES] = {
	[ESTABLISHED] = "",
	[FIN_WAIT1] = "ESTABLISHED FIN_WAIT1",
	[FIN_WAIT2] = "ESTABLISHED FIN_WAIT1 FIN_WAIT2",
	[TIME_WAIT] = PATH_ACTIVE,
	[CLOSE_WAIT] = "ESTABLISHED CLOSE_WAIT",
	[LAST_ACK] = "ESTABLISHED CLOSE_WAIT LAST_ACK",
};

/**
 * struct strike - one wave replaced by one RST, or two
 * @bed: the bed
 * @a: the active closer
 * @b: the passive closer
 * @sender: sender of the wave that the rule matches
 * @receiver: receiver of that wave
 * @judge: the namespace of the rule
 * @class: the wave
 * @who: the ends that receive a RST
 */
struct strike {
	struct bed bed;
	struct end *a, *b, *sender, *receiver;
	struct ns *judge;
	enum class class;
	enum who who;
};

FIXTURE(reset)
{
	struct strike s;
};

FIXTURE_VARIANT(reset)
{
	enum class class;
	enum who who;
};

#define CASE(of_class, of_who)	{ .class = of_class, .who = of_who }

FIXTURE_VARIANT_ADD(reset, fin1_to_sender) CASE(FIN1, SENDER_END);
FIXTURE_VARIANT_ADD(reset, fin1_to_receiver) CASE(FIN1, RECEIVER_END);
FIXTURE_VARIANT_ADD(reset, fin1_to_both) CASE(FIN1, BOTH_ENDS);
FIXTURE_VARIANT_ADD(reset, ack1_to_sender) CASE(ACK1, SENDER_END);
FIXTURE_VARIANT_ADD(reset, ack1_to_receiver) CASE(ACK1, RECEIVER_END);
FIXTURE_VARIANT_ADD(reset, ack1_to_both) CASE(ACK1, BOTH_ENDS);
FIXTURE_VARIANT_ADD(reset, fin2_to_sender) CASE(FIN2, SENDER_END);
FIXTURE_VARIANT_ADD(reset, fin2_to_receiver) CASE(FIN2, RECEIVER_END);
FIXTURE_VARIANT_ADD(reset, fin2_to_both) CASE(FIN2, BOTH_ENDS);
FIXTURE_VARIANT_ADD(reset, ack2_to_sender) CASE(ACK2, SENDER_END);
FIXTURE_VARIANT_ADD(reset, ack2_to_receiver) CASE(ACK2, RECEIVER_END);
FIXTURE_VARIANT_ADD(reset, ack2_to_both) CASE(ACK2, BOTH_ENDS);

FIXTURE_SETUP(reset)
{
	NEED_FINJECT();
	self->s.class = variant->class;
	self->s.who = variant->who;
}

FIXTURE_TEARDOWN(reset)
{
	EXPECT_BALANCED(&self->s.bed);
}

/* Return the state in which the wave finds an end. */
static enum state state_at(const struct strike *s, const struct end *end)
{
	static const enum state of_a[] = {
		[FIN1] = FIN_WAIT1, [ACK1] = FIN_WAIT1,
		[FIN2] = FIN_WAIT2, [ACK2] = TIME_WAIT,
	};
	static const enum state of_b[] = {
		[FIN1] = ESTABLISHED, [ACK1] = CLOSE_WAIT,
		[FIN2] = LAST_ACK, [ACK2] = LAST_ACK,
	};

	return end == s->a ? of_a[s->class] : of_b[s->class];
}

static enum topology topology_of(enum place place)
{
	if (place == LO)
		return LOOPBACK;
	return place == FORWARDED || place == TRANSLATED ? ROUTER : VETH;
}

/* Set up DNAT in the router; return false if impossible. */
static bool translate(struct strike *s, int family)
{
	bool v4 = family == AF_INET;
	char command[512];

	snprintf(command, sizeof(command),
		 "nft 'table %s t { chain c { type nat hook prerouting priority -100; tcp dport %d dnat to %s; }; }'",
		 v4 ? "ip" : "ip6", NAT_PORT,
		 v4 ? "10.7.2.1:8080" : "[fd07:2::1]:8080");
	if (ns_run(s->bed.router, command))
		return false;
	addr_set(&s->bed.server, v4 ? "10.7.1.254" : "fd07:1::fe", NAT_PORT);
	return true;
}

/* Connect, and add the rule; skip the test and return false without NAT. */
static bool aim(struct __test_metadata *_metadata, struct strike *s,
		enum place place, int family)
{
	bool from_a = s->class == FIN1 || s->class == ACK2;

	bed_open(&s->bed, topology_of(place), family);
	if (place == TRANSLATED && !translate(s, family))
		SKIP(return false, "no nft, or no NAT (CONFIG_NFT_NAT)");
	bed_connect(&s->bed);
	s->a = &s->bed.a;
	s->b = &s->bed.b;
	s->sender = from_a ? s->a : s->b;
	s->receiver = from_a ? s->b : s->a;
	s->judge = s->bed.router;
	if (!s->judge)
		s->judge = place == AT_RECEIVER ? s->receiver->ns :
						  s->sender->ns;
	/* Only at forward, amid NAT, both directions have the same tuple. */
	finject_rules(s->judge, "add id=1 seg=%s pure nth=1 reset=%s%s",
		      class_names[s->class], who_names[s->who],
		      place == TRANSLATED ? " hook=forward" : "");
	return true;
}

/* Close up to the wave; the waves before it arrive. */
static void close_until(struct __test_metadata *_metadata, struct strike *s)
{
	conn_shut(s->a->fd);
	if (s->class <= ACK1)
		return;
	EXPECT_EQ(CONN_EOF, conn_read(s->b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(s->a, FIN_WAIT2));
	conn_shut(s->b->fd);
}

/* CLOSE_WAIT has read its end of data, so a write fails. A socket in TIME_WAIT
 * is closed already, and has no error.
 */
static int error_in(enum state state)
{
	if (state == TIME_WAIT)
		return 0;
	return state == CLOSE_WAIT ? EPIPE : ECONNRESET;
}

static void expect_ended(struct __test_metadata *_metadata, struct strike *s,
			 const struct end *end)
{
	enum state state = state_at(s, end);
	const char *before = paths[state];
	char path[128];

	snprintf(path, sizeof(path), "%s CLOSE",
		 *before ? before : "ESTABLISHED");
	EXPECT_TRUE(end_reaches(end, GONE));
	EXPECT_PATH(path, end);
	EXPECT_EQ(error_in(state), conn_error(end->fd));
	EXPECT_EQ(CONN_EOF, conn_read(end->fd, PATIENCE));
}

static void expect_untouched(struct __test_metadata *_metadata,
			     struct strike *s, const struct end *end)
{
	enum state state = state_at(s, end);

	EXPECT_EQ(state, end_state(end))
		TH_LOG("in %s", state_names[end_state(end)]);
	EXPECT_PATH(paths[state], end);
	EXPECT_EQ(0, conn_error(end->fd));
}

static long count(const struct strike *s, const char *name)
{
	long sum = end_count(s->a, name);

	return s->a->ns == s->b->ns ? sum : sum + end_count(s->b, name);
}

static bool told(const struct strike *s, const struct end *end)
{
	return s->who & (end == s->sender ? SENDER_END : RECEIVER_END);
}

/* Count resets of ESTABLISHED or CLOSE_WAIT (RFC 1213, tcpEstabResets). */
static long counted_resets(const struct strike *s, const struct end *end)
{
	enum state state = state_at(s, end);

	return told(s, end) && (state == ESTABLISHED || state == CLOSE_WAIT);
}

static void expect_counters(struct __test_metadata *_metadata,
			    struct strike *s)
{
	EXPECT_EQ(counted_resets(s, s->a) + counted_resets(s, s->b),
		  count(s, "EstabResets"));
	EXPECT_EQ(0, count(s, "TCPChallengeACK"));
	EXPECT_EQ(0, count(s, "TCPACKSkippedChallenge"));
	EXPECT_EQ(0, count(s, "TCPAbortOnData"));
	EXPECT_EQ(0, count(s, "TCPAbortOnClose"));
	EXPECT_EQ(0, count(s, "TCPAbortOnTimeout"));
	EXPECT_EQ(0, count(s, "InErrs"));
	/* Neither stack sent its own RST, or retransmitted. */
	EXPECT_EQ(0, count(s, "OutRsts"));
	EXPECT_EQ(0, count(s, "RetransSegs"));
}

static void expect_account(struct __test_metadata *_metadata,
			   struct strike *s)
{
	EXPECT_EQ(1, finject_rule(s->judge, 1, "fired"));
	EXPECT_EQ(1, finject_rule(s->judge, 1, "reset"));
	EXPECT_EQ(1, finject_total(s->judge, "reset"));
	EXPECT_EQ(s->who == BOTH_ENDS ? 2 : 1,
		  finject_total(s->judge, "resets"));
	EXPECT_EQ(0, finject_total(s->judge, "dropped"));
}

/* The addressed ends are closed, others unaffected, within the first RTO. */
static void expect_struck(struct __test_metadata *_metadata,
			  struct strike *s)
{
	struct end *ends[] = { s->a, s->b };
	size_t i;

	ASSERT_SOON(finject_rule(s->judge, 1, "fired") == 1);
	for (i = 0; i < 2; i++)
		if (told(s, ends[i]))
			expect_ended(_metadata, s, ends[i]);
	for (i = 0; i < 2; i++)
		if (!told(s, ends[i]))
			expect_untouched(_metadata, s, ends[i]);
}

/* The other end retransmits its FIN unless it is acknowledged, and CLOSED
 * answers.
 */
static void expect_aftermath(struct __test_metadata *_metadata,
			     struct strike *s)
{
	struct end *other = told(s, s->a) ? s->b : s->a;
	enum state state = state_at(s, other);

	if (s->who == BOTH_ENDS)
		return;
	if (state == FIN_WAIT1 || state == LAST_ACK) {
		EXPECT_TRUE(end_reaches(other, GONE));
		EXPECT_EQ(ECONNRESET, conn_error(other->fd));
		EXPECT_EQ(1, count(s, "OutRsts"));
		EXPECT_EQ(1, count(s, "RetransSegs"));
	} else {
		clock_rest(SEC);
		expect_untouched(_metadata, s, other);
		EXPECT_EQ(0, count(s, "OutRsts"));
	}
}

static void strike(struct __test_metadata *_metadata, struct strike *s,
		   enum place place, int family)
{
	if (!aim(_metadata, s, place, family))
		return;
	close_until(_metadata, s);
	expect_struck(_metadata, s);
	expect_counters(_metadata, s);
	expect_account(_metadata, s);
	expect_aftermath(_metadata, s);
}

BED_TEST(reset, at_sender_v4)
{
	strike(_metadata, &self->s, AT_SENDER, AF_INET);
}

BED_TEST(reset, at_sender_v6)
{
	strike(_metadata, &self->s, AT_SENDER, AF_INET6);
}

BED_TEST(reset, at_receiver_v4)
{
	strike(_metadata, &self->s, AT_RECEIVER, AF_INET);
}

BED_TEST(reset, at_receiver_v6)
{
	strike(_metadata, &self->s, AT_RECEIVER, AF_INET6);
}

BED_TEST(reset, over_lo_v4)
{
	strike(_metadata, &self->s, LO, AF_INET);
}

BED_TEST(reset, over_lo_v6)
{
	strike(_metadata, &self->s, LO, AF_INET6);
}

BED_TEST(reset, forwarded_v4)
{
	strike(_metadata, &self->s, FORWARDED, AF_INET);
}

BED_TEST(reset, forwarded_v6)
{
	strike(_metadata, &self->s, FORWARDED, AF_INET6);
}

BED_TEST(reset, behind_dnat_v4)
{
	strike(_metadata, &self->s, TRANSLATED, AF_INET);
}

BED_TEST(reset, behind_dnat_v6)
{
	strike(_metadata, &self->s, TRANSLATED, AF_INET6);
}

/* One connection over veth; TIME_WAIT outlives a RST (RFC 1337). */
FIXTURE(assassin)
{
	struct bed bed;
};

FIXTURE_SETUP(assassin)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
	bed_sysctl(&self->bed, "net/ipv4/tcp_rfc1337", "1");
	bed_connect(&self->bed);
}

FIXTURE_TEARDOWN(assassin)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(assassin, framed)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	struct tap tap;

	tap_open(&tap, a->ns);
	finject_rules(a->ns, "add id=1 seg=fin1 nth=1 reset=sender");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, GONE));
	EXPECT_EQ(1, tap_count(&tap, &b->local, TAP_RST));
}

BED_TEST(assassin, rfc1337)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(a->ns, "add id=1 seg=ack2 nth=1 reset=sender");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_shut(b->fd);
	EXPECT_SOON(finject_total(a->ns, "resets") == 1);
	EXPECT_EQ(LAST_ACK, end_state(b));
	/* B retransmits its FIN, and TIME_WAIT answers. */
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_PATH(PATH_PASSIVE, b);
	EXPECT_EQ(0, conn_error(b->fd));
	EXPECT_EQ(TIME_WAIT, end_state(a));
	EXPECT_EQ(2, events_count(a->ev, POST, ACK2));
}

TEST_HARNESS_MAIN
