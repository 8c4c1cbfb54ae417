// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scenarios as text: the built-in ones are right, and of each kind of mistake
 * the line and the word are named.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "catalogue.h"
#include "range.h"
#include "refuse.h"

static char said[4096];

/* Read a scenario, and keep what is said of it. */
static int read_text(const char *text)
{
	struct scenario scenario;
	int saved = dup(STDERR_FILENO), out[2], status;
	ssize_t got;

	if (pipe(out))
		abort();
	dup2(out[1], STDERR_FILENO);
	status = scenario_read(&scenario, "dir/mine.scenario", text);
	dup2(saved, STDERR_FILENO);
	close(out[1]);
	got = read(out[0], said, sizeof(said) - 1);
	said[got > 0 ? got : 0] = '\0';
	close(out[0]);
	close(saved);
	scenario_free(&scenario);
	return status;
}

static void test_built_in(void)
{
	struct scenario scenario;

	for (const struct catalogue_row *row = catalogue; row->name; row++) {
		check(catalogue_read(&scenario, row->name) == DONE, row->name);
		check(scenario.rfc && scenario.asked, row->name);
		scenario_free(&scenario);
	}
}

static void test_wrong(void)
{
#define HEAD	"title T\nexpect judge ok\n"
	static const struct {
		const char *text;
		const char *said;
	} rows[] = {
		{ "expect judge ok\n", "there is no `title'" },
		{ "title T\nA close\n", "nothing is expected" },
		{ HEAD "title\n", ":3: `title' wants a text" },
		{ HEAD "bed moon\n", ":3: there is no bed `moon'" },
		{ HEAD "family v5\n", ":3: `v5' is neither v4 nor v6" },
		{ HEAD "A connekt\n", ":3: `connekt' is no step or head" },
		{ HEAD "A5 connect\n", ":3: `A5' is no step or head" },
		{ HEAD "A\n", ":3: a verb is missing" },
		{ HEAD "A connect 8080\n", "`8080' is not one of" },
		{ HEAD "A connect port=0\n", "a port is a number" },
		{ HEAD "A connect error=EFOO\n", "none of a connection" },
		{ HEAD "A wait ASLEEP\n", "that is no state" },
		{ HEAD "A wait CLOSED in=2s..1s\n", "`in=' wants a time" },
		{ HEAD "A set nagle=1\n", "that is no option" },
		{ HEAD "A sysctl kernel.panic=1\n", "only sysctls of net." },
		{ HEAD "R rule drop\n", "the bed `pair' has no R" },
		{ HEAD "A churn 5 first=C\n", "`first=' is A or B" },
		{ HEAD "A churn 5 reset=2\n", "`reset=' is 0 or 1" },
		{ HEAD "A churn 5 to=0\n", "a port is a number" },
		{ HEAD "A churn 5 last=B\n", "`last=B' is not one of" },
		{ HEAD "A listen 80 reuseaddr=2\n", "`reuseaddr=' is 0 or 1" },
		{ HEAD "A listen 80 error=EFOO\n", "none of a connection" },
		{ HEAD "A listen none error=EPIPE\n", "`none' stands alone" },
		{ HEAD "expect A sockets OPEN 1\n", "no state of a socket" },
		{ HEAD "expect A sockets CLOSED 1\n", "no state of a socket" },
		{ HEAD "expect A sockets LISTEN 1s\n", "no range of numbers" },
		{ HEAD "kernel\n", ":3: `kernel' wants versions" },
		{ HEAD "kernel 6 A close\n", ":3: `kernel' wants versions" },
		{ HEAD "kernel .. A close\n", "`kernel' wants versions" },
		{ HEAD "kernel 6.2..6.1 A close\n", "`kernel' wants versions" },
		{ HEAD "kernel 6.1\n", "wants a step or an expectation" },
		{ HEAD "kernel 6.1 bed pair\n", "`bed' is no step or head" },
		{ HEAD "kernel 6.1.. expect\n", "wants an expectation" },
		{ HEAD "needs kernel six\n", "versions are 6.1" },
		{ HEAD "needs luck 1\n", "a kernel, a sysctl or a command" },
		{ HEAD "rest 2\n", "a number and its unit" },
		{ HEAD "A rest 2s\n", "`rest' cannot be said of A" },
		{ HEAD "expect A path OPEN\n", "that is no state" },
		{ HEAD "expect A counter RetransSegs 1s\n", "no range of numbers" },
		{ HEAD "expect A time TIME_WAIT 60\n", "no range of times" },
		{ HEAD "expect judge fine\n", "the judge says ok" },
		{ HEAD "expect\n", ":3: `expect' wants an expectation" },
		{ HEAD "A read\n", "`read' wants BYTES" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check(read_text(rows[i].text) == REFUSED, rows[i].text);
		check(strstr(said, rows[i].said), rows[i].said);
	}
	check(read_text(HEAD) == DONE && !*said, "nothing wrong");
}

static void test_range(void)
{
	struct range range = { 0 };

	check(range_read(&range, "3") && range_has(&range, 3) &&
	      !range_has(&range, 4) && !range.times, "3");
	check(range_read(&range, "1..") && range_has(&range, ~0ULL), "1..");
	check(range_read(&range, "0s..1.5s") && range.times &&
	      range_has(&range, 0) && range_has(&range, 1500000000) &&
	      !range_has(&range, 1500000001), "0s..1.5s");
	check(!range_read(&range, "2..1"), "2..1");
	check(!range_read(&range, "1..2s"), "1..2s");
	check(!range_read(&range, "..") && !range_read(&range, ""), "nothing");
}

static void test_kernels(void)
{
	enum { LINUX_5_10 = 5 << 16 | 10, LINUX_6_1 = 6 << 16 | 1 };
	struct kernels kernels;

	check(kernels_read(&kernels, "6.1") && kernels_has(&kernels, LINUX_6_1) &&
	      !kernels_has(&kernels, LINUX_5_10), "6.1");
	check(kernels_read(&kernels, "..6.0") && kernels_has(&kernels, LINUX_5_10) &&
	      !kernels_has(&kernels, LINUX_6_1), "..6.0");
	check(kernels_read(&kernels, "5.11..") && kernels_has(&kernels, LINUX_6_1) &&
	      !kernels_has(&kernels, LINUX_5_10), "5.11..");
	check(!kernels_read(&kernels, "6.1..6") && !kernels_read(&kernels, "6.1.2") &&
	      !kernels_read(&kernels, ""), "no versions");
	check(kernels_version() >= LINUX_5_10, "the running kernel");
}

int main(void)
{
	test_built_in();
	test_wrong();
	test_range();
	test_kernels();
	return cases_end();
}
