// SPDX-License-Identifier: GPL-2.0-only
/*
 * The built-in closes, and the claims of each. A claim is checked against the
 * observed events and counters, never taken for granted.
 */
#include <stdarg.h>
#include <stdio.h>

#include "demo_cases.h"
#include "finject.h"

static const u64 second = 1000000000;

static void __printf(3, 4)
claim(struct result *result, bool holds, const char *format, ...)
{
	const char *yes = result->term.utf8 ? "✓" : "ok:";
	const char *no = result->term.utf8 ? "✗ NOT SO:" : "NOT SO:";
	va_list args;

	printf("  %s ", holds ? yes : no);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	result->failed |= !holds;
}

static const struct ladder_arrow *arrow_find(const struct result *result,
					     enum ladder_end from,
					     const char *class,
					     unsigned int which)
{
	const struct ladder *ladder = &result->ladder;

	for (size_t i = 0; i < ladder->arrows; i++)
		if (ladder->arrow[i].from == from &&
		    list_has(ladder->arrow[i].seg, class) && !--which)
			return &ladder->arrow[i];
	return NULL;
}

static unsigned int arrows_of(const struct result *result,
			      enum ladder_end from, const char *class)
{
	unsigned int count = 0;

	while (arrow_find(result, from, class, count + 1))
		count++;
	return count;
}

static u64 entered(const struct result *result, enum ladder_end end,
		   const char *state)
{
	const struct ladder_state *found;

	found = ladder_state_find(&result->ladder, end, state);
	return found ? found->t : 0;
}

static bool went_through(const struct result *result, enum ladder_end end,
			 const char *const states[])
{
	u64 before = 0, t;

	for (; *states; states++) {
		t = entered(result, end, *states);
		if (!t || t < before)
			return false;
		before = t;
	}
	return true;
}

/* Return how long an end was in the first of two states; 0 if it never was. */
static double between(const struct result *result, enum ladder_end end,
		      const char *from, const char *to)
{
	u64 a = entered(result, end, from), b = entered(result, end, to);

	return a && b > a ? (double)(b - a) / second : 0;
}

static void claim_paths(struct result *result)
{
	static const char * const a[] = {
		"FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSED", NULL
	};
	static const char * const b[] = {
		"CLOSE_WAIT", "LAST_ACK", "CLOSED", NULL
	};

	claim(result, went_through(result, END_A, a),
	      "A went through FIN_WAIT1, FIN_WAIT2, TIME_WAIT; nothing of it is left");
	claim(result, went_through(result, END_B, b),
	      "B went through CLOSE_WAIT, LAST_ACK; nothing of it is left");
	claim(result, result->trial->eofs == 1 && !result->trial->gave_up,
	      "B's application read one end of file");
}

static void claim_fired(struct result *result)
{
	claim(result, result->fired == 1, "the rule fired %llu time%s",
	      result->fired, result->fired == 1 ? "" : "s");
}

static void claim_again(struct result *result, enum ladder_end end,
			const char *class)
{
	const struct trial_counters *count = &result->count[end];

	claim(result, count->retransmitted >= 1 && !count->spurious &&
	      arrows_of(result, end, class) >= 2,
	      "%c sent its FIN again: RetransSegs %ld, TCPSpuriousRtxHostQueues %ld",
	      'A' + end, count->retransmitted, count->spurious);
}

static void claim_silence(struct result *result)
{
	claim(result, !result->count[END_A].retransmitted &&
	      !result->count[END_B].retransmitted,
	      "nothing was sent again: RetransSegs of A %ld, of B %ld",
	      result->count[END_A].retransmitted, result->count[END_B].retransmitted);
}

static void claim_minute(struct result *result)
{
	double waited = between(result, END_A, "TIME_WAIT", "CLOSED");

	claim(result, waited >= 60 && waited < 70,
	      "A stayed in TIME_WAIT for %.1f s", waited);
}

