// SPDX-License-Identifier: GPL-2.0-only
/*
 * The closes that `finject watch` follows: which record is of which, when one
 * has finished, what is judged, what is forgotten.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "watched.h"

static const u64 s = 1000000000;
static struct watched_set set;

static struct watched *say(int view, const char *line)
{
	struct watched *one = NULL;
	struct log log = { 0 };
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", line);
	if (log_line(&log, copy))
		one = watched_take(&set, view, log.event, line);
	log_free(&log);
	return one;
}

static struct watched *change(int view, u64 flow, u64 t, const char *src,
			      const char *dst, const char *states)
{
	char line[256];

	snprintf(line, sizeof(line), "sk t=%llu flow=%llu src=%s dst=%s %s", t,
		 flow, src, dst, states);
	return say(view, line);
}

#define FACTS "nth=1 flags=A seq=1 ack=1 len=0 gen=1"

static struct watched *segment(u64 flow, u64 t, const char *words)
{
	char line[512];

	snprintf(line, sizeof(line), "seg t=%llu flow=%llu hook=postrouting %s %s",
		 t, flow, FACTS, words);
	return say(0, line);
}

#define DATA "seg=data src=192.0.2.1:1 dst=192.0.2.2:2 rule=- verdict=pass"
#define CHANGE "from=ESTABLISHED to=FIN_WAIT1"

static void test_which(void)
{
	struct watched *one, *two;

	watched_init(&set);
	one = change(0, 1, 10, "a", "b", CHANGE);
	check(change(0, 1, 11, "b", "a", CHANGE) == one, "both directions");
	check(change(1, 9, 12, "a", "b", CHANGE) == one, "both namespaces");
	two = change(0, 2, 20, "a", "b", CHANGE);
	check(two != one, "another incarnation");
	check(change(1, 10, 21, "b", "a", CHANGE) == two, "of it in the other");
	check(change(1, 9, 22, "b", "a", CHANGE) == one, "and the first is known");
	check(set.count == 2, "two closes");
	check(!say(0, "lost=7") && set.lost == 7, "lost records are of none");
	watched_free(&set);
}

static void test_ends(void)
{
	struct watched *one;

	watched_init(&set);
	one = change(0, 1, 10, "b", "a", CHANGE);
	check(one, "a close");
	if (!one)
		return;
	segment(1, 11, "seg=fin1 src=a dst=b rule=1 verdict=drop");
	check(!strcmp(one->end[0].name, "a"), "A sent the first FIN");
	check(!strcmp(one->end[1].state, "FIN_WAIT1"), "states move with ends");
	segment(1, 12, "seg=fin1 src=b dst=a rule=- verdict=pass");
	check(!strcmp(one->end[0].name, "a"), "the first, no other");
	segment(1, 13, "seg=ack1 src=b dst=a rule=2 verdict=hold");
	check(one->faults == 2 && one->parked == 1, "faults are counted");
	say(0, "outcome t=14 flow=1 hook=postrouting seg=ack1 src=b dst=a "
	    FACTS " rule=2 verdict=released parked=1 copy=0");
	check(one->faults == 2 && !one->parked, "and what waits");
	watched_free(&set);
}

static void test_over(void)
{
	struct watched *one;

	watched_init(&set);
	one = change(0, 1, s, "a", "b",
		     "from=FIN_WAIT2 to=TIME_WAIT socket=timewait cause=-");
	check(one, "a close");
	if (!one)
		return;
	check(!watched_is_over(one) && !strcmp(one->end[0].state, "TIME_WAIT"),
	      "a time-wait socket is left");
	watched_sweep(&set, 90 * s, NULL, NULL);
	check(one->phase == WATCHED_UNDER_WAY, "it stays");
	change(0, 1, 100 * s, "a", "b",
	       "from=TIME_WAIT to=CLOSE socket=timewait cause=timer");
	check(watched_is_over(one), "gone");
	watched_sweep(&set, 100 * s, NULL, NULL);
	check(one->phase == WATCHED_UNDER_WAY, "what is late may come");
	one->parked = 1;
	watched_sweep(&set, 101 * s, NULL, NULL);
	check(one->phase == WATCHED_UNDER_WAY, "and what is parked");
	one->parked = 0;
	watched_sweep(&set, 101 * s, NULL, NULL);
	check(one->phase == WATCHED_OVER && !set.count, "finished");
	check(change(0, 1, 102 * s, "a", "b", CHANGE) == one &&
	      one->phase == WATCHED_OVER, "late records begin no other close");
	watched_free(&set);
}

static void test_router(void)
{
	struct watched *one;

	watched_init(&set);
	one = segment(1, s, "seg=fin1 src=a dst=b rule=- verdict=pass");
	watched_sweep(&set, 100 * s, NULL, NULL);
	check(one->phase == WATCHED_UNDER_WAY, "it may be in TIME_WAIT");
	watched_sweep(&set, 200 * s, NULL, NULL);
	check(one->phase == WATCHED_OVER, "silence is an end");
	watched_free(&set);
}

static void count_finished(struct watched *one, void *arg)
{
	int *count = arg;

	++*count;
}

/* Play a log with a word changed: is the verdict counted. */
static void test_verdict(const char *word, const char *other,
			 enum judge_result wanted)
{
	FILE *log = fopen("tests/ladder/four.log", "r");
	struct watched *one = NULL;
	char line[512], *at;
	int count = 0;

