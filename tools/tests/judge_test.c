// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge on closes written by hand: each differs from a correct one as the
 * name of the expected rule says.
 */
#include <stdio.h>
#include <string.h>

#include "judge.h"

#define MS 1000000ULL
#define S 1000000000ULL

static int failures, cases;

static void expect(const char *name, const struct judge_event *event,
		   size_t count, u64 until, const char *rule)
{
	struct judge_end end = {
		.event = event,
		.count = count,
		.until = until,
		.whole = true,
		.peer_fin = true,
		.peer_fin_end = 501,
	};
	struct judge_verdict verdict = judge(&end);
	const char *found = verdict.rule ? verdict.rule->name : "ok";

	cases++;
	if (!strcmp(found, rule))
		return;
	failures++;
	printf("%s: %s, not %s\n", name, found, rule);
}

#define EXPECT(name, event, until, rule) \
	expect(name, event, sizeof(event) / sizeof((event)[0]), until, rule)

#define SEND(at, number, after, acks, bits) \
	{ .kind = JUDGE_SENT, .t = (at), .seq = (number), .end = (after), \
	  .ack = (acks), .flags = (bits) }
#define COME(at, number, after, acks, bits) \
	{ .kind = JUDGE_CAME, .t = (at), .seq = (number), .end = (after), \
	  .ack = (acks), .flags = (bits) }
#define TURN(at, a, b) \
	{ .kind = JUDGE_STATE, .t = (at), .from = STATE_##a, .to = STATE_##b }

/* The active closer: its numbers from 100, the other end's FIN is 500. */
#define OWN_FIN(at) SEND(at, 100, 101, 500, FLAG_FIN | FLAG_ACK)
#define ITS_ACK(at) COME(at, 500, 500, 101, FLAG_ACK)
#define ITS_FIN(at) COME(at, 500, 501, 101, FLAG_FIN | FLAG_ACK)
#define OWN_ACK(at) SEND(at, 101, 101, 501, FLAG_ACK)

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

int main(void)
{
	test_active();
	test_passive();
	test_sent();
	test_silence();
	printf("judge: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
