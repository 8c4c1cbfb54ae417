// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge on closes written by hand: each differs from a correct one as the
 * name of the expected rule says.
 */
#include "judge_cases.h"

static struct judge_end end_of(const struct judge_event *event, size_t count,
			       u64 until)
{
	return (struct judge_end){
		.event = event,
		.count = count,
		.until = until,
		.whole = true,
		.late = true,
		.witnessed = true,
		.peer_fin = true,
		.peer_fin_end = 501,
	};
}

static enum judge_result result_of(const char *rule)
{
	if (!strcmp(rule, "ok"))
		return JUDGE_OK;
	return strcmp(rule, "unfinished") ? JUDGE_DEPARTS : JUDGE_UNDECIDED;
}

static void expect(const char *name, const struct judge_event *event,
		   size_t count, u64 until, const char *rule)
{
	struct judge_end end = end_of(event, count, until);

	expect_end(name, &end, result_of(rule), rule, NULL);
}

#define EXPECT(name, event, until, rule) \
	expect(name, event, sizeof(event) / sizeof((event)[0]), until, rule)

static void expect_as(const char *name, const struct judge_event *event,
		      size_t count, u64 until, enum judge_result result,
		      const char *rule, const char *note)
{
	struct judge_end end = end_of(event, count, until);

	expect_end(name, &end, result, rule, note);
}

