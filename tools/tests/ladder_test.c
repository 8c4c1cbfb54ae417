// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draw each event log ladder/NAME.log and join/NAME.log, and compare the
 * drawing with NAME.txt beside it. With the name of a log as argument, print its drawing.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "file.h"
#include "ladder.h"
#include "ladder_text.h"
#include "record.h"
#include "term.h"

static void draw(const char *name, FILE *out)
{
	struct term term = { .utf8 = true };
	struct log log = { 0 };
	struct ladder ladder;
	struct closes closes;
	char *text = file_text(name), *rest = text, *line;

	while ((line = record_line(&rest)))
		log_line(&log, line);
	log_sort(&log);
	closes_split(&closes, &log);
	closes_free(&closes);
	if (ladder_build(&ladder, &log)) {
		ladder_text(&ladder, &term, out);
		term.utf8 = false;
		ladder_text(&ladder, &term, out);
		ladder_free(&ladder);
	}
	log_free(&log);
	free(text);
}

static bool holds(const char *name)
{
	char wanted_name[512];
	char *wanted, *drawn;
	size_t size;
	FILE *out;
	bool same;

	snprintf(wanted_name, sizeof(wanted_name), "%.*s.txt",
		 (int)strlen(name) - 4, name);
	wanted = file_text(wanted_name);
	out = open_memstream(&drawn, &size);
	draw(name, out);
	fclose(out);
	same = wanted && !strcmp(wanted, drawn);
	if (!same)
		printf("%s: drawn otherwise:\n%s", name, drawn);
	free(wanted);
	free(drawn);
	return same;
}

int main(int argc, char **argv)
{
	glob_t found;
	int failed = 0;

	if (argc > 1) {
		draw(argv[1], stdout);
		return 0;
	}
	if (glob("tests/ladder/*.log", 0, NULL, &found) ||
	    glob("tests/join/*.log", GLOB_APPEND, NULL, &found))
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		failed += !holds(found.gl_pathv[i]);
	printf("ladder: %zu drawings, %d wrong\n", found.gl_pathc, failed);
	globfree(&found);
	return failed != 0;
}