static void judge_undisturbed(struct result *result)
{
	claim_paths(result);
	claim(result, arrows_of(result, END_A, "fin1") == 1 &&
	      arrows_of(result, END_B, "fin2") == 1 &&
	      result->ladder.arrows == 4,
	      "%zu segments: fin1, ack1, fin2, ack2", result->ladder.arrows);
	claim_silence(result);
	claim_minute(result);
}

static void judge_fin1_lost(struct result *result)
{
	const struct ladder_arrow *first = arrow_find(result, END_A, "fin1", 1);
	const struct ladder_arrow *again = arrow_find(result, END_A, "fin1", 2);

	claim_paths(result);
	claim_fired(result);
	claim(result, first && first->fault == FAULT_LOST && !first->in &&
	      again && again->in,
	      "the first fin1 never came, the second did, %.3f s after the first left",
	      first && again && again->in ?
	      (double)(again->in - first->out) / second : 0);
	claim_again(result, END_A, "fin1");
	claim_minute(result);
}

/* B is gone when A acknowledges the late fin2: B's RST ends TIME_WAIT. */
static void tell_assassination(struct result *result)
{
	const struct ladder_arrow *rst = arrow_find(result, END_B, "rst", 1);
	u64 closed = entered(result, END_A, "CLOSED");

	if (rst && rst->in && closed > rst->in && closed - rst->in < second / 10)
		claim(result, true,
		      "B's RST then ended A's TIME_WAIT after %.3f s (RFC 1337)",
		      between(result, END_A, "TIME_WAIT", "CLOSED"));
}

static void judge_fin2_delayed(struct result *result)
{
	const struct ladder_arrow *late = arrow_find(result, END_B, "fin2", 1);
	const struct ladder_arrow *again = arrow_find(result, END_B, "fin2", 2);

	claim_paths(result);
	claim_fired(result);
	claim(result, late && late->fault == FAULT_PARKED && late->in &&
	      late->parked >= second && late->parked < second + second / 20,
	      "the first fin2 was on its way for %.3f s",
	      late && late->in ? (double)(late->in - late->out) / second : 0);
	claim(result, late && again && again->in && again->in < late->in,
	      "the second fin2 overtook it");
	claim_again(result, END_B, "fin2");
	tell_assassination(result);
}

static void judge_ack2_lost(struct result *result)
{
	const struct ladder_arrow *first = arrow_find(result, END_A, "ack2", 1);
	const struct ladder_arrow *again = arrow_find(result, END_A, "ack2", 2);
	double stayed = between(result, END_B, "LAST_ACK", "CLOSED");

	claim_paths(result);
	claim_fired(result);
	claim(result, first && first->fault == FAULT_LOST && !first->in,
	      "the first ack2 never came");
	claim(result, stayed > 0.15 && stayed < 2,
	      "B stayed in LAST_ACK for %.3f s", stayed);
	claim_again(result, END_B, "fin2");
	claim(result, again && again->in &&
	      again->out > entered(result, END_A, "TIME_WAIT") &&
	      entered(result, END_A, "TIME_WAIT"),
	      "A acknowledged again, from TIME_WAIT");
}

static void judge_fin1_duplicated(struct result *result)
{
	unsigned int came = 0;

	for (size_t i = 0; i < result->ladder.arrows; i++)
		came += result->ladder.arrow[i].in &&
			list_has(result->ladder.arrow[i].seg, "fin1");
	claim_paths(result);
	claim_fired(result);
	claim(result, came == 2, "fin1 came %u times", came);
	claim_silence(result);
	claim_minute(result);
}

const struct demo_case demo_cases[DEMO_CASES] = {
	{ "undisturbed", END_A, NULL, judge_undisturbed },
	{ "fin1 lost", END_A, "seg=fin1 nth=1 drop", judge_fin1_lost },
	{ "fin2 delayed by one second", END_B, "seg=fin2 nth=1 delay=1s",
	  judge_fin2_delayed },
	{ "the last ACK lost", END_A, "seg=ack2 nth=1 drop", judge_ack2_lost },
	{ "fin1 duplicated", END_A, "seg=fin1 nth=1 duplicate=1",
	  judge_fin1_duplicated },
};
