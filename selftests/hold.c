// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold=TAG: a segment waits for an event.
 *
 * 1. a command, another rule's release=, time, or the end of the rule releases
 *    it; a write to `held` can drop it instead
 * 2. segments arrive in an order that no program can produce: a FIN overtakes
 *    data, an ACK overtakes a FIN
 * 3. the file `held`: its records and its refusals
 *
 * gather.c tests gather=.
 *
 * The rules are in A's namespace, or in the router's.
 */
#include <errno.h>
#include <sys/utsname.h>

#include "harness.h"
#include "tap.h"

/* The lateness of a hrtimer in softirq, on a host with other load. */
#define SLACK	(5 * MSEC)

FIXTURE(hold)
{
	struct bed bed;
	struct ns *judge;
	struct events *ev;
	struct tap tap;
};

FIXTURE_VARIANT(hold)
{
	enum topology topology;
	int family;
};

BED_VARIANTS(hold, veth_, .topology = VETH);
BED_VARIANTS(hold, lo_, .topology = LOOPBACK);
BED_VARIANTS(hold, router_, .topology = ROUTER);

FIXTURE_SETUP(hold)
{
	struct bed *bed = &self->bed;
	int router = variant->topology == ROUTER ? 2 : 0;

	NEED_FINJECT();
	bed_open(bed, variant->topology, variant->family);
	bed_connect(bed);
	tap_open(&self->tap, bed->b.ns);
	self->judge = &bed->ns[router];
	self->ev = &bed->ev[router];
}

FIXTURE_TEARDOWN(hold)
{
	EXPECT_BALANCED(&self->bed);
}

static bool rack_can_be_off(void)
{
	struct utsname name;
	int major, minor;

	if (uname(&name) || sscanf(name.release, "%d.%d", &major, &minor) != 2)
		fail("uname: %s", strerror(errno));
	return major < 6 || (major == 6 && minor < 17);
}

/* A FIN is processed in its turn, when the gap is filled (RFC 9293, 3.10.7.4).
 * The data follows the ACK of fin1, from CLOSE_WAIT. RACK retransmits it when
 * the FIN is acknowledged without it; RACK can be disabled before Linux 6.17.
 */
BED_TEST(hold, fin_overtakes_data)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	bed_sysctl(&self->bed, "net/ipv4/tcp_recovery", "0");
	finject_rules(self->judge, "add id=1 seg=data nth=1 hold=late\n"
		      "add id=2 seg=fin2 nth=1 pass release=late\n");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	conn_write(b->fd, "eleven byte");
	EXPECT_SOON(finject_total(self->judge, "parked") == 1);
	EXPECT_EQ(CONN_NOTHING, conn_read(a->fd, 50 * MSEC));
	conn_shut(b->fd);
	EXPECT_EQ(11, conn_read(a->fd, PATIENCE));
	EXPECT_EQ(CONN_EOF, conn_read(a->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_PATH(PATH_ACTIVE, a);
	EXPECT_PATH(PATH_PASSIVE, b);
	EXPECT_EQ(1, events_outcomes(self->ev, "released", DATA));
	EXPECT_EQ(1, end_count(a, "TCPOFOQueue"));
	EXPECT_GE(rack_can_be_off() ? 0 : 1, bed_repeats(&self->bed));
}

/* In a simultaneous close B's ACK of A's FIN overtakes B's own FIN, which then
 * carries an old ACK. Linux accepts that since 6.9 and in stable kernels with
 * 795a7dfbc3d9; others answer with a challenge ACK, and B must retransmit its
 * FIN.
 */
BED_TEST(hold, ack_overtakes_fin)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	long challenges;

	finject_rules(self->judge, "add id=1 seg=fin1 nth=1 hold=first\n"
		      "add id=2 seg=fin2 nth=1 hold=late release=first\n"
		      "add id=3 seg=ack1 pure nth=1 pass release=late\n");
	conn_shut(a->fd);
	EXPECT_SOON(finject_total(self->judge, "parked") == 1);
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_TRUE(end_reaches(b, TIME_WAIT));
	EXPECT_PATH(PATH_ACTIVE, a);
	EXPECT_PATH(PATH_SIMULTANEOUS, b);
	EXPECT_EQ(1, finject_rule(self->judge, 3, "fired"));
	EXPECT_EQ(2, finject_total(self->judge, "released"));
	challenges = end_count(a, "TCPChallengeACK");
	EXPECT_BETWEEN(0L, 1L, challenges);
	EXPECT_EQ(challenges, bed_repeats(&self->bed));
	EXPECT_EQ(1 + challenges, events_count(b->ev, POST, b->ev == self->ev ?
					       FIN2 : FIN1));
}

