// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "explore_page.h"
#include "found.h"
#include "json_record.h"
#include "junit.h"
#include "shown.h"

enum { BAR = 24 };

static bool is_text(const struct session *session)
{
	return !session->setting.opt->json && !session->setting.opt->tap;
}

/* Before each line of a text. */
static void put_lines(const char *before, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length)
			printf("%s%.*s\n", before, (int)length, text);
		text += length + (text[length] == '\n');
	}
}

/* A bar is for a terminal that can take it back. */
static bool has_bar(void)
{
	const char *kind = getenv("TERM");

	return isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb");
}

static void progress(const struct shown *shown, const struct session *session)
{
	size_t all = session->attempts;
	unsigned int full = all ? BAR * (u64)shown->count / all : BAR;

	if (!has_bar())
		return;
	if (full > BAR)
		full = BAR;
	fprintf(stderr, "\r\033[K[%.*s%*s] %u/%zu, %u found", (int)full,
		"########################", (int)(BAR - full), "", shown->count,
		all, shown->of[TOLD_FOUND]);
	fflush(stderr);
}

static void progress_clear(void)
{
	if (has_bar())
		fputs("\r\033[K", stderr);
}

static void say_standing(struct json_object *base)
{
	struct json_object *left = json_object_object_get(base, "left");

	if (json_object_get_int(json_object_object_get(base, "exit"))) {
		puts("note: without a fault it fails, and says:");
		put_lines("  ", run_text(base, "output"));
	}
	if (json_object_get_boolean(json_object_object_get(base, "timed_out")))
		puts("note: without a fault it does not end in time");
	if (json_object_array_length(left))
		printf("note: without a fault it leaves a socket: %s\n",
		       json_object_get_string(json_object_array_get_idx(left, 0)));
	if (!strcmp(run_text(base, "judge"), "departs"))
		printf("note: without a fault a close departs:\n%s",
		       run_text(base, "why"));
}

static void say_unstable(unsigned int unstable)
{
	if (!unstable)
		return;
	fputs("note: runs without a fault differ in", stdout);
	for (unsigned int i = 0; i < FOUND_KINDS; i++)
		if (unstable & 1U << i)
			printf(" %s", found_words[i]);
	puts("; what is found must come in two runs of three");
}

/**
 * shown_base() - tell what is known without a fault, and what is to come
 * @shown: filled in
 * @session: the session; the attempts are planned
 */
void shown_base(struct shown *shown, const struct session *session)
{
	shown->began = clock_now();
	shown->when = time(NULL);
	if (!is_text(session))
		return;
	printf("without a fault: %zu runs, %.3f s, exit status %d; %zu segments to fault\n",
	       session->bases, session->longest / 1e9,
	       json_object_get_int(json_object_object_get(session->base[0],
							  "exit")),
	       session->points.count);
	say_standing(session->base[0]);
	say_unstable(session->unstable);
	printf("%zu faults to try, each within %.3f s\n", session->attempts,
	       session->setting.limit / 1e9);
	fflush(stdout);
}

static void say_found(struct json_object *record)
{
	char *name = told_name(record);

	printf("\n%s %s: %s\n",
	       told_outcome(record) == TOLD_FOUND ? "FOUND" : "unsure", name,
	       run_text(record, "sentence"));
	free(name);
	if (told_outcome(record) != TOLD_FOUND)
		return;
	if (strstr(run_text(record, "sentence"), "departs"))
		put_lines("", run_text(record, "why"));
	put_lines("  ", run_text(record, "ladder"));
	printf("  again: %s\n", run_text(record, "repeat"));
}

static void say_tap(const struct shown *shown, struct json_object *record)
{
	enum told told = told_outcome(record);
	char *name = told_name(record);

	printf("%sok %u %s", told == TOLD_FOUND ? "not " : "", shown->count,
	       name);
	free(name);
	if (told == TOLD_UNREACHED)
		fputs(" # SKIP no such segment came", stdout);
	putchar('\n');
	if (told < TOLD_UNSURE)
		return;
	printf("# %s: %s\n", told_words[told], run_text(record, "sentence"));
	printf("# again: %s\n", run_text(record, "repeat"));
}

/**
 * shown_add() - tell of one attempt
 * @shown: what was told
 * @session: the session
 * @record: the record of the attempt
 */
void shown_add(struct shown *shown, const struct session *session,
	       struct json_object *record)
{
	enum told told = told_outcome(record);

	shown->of[told]++;
	shown->count++;
	progress_clear();
	if (session->setting.opt->json)
		json_print_line(json_object_get(record), stdout);
	else if (session->setting.opt->tap)
		say_tap(shown, record);
	else if (told >= TOLD_UNSURE)
		say_found(record);
	fflush(stdout);
	progress(shown, session);
}

static int junit_write(const struct shown *shown, const struct session *session)
{
	struct junit suite = {
		.name = "finject explore",
		.began = shown->when,
		.took = clock_now() - shown->began,
	};

	junit_begin(&suite);
	for (size_t i = 0; i < json_object_array_length(session->records); i++) {
		struct json_object *record =
			json_object_array_get_idx(session->records, i);
		enum told told = told_outcome(record);
		enum junit_result result = told == TOLD_FOUND ? JUNIT_FAILED :
			told >= TOLD_UNREACHED ? JUNIT_SKIPPED : JUNIT_PASSED;

		junit_case(&suite, "finject.explore", run_text(record, "rules"),
			   result, told == TOLD_UNREACHED ?
			   "no such segment came" : run_text(record, "sentence"));
	}
	return junit_end(&suite, session->setting.opt->junit,
			 session->setting.opt->artifacts);
}

static void say_end(const struct shown *shown, const struct session *session)
{
	if (session->signal)
		puts("\nended before its time");
	printf("\n%u of %zu faults tried in %.1f s:", shown->count,
	       session->attempts, (clock_now() - shown->began) / 1e9);
	for (int i = TOLD_FOUND; i >= TOLD_SURVIVED; i--)
		printf(" %u %s%s", shown->of[i], told_words[i], i ? "," : "\n");
}

/**
 * shown_end() - tell what came of all, and write what is wanted in files
 * @shown: what was told
 * @session: the session
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int shown_end(struct shown *shown, const struct session *session)
{
	const struct options *opt = session->setting.opt;
	int status = DONE;

	progress_clear();
	if (opt->tap)
		printf("1..%u\n", shown->count);
	else if (!opt->json)
		say_end(shown, session);
	if (opt->junit || opt->artifacts)
		status = junit_write(shown, session);
	if (opt->page && explore_page(session))
		status = REFUSED;
	return status;
}
