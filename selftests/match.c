// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each word of a rule matches the right segments of one and the same close: A
 * connects to port 8080 of B, A closes, B closes after its ACK.
 *
 * 1. matches, each by the list of segments on which its rule fired
 * 2. schedules, likewise
 * 3. dice: a function of the seed alone; with per=flow one roll a flow
 * 4. `why` counts the segments that met each word
 */
#include "harness.h"

FIXTURE(match)
{
	struct bed bed;
	struct end *a, *b;
};

FIXTURE_VARIANT(match)
{
	enum topology topology;
	int family;
	const struct match *cases, *more;
};

/**
 * struct match - one rule in A's namespace, and the segments it must match
 * @rule: its words, without verb and action
 * @hits: HOOK:CLASS+CLASS of each segment on which it fires, in order of time;
 *	prerouting is "in", postrouting is "out"
 */
struct match {
	const char *rule, *hits;
};

#define ALL	"out:fin1 in:ack1 in:ack1+fin2 out:ack2"
#define A_SENT	"out:fin1 out:ack2"
#define B_SENT	"in:ack1 in:ack1+fin2"

static const struct match veth_any[] = {
	{ "", ALL },
	{ "seg=fin1", "out:fin1" },
	{ "seg=ack1", B_SENT },
	{ "seg=fin2", "in:ack1+fin2" },
	{ "seg=ack2", "out:ack2" },
	{ "seg=fin", "out:fin1 in:ack1+fin2" },
	{ "seg=ack", "in:ack1 in:ack1+fin2 out:ack2" },
	{ "seg=all", ALL },
	{ "seg=rst,data,syn", "" },
	{ "seg=ack1 pure", "in:ack1" },
	{ "nth=1", ALL },
	{ "nth=2", "in:ack1+fin2" },
	{ "nth=2-", "in:ack1+fin2" },
	{ "seg=ack1 nth=1", "in:ack1" },
	{ "seg=ack1 nth=2-3", "in:ack1+fin2" },
	{ "seg=ack1 nth=3-", "" },
	{ "by=active", A_SENT },
	{ "by=passive", B_SENT },
	{ "simultaneous", "" },
	{ "dir=in", B_SENT },
	{ "dir=out", A_SENT },
	{ "hook=prerouting", B_SENT },
	{ "hook=input", "input:ack1 input:ack1+fin2" },
	{ "hook=forward", "" },
	{ "hook=output", "output:fin1 output:ack2" },
	{ "hook=postrouting", A_SENT },
	{ "sport=8080", B_SENT },
	{ "dport=8080", A_SENT },
	{ "dport=8000-8080", A_SENT },
	{ "dport=8081-9000", "" },
	{ "port=8080", ALL },
	{ "port=8079", "" },
	{ "port=80,8080,9000-9001", ALL },
	{ "dport=1,2,3,4,5,6,7,8000-8080", A_SENT },
	{ "dport=80,8079,8081-9000", "" },
	{ "sport=1024-65535 dport=8080", A_SENT },
	{ "iif=fj0", B_SENT },
	{ "oif=fj0", A_SENT },
	{ "iif=lo", "" },
	{ "oif=fj", "" },
	{ "mark=0x15", A_SENT },
	{ "mark=0x5/0xf", A_SENT },
	{ "mark=0/0x2", ALL },
	{ "mark=0x2/0x2", "" },
	{ "seg=fin1 dport=8080 dir=out oif=fj0 by=active nth=1 pure",
	  "out:fin1" },
	{ "times=2", "out:fin1 in:ack1" },
	{ "skip=1", "in:ack1 in:ack1+fin2 out:ack2" },
	{ "interval=2", "in:ack1 out:ack2" },
	{ "interval=2 times=1", "in:ack1" },
	{ "skip=3 times=1", "out:ack2" },
	{ "times=1 per=flow", "out:fin1" },
	{ "probability=0%", "" },
	{ "probability=100%", ALL },
	{ NULL, NULL },
};

static const struct match veth_v4[] = {
	{ "family=ipv4", ALL },
	{ "family=ipv6", "" },
	{ "src=10.7.1.1", A_SENT },
	{ "src=10.7.1.0/24", A_SENT },
	{ "dst=10.7.1.0/24", B_SENT },
	{ "dst=10.7.2.1/32", A_SENT },
	{ "addr=10.7.2.1", ALL },
	{ "addr=10.7.0.0/16", ALL },
	{ "addr=0.0.0.0/0", ALL },
	{ "src=10.7.1.2/31", "" },
	{ "addr=10.6.0.0/16", "" },
	{ "addr=::/0", "" },
	{ NULL, NULL },
};

