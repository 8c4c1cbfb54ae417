/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Closes written by hand, and the rule that the judge must name for each.
 */
#ifndef FINJECT_JUDGE_CASES_H
#define FINJECT_JUDGE_CASES_H

#include <stdio.h>
#include <string.h>

#include "judge.h"

#define MS 1000000ULL
#define S 1000000000ULL

static int failures, cases;

static void wrong(const char *name, const char *found, const char *rule)
{
	failures++;
	printf("%s: %s, not %s\n", name, found, rule);
}

static bool is_noted(const struct judge_verdict *verdict, const char *rule)
{
	for (size_t i = 0; i < verdict->notes; i++)
		if (!strcmp(verdict->note[i].rule->name, rule))
			return true;
	return false;
}

/* @rule: `ok` or the word of a rule; @note: the word of a note, NULL for none. */
static void expect_end(const char *name, const struct judge_end *end,
		       enum judge_result result, const char *rule,
		       const char *note)
{
	struct judge_verdict verdict = judge(end);
	const char *found = verdict.rule ? verdict.rule->name : "ok";

	cases++;
	if (strcmp(found, rule))
		wrong(name, found, rule);
	else if (verdict.result != result)
		wrong(name, judge_results[verdict.result],
		      judge_results[result]);
	else if (note ? !is_noted(&verdict, note) : verdict.notes)
		wrong(name, verdict.notes ? verdict.note[0].rule->name :
		      "without a note", note ? note : "one without a note");
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SEND(at, number, after, acks, bits) \
	{ .kind = JUDGE_SENT, .t = (at), .seq = (number), .end = (after), \
	  .ack = (acks), .flags = (bits) }
#define COME(at, number, after, acks, bits) \
	{ .kind = JUDGE_CAME, .t = (at), .seq = (number), .end = (after), \
	  .ack = (acks), .flags = (bits) }
#define STOP(at, number, after, acks, bits) \
	{ .kind = JUDGE_STOPPED, .t = (at), .seq = (number), .end = (after), \
	  .ack = (acks), .flags = (bits) }
#define TURN(at, a, b) \
	{ .kind = JUDGE_STATE, .t = (at), .from = STATE_##a, .to = STATE_##b }
#define SHUT(at, a, b, why) \
	{ .kind = JUDGE_STATE, .t = (at), .from = STATE_##a, \
	  .to = STATE_##b, .cause = CLOSED_##why }

#define FIN (FLAG_FIN | FLAG_ACK)
#define ACK FLAG_ACK
#define RST FLAG_RST

/* The end's numbers begin at 100, the other's FIN is 500. */
#define OWN_FIN(at) SEND(at, 100, 101, 500, FIN)
#define ITS_ACK(at) COME(at, 500, 500, 101, ACK)
#define ITS_FIN(at) COME(at, 500, 501, 101, FIN)
#define OWN_ACK(at) SEND(at, 101, 101, 501, ACK)

#endif /* FINJECT_JUDGE_CASES_H */