	watched_init(&set);
	while (log && fgets(line, sizeof(line), log)) {
		struct watched *of;

		if (strstr(line, " flow=0 "))
			continue;
		line[strcspn(line, "\n")] = '\0';
		at = strstr(line, word);
		if (at)
			memcpy(at, other, strlen(other));
		of = say(0, line);
		one = of ? of : one;
	}
	if (log)
		fclose(log);
	watched_sweep(&set, one ? one->last + s : s, count_finished, &count);
	check(one && one->phase == WATCHED_OVER && count == 1, "it finishes");
	check(set.finished[wanted] == 1, judge_results[wanted]);
	check(!one || !one->verdict.rule == (wanted == JUDGE_OK), "and why");
	watched_free(&set);
}

static void test_forget(void)
{
	struct watched *first = NULL;
	struct watched *one;

	watched_init(&set);
	for (u64 flow = 1; flow <= WATCHED_FINISHED + 10; flow++) {
		one = change(0, flow, s, "a", "b", "from=LAST_ACK to=CLOSE");
		first = first ? first : one;
	}
	set.keep = first;
	watched_sweep(&set, 2 * s, NULL, NULL);
	check(set.kept == WATCHED_FINISHED, "so many are kept");
	check(first->phase == WATCHED_OVER && first->text, "the chosen one is");
	watched_sweep(&set, 100 * s, NULL, NULL);
	check(set.kept == 1, "the others for a while");
	set.keep = NULL;
	watched_sweep(&set, 100 * s, NULL, NULL);
	check(!set.kept && !first->text && !set.bytes, "no record is left");
	check(set.finished[JUDGE_OK] + set.finished[JUDGE_UNDECIDED] +
	      set.finished[JUDGE_DEPARTS] == WATCHED_FINISHED + 10,
	      "all are counted");
	watched_free(&set);
}

static void test_full(void)
{
	struct watched *one = NULL;

	watched_init(&set);
	for (u64 flow = 1; flow <= WATCHED + 5; flow++)
		one = change(0, flow, s, "a", "b", CHANGE);
	check(!one && watched_missed(&set) == 5, "the table is full");
	check(!change(0, WATCHED + 5, s, "a", "b", CHANGE) &&
	      watched_missed(&set) == 5, "each is counted once");
	one = change(0, 1, s, "a", "b", "from=LAST_ACK to=CLOSE");
	watched_sweep(&set, 2 * s, NULL, NULL);
	check(!change(0, WATCHED + 1, 3 * s, "a", "b", CHANGE),
	      "what was missed is not followed from its middle on");
	check(change(0, WATCHED + 6, 3 * s, "a", "b", CHANGE) == one,
	      "what finished makes room");
	check(set.count == WATCHED, "and all are under way again");
	watched_free(&set);
}

static void test_bytes(void)
{
	struct watched *one = NULL;

	watched_init(&set);
	for (int i = 0; i < 3000; i++)
		one = segment(1, s + i, DATA);
	check(one->cut && one->length <= WATCHED_CLOSE_BYTES,
	      "records of one close are bounded");
	for (u64 flow = 2; set.bytes < WATCHED_BYTES - 1024; flow++)
		for (int i = 0; i < 600; i++)
			one = segment(flow, s + i, DATA);
	for (u64 flow = 5000; flow < 5010; flow++)
		one = segment(flow, s, DATA);
	check(set.bytes <= WATCHED_BYTES && one->cut, "and those of all");
	watched_free(&set);
}

static void test_flow(void)
{
	struct watched *one;

	watched_init(&set);
	set.flow = 3;
	change(0, 2, 10, "a", "b", CHANGE);
	one = change(1, 7, 11, "c", "d", CHANGE);
	check(!set.count, "others are not wanted");
	check(change(0, 3, 12, "c", "d", CHANGE) == one && set.count == 1,
	      "the one that is may show in the other namespace first");
	watched_free(&set);
}

int main(void)
{
	test_which();
	test_ends();
	test_over();
	test_router();
	test_verdict("to=CLOSE_WAIT", "to=CLOSE_WAIT", JUDGE_OK);
	test_verdict("to=CLOSE_WAIT", "to=FIN_WAIT1 ", JUDGE_DEPARTS);
	test_verdict("nth=1", "nth=2", JUDGE_UNDECIDED);
	test_forget();
	test_full();
	test_bytes();
	test_flow();
	return cases_end();
}