static const struct match veth_v6[] = {
	{ "family=ipv6", ALL },
	{ "family=ipv4", "" },
	{ "src=fd07:1::1", A_SENT },
	{ "src=fd07:1::/32", A_SENT },
	{ "dst=fd07:1::/32", B_SENT },
	{ "addr=fd07:2::1/128", ALL },
	{ "addr=::/0", ALL },
	{ "src=fd07:1::2/127", "" },
	{ "addr=2001:db8::/32", "" },
	{ "addr=0.0.0.0/0", "" },
	{ NULL, NULL },
};

#define ALL_OUT	"out:fin1 out:ack1 out:ack1+fin2 out:ack2"
#define ALL_IN	"in:fin1 in:ack1 in:ack1+fin2 in:ack2"

static const struct match lo_any[] = {
	{ "", ALL_OUT },
	{ "dir=out", ALL_OUT },
	{ "dir=in", ALL_IN },
	{ "hook=prerouting", ALL_IN },
	{ "nth=1", ALL_OUT },
	{ "by=active", "out:fin1 out:ack2" },
	{ "iif=lo", "" },
	{ "oif=lo", ALL_OUT },
	{ "dir=in iif=lo", ALL_IN },
	{ "seg=ack1 pure", "out:ack1" },
	{ "times=1", "out:fin1" },
	{ NULL, NULL },
};

FIXTURE_VARIANT_ADD(match, veth_v4)
{
	.topology = VETH, .family = AF_INET,
	.cases = veth_any, .more = veth_v4,
};

FIXTURE_VARIANT_ADD(match, veth_v6)
{
	.topology = VETH, .family = AF_INET6,
	.cases = veth_any, .more = veth_v6,
};

BED_VARIANTS(match, lo_, .topology = LOOPBACK, .cases = lo_any);

FIXTURE_SETUP(match)
{
	NEED_FINJECT();
	bed_open(&self->bed, variant->topology, variant->family);
	self->a = &self->bed.a;
	self->b = &self->bed.b;
	bed_connect(&self->bed);
}

FIXTURE_TEARDOWN(match)
{
	EXPECT_BALANCED(&self->bed);
}

static const char *hook_of(const struct event *event)
{
	if (!strcmp(event->hook, PRE))
		return "in";
	return strcmp(event->hook, POST) ? event->hook : "out";
}

static const char *hits(struct events *ev)
{
	static char text[1024];
	size_t i, len = 0;
	char sep;
	int c;

	text[0] = '\0';
	events_faults(ev);
	for (i = 0; i < ev->count; i++) {
		const struct event *event = &ev->list[i];

		if (event->kind != EVENT_SEG || !event->rule)
			continue;
		len += sprintf(text + len, "%s%s", len ? " " : "",
			       hook_of(event));
		for (c = 0, sep = ':'; c < CLASSES; c++) {
			if (!(event->classes & 1U << c))
				continue;
			len += sprintf(text + len, "%c%s", sep, class_names[c]);
			sep = '+';
		}
	}
	return text;
}

