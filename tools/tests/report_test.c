// SPDX-License-Identifier: GPL-2.0-only
/*
 * For any log the page and the drawings are well-formed, show every segment and
 * let no text become a tag.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "closes.h"
#include "ladder.h"
#include "log_file.h"
#include "made.h"
#include "report_page.h"
#include "rule_file.h"
#include "rule_texts.h"
#include "svg.h"

static int failures, cases;

static void check(bool good, const char *name, const char *what)
{
	cases++;
	if (good)
		return;
	failures++;
	printf("%s: %s\n", name, what);
}

static size_t count(const char *text, const char *word)
{
	size_t found = 0;

	while ((text = strstr(text, word))) {
		text += strlen(word);
		found++;
	}
	return found;
}

enum { DEPTH = 64, NAME = 32 };

static bool is_void(const char *name)
{
	return !strcmp(name, "meta") || !strcmp(name, "link") ||
	       !strcmp(name, "input") || *name == '!';
}

static const char tag_end[] = "\n >/";

/* Every opened tag is closed, in order; every `<' begins a tag. */
static bool is_balanced(const char *text)
{
	char open[DEPTH][NAME];
	int depth = 0;

	while ((text = strchr(text, '<'))) {
		size_t size = strcspn(++text, tag_end);
		bool closes = *text == '/';
		const char *end = strchr(text, '>');
		char name[NAME];

		if (closes)
			size = strcspn(++text, ">");
		if (!end || size >= NAME || !size)
			return false;
		snprintf(name, sizeof(name), "%.*s", (int)size, text);
		text = end;
		if (closes && (!depth || strcmp(open[--depth], name)))
			return false;
		if (closes || end[-1] == '/' || is_void(name))
			continue;
		if (depth == DEPTH)
			return false;
		strcpy(open[depth++], name);
	}
	return !depth;
}

static char *page_of(struct log *log, const struct rule_texts *rules)
{
	struct closes closes;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	closes_split(&closes, log);
	report_page(&closes, log, rules, out);
	fclose(out);
	closes_free(&closes);
	return text;
}

static char *svg_of(const struct ladder *ladder, bool alone)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct svg_about about = {
		.title = "<title> & \"more\"",
		.alone = alone,
	};

	svg_ladder(ladder, &about, out);
	fclose(out);
	return text;
}

static void test_drawing(const char *name, const struct log *log)
{
	struct ladder ladder;
	char *text;

	if (!ladder_build(&ladder, log))
		return;
	text = svg_of(&ladder, true);
	check(is_balanced(text), name, "the SVG is not well formed");
	check(count(text, "<g class=\"seg") == ladder.arrows, name,
	      "not every segment is drawn");
	check(count(text, "tabindex=\"0\"") == ladder.arrows, name,
	      "not every segment can be reached by keys");
	check(!strstr(text, "NaN") && !strstr(text, "height=\"-") &&
	      !strstr(text, ">18446744073"), name,
	      "a number is wrong");
	free(text);
	ladder_free(&ladder);
}

static void test_page(const char *name, struct log *log)
{
	char *text = page_of(log, NULL);

	check(is_balanced(text), name, "the page is not well formed");
	check(!strstr(text, "http"), name, "the page names an address");
	check(count(text, "<script") == 1 && !strstr(text, "<b>"), name,
	      "text became a tag");
	free(text);
}

static void test_file(const char *name)
{
	struct log log = { 0 };

	if (log_file(&log, name)) {
		failures++;
		return;
	}
	test_drawing(name, &log);
	test_page(name, &log);
	log_free(&log);
}

static void test_hostile(void)
{
	char line[] = "seg t=1 hook=output seg=<b> nth=1 src=<a>'\"&:1 dst=</title>:2 flags=<b>";
	char state[] = "sk t=2 flow=1 src=<a>'\"&:1 dst=</title>:2 from=<b> to=</svg>";
	struct log log = { 0 };

	check(log_line(&log, line) && log_line(&log, state), "hostile",
	      "is not read");
	test_drawing("hostile", &log);
	test_page("hostile", &log);
	log_free(&log);
	test_page("empty", &log);
}

/* How many RSTs of a log were made by a rule, and came at all. */
static void count_rsts(const struct log *log, size_t *made, size_t *rsts)
{
	struct ladder ladder;

	*made = 0;
	*rsts = 0;
	if (!ladder_build(&ladder, log))
		return;
	for (size_t i = 0; i < ladder.arrows; i++) {
		*rsts += !!strchr(ladder.arrow[i].flags, 'R');
		*made += !!made_from(&ladder, &ladder.arrow[i]);
	}
	ladder_free(&ladder);
}

/* What one end alone has seen. */
static void keep(struct log *log, const char *local)
{
	size_t kept = 0;

	for (size_t i = 0; i < log->count; i++) {
		const char *name = event_local(&log->event[i]);

		if (name && !strcmp(name, local))
			log->event[kept++] = log->event[i];
	}
	log->count = kept;
}

static void test_made(const char *name, const char *local, size_t made,
		      size_t rsts)
{
	size_t seen_made, seen_rsts;
	struct log log = { 0 };

	if (log_file(&log, name)) {
		failures++;
		return;
	}
	if (local)
		keep(&log, local);
	count_rsts(&log, &seen_made, &seen_rsts);
	check(seen_made == made && seen_rsts == rsts, name,
	      "the RSTs that a rule made are others");
	log_free(&log);
}

static const char a[] = "192.0.2.1:40000", b[] = "192.0.2.2:8080";

