// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge on an end that was seen from elsewhere: what proves a departure
 * wherever it was seen, and what a loss that nobody saw explains as well.
 */
#include "judge_cases.h"

static struct judge_end end_of(const struct judge_event *event, size_t count,
			       u64 until, enum judge_place place)
{
	return (struct judge_end){
		.event = event,
		.count = count,
		.place = place,
		.until = until,
		.whole = true,
		.peer_fin = true,
		.peer_fin_end = 501,
	};
}

static void expect(const char *name, const struct judge_event *event,
		   size_t count, u64 until, enum judge_result result,
		   const char *rule, const char *note)
{
	struct judge_end end = end_of(event, count, until, JUDGE_FAR);

	expect_end(name, &end, result, rule, note);
}

#define EXPECT(name, event, until, result, rule, note) \
	expect(name, event, sizeof(event) / sizeof((event)[0]), until, \
	       JUDGE_##result, rule, note)

static void test_right(void)
{
	const struct judge_event active[] = {
		OWN_FIN(10), ITS_ACK(20), ITS_FIN(S), OWN_ACK(S + 1),
	};
	const struct judge_event passive[] = {
		COME(10, 500, 501, 100, FIN), SEND(20, 100, 100, 501, ACK),
		SEND(S, 100, 101, 501, FIN), COME(S + 1, 501, 501, 101, ACK),
		COME(9 * S, 501, 501, 101, ACK), SEND(9 * S + 1, 101, 101, 0, RST),
	};
	/* its ACK and FIN are late or twice, and overtake each other */
	const struct judge_event late[] = {
		OWN_FIN(10), ITS_ACK(20), ITS_FIN(S), OWN_ACK(S + 1),
		OWN_FIN(4 * S), SEND(5 * S, 101, 101, 500, ACK),
		OWN_ACK(6 * S), OWN_FIN(7 * S),
	};
	/* the ACK went on to it and was lost there */
	const struct judge_event lost[] = {
		OWN_FIN(10), ITS_ACK(20), OWN_FIN(S), ITS_ACK(S + 1),
		OWN_FIN(3 * S), ITS_ACK(3 * S + 1),
	};
	const struct judge_event reset[] = {
		OWN_FIN(10), COME(20, 500, 500, 0, RST),
	};

	EXPECT("active", active, 5 * S, OK, "ok", NULL);
	EXPECT("passive", passive, 20 * S, OK, "ok", NULL);
	EXPECT("late copies", late, 20 * S, OK, "ok", NULL);
	EXPECT("its ACKs lost beyond", lost, 20 * S, OK, "ok", NULL);
	EXPECT("reset", reset, 200 * S, OK, "ok", NULL);
}

static void test_numbers(void)
{
	const struct judge_event beyond[] = { SEND(10, 100, 101, 502, FIN) };
	const struct judge_event bare[] = { SEND(10, 100, 101, 0, FLAG_FIN) };
	const struct judge_event moved[] = {
		OWN_FIN(10), SEND(20, 101, 102, 500, FIN),
	};
	const struct judge_event behind[] = {
		OWN_FIN(10), SEND(20, 101, 111, 500, ACK),
	};
	const struct judge_event in_place[] = {
		OWN_FIN(10), SEND(20, 100, 101, 500, ACK),
	};
	const struct judge_event unheard[] = { OWN_FIN(10), OWN_ACK(20) };
	struct judge_end end = end_of(beyond, 1, S, JUDGE_BLIND);

	EXPECT("an ACK beyond the FIN", beyond, S, DEPARTS, "ack-beyond", NULL);
	EXPECT("a FIN without ACK", bare, S, DEPARTS, "no-ack", NULL);
	EXPECT("another FIN", moved, S, DEPARTS, "fin-moved", NULL);
	EXPECT("data behind the FIN", behind, S, DEPARTS, "behind-fin", NULL);
	EXPECT("data as FIN", in_place, S, DEPARTS, "fin-place", NULL);
	EXPECT("an ACK of no FIN", unheard, S, DEPARTS, "ack-unheard", NULL);
	expect_end("inside, without states", &end, JUDGE_DEPARTS, "ack-beyond",
		   NULL);
	end = end_of(unheard, COUNT(unheard), S, JUDGE_FAR);
	end.whole = false;
	expect_end("its FIN may be earlier", &end, JUDGE_UNDECIDED,
		   "unfinished", NULL);
	end = end_of(unheard, COUNT(unheard), S, JUDGE_BLIND);
	expect_end("what came is not known", &end, JUDGE_UNDECIDED,
		   "stateless", NULL);
}

/* Its ACK number shows that it has taken a segment that acknowledges its FIN. */
static void test_taken(void)
{
	const struct judge_event taken[] = {
		OWN_FIN(10), ITS_FIN(20), SEND(S, 100, 101, 501, FIN),
	};
	const struct judge_event before[] = {
		OWN_FIN(10), COME(15, 500, 501, 100, FIN), ITS_FIN(20),
		SEND(S, 100, 101, 501, FIN), COME(S + 1, 501, 501, 101, ACK),
	};

	EXPECT("a FIN after its ACK", taken, 5 * S, DEPARTS, "rtx-acked", NULL);
	EXPECT("it has the FIN without ACK", before, 5 * S, OK, "ok", NULL);
}

static void test_silence(void)
{
	const struct judge_event rst[] = {
		OWN_FIN(10), SEND(16 * S, 101, 101, 0, RST),
	};
	const struct judge_event asked[] = {
		OWN_FIN(10), COME(16 * S, 500, 510, 100, ACK),
		SEND(16 * S + 1, 100, 100, 0, RST),
	};
	const struct judge_event alive[] = {
		OWN_FIN(10), COME(16 * S, 500, 501, 100, FIN),
		SEND(16 * S + 1, 101, 101, 501, ACK),
	};
	const struct judge_event soon[] = {
		OWN_FIN(10), COME(S, 500, 501, 100, FIN),
		SEND(S + 1, 101, 101, 501, ACK),
	};
	const struct judge_event once[] = { OWN_FIN(10) };
	const struct judge_event last_ack[] = {
		COME(5, 500, 501, 100, FIN), SEND(10, 100, 101, 501, FIN),
	};
	const struct judge_event twice[] = { OWN_FIN(10), OWN_FIN(S) };

	struct judge_end end = end_of(rst, COUNT(rst), 20 * S, JUDGE_FAR);

	end.one_way = true;
	expect_end("a capture of one direction", &end, JUDGE_UNDECIDED,
		   "one-way", NULL);
	EXPECT("a RST, and no FIN again", rst, 20 * S, DEPARTS, "rtx-missing",
	       "rst-unasked");
	EXPECT("a RST that was asked for", asked, 20 * S, OK, "ok", NULL);
	EXPECT("an ACK, and no FIN again", alive, 20 * S, DEPARTS,
	       "rtx-missing", NULL);
	EXPECT("an ACK, soon", soon, 2 * S, UNDECIDED, "unfinished", NULL);
	EXPECT("silence", once, 200 * S, DEPARTS, "rtx-missing", NULL);
	EXPECT("silence, too short", once, 20 * S, UNDECIDED, "unfinished",
	       NULL);
	EXPECT("silence in LAST_ACK", last_ack, 200 * S, UNDECIDED,
	       "rtx-silent", NULL);
	EXPECT("given up", twice, 200 * S, OK, "ok", NULL);
}

#define AGAIN(at) COME(at, 500, 501, 100, FIN)

static void test_repeated(void)
{
	const struct judge_event never[] = {
		AGAIN(10), SEND(20, 100, 100, 501, ACK), AGAIN(S), AGAIN(2 * S),
		AGAIN(4 * S), AGAIN(8 * S), SEND(12 * S, 100, 101, 501, FIN),
		COME(12 * S + 1, 501, 501, 101, ACK),
	};
	const struct judge_event once[] = {
		AGAIN(10), SEND(20, 100, 100, 501, ACK), AGAIN(S), AGAIN(2 * S),
		AGAIN(4 * S), AGAIN(8 * S), SEND(8 * S + 1, 100, 100, 501, ACK),
	};
	const struct judge_event gone[] = {
		AGAIN(10), SEND(20, 100, 100, 501, ACK), AGAIN(S), AGAIN(2 * S),
		AGAIN(4 * S), AGAIN(8 * S),
	};
	const struct judge_event unheard[] = { AGAIN(10), AGAIN(S) };

	EXPECT("no ACK, and it was there", never, 20 * S, DEPARTS,
	       "fin-repeated", NULL);
	EXPECT("some ACKs lost", once, 20 * S, OK, "ok", NULL);
	EXPECT("gone, or cut off", gone, 20 * S, UNDECIDED, "fin-unheard", NULL);
	EXPECT("the FIN lost beyond", unheard, 20 * S, UNDECIDED,
	       "fin-unheard", NULL);
}

static void test_rst(void)
{
	const struct judge_event with_ack[] = {
		AGAIN(10), SEND(20, 100, 101, 501, FIN),
		COME(30, 501, 501, 101, ACK), COME(S, 501, 501, 101, ACK),
		SEND(S + 1, 101, 101, 501, RST | ACK),
	};
	const struct judge_event abort[] = {
		OWN_FIN(10), ITS_ACK(20), SEND(S, 101, 101, 500, RST | ACK),
	};
	const struct judge_event to_rst[] = {
		OWN_FIN(10), COME(S, 500, 500, 0, RST),
		SEND(S + 1, 0, 0, 500, RST | ACK),
	};
	const struct judge_event to_made[] = {
		OWN_FIN(10), { .kind = JUDGE_CAME, .t = S,
			       .flags = RST | FLAG_MADE },
		SEND(S + 1, 0, 0, 500, RST | ACK),
	};
	const struct judge_event to_syn[] = {
		OWN_FIN(10), COME(S, 7000, 7001, 0, FLAG_SYN),
		COME(S + 1, 7001, 7001, 0, RST),
		SEND(S + 2, 0, 0, 7001, RST | ACK), OWN_FIN(2 * S),
		ITS_ACK(2 * S + 1),
	};
	const struct judge_event nowhere[] = {
		OWN_FIN(10), SEND(20, 7000, 7000, 0, RST),
	};

	EXPECT("a RST with ACK", with_ack, 5 * S, DEPARTS, "rst-ack", NULL);
	EXPECT("an abort with ACK", abort, 5 * S, OK, "ok", NULL);
	EXPECT("a RST for a RST", to_rst, 5 * S, DEPARTS, "rst-answered", NULL);
	EXPECT("a RST for a made one", to_made, 5 * S, DEPARTS, "rst-answered",
	       NULL);
	EXPECT("a RST for a SYN", to_syn, 5 * S, OK, "ok", NULL);
	EXPECT("a RST from nowhere", nowhere, 5 * S, DEPARTS, "rst-seq",
	       "rst-unasked");
}

static void test_notes(void)
{
	const struct judge_event no_wait[] = {
		OWN_FIN(10), ITS_ACK(20), ITS_FIN(S), OWN_ACK(S + 1),
		ITS_FIN(15 * S), SEND(15 * S + 1, 101, 101, 0, RST),
	};
	const struct judge_event waited[] = {
		OWN_FIN(10), ITS_ACK(20), ITS_FIN(S), OWN_ACK(S + 1),
		ITS_FIN(65 * S), SEND(65 * S + 1, 101, 101, 0, RST),
	};
	const struct judge_event passive[] = {
		AGAIN(10), SEND(20, 100, 101, 501, FIN),
		COME(30, 501, 501, 101, ACK), AGAIN(5 * S),
		SEND(5 * S + 1, 101, 101, 501, ACK),
	};
	const struct judge_event in_wait[] = {
		OWN_FIN(10), ITS_ACK(20), ITS_FIN(S), OWN_ACK(S + 1),
		COME(2 * S, 501, 501, 0, RST), ITS_FIN(3 * S),
		OWN_ACK(3 * S + 1),
	};
	const struct judge_event before[] = {
		AGAIN(10), SEND(20, 100, 100, 501, ACK),
		COME(S, 501, 501, 0, RST), AGAIN(3 * S),
		SEND(3 * S + 1, 100, 100, 501, ACK),
	};

	EXPECT("no TIME_WAIT", no_wait, 20 * S, OK, "ok", "no-wait");
	EXPECT("TIME_WAIT is over", waited, 70 * S, OK, "ok", NULL);
	EXPECT("a passive closer waits", passive, 9 * S, OK, "ok",
	       "wait-passive");
	EXPECT("a RST in TIME_WAIT", in_wait, 9 * S, OK, "ok", "rst-in-wait");
	EXPECT("a RST in CLOSE_WAIT", before, 9 * S, OK, "ok", "rst-ignored");
}

/* A FIN of the connection before came first, and this one's is not known. */
static void test_old_fin(void)
{
	const struct judge_event ghost[] = {
		COME(10, 500, 501, 100, FIN), SEND(20, 100, 100, 9000, ACK),
		SEND(S, 100, 101, 9001, FIN),
		COME(S + 1, 9001, 9001, 101, ACK),
	};
	const struct judge_event in_place[] = {
		SEND(5, 100, 100, 500, ACK), COME(10, 500, 501, 100, FIN),
		SEND(20, 100, 100, 9000, ACK),
	};
	const struct judge_event behind[] = {
		COME(10, 500, 501, 100, FIN), SEND(20, 100, 100, 9000, ACK),
		COME(30, 501, 501, 100, ACK),
	};
	struct judge_end end = end_of(ghost, 4, 5 * S, JUDGE_FAR);

	end.whole = false;
	expect_end("an old FIN", &end, JUDGE_UNDECIDED, "fin-old", NULL);
	end.place = JUDGE_BLIND;
	expect_end("an old FIN, without states", &end, JUDGE_UNDECIDED,
		   "fin-old", NULL);
	end = end_of(in_place, 3, 5 * S, JUDGE_FAR);
	end.whole = false;
	expect_end("a FIN at RCV.NXT", &end, JUDGE_DEPARTS, "ack-beyond", NULL);
	end = end_of(behind, 3, 5 * S, JUDGE_FAR);
	end.whole = false;
	expect_end("SND.NXT behind the FIN", &end, JUDGE_DEPARTS, "ack-beyond",
		   NULL);
}

static void test_early_rst(void)
{
	const struct judge_event above[] = {
		SEND(10, 7000, 7000, 0, RST), OWN_FIN(20),
	};
	const struct judge_event below[] = {
		SEND(10, 60, 60, 0, RST), OWN_FIN(20), ITS_ACK(30),
	};
	const struct judge_event alone[] = { SEND(10, 7000, 7000, 0, RST) };

	EXPECT("a RST beyond the FIN after it", above, 5 * S, DEPARTS,
	       "rst-seq", "rst-unasked");
	EXPECT("an old RST", below, 5 * S, OK, "ok", "rst-unasked");
	EXPECT("a RST alone", alone, 5 * S, OK, "ok", "rst-unasked");
}

int main(void)
{
	test_old_fin();
	test_early_rst();
	test_right();
	test_numbers();
	test_taken();
	test_silence();
	test_repeated();
	test_rst();
	test_notes();
	printf("judge_remote: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