/* Make the close that every rule is tested with; return false if it fails. */
static bool four_segments(struct bed *bed)
{
	struct end *a = &bed->a, *b = &bed->b;
	int mark = 0x15;

	setsockopt(a->fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
	conn_shut(a->fd);
	if (!end_reaches(a, FIN_WAIT2))
		return false;
	conn_close(&b->fd);
	return end_reaches(b, GONE) && end_reaches(a, TIME_WAIT);
}

static void expect_matches(struct __test_metadata *_metadata, struct bed *bed,
			   const struct match *match)
{
	for (; match && match->rule; match++) {
		bed_hangup(bed);
		finject_rules(bed->a.ns, "flush\nadd id=1 %s pass",
			      match->rule);
		bed_reconnect(bed, false);
		EXPECT_TRUE(four_segments(bed));
		EXPECT_STREQ(match->hits, hits(bed->a.ev))
			TH_LOG("on: add id=1 %s pass", match->rule);
	}
}

BED_TEST(match, words)
{
	expect_matches(_metadata, &self->bed, variant->cases);
	expect_matches(_metadata, &self->bed, variant->more);
	EXPECT_EQ(0, self->a->ev->lost);
}

/* The first rule that fires decides; a match alone does not. */
BED_TEST(match, order)
{
	finject_rules(self->a->ns,
		      "add id=1 seg=fin1 skip=9 drop\n"
		      "add id=2 seg=fin1 pass\n"
		      "add id=3 seg=fin1 drop\n");
	EXPECT_TRUE(four_segments(&self->bed));
	EXPECT_EQ(1, finject_rule(self->a->ns, 1, "matched"));
	EXPECT_EQ(0, finject_rule(self->a->ns, 1, "fired"));
	EXPECT_EQ(1, finject_rule(self->a->ns, 2, "fired"));
	EXPECT_EQ(1, finject_rule(self->a->ns, 2, "passed"));
	EXPECT_EQ(0, finject_rule(self->a->ns, 3, "matched"));
}

BED_TEST(match, half_close_data)
{
	struct end *a = self->a, *b = self->b;

	finject_rules(a->ns, "add id=1 seg=data pass");
	conn_write(a->fd, "before any FIN");
	EXPECT_EQ(14, conn_read(b->fd, PATIENCE));
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_write(b->fd, "half-closed");
	EXPECT_EQ(11, conn_read(a->fd, PATIENCE));
	EXPECT_EQ(1, finject_rule(a->ns, 1, "fired"));
}

BED_TEST(match, rst)
{
	finject_rules(self->a->ns, "add id=1 seg=rst pass");
	conn_reset(&self->a->fd);
	EXPECT_SOON(conn_error(self->b->fd));
	EXPECT_EQ(1, finject_rule(self->a->ns, 1, "fired"));
}

/* B is in TIME_WAIT when A reconnects from the same port. */
BED_TEST(match, syn)
{
	struct end *a = self->a, *b = self->b;

	finject_rules(a->ns, "add id=1 seg=syn pass");
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(b, FIN_WAIT2));
	conn_close(&a->fd);
	EXPECT_TRUE(end_reaches(b, TIME_WAIT));
	EXPECT_TRUE(end_reaches(a, GONE));
	EXPECT_EQ(0, finject_rule(a->ns, 1, "matched"));
	bed_reconnect(&self->bed, true);
	EXPECT_EQ(1, finject_rule(a->ns, 1, "fired"));
	EXPECT_TRUE(four_segments(&self->bed));
}

/*
 * Reset A's first connection, and begin the next on the same port, without a
 * rule or reader: finject sees neither.
 */
static void reuse_unseen(struct __test_metadata *_metadata, struct bed *bed)
{
	struct end *a = &bed->a;

	events_close(a->ev);
	finject_rules(a->ns, "add id=1 seg=fin1 nth=1 pass");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	EXPECT_EQ(1, finject_rule(a->ns, 1, "fired"));
	finject_rules(a->ns, "flush");
	bed_reconnect(bed, true);
}

BED_TEST(match, reused_unseen)
{
	struct end *a = self->a;

	reuse_unseen(_metadata, &self->bed);
	finject_rules(a->ns, "add id=1 seg=fin1 nth=1 drop");
	conn_shut(a->fd);
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	EXPECT_EQ(1, finject_rule(a->ns, 1, "dropped"));
}

BED_TEST(match, reused_unseen_by_the_other)
{
	struct end *a = self->a, *b = self->b;

	reuse_unseen(_metadata, &self->bed);
	finject_rules(a->ns, "add id=1 seg=fin1 dir=in nth=1 drop");
	conn_shut(b->fd);
	EXPECT_TRUE(end_reaches(b, FIN_WAIT2));
	EXPECT_EQ(1, finject_rule(a->ns, 1, "dropped"));
}

/* Close @count connections one after the other; return a letter for each: did
 * the rule fire in it?
 */
static const char *fired_in(struct bed *bed, int count)
{
	static char pattern[65];
	long long last = 0, now;
	int i;

	for (i = 0; i < count; i++) {
		bed_reconnect(bed, false);
		if (!four_segments(bed))
			fail("a close does not come off");
		now = finject_rule(bed->a.ns, 1, "fired");
		pattern[i] = now > last ? 'x' : '.';
		last = now;
	}
	pattern[i] = '\0';
	return pattern;
}

