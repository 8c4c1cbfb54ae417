// SPDX-License-Identifier: GPL-2.0-only
/*
 * Derive rules from logs of closes, as both ends saw them and as each alone did.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "derive.h"
#include "history_log.h"
#include "log_file.h"

enum observer { BOTH, ONLY_A, ONLY_B };

static const char * const observers[] = { "both", "A", "B" };

/* Rules that fired in these logs: see the first line of each drawing. */
static const struct {
	const char *name;
	enum observer observer;
	const char *rules;
} cases[] = {
	{ "four", BOTH, "" },
	{ "four", ONLY_A, "" },
	{ "four", ONLY_B, "" },
	{ "three", ONLY_A, "" },
	{ "three", ONLY_B, "" },
	{ "fin1-lost", BOTH, "add seg=fin1 nth=1 drop\n" },
	{ "fin1-lost", ONLY_A, "add seg=fin1 nth=1 drop\n" },
	{ "fin1-lost", ONLY_B, "" },
	{ "fin1-never", BOTH, "add seg=fin1 nth=1-10 drop\n" },
	{ "ack1-lost", BOTH, "add seg=ack1 nth=1 drop\n" },
	{ "ack1-lost", ONLY_A, "add seg=fin1 nth=1 drop\n" },
	{ "ack1-lost", ONLY_B, "add seg=ack1 nth=1 drop\n" },
	{ "ack2-lost", BOTH, "add seg=ack2 nth=1 drop\n" },
	{ "ack2-lost", ONLY_A, "add seg=ack2 nth=1 drop\n" },
	{ "ack2-lost", ONLY_B, "add seg=fin2 nth=1 drop\n" },
	{ "fin1-duplicated", BOTH, "add seg=fin1 nth=1 duplicate=1\n" },
	{ "fin1-duplicated", ONLY_B, "add seg=fin1 nth=1 duplicate=1\n" },
	{ "fin1-duplicated", ONLY_A, "add seg=fin1 nth=1 duplicate=1\n" },
	{ "fin2-delayed", BOTH, "add seg=fin2 nth=1 delay=1000ms\n" },
	{ "fin2-delayed", ONLY_A, "add seg=fin2 nth=1 duplicate=1 gap=792ms\n" },
	{ "fin2-delayed", ONLY_B, "add seg=fin2 nth=1 delay=1000ms\n" },
	{ "fin2-ghost", BOTH, "add seg=fin2 nth=1 duplicate=1 gap=61000ms\n" },
	{ "fin2-ghost", ONLY_A, "add seg=fin2 nth=1 duplicate=1 gap=61000ms\n" },
};

enum { CASES = sizeof(cases) / sizeof(*cases) };

/* Keep the records of one end. */
static void keep(struct log *log, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < log->count; i++) {
		const char *local = event_local(&log->event[i]);

		if (local && !strcmp(local, name))
			log->event[kept++] = log->event[i];
	}
	log->count = kept;
}

static void only(struct log *log, enum observer observer)
{
	struct closes closes;
	char name[ENDPOINT];

	if (observer == BOTH)
		return;
	closes_split(&closes, log);
	snprintf(name, sizeof(name), "%s",
		 closes.close[0].name[observer == ONLY_B]);
	closes_free(&closes);
	keep(log, name);
}

static char *rules_of(const struct derived_rules *rules)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < rules->count; i++)
		fprintf(out, "%s\n", rules->rule[i].text);
	fclose(out);
	return text;
}

/* The reason of each rule, and nothing but comments and rules. */
static bool is_explained(const struct derived_rules *rules,
			 const struct history *history)
{
	struct json_object *list = derive_json(rules, history);
	bool whole = json_object_array_length(list) == rules->count;

	for (size_t i = 0; i < rules->count; i++)
		whole &= *rules->rule[i].first->why != '\0';
	json_object_put(list);
	return whole;
}

