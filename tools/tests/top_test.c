// SPDX-License-Identifier: GPL-2.0-only
/*
 * The looks of `finject top`: rates, also of counters that began anew, order,
 * notes, and what another host says, be it right, wrong or hostile.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "clock.h"
#include "record.h"
#include "top.h"

static const u64 start = 1000 * SEC;
static struct top_host host = { .home = -1, .out.fd = -1, .err.fd = -1 };

static const char trouble[] =
	"skipped fragments=0 malformed=2 prefetched=0 unsplit=0 nodst=0 nomem=3 others=9\n"
	"limit name=rules now=1 peak=1 max=1024 refused=0 recycled=0\n"
	"limit name=flows now=5 peak=9 max=65536 refused=7 recycled=0\n"
	"rule id=1 matched=4 fired=4 refused=99\n";

static const char quiet[] =
	"skipped fragments=0 malformed=0 prefetched=0 unsplit=0 nodst=0 nomem=0 others=9\n"
	"limit name=flows now=5 peak=9 max=65536 refused=0 recycled=4\n";

static const char columns[] =
	"namespace rules flows parked readers seen/s dropped/s parked/s reset/s copies/s note";
static const char few[] = "seen=10 passed=10 dropped=0 parked=0 released=0 purged=0 copies=0";
static const char more[] =
	"seen=30 passed=13 dropped=5 reset=1 parked=4 released=5 purged=2 copies=3 refused=0";
static const char anew[] =
	"seen=8 passed=5 dropped=1 reset=0 parked=0 released=2 purged=0 copies=0 refused=0";

/* A namespace at the time @now; @counted is its total, NULL: it is closed. */
static struct json_object *row(u64 inum, const char *name, const char *counted,
			       const char *rest, u64 now)
{
	char line[128], stats[2048];
	struct json_object *object;
	struct record record;

	snprintf(line, sizeof(line), "ns inum=%llu rules=1 parked=2 readers=0",
		 inum);
	record_parse(&record, line);
	snprintf(stats, sizeof(stats), "total generation=1 %s\n%s",
		 counted ? counted : "", rest);
	object = top_row(&record, name, counted ? stats : NULL, now);
	top_rates(object, host.look);
	return object;
}

/* A look at some of them. */
static void look(struct json_object *const *rows, size_t count, u64 now)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, rows[i]);
	json_object_put(host.look);
	host.look = array;
	host.heard = now;
}

static void look_one(const char *counted, const char *rest, u64 now)
{
	struct json_object *one = row(7, "a", counted, rest, now);

	look(&one, 1, now);
}

static char *printed(const struct top_host *hosts, size_t count, u64 now)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	top_table(hosts, count, now, out);
	fclose(out);
	return text;
}

/* Return: whether the table of @host has that line. */
static bool shows(const char *line, u64 now)
{
	char *text = printed(&host, 1, now), *rest = text, *one;
	bool found = false;

	while ((one = record_line(&rest))) {
		char squeezed[512] = "", *word, *words = NULL;

		for (word = strtok_r(one, " ", &words); word;
		     word = strtok_r(NULL, " ", &words)) {
			if (*squeezed)
				strcat(squeezed, " ");
			strcat(squeezed, word);
		}
		found |= !strcmp(squeezed, line);
	}
	free(text);
	return found;
}

static void forget(void)
{
	json_object_put(host.look);
	host = (struct top_host){ .home = -1, .out.fd = -1, .err.fd = -1 };
}

static void test_rates(void)
{
	look_one(few, quiet, start);
	check(shows(columns, start), "the columns");
	check(shows("a 1 5 2 0 - - - - - -", start), "no rates at first");
	look_one(more, quiet, start + 2 * SEC);
	check(shows("a 1 5 2 0 10.0 2.5 5.5 0.5 1.5 -", start + 2 * SEC),
	      "rates a second; parked is all that ever was");
	look_one(anew, quiet, start + 4 * SEC);
	check(shows("a 1 5 2 0 4.0 0.5 1.0 0.0 0.0 -", start + 4 * SEC),
	      "counters that began anew count from 0");
	look_one(anew, quiet, start + 4 * SEC);
	check(shows("a 1 5 2 0 - - - - - -", start + 4 * SEC),
	      "no rates of no time");
	forget();
}

static void test_notes(void)
{
	look_one("seen=1 refused=8 resets_refused=0", trouble, start);
	check(shows("a 1 5 2 0 - - - - - refused:8,malformed:2,nomem:3,flows_full:7",
		    start), "refusals, segments left alone, full tables");
	look_one(NULL, quiet, start);
	check(shows("a 1 - 2 0 - - - - - unreachable", start),
	      "one that cannot be entered");
	look_one("seen=9", quiet, start + SEC);
	check(shows("a 1 5 2 0 - - - - - -", start + SEC),
	      "no rates when it was not known before");
	forget();
}

/* Return: whether the words stand in @text in this order. */
static bool ordered(const char *text, const char *const *words)
{
	for (; text && *words; words++)
		text = strstr(text, *words);
	return text;
}