BED_TEST(match, per_flow)
{
	bed_hangup(&self->bed);
	finject_rules(self->a->ns, "add id=1 seg=fin1 skip=1 pass");
	EXPECT_STREQ(".xx", fired_in(&self->bed, 3));
	finject_rules(self->a->ns,
		      "flush\nadd id=1 seg=fin times=1 per=flow pass");
	EXPECT_STREQ("xxx", fired_in(&self->bed, 3));
	EXPECT_EQ(3, finject_rule(self->a->ns, 1, "fired"));
	finject_rules(self->a->ns, "flush\nadd id=1 seg=fin times=1 pass");
	EXPECT_STREQ("x..", fired_in(&self->bed, 3));
}

BED_TEST(match, dice)
{
	char first[65];

	bed_hangup(&self->bed);
	finject_rules(self->a->ns,
		      "add id=1 seg=fin1 probability=50%% seed=7 pass");
	strcpy(first, fired_in(&self->bed, 32));
	/* 32 fair throws are outside once in fifty thousand seeds. */
	EXPECT_BETWEEN(5LL, 27LL, finject_rule(self->a->ns, 1, "fired"));

	finject_rules(self->a->ns,
		      "flush\nadd id=1 seg=fin1 probability=50%% seed=7 pass");
	EXPECT_STREQ(first, fired_in(&self->bed, 32));
	finject_rules(self->a->ns,
		      "flush\nadd id=1 seg=fin1 probability=50%% seed=8 pass");
	EXPECT_STRNE(first, fired_in(&self->bed, 32));
}

/* Each connection is met wholly or not at all, some of them either way. */
BED_TEST(match, dice_per_flow)
{
	long long last = 0, now, whole = 0;
	int i;

	bed_hangup(&self->bed);
	finject_rules(self->a->ns,
		      "add id=1 probability=50%% per=flow seed=7 pass");
	for (i = 0; i < 16; i++, last = now) {
		bed_reconnect(&self->bed, false);
		EXPECT_TRUE(four_segments(&self->bed));
		now = finject_rule(self->a->ns, 1, "fired");
		EXPECT_TRUE(now == last || now == last + 4)
			TH_LOG("close %d: %lld of 4", i, now - last);
		whole += now > last;
	}
	/* 16 fair throws are outside once in two thousand seeds. */
	EXPECT_BETWEEN(2LL, 14LL, whole);
}

/* Get how many segments came to a word of a rule, and how many met it. */
static const char *why(const struct ns *ns, const char *text)
{
	static char counts[64];
	struct record rec;

	if (!finject_record(ns, "why", "word", "text", text, &rec))
		return "no such word";
	sprintf(counts, "%lld of %lld", record_num(&rec, "met"),
		record_num(&rec, "asked"));
	return counts;
}

BED_TEST(match, why_words)
{
	const struct ns *ns = self->a->ns;
	struct record rec;

	if (variant->topology == LOOPBACK)
		SKIP(return, "each segment comes twice");
	finject_rules(ns,
		      "add id=1 seg=fin1,ack2 dport=8080 by=active mark=0x99 drop\n"
		      "add id=2 seg=ack1 pure iif=fj0 interval=7 drop\n"
		      "add id=3 seg=rst times=9 drop\n"
		      "add id=4 seg=fin2 nth=1 dir=in skip=0 times=1 pass\n");
	EXPECT_TRUE(four_segments(&self->bed));

	EXPECT_STREQ("2 of 4", why(ns, "dport=8080"));
	EXPECT_STREQ("2 of 2", why(ns, "seg=fin1,ack2"));
	EXPECT_STREQ("2 of 2", why(ns, "by=active"));
	EXPECT_STREQ("0 of 2", why(ns, "mark=0x99"));
	EXPECT_STREQ("2 of 4", why(ns, "iif=fj0"));
	EXPECT_STREQ("2 of 2", why(ns, "seg=ack1"));
	EXPECT_STREQ("1 of 2", why(ns, "pure"));
	EXPECT_STREQ("0 of 1", why(ns, "interval=7"));
	EXPECT_STREQ("0 of 4", why(ns, "seg=rst"));
	EXPECT_STREQ("0 of 0", why(ns, "times=9"));
	EXPECT_STREQ("1 of 1", why(ns, "dir=in"));
	EXPECT_STREQ("1 of 1", why(ns, "nth=1"));
	EXPECT_STREQ("1 of 1", why(ns, "times=1"));

	EXPECT_TRUE(finject_record(ns, "why", "rule", "id", "1", &rec));
	EXPECT_EQ(4, record_num(&rec, "looked"));
	EXPECT_EQ(0, record_num(&rec, "matched"));
	EXPECT_TRUE(finject_record(ns, "why", "rule", "id", "4", &rec));
	EXPECT_EQ(4, record_num(&rec, "looked"));
	EXPECT_EQ(1, record_num(&rec, "fired"));

	EXPECT_EQ(0, finject_write(ns, "stats", "zero"));
	EXPECT_STREQ("0 of 0", why(ns, "seg=fin1,ack2"));
}