#define EXPECT_AS(name, event, until, result, rule, note) \
	expect_as(name, event, sizeof(event) / sizeof((event)[0]), until, \
		  JUDGE_##result, rule, note)

static void test_active(void)
{
	const struct judge_event right[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2), ITS_FIN(S), OWN_ACK(S + 1),
		TURN(S + 2, FIN_WAIT2, CLOSED),
	};
	const struct judge_event unasked[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		TURN(21, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event finless[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event stateless_fin[] = {
		OWN_FIN(11), ITS_ACK(20), TURN(21, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event deaf[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		OWN_FIN(200 * MS),
	};
	const struct judge_event no_edge[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, LAST_ACK),
	};
	const struct judge_event crossed[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		COME(12, 500, 501, 100, FLAG_FIN | FLAG_ACK), OWN_ACK(13),
		TURN(14, FIN_WAIT1, CLOSING), COME(20, 501, 501, 101, FLAG_ACK),
		TURN(21, CLOSING, CLOSED),
	};

	EXPECT("active", right, 5 * S, "ok");
	EXPECT("FIN_WAIT2 unasked", unasked, 5 * S, "ack-first");
	EXPECT("FIN_WAIT2 without FIN", finless, 5 * S, "own-fin");
	EXPECT("a FIN in ESTABLISHED", stateless_fin, 5 * S, "fin-state");
	EXPECT("an ACK is not heard", deaf, 5 * S, "ack-ignored");
	EXPECT("FIN_WAIT1 to LAST_ACK", no_edge, 5 * S, "edge");
	EXPECT("simultaneous", crossed, 5 * S, "ok");
}

static void test_passive(void)
{
	const struct judge_event right[] = {
		COME(10, 500, 501, 100, FLAG_FIN | FLAG_ACK),
		TURN(11, ESTABLISHED, CLOSE_WAIT),
		SEND(40 * MS, 100, 100, 501, FLAG_ACK),
		TURN(S, CLOSE_WAIT, LAST_ACK),
		SEND(S + 1, 100, 101, 501, FLAG_FIN | FLAG_ACK),
		COME(S + 9, 501, 501, 101, FLAG_ACK),
		TURN(S + 10, LAST_ACK, CLOSED),
		COME(3 * S, 501, 501, 101, FLAG_ACK),
		SEND(3 * S + 1, 101, 101, 0, FLAG_RST),
	};
	const struct judge_event mute[] = {
		COME(10, 500, 501, 100, FLAG_FIN | FLAG_ACK),
		TURN(11, ESTABLISHED, CLOSE_WAIT),
		TURN(S, CLOSE_WAIT, LAST_ACK),
		SEND(S + 1, 100, 101, 501, FLAG_FIN | FLAG_ACK),
	};
	const struct judge_event hasty[] = {
		COME(10, 500, 501, 100, FLAG_FIN | FLAG_ACK),
		TURN(11, ESTABLISHED, CLOSE_WAIT),
		TURN(12, CLOSE_WAIT, LAST_ACK),
		SEND(13, 100, 101, 501, FLAG_FIN | FLAG_ACK),
		TURN(14, LAST_ACK, CLOSED),
	};
	const struct judge_event gave_up[] = {
		COME(10, 500, 501, 100, FLAG_FIN | FLAG_ACK),
		TURN(11, ESTABLISHED, CLOSE_WAIT),
		TURN(12, CLOSE_WAIT, LAST_ACK),
		SEND(13, 100, 101, 501, FLAG_FIN | FLAG_ACK),
		SEND(200 * MS, 100, 101, 501, FLAG_FIN | FLAG_ACK),
		TURN(600 * MS, LAST_ACK, CLOSED),
	};
	const struct judge_event again[] = {
		COME(10, 500, 501, 100, FLAG_FIN | FLAG_ACK),
		TURN(11, ESTABLISHED, CLOSE_WAIT),
		SEND(12, 100, 100, 501, FLAG_ACK),
		COME(300 * MS, 500, 501, 100, FLAG_FIN | FLAG_ACK),
	};
	const struct judge_event unasked[] = {
		TURN(11, ESTABLISHED, CLOSE_WAIT),
	};

	EXPECT("passive", right, 5 * S, "ok");
	EXPECT("the FIN is not acknowledged", mute, 5 * S, "fin-unanswered");
	expect("so it may be later", mute, 2, 400 * MS, "ok");
	EXPECT("closed at once", hasty, 5 * S, "end");
	EXPECT("gave up", gave_up, 5 * S, "ok");
	EXPECT("the FIN comes again", again, 5 * S, "fin-repeated");
	EXPECT("CLOSE_WAIT unasked", unasked, 5 * S, "fin-first");
}

static void test_sent(void)
{
	const struct judge_event beyond[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1),
		SEND(11, 100, 101, 502, FLAG_FIN | FLAG_ACK),
	};
	const struct judge_event unheard[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1),
		SEND(11, 100, 101, 501, FLAG_FIN | FLAG_ACK),
	};
	const struct judge_event back[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SEND(200 * MS, 100, 101, 499, FLAG_FIN | FLAG_ACK),
	};
	const struct judge_event moved[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SEND(200 * MS, 101, 102, 500, FLAG_FIN | FLAG_ACK),
	};
	const struct judge_event behind[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SEND(12, 101, 111, 500, FLAG_ACK),
	};
	const struct judge_event bare[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1),
		SEND(11, 100, 101, 0, FLAG_FIN),
	};
	const struct judge_event reset[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		COME(12, 500, 500, 0, FLAG_RST),
		TURN(13, FIN_WAIT1, CLOSED),
	};
	const struct judge_event wrong_rst[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SEND(12, 7000, 7000, 0, FLAG_RST), TURN(13, FIN_WAIT1, CLOSED),
	};

	EXPECT("an ACK beyond the FIN", beyond, 5 * S, "ack-beyond");
	EXPECT("an ACK of a FIN to come", unheard, 5 * S, "ack-unheard");
	EXPECT("an ACK of less", back, 5 * S, "ack-back");
	EXPECT("another FIN", moved, 5 * S, "fin-moved");
	EXPECT("data behind the FIN", behind, 5 * S, "behind-fin");
	EXPECT("a FIN without ACK", bare, 5 * S, "no-ack");
	EXPECT("reset", reset, 5 * S, "ok");
	EXPECT("a RST from nowhere", wrong_rst, 5 * S, "rst-seq");
}

static void test_silence(void)
{
	const struct judge_event doubling[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		OWN_FIN(200 * MS), OWN_FIN(600 * MS), OWN_FIN(1400 * MS),
		OWN_FIN(3 * S), TURN(6200 * MS, FIN_WAIT1, CLOSED),
	};
	const struct judge_event skipping[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		OWN_FIN(200 * MS), OWN_FIN(600 * MS), OWN_FIN(1400 * MS),
		OWN_FIN(6200 * MS), TURN(12600 * MS, FIN_WAIT1, CLOSED),
	};
	/* the data before it, missing at the other end, in a burst */
	const struct judge_event burst[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SEND(12, 80, 90, 500, FLAG_ACK), SEND(13, 90, 100, 500, FLAG_ACK),
		OWN_FIN(800 * MS), ITS_ACK(900 * MS),
		TURN(900 * MS + 1, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event silent[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
	};

	EXPECT("retransmissions", doubling, 20 * S, "ok");
	EXPECT("one is missing", skipping, 20 * S, "rtx-missing");
	EXPECT("others in a burst", burst, 20 * S, "ok");
	EXPECT("none yet", silent, 20 * S, "unfinished");
	EXPECT("none at all", silent, 200 * S, "rtx-missing");
}

/* What an end is allowed, and a log shows in a strange way. */
static void test_allowed(void)
{
	const struct judge_event aborted[] = {
		ITS_FIN(10), TURN(11, ESTABLISHED, CLOSE_WAIT),
		TURN(12, CLOSE_WAIT, LAST_ACK), SEND(13, 100, 101, 501, FIN),
		SHUT(14, LAST_ACK, CLOSED, BY_USER),
	};
	const struct judge_event repaired[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SHUT(12, FIN_WAIT1, CLOSED, BY_USER),
	};
	const struct judge_event connects[] = {
		ITS_FIN(10), TURN(11, ESTABLISHED, CLOSE_WAIT),
		TURN(12, CLOSE_WAIT, LAST_ACK), SEND(13, 100, 101, 501, FIN),
		TURN(20, CLOSED, SYN_SENT), TURN(21, SYN_SENT, CLOSED),
		COME(30, 501, 501, 101, ACK), TURN(31, LAST_ACK, CLOSED),
	};
	const struct judge_event challenge[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2),
		COME(30, 9000, 9001, 0, FLAG_SYN),
		SEND(31, 101, 101, 500, ACK), ITS_FIN(S), OWN_ACK(S + 1),
		TURN(S + 2, FIN_WAIT2, TIME_WAIT),
	};
	const struct judge_event replaced[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2),
		SEND(30, 9000, 9001, 0, FLAG_SYN), OWN_FIN(S),
	};
	const struct judge_event on_syn[] = {
		COME(5, 499, 501, 90, FLAG_SYN | FIN),
		SEND(6, 100, 100, 500, ACK),
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2), ITS_FIN(S), OWN_ACK(S + 1),
		TURN(S + 2, FIN_WAIT2, TIME_WAIT),
	};

	const struct judge_event opened[] = {
		TURN(1, CLOSED, SYN_SENT), SEND(2, 99, 100, 0, FLAG_SYN),
		TURN(3, SYN_SENT, ESTABLISHED),
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2), ITS_FIN(S), OWN_ACK(S + 1),
		TURN(S + 2, FIN_WAIT2, TIME_WAIT),
	};

	const struct judge_event late[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2), ITS_FIN(S), OWN_ACK(S + 1),
		TURN(S + 2, FIN_WAIT2, TIME_WAIT), ITS_FIN(62 * S),
		SHUT(62 * S + 1, TIME_WAIT, CLOSED, BY_TIMER),
		SEND(62 * S + 2, 101, 101, 0, RST),
	};

	EXPECT("TIME_WAIT recorded late", late, 65 * S, "ok");
	EXPECT("its own SYN", opened, 5 * S, "ok");
	EXPECT("ABORT in LAST_ACK", aborted, 5 * S, "ok");
	EXPECT_AS("ABORT without RST", repaired, 5 * S, UNDECIDED, "unreset",
		  NULL);
	EXPECT("connect() meanwhile", connects, 5 * S, "ok");
	EXPECT("a challenge ACK", challenge, 5 * S, "ok");
	EXPECT_AS("a SYN of its own", replaced, 5 * S, UNDECIDED, "reused",
		  NULL);
	EXPECT("a FIN on the SYN-ACK", on_syn, 5 * S, "ok");
}

