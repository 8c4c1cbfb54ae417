// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of `finject run` as JUnit XML and TAP: what fails, what is skipped, and text
 * that is none of XML's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "log_file.h"
#include "refuse.h"
#include "run_junit.h"
#include "run_state.h"

static int cases, failures;
static char name[32] = "/tmp/finject-junit-XXXXXX";

static void has(const char *xml, const char *wanted)
{
	cases++;
	if (strstr(xml, wanted))
		return;
	failures++;
	printf("junit: no `%s' in:\n%s\n", wanted, xml);
}

static void is_xml(void)
{
	char command[80];

	if (system("command -v xmllint >/dev/null"))
		return;
	cases++;
	snprintf(command, sizeof(command), "xmllint --noout %s", name);
	failures += system(command) != 0;
}

static void check(const struct run *run, const char *numbers,
		  const char * const *parts)
{
	char *xml;

	if (run_junit_save(run))
		exit(1);
	xml = file_text(name);
	has(xml, numbers);
	for (; *parts; parts++)
		has(xml, *parts);
	is_xml();
	free(xml);
}

/* TAP has the same cases, each a line, whatever the names are. */
static void test_tap(struct options *opt)
{
	char *words[4] = { "sh", "-c", "a # SKIP\nb", NULL };
	struct rule_count rules[] = {
		{ .text = "id=1 drop", .fired = 1, .matched = 1 },
		{ .text = "id=2 drop", .why = "never matched" },
	};
	struct run run = {
		.opt = opt,
		.command = { .words = words, .status = 3 },
		.rules = { rules, 2 },
	};
	char folder[] = "/tmp/finject-tap-XXXXXX", file[64], *tap;

	if (!mkdtemp(folder))
		exit(1);
	opt->artifacts = folder;
	if (run_junit_save(&run))
		exit(1);
	snprintf(file, sizeof(file), "%s/results.tap", folder);
	tap = file_text(file);
	has(tap, "TAP version 13\n1..3\n");
	has(tap, "\nnot ok 1 - sh -c 'a N SKIP b'\n# exit status 3\nok 2 - id=1 drop\n"
	    "ok 3 - id=2 drop # SKIP never matched");
	free(tap);
	unlink(file);
	snprintf(file, sizeof(file), "%s/junit.xml", folder);
	tap = file_text(file);
	has(tap, "tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"");
	free(tap);
	unlink(file);
	rmdir(folder);
	opt->artifacts = NULL;
}

static void test_closes(struct options *opt, const char *log)
{
	char *words[2] = { "true", NULL };
	struct run run = { .opt = opt, .command = { .words = words } };

	if (log_file(&run.log, log))
		exit(1);
	closes_split(&run.closes, &run.log);
	check(&run, "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\"",
	      (const char *[]){
		      "classname=\"finject.command\" name=\"true\"/>",
		      "name=\"1. 192.0.2.1:40000 192.0.2.2:8080\"/>", NULL });
	closes_free(&run.closes);
	log_free(&run.log);
}

static void test_none(struct options *opt)
{
	char *words[4] = { "sh", "-c", "a <\"&'>\n\001\377\303", NULL };
	struct rule_count rules[] = {
		{ .text = "id=1 drop", .fired = 1, .matched = 1 },
		{ .text = "id=2 times=0 drop", .matched = 2,
		  .why = "never fired: `times=0' kept it" },
		{ .text = "id=3 drop", .gone = true },
	};
	struct run run = {
		.opt = opt,
		.command = { .words = words, .status = 139 },
		.rules = { rules, 3 },
	};

	check(&run, "tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"2\"",
	      (const char *[]){
		      "name=\"sh -c &#39;a &lt;&quot;&amp;&#39;\\&#39;&#39;&gt;\n??&#39;\"",
		      "<failure message=\"ended by signal 11\"/>",
		      "name=\"id=1 drop\"/>",
		      "<skipped message=\"never fired: `times=0&#39; kept it",
		      NULL });
	opt->must_fire = true;
	opt->expect = "ok";
	check(&run, "tests=\"5\" failures=\"4\" errors=\"0\" skipped=\"0\"",
	      (const char *[]){
		      "kept it\"/>",
		      "<failure message=\"there was no close\"/>", NULL });
}

int main(void)
{
	struct options opt = { .junit = name };
	int fd = mkstemp(name);

	if (fd < 0)
		return 1;
	close(fd);
	test_closes(&opt, "tests/ladder/fin1-lost.log");
	test_tap(&opt);
	test_none(&opt);
	unlink(name);
	printf("junit: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
