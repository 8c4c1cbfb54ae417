// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "clock.h"
#include "file.h"
#include "junit.h"
#include "svg.h"

static void junit_attribute(const char *name, const char *value, FILE *out)
{
	fprintf(out, " %s=\"", name);
	/* a newline would be read as a blank, other controls not at all */
	svg_text(value, out);
	fputc('"', out);
}

/**
 * junit_begin() - begin a suite
 * @junit: the suite, with its name
 */
void junit_begin(struct junit *junit)
{
	junit->out = open_memstream(&junit->text, &junit->size);
	if (!junit->out)
		abort();
}

/**
 * junit_case() - add a case
 * @junit: the suite
 * @class: group of the case
 * @name: the case
 * @result: how it went
 * @why: the reason, unless it passed
 */
void junit_case(struct junit *junit, const char *class, const char *name,
		enum junit_result result, const char *why)
{
	FILE *out = junit->out;

	junit->cases++;
	junit->of[result]++;
	fputs("  <testcase", out);
	junit_attribute("classname", class, out);
	junit_attribute("name", name, out);
	if (result == JUNIT_PASSED) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n    <%s",
		result == JUNIT_FAILED ? "failure" : "skipped");
	junit_attribute("message", why, out);
	fputs("/>\n  </testcase>\n", out);
}

static void junit_print(const struct junit *junit, FILE *out)
{
	char began[32];
	struct tm tm;

	gmtime_r(&junit->began, &tm);
	strftime(began, sizeof(began), "%Y-%m-%dT%H:%M:%S", &tm);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	fputs("<testsuite", out);
	junit_attribute("name", junit->name, out);
	fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\"",
		junit->cases, junit->of[JUNIT_FAILED],
		junit->of[JUNIT_SKIPPED]);
	fprintf(out, " time=\"%llu.%03llu\" timestamp=\"%s\">\n%s",
		junit->took / SEC, junit->took % SEC / MSEC, began,
		junit->text);
	fputs("</testsuite>\n</testsuites>\n", out);
}

/**
 * junit_end() - write a suite
 * @junit: the suite, with its times
 * @file: name of the file
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int junit_end(struct junit *junit, const char *file)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	fclose(junit->out);
	if (!out)
		abort();
	junit_print(junit, out);
	fclose(out);
	status = file_save(file, text);
	free(junit->text);
	free(text);
	return status;
}