/* Park fin1 and two retransmissions under two tags, by three rules. */
static void park_three(struct __test_metadata *_metadata, struct end *a,
		       struct ns *judge)
{
	finject_rules(judge, "add id=1 seg=fin1 nth=1 hold=one max=900s\n"
		      "add id=2 seg=fin1 nth=2 hold=two max=800s\n"
		      "add id=3 seg=fin1 nth=3 hold=one max=700s\n"
		      "add id=4 seg=fin1 drop\n");
	conn_shut(a->fd);
	ASSERT_SOON(finject_total(judge, "parked") == 3);
}

static void held_do(struct __test_metadata *_metadata, struct ns *judge,
		    const char *command)
{
	EXPECT_EQ(0, finject_write(judge, "held", command))
		TH_LOG("%s: %s", command, finject_error(judge));
}

/* Return the nth of each fin1 with that outcome, in order, as digits. */
static unsigned int outcomes(struct events *ev, const char *outcome)
{
	unsigned int order = 0;
	size_t i;

	events_outcomes(ev, outcome, FIN1);
	for (i = 0; i < ev->count; i++)
		if (ev->list[i].kind == EVENT_OUTCOME &&
		    !strcmp(ev->list[i].verdict, outcome))
			order = order * 10 + ev->list[i].nth[FIN1];
	return order;
}

/* The write returns when all segments it selects are released. */
BED_TEST(hold, release_all)
{
	park_three(_metadata, &self->bed.a, self->judge);
	held_do(_metadata, self->judge, "release all\n");
	EXPECT_EQ(3, finject_total(self->judge, "released"));
	/* In the order in which they are due. */
	EXPECT_EQ(321, outcomes(self->ev, "released"));
	EXPECT_EQ(CONN_EOF, conn_read(self->bed.b.fd, PATIENCE));
	EXPECT_TRUE(end_reaches(&self->bed.a, FIN_WAIT2));
}

BED_TEST(hold, release_by_tag)
{
	park_three(_metadata, &self->bed.a, self->judge);
	held_do(_metadata, self->judge, "release tag=two");
	EXPECT_EQ(2, outcomes(self->ev, "released"));
	EXPECT_EQ(2, finject_total(self->judge, "parked"));
	held_do(_metadata, self->judge, "release tag=one");
	EXPECT_EQ(231, outcomes(self->ev, "released"));
	EXPECT_EQ(0, finject_total(self->judge, "parked"));
}

BED_TEST(hold, release_by_id)
{
	struct record rec;
	char command[64];

	park_three(_metadata, &self->bed.a, self->judge);
	ASSERT_EQ(1, finject_record(self->judge, "held", "parked", "nth", "3",
				    &rec));
	snprintf(command, sizeof(command), "release id=%lld\n",
		 record_num(&rec, "id"));
	held_do(_metadata, self->judge, command);
	EXPECT_EQ(3, outcomes(self->ev, "released"));
	EXPECT_EQ(2, finject_total(self->judge, "parked"));
	EXPECT_EQ(-ENOENT, finject_write(self->judge, "held", command));
}

/* A dropped segment is lost, and TCP retransmits its FIN. */
BED_TEST(hold, drop_what_is_held)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	park_three(_metadata, a, self->judge);
	held_do(_metadata, self->judge, "drop tag=one");
	EXPECT_EQ(2, finject_total(self->judge, "purged"));
	EXPECT_EQ(31, outcomes(self->ev, "purged"));
	held_do(_metadata, self->judge, "drop all");
	EXPECT_EQ(3, finject_total(self->judge, "purged"));
	EXPECT_EQ(0, finject_total(self->judge, "parked"));
	EXPECT_EQ(0, finject_total(self->judge, "released"));
	EXPECT_EQ(ESTABLISHED, end_state(b));
	EXPECT_EQ(0, events_count(b->ev, PRE, ACK2));
	finject_rules(self->judge, "flush");
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	/* On loopback the tap sees a segment only behind its first hook. */
	EXPECT_EQ(1, tap_count(&self->tap, &a->local, TAP_FIN));
}