/* A log that does not show the beginning. */
static void test_late(void)
{
	const struct judge_event waits[] = {
		ITS_FIN(10), OWN_ACK(11), TURN(12, FIN_WAIT2, TIME_WAIT),
	};
	const struct judge_event last[] = {
		SEND(10, 100, 101, 501, FIN), COME(20, 501, 501, 101, ACK),
		TURN(21, LAST_ACK, CLOSED),
	};
	const struct judge_event whole[] = {
		OWN_FIN(11), ITS_ACK(20), TURN(21, FIN_WAIT1, FIN_WAIT2),
	};

	EXPECT_AS("from FIN_WAIT2 on", waits, 5 * S, UNDECIDED, "begun", NULL);
	EXPECT_AS("from LAST_ACK on", last, 5 * S, UNDECIDED, "begun", NULL);
	EXPECT("a change is missing", whole, 5 * S, "fin-state");
}

/* Nobody saw the other end's socket send these: they may be malformed. */
static void test_unwitnessed(void)
{
	const struct judge_event once[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		OWN_FIN(200 * MS), ITS_ACK(2 * S),
		TURN(2 * S + 1, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event thrice[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		ITS_ACK(21), ITS_ACK(22),
	};
	struct judge_end end = end_of(once, COUNT(once), 5 * S);

	end.witnessed = false;
	expect_end("an ACK with a bad checksum", &end, JUDGE_UNDECIDED,
		   "ack-ignored", NULL);
	end.event = thrice;
	end.count = COUNT(thrice);
	expect_end("three of them", &end, JUDGE_DEPARTS, "ack-ignored", NULL);
}

static void test_no_route(void)
{
	const struct judge_event cut_off[] = {
		ITS_FIN(10), TURN(11, ESTABLISHED, CLOSE_WAIT),
		ITS_FIN(200 * MS), ITS_FIN(600 * MS),
	};
	const struct judge_event mute[] = {
		ITS_FIN(10), TURN(11, ESTABLISHED, CLOSE_WAIT),
		ITS_FIN(S), ITS_FIN(2 * S), SEND(3 * S, 100, 100, 501, ACK),
	};

	EXPECT_AS("no route for the ACK", cut_off, 5 * S, UNDECIDED,
		  "unreached", NULL);
	EXPECT("a route, and no ACK", mute, 5 * S, "fin-unanswered");
}

static void test_place(void)
{
	const struct judge_event in_place[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		SEND(200 * MS, 100, 101, 500, ACK),
	};
	const struct judge_event before_data[] = {
		SEND(5, 100, 120, 500, ACK),
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
	};

	const struct judge_event rst[] = {
		ITS_FIN(10), TURN(11, ESTABLISHED, CLOSE_WAIT),
		SEND(20, 90, 90, 501, ACK), SEND(30, 90, 100, 501, ACK),
		SEND(S, 100, 100, 0, RST), TURN(S + 1, CLOSE_WAIT, CLOSED),
	};
	const struct judge_event far_rst[] = {
		ITS_FIN(10), TURN(11, ESTABLISHED, CLOSE_WAIT),
		SEND(20, 90, 90, 501, ACK), SEND(S, 7000, 7000, 0, RST),
		TURN(S + 1, CLOSE_WAIT, CLOSED),
	};

	EXPECT("a RST at SND.NXT", rst, 5 * S, "ok");
	EXPECT("a RST from nowhere, and no FIN", far_rst, 5 * S, "rst-seq");
	EXPECT("an octet in the FIN's place", in_place, 5 * S, "fin-place");
	EXPECT("a FIN before the data", before_data, 5 * S, "behind-fin");
}

static void test_overflow(void)
{
	const struct judge_event full[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2), ITS_FIN(S), OWN_ACK(S + 1),
		SHUT(S + 2, FIN_WAIT2, CLOSED, BY_STACK),
		ITS_FIN(S + 200 * MS),
		SEND(S + 200 * MS + 1, 101, 101, 0, RST),
	};
	const struct judge_event orphan[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2),
		SHUT(22, FIN_WAIT2, CLOSED, BY_STACK),
	};

	EXPECT_AS("no TIME_WAIT, then a RST", full, 5 * S, DEPARTS,
		  "wait-missing", "overflow");
	EXPECT_AS("no FIN_WAIT2 for an orphan", orphan, 5 * S, OK, "ok",
		  "overflow");
}

