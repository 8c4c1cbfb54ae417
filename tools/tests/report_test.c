// SPDX-License-Identifier: GPL-2.0-only
/*
 * For any log the page and the drawings are well-formed, show every segment and
 * let no text become a tag.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "ladder.h"
#include "log_file.h"
#include "report_page.h"
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
	return !strcmp(name, "meta") || !strcmp(name, "link") || *name == '!';
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

static char *page_of(const struct log *log)
{
	struct closes closes;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	closes_split(&closes, log);
	report_page(&closes, log, out);
	fclose(out);
	closes_free(&closes);
	return text;
}

static char *svg_of(const struct ladder *ladder, bool alone)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	svg_ladder(ladder, "<title> & \"more\"", alone, out);
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

static void test_page(const char *name, const struct log *log)
{
	char *text = page_of(log);

	check(is_balanced(text), name, "the page is not well formed");
	check(count(text, "http") == count(text, "xmlns=\"http://www.w3.org/"),
	      name, "the page names an address");
	check(!strstr(text, "<script") && !strstr(text, "<b>"), name,
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
	    glob("tests/check/*.log", GLOB_APPEND, NULL, &found))
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		test_file(found.gl_pathv[i]);
	test_hostile();
	test_span();
	printf("report: %d cases, %d wrong\n", cases, failures);
	globfree(&found);
	return failures != 0;
}