static void test_order(void)
{
	static const char * const first[] = { "\na ", "\nb ", "\n8 ", NULL };
	static const char * const busy[] = { "\nb ", "\n8 ", "\na ", NULL };
	struct json_object *rows[3];
	char *text;

	rows[0] = row(9, "b", "seen=0", quiet, start);
	rows[1] = row(8, "", "seen=0", quiet, start);
	rows[2] = row(7, "a", "seen=0", quiet, start);
	look(rows, 3, start);
	text = printed(&host, 1, start);
	check(ordered(text, (const char *const []){ "\n8 ", "\na ", "\nb ", NULL }),
	      "by name; one without has its number");
	check(!ordered(text, first), "and in no other order");
	free(text);
	rows[0] = row(7, "a", "seen=1", quiet, start + SEC);
	rows[1] = row(8, "", "seen=2", quiet, start + SEC);
	rows[2] = row(9, "b", "seen=300", quiet, start + SEC);
	look(rows, 3, start + SEC);
	text = printed(&host, 1, start + SEC);
	check(ordered(text, busy), "the busiest first");
	free(text);
	rows[0] = row(9, "b", "seen=301", quiet, start + 2 * SEC);
	rows[1] = row(10, "c", "seen=301", quiet, start + 2 * SEC);
	look(rows, 2, start + 2 * SEC);
	check(shows("b 1 5 2 0 1.0 0.0 0.0 0.0 0.0 -", start + 2 * SEC) &&
	      shows("c 1 5 2 0 - - - - - -", start + 2 * SEC),
	      "one went, one came");
	forget();
}

static char *json(u64 now)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	top_json(&host, now, out);
	fclose(out);
	return text;
}

/* What is printed as JSON is the same table on another host. */
static void test_json(void)
{
	static const char * const parts[] = {
		"{\"inum\":7,\"rules\":1,\"parked\":2,\"readers\":0,\"name\":\"a\",",
		"\"t\":1002000000000,\"flows\":5,\"total\":{", NULL
	};
	char *line, *here, *there;

	look_one("seen=10 parked=0 released=0 purged=0", trouble, start);
	look_one("seen=15 parked=1 released=1 purged=0", trouble,
		 start + 2 * SEC);
	line = json(start + 2 * SEC);
	check(strchr(line, '\n') == line + strlen(line) - 1, "one line");
	check(strstr(line, "{\"time\":"), "the time");
	check(strstr(line, "\"rates\":{\"seen\":2.5,\"dropped\":0.0,\"parked\":1.0,"),
	      "rates");
	check(strstr(line, "\"trouble\":{\"malformed\":2,\"nomem\":3,\"flows_full\":7}"),
	      "trouble");
	check(ordered(line, parts),
	      "what it has");
	here = printed(&host, 1, start + 2 * SEC);
	forget();
	check(top_take(&host, line), "it is taken");
	host.heard = start + 2 * SEC;
	there = printed(&host, 1, start + 2 * SEC);
	check(!strcmp(here, there), "the same table");
	forget();
	free(line);
	free(here);
	free(there);
}

static void test_wrong_lines(void)
{
	static const char * const lines[] = {
		"", "welcome to the host", "{", "[]", "3", "null", "\"text\"",
		"{}", "{\"namespaces\":3}", "{\"namespaces\":{}}",
		"{\"namespaces\":[", "\xff\xfe",
	};
	char many[8 * TOP_NAMESPACES] = "{\"namespaces\":[1";

	look_one("seen=1", quiet, start);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		check(!top_take(&host, lines[i]), lines[i]);
	for (int i = 0; i < TOP_NAMESPACES; i++)
		strcat(many, ",1");
	strcat(many, "]}");
	check(!top_take(&host, many), "too many namespaces");
	check(shows("a 1 5 2 0 - - - - - -", start), "the last look stays");
	forget();
}

static const char * const hostile[] = {
	"{\"namespaces\":[{\"inum\":\"x\",\"name\":3,\"rules\":-5,\"flows\":{},\"parked\":1.5,\"readers\":18446744073709551615,\"total\":7,\"rates\":{\"seen\":-1.0,\"dropped\":1e300,\"parked\":2,\"reset\":1.25,\"copies\":NaN},\"trouble\":[]}]}",
	"{\"namespaces\":[{\"name\":\"a b\\u001b[2J\\nc\\u009b\",\"trouble\":{\"\\u001b[31m x\":1}}]}",
};

/* Values of another type are none; nothing commands the terminal. */
static void test_hostile_lines(void)
{
	host.heard = start;
	check(top_take(&host, "{\"namespaces\":[1,null,[],{}]}"), "no objects");
	check(shows("0 - - - - - - - - - unreachable", start), "no values");
	check(top_take(&host, hostile[0]), "other types");
	check(shows("0 0 - - 18446744073709551615 - - - 1.2 - unreachable",
		    start), "are no values");
	check(top_take(&host, hostile[1]), "escapes");
	check(shows("a?b?[2J?c?? - - - - - - - - - ?[31m?x:1", start),
	      "are shown as ?");
	forget();
}

static bool tells(const char *line, u64 now)
{
	char *text;
	bool found;

	host.name = "web 1";
	text = printed(&host, 1, now);
	found = strstr(text, line);
	free(text);
	return found;
}

static void test_absence(void)
{
	host.patience = 13 * SEC;
	check(tells("\nweb 1: no answer yet\n", start), "none yet");
	strcpy(host.said, "a banner\033[2J");
	check(tells("\nweb 1: no answer yet: a banner?[2J\n", start),
	      "what it says instead");
	look_one("seen=1", quiet, start);
	check(tells("web?1  a ", start + 13 * SEC) &&
	      !tells("web 1: ", start + 13 * SEC), "it answers");
	check(tells("\nweb 1: silent for 14 s\n", start + 14 * SEC) &&
	      !tells("web?1", start + 14 * SEC), "silence has no rows");
	host.ended = true;
	check(tells("\nweb 1: ended: a banner?[2J\n", start) &&
	      !tells("web?1", start), "nor has an end");
	forget();
}

int main(void)
{
	test_rates();
	test_notes();
	test_order();
	test_json();
	test_wrong_lines();
	test_hostile_lines();
	test_absence();
	return cases_end();
}