/* Told, and no departure. */
static void test_notes(void)
{
	const struct judge_event wait2[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2),
		SHUT(60 * S, FIN_WAIT2, CLOSED, BY_TIMER),
	};
	const struct judge_event gave_up[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11),
		OWN_FIN(200 * MS), SHUT(S, FIN_WAIT1, CLOSED, BY_TIMEOUT),
	};
	const struct judge_event constant[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), OWN_FIN(S),
		OWN_FIN(2 * S), OWN_FIN(3 * S), OWN_FIN(4 * S),
		ITS_ACK(4 * S + 1), TURN(4 * S + 2, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event shrinks[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), OWN_FIN(S),
		OWN_FIN(3 * S), OWN_FIN(7 * S), OWN_FIN(9 * S),
		ITS_ACK(9 * S + 1), TURN(9 * S + 2, FIN_WAIT1, FIN_WAIT2),
	};
	const struct judge_event hole[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), SEND(11, 100, 101, 480, FIN),
		COME(20, 480, 480, 101, ACK), TURN(21, FIN_WAIT1, FIN_WAIT2),
		STOP(30, 480, 490, 101, ACK), SEND(40, 101, 101, 490, ACK),
	};
	const struct judge_event stays[] = {
		TURN(10, ESTABLISHED, FIN_WAIT1), OWN_FIN(11), ITS_ACK(20),
		TURN(21, FIN_WAIT1, FIN_WAIT2), ITS_FIN(S), OWN_ACK(S + 1),
		TURN(S + 2, FIN_WAIT2, TIME_WAIT), COME(2 * S, 501, 501, 0, RST),
	};

	EXPECT_AS("FIN_WAIT2 times out", wait2, 90 * S, OK, "ok",
		  "fin-wait2-timeout");
	EXPECT_AS("given up", gave_up, 5 * S, OK, "ok", "gave-up");
	EXPECT_AS("a constant RTO", constant, 5 * S, OK, "ok", "rto-constant");
	EXPECT_AS("a shrinking RTO", shrinks, 10 * S, OK, "ok", "rto-shrinks");
	EXPECT_AS("an ACK over a hole", hole, 5 * S, OK, "ok", "ack-hole");
	EXPECT_AS("a RST in TIME_WAIT", stays, 5 * S, OK, "ok", "rst-in-wait");
}

int main(void)
{
	test_active();
	test_passive();
	test_sent();
	test_silence();
	test_allowed();
	test_late();
	test_unwitnessed();
	test_no_route();
	test_place();
	test_overflow();
	test_notes();
	printf("judge: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
