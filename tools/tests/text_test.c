// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule text before it is sent to the kernel, and the kernel's answers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "ctl.h"
#include "log.h"
#include "record.h"
#include "text.h"

static void commands_are(const char *rules, const char *before,
			 const char *wanted)
{
	char *commands = text_commands(rules, before);

	check(!strcmp(commands, wanted), rules);
	free(commands);
}

static void test_commands(void)
{
	commands_are("drop", "", "add drop\n");
	commands_are("add drop", "", "add drop\n");
	commands_are("added", "", "add added\n");
	commands_are(" add drop\n", "", " add drop\n");
	commands_are("# x\n\ndrop\n", "flush\n", "flush\n# x\n\nadd drop\n");
	commands_are("", "flush\n", "flush\n");
}

static void rules_are(int count, char **words, const char *wanted)
{
	char *rules = text_rules(count, words);

	check(!strcmp(rules, wanted), wanted);
	free(rules);
}

static void test_rules(void)
{
	char *one[3] = { "seg=fin1", "port=80", "drop" };
	char *many[3] = { "seg=fin1 drop", "pass", "add\tdrop" };

	rules_are(3, one, "seg=fin1 port=80 drop");
	rules_are(1, one, "seg=fin1");
	rules_are(3, many, "seg=fin1 drop\npass\nadd\tdrop");
}

static void test_aims(void)
{
	check(!text_aims("add seg=fin1 drop\n"), "meets all");
	check(!text_aims("add drop # port=80\n"), "aims in a comment only");
	check(!text_aims("add port=80 drop\nadd drop\n"), "the second meets all");
	check(!text_aims("add seg=fin1 report=1\n"), "a key that ends alike");
	check(text_aims("add dport=80 drop\n"), "dport");
	check(text_aims("add mark=1 drop\nadd oif=eth0 drop"), "mark, oif");
	check(text_aims("flush\ndel id=1\n\n# x\n"), "no rule");
}

static void test_ids(void)
{
	static const char rules[] = "add id=1 seg=fin1 drop\nadd id=17 drop\n";
	unsigned int ours;
	char *leased;

	check(text_id("add id=7 drop") == 7, "id=");
	check(text_id("id=7\tdrop\nid=8") == 7, "id= first");
	check(!text_id("add drop\nadd id=7"), "id= of the next line");
	check(!text_id("add drop # id=7"), "id= in a comment");
	check(!text_id("add grid=7 drop"), "a key that ends alike");
	check(!text_id(""), "nothing");
	check(text_find(rules, 17) == strstr(rules, "add id=17"), "the second");
	check(!text_find(rules, 7), "the end of a number");
	check(!text_find("", 1), "no rule");
	check(!text_refuse_taken("lease\nadd id=7 drop\nadd drop", rules, false),
	      "a free id");
	check(!text_refuse_taken("add id=1 drop", rules, true), "force");
	leased = text_leased("id=1 drop\nadd id=1 pass\ndrop", rules, &ours);
	check(!strcmp(leased, "lease\ndel id=1\nadd id=1 drop\nadd id=1 pass\nadd drop\n") &&
	      ours == 2, leased);
	free(leased);
	check(text_refuse_taken("lease\nadd drop\nadd id=17 pass", rules, false),
	      "a taken id");
}

static void refusal_is(const char *log, unsigned int ours, const char *source,
		       const char *wanted)
{
	char text[256] = "";

	ctl_refusal(log, ours, source, text, sizeof(text));
	check(!strcmp(text, wanted), wanted);
}

static void test_refusal(void)
{
	static const char log[] =
		"#1 line 1: old\n  x\n  ^\n#2 line 3: new\n  add y\n      ^\n";

	refusal_is("", 0, NULL, "");
	refusal_is(log, 0, NULL, "new\n  add y\n      ^\n");
	refusal_is(log, 0, "-", "line 3: new\n  add y\n      ^\n");
	refusal_is(log, 1, "f", "f:2: new\n  add y\n      ^\n");
	refusal_is("#7 unheard of\n", 1, "f", "#7 unheard of\n");
}

static void test_record(void)
{
	char line[] = "add id=1 pure seed=-7 hold=-\n", empty[] = "\n ";
	char text[] = "a\n\nb", *rest = text, lost[] = "lost=5\n";
	struct record record;
	u64 number = 0;

	check(!record_parse(&record, empty), "an empty line");
	check(record_parse(&record, line) && record.count == 4, "a line");
	check(!strcmp(record.word, "add"), "its word");
	check(record_number(&record, "id") == 1, "a number");
	check(!record_get(&record, "pure") && !record_get(&record, "hold"),
	      "no value");
	check(record_parse(&record, lost) && !strcmp(record.word, "lost") &&
	      record_number(&record, "lost") == 5, "a word with a value");
	check(!strcmp(record_line(&rest), "a") &&
	      !strcmp(record_line(&rest), "") &&
	      !strcmp(record_line(&rest), "b") && !record_line(&rest),
	      "lines");
	check(number_parse("18446744073709551615", &number) && !~number,
	      "the greatest number");
	check(!number_parse("", &number) && !number_parse("-", &number) &&
	      !number_parse("-7", &number) &&
	      !number_parse("1-2", &number) && !number_parse("0x1", &number) &&
	      !number_parse("99999999999999999999", &number), "no numbers");
}

static void test_log(void)
{
	char lost[] = "lost=5", what[] = "what t=1";
	char long_name[] = "sk t=1 src=1 dst=2 from=A_VERY_LONG_STATE to=B";
	char escape[] = "sk t=1 src=\x1b[2J dst=2 from=A to=B";
	struct log log = { 0 };

	check(log_line(&log, lost) && log.event[0].lost == 5, "lost");
	check(!log_line(&log, what), "a record nobody knows");
	check(!log_line(&log, long_name), "a value that does not fit");
	check(!log_line(&log, escape), "an escape sequence");
	check(log.count == 1, "refused lines are not kept");
	check(list_has("fin1,ack1", "ack1") && !list_has("fin1", "fin") &&
	      !list_has("", "fin"), "lists");
	log_free(&log);
}

static void prints_as_read(const char *wanted)
{
	struct log log = { 0 };
	char line[512], *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(wanted, "\n"), wanted);
	check(log_line(&log, line), wanted);
	log_print(&log, out);
	fclose(out);
	check(!strcmp(text, wanted), wanted);
	free(text);
	log_free(&log);
}

/* Unknown keys of a later module are saved as they were read. */
static void test_log_print(void)
{
#define WHAT " seg=fin1,ack2 nth=1,3 src=a dst=b flags=FA seq=4294967295 ack=6 len=7"

	prints_as_read("lost=5\n");
	prints_as_read("seg t=1 flow=2 hook=input" WHAT
		       " gen=8 rule=9 verdict=drop\n");
	prints_as_read("seg t=1 flow=2 hook=output" WHAT
		       " gen=0 rule=- verdict=pass ttl=64 bare\n");
	prints_as_read("outcome t=1 flow=2 hook=forward" WHAT
		       " gen=1 rule=1 verdict=released parked=18446744073709551615 copy=1\n");
	prints_as_read("sk t=1 flow=2 src=a dst=b from=- to=CLOSE socket=full cause=rst rule=-\n");
}

int main(void)
{
	test_commands();
	test_rules();
	test_aims();
	test_ids();
	test_refusal();
	test_record();
	test_log();
	test_log_print();
	return cases_end();
}
