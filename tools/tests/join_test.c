// SPDX-License-Identifier: GPL-2.0-only
/*
 * Take logs of one close that two ends and a router between them saw, join/NAME,
 * and give the closes all sets of these three: it stays one close, each log is
 * taken for that of an end or of a router, and no end is accused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "file.h"
#include "judge_log.h"
#include "record.h"

enum { A = 1, R = 2, B = 4, ALL = 7 };

static const struct {
	int bit;
	const char *netns;
} places[] = { { A, " netns=A" }, { R, " netns=R" }, { B, " netns=B" } };

enum { PLACES = sizeof(places) / sizeof(*places) };

static unsigned int cases, wrong;

static void check(bool holds, const char *name, int set, const char *what)
{
	cases++;
	if (holds)
		return;
	printf("%s, logs %s%s%s: %s\n", name, set & A ? "A" : "",
	       set & R ? "R" : "", set & B ? "B" : "", what);
	wrong++;
}

/* Read the lines of one place, without its name, as those of a file. */
static void read_place(struct log *log, const char *name, const char *netns)
{
	char *text = file_text(name), *rest = text, *line;

	log_source_file(&log->sources, netns + 7);
	while ((line = record_line(&rest))) {
		char *end = strstr(line, netns);

		if (!end)
			continue;
		*end = '\0';
		log_line(log, line);
	}
	free(text);
}

static void read_set(struct log *log, const char *name, int set)
{
	for (int i = 0; i < PLACES; i++)
		if (set & places[i].bit)
			read_place(log, name, places[i].netns);
	log_sort(log);
}

static bool is_accused(const struct closes *closes, const struct log *log)
{
	for (size_t i = 0; i < closes->count; i++)
		for (size_t j = 0; j < closes->close[i].ends; j++)
			if (judge_log(closes, i, j, log).result ==
			    JUDGE_DEPARTS)
				return true;
	return false;
}

static bool has_names(const struct close *close, const struct log *log)
{
	for (size_t i = 0; i < close->count; i++)
		if (!event_is_between(&log->event[close->event[i]],
				      close->name[0], close->name[1]))
			return false;
	return true;
}

static void test_set(const char *name, int set, bool nat)
{
	struct closes closes;
	struct log log = { 0 };
	const struct close *close;
	size_t ends = 2;

	if (set != ALL && set != (A | B) && set != R)
		ends = 1;
	read_set(&log, name, set);
	closes_split(&closes, &log);
	check(closes.count == 1, name, set, "not one close");
	close = closes.close;
	check(close->ends == ends, name, set, "the number of ends");
	check(close->end[0].seen == !!(set & (A | B)), name, set,
	      "a router is no end");
	check(close->routers == !!(set & R), name, set, "the number of routers");
	check(close->count == log.count, name, set, "an event is left out");
	check(close->translated == (nat && (set & R || set == (A | B))), name,
	      set, "whether NAT is between");
	check(has_names(close, &log), name, set, "more than two names");
	check(!is_accused(&closes, &log), name, set, "an end is accused");
	closes_free(&closes);
	log_free(&log);
}

/* Two connections may have the same numbers: each has an end of its own there. */
static void test_two(void)
{
	struct event fin = {
		.kind = EVENT_SEGMENT, .hook = HOOK_POST_ROUTING, .seg = "fin1",
		.nth = "1", .dst = "b:2", .flags = "FA", .verdict = "pass",
	};
	struct closes closes;
	struct log log = { 0 };

	for (int i = 1; i < 3; i++) {
		fin.t = i;
		fin.flow = i;
		snprintf(fin.src, sizeof(fin.src), "a:%d", i);
		*log_add(&log) = fin;
	}
	closes_split(&closes, &log);
	check(closes.count == 2, "the same numbers", A, "two closes are one");
	closes_free(&closes);
	log_free(&log);
}

#define SEG(hook, seg, src, dst, numbers, more)				\
	"hook=" hook " seg=" seg " nth=1 src=" src " dst=" dst " "		\
	numbers " len=0 gen=0 rule=- verdict=pass" more
#define SK(src, dst, from, to, more)					\
	"src=" src " dst=" dst " from=" from " to=" to			\
	" socket=full cause=-" more

/* REDIRECT of what is sent here: a socket, the wire out and back differ. */
static const char * const redirect[] = {
	"sk t=1 flow=1 " SK("a:1", "v:80", "ESTABLISHED", "FIN_WAIT1", ""),
	"seg t=2 flow=1 " SEG("postrouting", "fin1", "a:1", "b:2",
			      "flags=FA seq=1 ack=9", " conn=a:1-v:80"),
	"seg t=3 flow=1 " SEG("prerouting", "fin1", "a:1", "b:2",
			      "flags=FA seq=1 ack=9", " conn=a:1-v:80"),
	"sk t=4 flow=1 " SK("b:2", "a:1", "ESTABLISHED", "CLOSE_WAIT",
			    " conn=a:1-v:80"),
	"seg t=5 flow=1 " SEG("postrouting", "ack1", "v:80", "a:1",
			      "flags=A seq=9 ack=2", ""),
	"seg t=6 flow=1 " SEG("prerouting", "ack1", "v:80", "a:1",
			      "flags=A seq=9 ack=2", ""),
	"sk t=7 flow=1 " SK("a:1", "v:80", "FIN_WAIT1", "FIN_WAIT2", ""),
};

enum { REDIRECT = sizeof(redirect) / sizeof(*redirect) };

static void test_redirect(void)
{
	static const char name[] = "REDIRECT";
	struct closes closes;
	struct log log = { 0 };
	const struct close *close;

	for (int i = 0; i < REDIRECT; i++) {
		char *line = strdup(redirect[i]);

		check(line && log_line(&log, line), name, A, "not a record");
		free(line);
	}
	closes_split(&closes, &log);
	close = closes.close;
	check(closes.count == 1, name, A, "not one close");
	check(close->ends == 2 && !close->routers, name, A, "not two ends");
	check(!strcmp(close->name[0], "a:1") && !strcmp(close->name[1], "b:2"),
	      name, A, "not the names of both sockets");
	check(close->count == REDIRECT && close->translated, name, A,
	      "an event is left out");
	check(!is_accused(&closes, &log), name, A, "an end is accused");
	closes_free(&closes);
	log_free(&log);
}

int main(void)
{
	for (int set = 1; set <= ALL; set++) {
		test_set("tests/join/router.log", set, false);
		test_set("tests/join/nat.log", set, true);
		/* which FIN is fin1 differs between A and the router */
		test_set("tests/join/nat-crossed.log", set, true);
	}
	/* nothing passes: only the router knows both sides */
	test_set("tests/join/nat-dropped.log", R, true);
	test_set("tests/join/nat-dropped.log", A | R, true);
	test_set("tests/join/nat-dropped.log", R | B, true);
	test_set("tests/join/nat-dropped.log", ALL, true);
	test_two();
	test_redirect();
	printf("join: %u cases, %u wrong\n", cases, wrong);
	return wrong != 0;
}