/* Write rules that no segment here matches, each with a key of its own. */
static void add_strangers(const struct ns *ns, int count)
{
	char line[64];
	int i;

	for (i = 0; i < count; i++) {
		sprintf(line, "add id=%d seg=all port=%d drop", 1000 + i,
			20000 + i);
		finject_rules(ns, line);
	}
}

/*
 * Beside many rules not each is asked about each segment. That must not show: in
 * which of two decides, nor in what they counted, also of sets before this one.
 */
BED_TEST(match, beside_many_rules)
{
	const struct ns *ns = self->a->ns;
	struct record rec;
	int round;

	if (variant->topology == LOOPBACK)
		SKIP(return, "each segment comes twice");
	add_strangers(ns, 30);
	finject_rules(ns, "add id=1 seg=ack1 dport=8080,9 sport=1-65535 drop\n"
			  "add id=2 seg=ack1 pure iif=fj0 pass\n"
			  "add id=3 seg=ack1,rst nth=1 drop\n"
			  "add id=4 seg=fin2,rst by=passive mark=0x99 drop\n"
			  "add id=5 port=7 seg=fin1 drop\n");
	EXPECT_TRUE(four_segments(&self->bed));

	for (round = 0; round < 2; round++) {
		EXPECT_EQ(1, finject_rule(ns, 2, "fired"));
		EXPECT_EQ(0, finject_rule(ns, 3, "fired"));
		EXPECT_STREQ("2 of 4", why(ns, "dport=8080,9"));
		EXPECT_STREQ("2 of 4", why(ns, "iif=fj0"));
		EXPECT_STREQ("1 of 3", why(ns, "seg=ack1,rst"));
		EXPECT_STREQ("0 of 3", why(ns, "mark=0x99"));
		EXPECT_STREQ("0 of 0", why(ns, "seg=fin2,rst"));
		EXPECT_STREQ("0 of 3", why(ns, "port=7"));
		EXPECT_STREQ("0 of 4", why(ns, "port=20029"));
		finject_rules(ns, "add id=9 seg=rst drop");
	}
	EXPECT_TRUE(finject_record(ns, "why", "rule", "id", "9", &rec));
	EXPECT_EQ(0, record_num(&rec, "looked"));
	EXPECT_EQ(0, finject_write(ns, "stats", "zero"));
	EXPECT_STREQ("0 of 0", why(ns, "port=7"));
}

/* A close that no rule concerns is not tracked, but counted and shown. */
BED_TEST(match, why_others)
{
	const struct ns *ns = self->a->ns;
	struct record rec;
	char text[64];

	if (variant->topology == LOOPBACK)
		SKIP(return, "each segment comes twice");
	events_close(self->a->ev);
	finject_rules(ns, "add id=1 seg=fin1 dport=8079 drop\n"
			  "add id=2 seg=fin1 sport=1 drop\n");
	EXPECT_TRUE(finject_record(ns, "why", "net", "here", "1", &rec));
	EXPECT_EQ(0, record_num(&rec, "others"));
	conn_shut(self->a->fd);
	EXPECT_TRUE(end_reaches(self->a, FIN_WAIT2));
	EXPECT_TRUE(finject_record(ns, "why", "net", "here", "1", &rec));
	EXPECT_EQ(1, record_num(&rec, "others"));
	EXPECT_EQ(0, record_num(&rec, "seen"));
	EXPECT_STREQ("postrouting", record_get(&rec, "hook", text, sizeof(text)));
	record_get(&rec, "dst", text, sizeof(text));
	EXPECT_STREQ(":8080", strrchr(text, ':'));
	EXPECT_TRUE(finject_record(ns, "why", "rule", "id", "1", &rec));
	EXPECT_EQ(0, record_num(&rec, "looked"));
	EXPECT_STREQ("dport", record_get(&rec, "other", text, sizeof(text)));
	EXPECT_TRUE(finject_record(ns, "why", "rule", "id", "2", &rec));
	EXPECT_STREQ("sport", record_get(&rec, "other", text, sizeof(text)));
}

TEST_HARNESS_MAIN