static bool holds(const struct log *log, int i)
{
	struct derived_rules rules;
	struct history history;
	struct ladder ladder;
	char *text;
	bool same;

	if (!ladder_build(&ladder, log))
		return false;
	history_build(&history, &ladder, log->event[log->count - 1].t);
	derive_rules(&rules, &history);
	text = rules_of(&rules);
	same = !strcmp(text, cases[i].rules) && is_explained(&rules, &history);
	if (!same)
		printf("%s, seen at %s: %s\n", cases[i].name,
		       observers[cases[i].observer], text);
	free(text);
	derive_free(&rules);
	history_free(&history);
	ladder_free(&ladder);
	return same;
}

#define SENDS(t, from, to, seg, flags, seq, stamp) \
	"seg t=" t "000000 flow=1 hook=forward seg=" seg " nth=1 src=" from \
	" dst=" to " flags=" flags " seq=" seq \
	" ack=101 len=0 gen=0 rule=- verdict=pass tsval=" stamp " tsecr=1\n"
#define A_SENDS(t, seg, flags, seq, stamp) \
	SENDS(t, "192.0.2.1:40000", "192.0.2.2:8080", seg, flags, seq, stamp)
#define B_SENDS(t, seg, flags, seq, stamp) \
	SENDS(t, "192.0.2.2:8080", "192.0.2.1:40000", seg, flags, seq, stamp)

/* As a capture has them: times in ms, TSval, and who sent what. */
static const struct {
	const char *name;
	const char *rules;
	const char *log;
} stamped[] = {
	{ "late and sent again", "add seg=fin1 nth=1 delay=1000ms\n"
	  "add seg=fin1 nth=2 drop\n",
	  A_SENDS("1206", "fin1", "FA", "100", "1206")
	  A_SENDS("1416", "fin1", "FA", "100", "1416")
	  B_SENDS("1417", "ack1", "A", "500", "7000")
	  A_SENDS("2000", "fin1", "FA", "100", "1000") },
	{ "sent again soon", "add seg=fin1 nth=1 drop\n",
	  A_SENDS("1000", "fin1", "FA", "100", "1000")
	  A_SENDS("1050", "fin1", "FA", "100", "1050")
	  B_SENDS("1051", "ack1", "A", "500", "7000") },
	{ "copied late", "add seg=fin1 nth=1 duplicate=1 gap=300ms\n",
	  A_SENDS("1000", "fin1", "FA", "100", "1000")
	  B_SENDS("1001", "ack1", "A", "500", "7000")
	  A_SENDS("1300", "fin1", "FA", "100", "1000")
	  B_SENDS("1301", "ack1", "A", "500", "7300") },
};

enum { STAMPED = sizeof(stamped) / sizeof(*stamped) };

static bool stamps_hold(int i)
{
	char *text = strdup(stamped[i].log), *line, *rest = text, *rules;
	struct derived_rules derived;
	struct history history;
	struct ladder ladder;
	struct log log = { 0 };
	struct closes closes;
	bool same;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			log_line(&log, line);
	closes_split(&closes, &log);
	if (closes.count != 1 ||
	    !ladder_of_close(&ladder, &closes.close[0], &log)) {
		free(text);
		return false;
	}
	history_build(&history, &ladder, log.event[log.count - 1].t);
	derive_rules(&derived, &history);
	rules = rules_of(&derived);
	same = !strcmp(rules, stamped[i].rules);
	if (!same)
		printf("%s: %s", stamped[i].name, rules);
	free(rules);
	derive_free(&derived);
	history_free(&history);
	ladder_free(&ladder);
	closes_free(&closes);
	log_free(&log);
	free(text);
	return same;
}

int main(void)
{
	int wrong = 0;

	for (int i = 0; i < CASES; i++) {
		struct log log = { 0 };
		char name[128];

		snprintf(name, sizeof(name), "tests/ladder/%s.log",
			 cases[i].name);
		if (log_file(&log, name))
			return 1;
		only(&log, cases[i].observer);
		wrong += !holds(&log, i);
		log_free(&log);
	}
	for (int i = 0; i < STAMPED; i++)
		wrong += !stamps_hold(i);
	printf("derive: %d cases, %d wrong\n", CASES + STAMPED, wrong);
	return wrong != 0;
}