/* Any rule may release, here one that drops; released segments follow the one
 * on which the rule fired, in the order in which they were parked.
 */
BED_TEST(hold, release_by_rule)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;

	finject_rules(self->judge,
		      "add id=1 seg=fin1 nth=1 hold=x max=900s\n"
		      "add id=2 seg=fin1 nth=2 hold=x max=100s\n"
		      "add id=3 seg=fin1 nth=3 drop release=x\n");
	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(b->fd, PATIENCE));
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	EXPECT_EQ(12, outcomes(self->ev, "released"));
	EXPECT_EQ(1, finject_total(self->judge, "dropped"));
	EXPECT_EQ(2, bed_repeats(&self->bed));
	EXPECT_EQ(2, tap_count(&self->tap, &a->local, TAP_FIN));
}

/* The end of a rule releases the segments that this rule parked. */
BED_TEST(hold, rules_end)
{
	park_three(_metadata, &self->bed.a, self->judge);
	finject_rules(self->judge, "del id=3");
	EXPECT_SOON(outcomes(self->ev, "released") == 3);
	EXPECT_EQ(2, finject_total(self->judge, "parked"));
	finject_rules(self->judge, "flush");
	EXPECT_SOON(!finject_total(self->judge, "parked"));
	EXPECT_EQ(312, outcomes(self->ev, "released"));
	EXPECT_TRUE(end_reaches(&self->bed.a, FIN_WAIT2));
}

BED_TEST(hold, at_most_what_is_said)
{
	struct end *a = &self->bed.a;

	finject_rules(self->judge, "add id=1 seg=fin1 nth=1 hold=x max=90ms");
	conn_shut(a->fd);
	EXPECT_EQ(CONN_EOF, conn_read(self->bed.b.fd, PATIENCE));
	EXPECT_BETWEEN(90 * MSEC, 90 * MSEC + SLACK, events_parked(self->ev, FIN1));
	EXPECT_EQ(0, bed_repeats(&self->bed));
}

static void expect_text(struct __test_metadata *_metadata,
			const struct record *rec, const char *key,
			const char *want)
{
	char text[128];

	EXPECT_STREQ(want, record_get(rec, key, text, sizeof(text)));
}

static void expect_held(struct __test_metadata *_metadata,
			const struct record *rec, const struct end *a)
{
	expect_text(_metadata, rec, "seg", "fin1");
	expect_text(_metadata, rec, "nth", "1");
	expect_text(_metadata, rec, "src", a->local.text);
	expect_text(_metadata, rec, "dst", a->remote.text);
	EXPECT_LE(1, record_num(rec, "id"));
	EXPECT_BETWEEN(256LL, 4096LL, record_num(rec, "bytes"));
}

BED_TEST(hold, file)
{
	struct end *a = &self->bed.a;
	bool forwarded = self->bed.router;
	struct record rec, flow;
	__u64 age;

	finject_rules(self->judge, "add id=7 seg=fin1 nth=1 hold=a.tag max=30s\n"
		      "add id=8 seg=fin1 drop\n");
	EXPECT_STREQ("", finject_read(self->judge, "held"));
	conn_shut(a->fd);
	ASSERT_SOON(finject_record(self->judge, "held", "parked", NULL, NULL,
				   &rec) == 1);
	ASSERT_EQ(1, finject_record(self->judge, "flows", "flow", "src",
				    a->local.text, &flow));
	expect_held(_metadata, &rec, a);
	expect_text(_metadata, &rec, "tag", "a.tag");
	expect_text(_metadata, &rec, "hook",
		    forwarded ? "prerouting" : "postrouting");
	EXPECT_EQ(7, record_num(&rec, "rule"));
	EXPECT_EQ(0, record_num(&rec, "copy"));
	EXPECT_EQ(record_num(&flow, "id"), record_num(&rec, "flow"));
	age = record_num(&rec, "age");
	EXPECT_EQ(30 * SEC, age + record_num(&rec, "due"));

	clock_rest(SEC);
	finject_record(self->judge, "held", "parked", NULL, NULL, &rec);
	EXPECT_BETWEEN(age + SEC, age + 2 * SEC,
		       (__u64)record_num(&rec, "age"));
	EXPECT_EQ(30 * SEC, (__u64)record_num(&rec, "age") +
			    record_num(&rec, "due"));
}

