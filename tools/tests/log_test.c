// SPDX-License-Identifier: GPL-2.0-only
/*
 * Logs in every form in which they come: text, JSON lines, two namespaces mixed
 * or one after the other, and cut off at every byte of the last record.
 */
#include <glob.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "json_record.h"
#include "log.h"
#include "log_file.h"
#include "record.h"

static int cases, failures;
static char name[32] = "/tmp/finject-log-XXXXXX";

static void is(bool good, const char *what, const char *of)
{
	cases++;
	if (good)
		return;
	failures++;
	printf("log: %s: %s\n", of, what);
}

static void put(const char *text, size_t size)
{
	FILE *out = fopen(name, "w");

	fwrite(text, 1, size, out);
	fclose(out);
}

/* What log_file() makes of a text, as log_print() writes it; "" for none. */
static char *read_back(const char *text, size_t size)
{
	struct log log = { 0 };
	char *back = NULL;
	size_t length;
	FILE *out = open_memstream(&back, &length);

	put(text, size);
	if (!log_file(&log, name))
		log_print(&log, out);
	log_free(&log);
	fclose(out);
	return back;
}

/* As `finject run --log` writes it: with the namespace at the end. */
static void put_json(struct record *record, FILE *out)
{
	struct json_object *object = json_record(record, true);

	fprintf(out, "%s\n", json_object_to_json_string_ext(object,
							    JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

static char *as_json(const char *text)
{
	char *copy = strdup(text), *rest = copy, *line, *json = NULL;
	struct record record;
	size_t length;
	FILE *out = open_memstream(&json, &length);

	while ((line = record_line(&rest)))
		if (*line != '#' && record_parse(&record, line))
			put_json(&record, out);
	fclose(out);
	free(copy);
	return json;
}

static void test_forms(const char *file, const char *text)
{
	char *json = as_json(text);
	char *plain = read_back(text, strlen(text));
	char *back = read_back(json, strlen(json));

	is(*plain, "nothing is read", file);
	is(!strcmp(plain, back), "as JSON it is another log", file);
	free(back);
	free(plain);
	free(json);
}

/* Where the last line begins. */
static size_t last_line(const char *text)
{
	size_t at = strlen(text) - 1;

	while (at && text[at - 1] != '\n')
		at--;
	return at;
}

/*
 * Each cut of the last line gives the log without it; the one before its
 * newline also the whole log, if the line says itself where it ends.
 */
static void test_cut(const char *file, const char *text, bool closes_itself)
{
	size_t start = last_line(text), size = strlen(text);
	char *whole = read_back(text, size), *without, *back;

	without = read_back(text, start);
	for (size_t cut = start; cut < size; cut++) {
		const char *wanted = cut + 1 == size && closes_itself ? whole :
			without;

		back = read_back(text, cut);
		is(!strcmp(back, wanted), "a cut gives another log", file);
		free(back);
	}
	is(strcmp(whole, without), "the last line is not read", file);
	free(whole);
	free(without);
}

/* Any property will do that splits the lines into two halves. */
static bool is_of(const char *line, int part)
{
	bool is_in = strstr(line, "hook=prerouting");

	return is_in == part;
}

/* Records of one time keep the order in which they came: forget it. */
static bool is_same_but_for_ties(const char *a, const char *b)
{
	const char *line = a;
	u64 last = 0, t;

	for (; *line; line = strchr(line, '\n') + 1) {
		size_t length = strcspn(line, "\n") + 1;

		if (!memmem(b, strlen(b), line, length))
			return false;
	}
	for (line = b; *line; line = strchr(line, '\n') + 1) {
		if (sscanf(line, "%*s t=%llu", &t) != 1 || t < last)
			return false;
		last = t;
	}
	return strlen(a) == strlen(b);
}

/* One half of the lines after the other: it is the time that orders them. */
static void test_mixed(const char *file, const char *text)
{
	char *mixed = NULL, *plain, *back;
	size_t length;
	FILE *out = open_memstream(&mixed, &length);

	for (int part = 0; part < 2; part++) {
		char *copy = strdup(text), *rest = copy, *line;

		while ((line = record_line(&rest)))
			if (is_of(line, part))
				fprintf(out, "%s\n", line);
		free(copy);
	}
	fclose(out);
	plain = read_back(text, strlen(text));
	back = read_back(mixed, length);
	is(is_same_but_for_ties(plain, back), "in two parts it is another log", file);
	free(plain);
	free(back);
	free(mixed);
}

static void test_file(const char *file)
{
	char *text = file_text(file), *json;

	if (!text)
		exit(1);
	json = as_json(text);
	test_forms(file, text);
	test_mixed(file, text);
	test_cut(file, text, false);
	test_cut(file, json, true);
	free(json);
	free(text);
}

int main(void)
{
	int fd = mkstemp(name);
	glob_t found;

	if (fd < 0 || glob("tests/ladder/*.log", 0, NULL, &found))
		return 1;
	close(fd);
	/* the notes about what is cut off */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		test_file(found.gl_pathv[i]);
	globfree(&found);
	unlink(name);
	printf("log: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