static void test_all_made(void)
{
	test_made("tests/ladder/reset.log", NULL, 2, 2);
	test_made("tests/ladder/reset.log", a, 1, 1);
	/* who knows whether A's stack sent it */
	test_made("tests/ladder/reset.log", b, 0, 1);
	test_made("tests/page/reset-receiver.log", NULL, 1, 2);
	/* B answers a FIN that left after the rule fired */
	test_made("tests/page/reset-receiver.log", b, 0, 1);
	test_made("tests/page/reset-receiver.log", a, 0, 2);
	test_made("tests/ladder/fin2-ghost.log", NULL, 0, 1);
}

static int read_rules(struct rule_texts *rules, const char *address,
		      const char *text)
{
	char name[] = "/tmp/report_test.XXXXXX", argument[100];
	int fd = mkstemp(name), status;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -1;
	close(fd);
	snprintf(argument, sizeof(argument), "%s%s", address, name);
	status = rule_file(rules, argument);
	unlink(name);
	return status;
}

static void check_rule(const struct rule_texts *rules, const char *local,
		       unsigned int id, const char *text)
{
	const char *found = rule_texts_find(rules, local, id);

	check(found && text ? !strcmp(found, text) : found == text, "rules",
	      found ? found : "a rule is not found");
}

static void test_rules(void)
{
	static const char both[] = "# two\nadd id=1 seg=fin1 drop\n\nadd id=20 seg=<b> hold=x\n";
	struct rule_texts rules = { 0 };

	check(!read_rules(&rules, "", both), "rules", "are not read");
	check(!read_rules(&rules, "192.0.2.2=", "add id=1 seg=ack2 drop\n"),
	      "rules", "of an address are not read");
	check(!read_rules(&rules, "2001:db8::1=", "add id=1 seg=rst drop\n"),
	      "rules", "of an IPv6 address are not read");
	check_rule(&rules, a, 1, "seg=fin1 drop");
	check_rule(&rules, NULL, 20, "seg=<b> hold=x");
	check_rule(&rules, b, 1, "seg=ack2 drop");
	check_rule(&rules, b, 20, NULL);
	check_rule(&rules, "192.0.2.22:8080", 1, "seg=fin1 drop");
	check_rule(&rules, "[2001:db8::1]:80", 1, "seg=rst drop");
	check(read_rules(&rules, "", "add id=1 seg=rst drop\n"), "rules",
	      "of one id are two");
	check(read_rules(&rules, "", "seg=rst drop\n"), "rules",
	      "without an id are taken");
	check(read_rules(&rules, "", "add id=7 seg=\033 drop\n"), "rules",
	      "with a control character are taken");
	rule_texts_free(&rules);
}

/* Reasons and rules are in the table, and what departs is above all. */
static void test_table(void)
{
	struct rule_texts rules = { 0 };
	struct log log = { 0 };
	char *text;

	if (log_file(&log, "tests/page/departs.log") ||
	    read_rules(&rules, "192.0.2.1=", "add id=1 seg=fin1 nth=1 drop\n")) {
		failures++;
		return;
	}
	text = page_of(&log, &rules);
	check(count(text, "2</a></th><td class=\"departs\"") == 1 &&
	      count(text, "1</a></th><td class=\"ok\"") == 1 &&
	      count(text, "</tbody>\n<tbody id=\"close-1\">") == 1,
	      "table", "what departs is not first");
	check(count(text, "<code>fin-unanswered</code></p>") == 1, "table",
	      "the reason is not in its row");
	check(count(text, "drop, rule 1: seg=fin1 nth=1 drop</option>") == 1,
	      "table", "the rule is not in the list");
	check(count(text, "rule 1 at A, 192.0.2.1:40000: <code>seg=fin1 nth=1 drop</code>") == 1,
	      "table", "the rule is not beside its drawing");
	free(text);
	rule_texts_free(&rules);
	log_free(&log);
}

/* One id, two namespaces, two rules. */
static void test_namespaces(void)
{
	struct rule_texts rules = { 0 };
	struct log log = { 0 };
	char *text;

	if (log_file(&log, "tests/page/two.log") ||
	    rule_file(&rules, "192.0.2.1=tests/page/a.rules") ||
	    rule_file(&rules, "192.0.2.2=tests/page/b.rules")) {
		failures++;
		return;
	}
	text = page_of(&log, &rules);
	check(strstr(text, "rule 1 at A, 192.0.2.1:40000: <code>seg=fin1 nth=1 drop</code>") &&
	      strstr(text, "rule 1 at B, 192.0.2.2:8080: <code>seg=fin2 nth=1 delay=300ms</code>"),
	      "namespaces", "a rule is not where it is");
	check(strstr(text, "; the rule: seg=fin1 nth=1 drop</title>") &&
	      strstr(text, "; the rule: seg=fin2 nth=1 delay=300ms</title>"),
	      "namespaces", "a rule is not in the drawing");
	free(text);
	rule_texts_free(&rules);
	log_free(&log);
}

static void test_span(void)
{
	char text[32];

	check(!strcmp(svg_span(3500, text, sizeof(text)), "3.5 µs"), "span",
	      text);
	check(!strcmp(svg_span(250000000, text, sizeof(text)), "250 ms"),
	      "span", text);
	check(!strcmp(svg_span(61239000000, text, sizeof(text)), "61.24 s"),
	      "span", text);
}

int main(void)
{
	glob_t found;

	if (glob("tests/ladder/*.log", 0, NULL, &found) ||
	    glob("tests/check/*.log", GLOB_APPEND, NULL, &found) ||
	    glob("tests/page/*.log", GLOB_APPEND, NULL, &found))
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		test_file(found.gl_pathv[i]);
	test_hostile();
	test_span();
	test_all_made();
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	test_rules();
	test_table();
	test_namespaces();
	printf("report: %d cases, %d wrong\n", cases, failures);
	globfree(&found);
	return failures != 0;
}