/* `held` also lists delayed segments and copies, without a tag. */
BED_TEST(hold, file_without_tag)
{
	struct end *a = &self->bed.a;
	struct record rec;

	finject_rules(self->judge,
		      "add id=1 seg=fin1 nth=1 duplicate=1 gap=10s\n"
		      "add id=2 seg=ack1 nth=1 delay=9s\n");
	conn_shut(a->fd);
	ASSERT_SOON(finject_record(self->judge, "held", "parked", NULL, NULL,
				   NULL) == 2);
	/* In the order in which they are due. */
	finject_record(self->judge, "held", "parked", NULL, NULL, &rec);
	EXPECT_EQ(2, record_num(&rec, "rule"));
	EXPECT_EQ(0, record_num(&rec, "copy"));
	expect_text(_metadata, &rec, "tag", "-");
	expect_text(_metadata, &rec, "seg", "ack1");
	expect_text(_metadata, &rec, "src", a->remote.text);
	ASSERT_EQ(1, finject_record(self->judge, "held", "parked", "copy", "1",
				    &rec));
	expect_held(_metadata, &rec, a);
	expect_text(_metadata, &rec, "tag", "-");
	held_do(_metadata, self->judge, "release all");
	EXPECT_EQ(1, finject_total(self->judge, "released"));
	EXPECT_EQ(1, finject_total(self->judge, "copies_released"));
}

static const struct {
	const char *written;
	int error;
	const char *reason;
} refusals[] = {
	{ "", -EINVAL, "held takes" },
	{ "\n", -EINVAL, "held takes" },
	{ "release", -EINVAL, "held takes" },
	{ "release ", -EINVAL, "held takes" },
	{ "drop", -EINVAL, "held takes" },
	{ "let all", -EINVAL, "held takes" },
	{ "release everything", -EINVAL, "held takes" },
	{ "release all all", -EINVAL, "held takes" },
	{ "release all\ndrop all", -EINVAL, "held takes" },
	{ "release id=", -EINVAL, "held takes" },
	{ "release id=0", -EINVAL, "held takes" },
	{ "release id=-1", -EINVAL, "held takes" },
	{ "release id=1x", -EINVAL, "held takes" },
	{ "release id=99999999999999999999", -EINVAL, "held takes" },
	{ "drop tag=", -EINVAL, "held takes" },
	{ "drop tag=-", -EINVAL, "held takes" },
	{ "drop tag=a/b", -EINVAL, "held takes" },
	{ "drop tag=0123456789012345678901234567890x", -EINVAL, "held takes" },
	{ "release tag=nobody", -ENOENT, "nothing is parked there" },
	{ "drop tag=nobody", -ENOENT, "nothing is parked there" },
	{ "release id=999", -ENOENT, "nothing is parked there" },
	{ "drop id=999", -ENOENT, "nothing is parked there" },
};

BED_TEST(hold, file_refuses)
{
	char want[512];
	size_t i;

	finject_rules(self->judge, "add id=1 seg=fin1 nth=1 hold=x\n"
		      "add id=2 seg=fin1 drop\n");
	conn_shut(self->bed.a.fd);
	ASSERT_SOON(finject_total(self->judge, "parked") == 1);
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		EXPECT_EQ(refusals[i].error,
			  finject_write(self->judge, "held",
					refusals[i].written))
			TH_LOG("written: %s", refusals[i].written);
		if (!*refusals[i].written)
			continue;
		snprintf(want, sizeof(want), "line 1: %s", refusals[i].reason);
		EXPECT_NE(NULL, strstr(finject_error(self->judge), want))
			TH_LOG("%s", finject_error(self->judge));
	}
	EXPECT_EQ(1, finject_total(self->judge, "parked"));
	EXPECT_EQ(ESTABLISHED, end_state(&self->bed.b));
	held_do(_metadata, self->judge, " release\ttag=x ");
	/* "all" is not refused when nothing is parked. */
	held_do(_metadata, self->judge, "release all");
	held_do(_metadata, self->judge, "drop all");
	EXPECT_EQ(1, finject_total(self->judge, "released"));
}

TEST_HARNESS_MAIN
