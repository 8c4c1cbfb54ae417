// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draw each event log slim/NAME.log in 66 and 40 columns and compare that with
 * slim/NAME.txt; and draw each log there is in 30 to 79 columns: no line is
 * longer. With the name of a log as argument, print its drawings.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "ladder.h"
#include "ladder_slim.h"
#include "record.h"
#include "term.h"

static int drawings, failed;

static char *drawn(const char *name, int from, int to, int step, bool utf8)
{
	struct term term = { .utf8 = utf8 };
	struct log log = { 0 };
	struct ladder ladder;
	char *text = file_text(name), *rest = text, *line, *drawing;
	size_t size;
	FILE *out = open_memstream(&drawing, &size);

	while ((line = record_line(&rest)))
		log_line(&log, line);
	log_sort(&log);
	if (ladder_build(&ladder, &log)) {
		for (int columns = from; columns >= to; columns -= step)
			ladder_slim(&ladder, &term, columns, out);
		ladder_free(&ladder);
	}
	fclose(out);
	log_free(&log);
	free(text);
	return drawing;
}

static void test_same(const char *name)
{
	char wanted_name[512], *wanted, *drawing = drawn(name, 66, 40, 26, true);

	snprintf(wanted_name, sizeof(wanted_name), "%.*s.txt",
		 (int)strlen(name) - 4, name);
	wanted = file_text(wanted_name);
	drawings++;
	if (!wanted || strcmp(wanted, drawing)) {
		printf("%s: drawn otherwise:\n%s", name, drawing);
		failed++;
	}
	free(wanted);
	free(drawing);
}

static void test_width(const char *name)
{
	for (int columns = LADDER_SLIM; columns < 80; columns++) {
		char *drawing = drawn(name, columns, columns, 1, false);
		char *rest = drawing, *line;

		drawings++;
		while ((line = record_line(&rest)))
			if (strlen(line) > (size_t)columns) {
				printf("%s: too long for %d: %s\n", name,
				       columns, line);
				failed++;
			}
		free(drawing);
	}
}

static void each(const char *pattern, void (*test)(const char *name))
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found)) {
		printf("no %s\n", pattern);
		failed++;
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		test(found.gl_pathv[i]);
	globfree(&found);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		fputs(drawn(argv[1], 66, 40, 26, true), stdout);
		return 0;
	}
	each("tests/slim/*.log", test_same);
	each("tests/ladder/*.log", test_width);
	printf("ladder_slim: %d drawings, %d wrong\n", drawings, failed);
	return failed != 0;
}
