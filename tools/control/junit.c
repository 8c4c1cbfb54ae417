// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "artifacts.h"
#include "clock.h"
#include "file.h"
#include "folder.h"
#include "junit.h"
#include "refuse.h"
#include "svg.h"

static void junit_attribute(const char *name, const char *value, FILE *out)
{
	fprintf(out, " %s=\"", name);
	/* a newline would be read as a blank, other controls not at all */
	svg_text(value, out);
	fputc('"', out);
}

/* A text in one line of TAP, in which a # would begin a directive. */
static void put_line(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc(*text == '\n' ? ' ' : *text == '#' ? 'N' : *text, out);
}

static void tap_case(struct junit *junit, const char *name,
		     enum junit_result result, const char *why)
{
	FILE *out = junit->tap_out;

	fprintf(out, "%sok %u - ", result == JUNIT_FAILED ? "not " : "",
		junit->cases);
	put_line(name, out);
	if (result == JUNIT_SKIPPED) {
		fputs(" # SKIP ", out);
		put_line(why, out);
	}
	fputc('\n', out);
	if (result != JUNIT_FAILED)
		return;
	fputs("# ", out);
	for (; *why; why++) {
		fputc(*why, out);
		if (*why == '\n' && why[1])
			fputs("# ", out);
	}
	fputc('\n', out);
}

/**
 * junit_begin() - begin a suite
 * @junit: the suite, with its name
 */
void junit_begin(struct junit *junit)
{
	junit->out = open_memstream(&junit->text, &junit->size);
	junit->tap_out = open_memstream(&junit->tap, &junit->tap_size);
	if (!junit->out || !junit->tap_out)
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
	tap_case(junit, name, result, why);
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

static int xml_save(const struct junit *junit, const char *file,
		    const char *folder)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status = DONE;

	if (!out)
		abort();
	junit_print(junit, out);
	fclose(out);
	if (file)
		status = file_save(file, text);
	if (folder && folder_save(folder, ARTIFACTS_JUNIT, text))
		status = REFUSED;
	free(text);
	return status;
}

static int tap_save(const struct junit *junit, const char *folder)
{
	char *text;
	int status;

	if (asprintf(&text, "TAP version 13\n1..%u\n%s", junit->cases,
		     junit->tap) < 0)
		abort();
	status = folder_save(folder, ARTIFACTS_TAP, text);
	free(text);
	return status;
}

/**
 * junit_end() - write a suite
 * @junit: the suite, with its times
 * @file: name of the file of XML, or NULL
 * @folder: directory of --artifacts, which gets XML and TAP, or NULL
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int junit_end(struct junit *junit, const char *file, const char *folder)
{
	int status;

	fclose(junit->out);
	fclose(junit->tap_out);
	status = xml_save(junit, file, folder);
	if (folder && tap_save(junit, folder))
		status = REFUSED;
	free(junit->text);
	free(junit->tap);
	return status;
}
