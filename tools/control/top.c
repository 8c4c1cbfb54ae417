// SPDX-License-Identifier: GPL-2.0-only
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "finject.h"
#include "live.h"
#include "record.h"
#include "refuse.h"
#include "span.h"
#include "top.h"
#include "watch_screen.h"

enum { OVER = 100, FILES = 2 * TOP_HOSTS + 2 };

/**
 * struct top - all that is needed to show hosts and their namespaces
 * @hosts: the hosts
 * @count: their number
 * @live: where the pictures go
 * @json: looks are printed as JSON
 * @delay: the time between two looks, ns
 * @most: number of looks after which it ends, or 0
 * @looks: number of looks
 * @due: when the next one is due, ns
 * @changed: what was drawn last has to be drawn again
 */
struct top {
	struct top_host hosts[TOP_HOSTS];
	size_t count;
	struct live live;
	bool json;
	u64 delay;
	u64 most;
	u64 looks;
	u64 due;
	bool changed;
};

/* Seconds, or with a unit as elsewhere. */
static int read_delay(const char *text, u64 *delay)
{
	char seconds[32];

	snprintf(seconds, sizeof(seconds), "%ss", text);
	if (strlen(text) < sizeof(seconds) - 1 &&
	    (span_parse(seconds, delay) || span_parse(text, delay)) &&
	    *delay >= SEC / 10 && *delay <= 3600 * SEC)
		return DONE;
	fail("--delay wants seconds, 0.1 to 3600, not `%s'", text);
	return USAGE;
}

static int read_options(struct top *top, const struct options *opt)
{
	top->json = opt->json;
	top->delay = SEC;
	if (opt->delay && read_delay(opt->delay, &top->delay))
		return USAGE;
	if (!opt->count || (number_parse(opt->count, &top->most) && top->most))
		return DONE;
	fail("--count wants a number of looks, 1 or more, not `%s'",
	     opt->count);
	return USAGE;
}

/* This host when none is named. What begins with `-' would be ssh's option. */
static int open_hosts(struct top *top, int argc, char **argv)
{
	struct top_host *host = top->hosts;

	if (!argc) {
		top->count = 1;
		return top_here_open(host);
	}
	for (int i = 0; i < argc; i++) {
		if (!*argv[i] || *argv[i] == '-')
			return fail("`%s' is no host", argv[i]);
		if (i == TOP_HOSTS)
			return fail("there are at most %d hosts: `%s' is one too many",
				    TOP_HOSTS, argv[i]);
		host = &top->hosts[top->count++];
		host->name = argv[i];
		host->home = -1;
		if (!strcmp(argv[i], "localhost") ? top_here_open(host) :
						    top_host_start(host, top->delay))
			return REFUSED;
	}
	return DONE;
}

static void print_screen(const struct top *top, FILE *out)
{
	time_t now = time(NULL);
	struct tm local;
	char clock[16];

	localtime_r(&now, &local);
	strftime(clock, sizeof(clock), "%T", &local);
	fprintf(out, "%s  every %g s; q ends\n\n", clock, top->delay / 1e9);
	top_table(top->hosts, top->count, clock_now(), out);
}

static int draw(struct top *top)
{
	char *picture;
	size_t size;
	FILE *out = open_memstream(&picture, &size);
	int status;

	if (!out)
		return fail("%m");
	print_screen(top, out);
	fclose(out);
	status = live_draw(&top->live, picture);
	free(picture);
	top->changed = false;
	return status;
}

static int print(struct top *top)
{
	if (!top->json && top->looks > 1)
		putchar('\n');
	if (!top->json)
		top_table(top->hosts, top->count, clock_now(), stdout);
	for (size_t i = 0; i < top->count && top->json; i++)
		top_json(&top->hosts[i], clock_now(), stdout);
	return fflush(stdout) || ferror(stdout) ?
		fail("standard output: %m") : DONE;
}

static int look(struct top *top, u64 now)
{
	/* other hosts look as often, and first at about the same time */
	u64 slack = top->hosts[0].name ? top->delay / 4 : 0;
	size_t ended = 0;
	int status;

	for (size_t i = 0; i < top->count; i++) {
		if (top->hosts[i].home >= 0 && !top->hosts[i].ended)
			top_here_look(&top->hosts[i]);
		ended += top->hosts[i].ended;
	}
	top->looks++;
	top->due += top->delay;
	if (top->looks == 1 || top->due < now)
		top->due = now + top->delay + slack;
	status = top->live.terminal ? draw(top) : print(top);
	if (!status && (ended == top->count || top->looks == top->most))
		status = OVER;
	return status;
}

static int obey_keys(struct top *top)
{
	char text[64];
	const char *at = text, *end;

	end = text + live_read(&top->live, text, sizeof(text));
	while (at < end)
		if (watch_key(&at, end) == KEY_QUIT)
			return OVER;
	return DONE;
}

static int wait_for(struct top *top)
{
	struct pollfd files[FILES] = {
		{ .fd = top->live.signals, .events = POLLIN },
		{ .fd = top->live.keys, .events = POLLIN },
	};
	u64 now = clock_now();
	int status = DONE;

	for (size_t i = 0; i < top->count; i++) {
		files[2 * i + 2] = (struct pollfd){ top->hosts[i].out.fd, POLLIN, 0 };
		files[2 * i + 3] = (struct pollfd){ top->hosts[i].err.fd, POLLIN, 0 };
	}
	poll(files, 2 * top->count + 2,
	     top->due > now ? (top->due - now) / MSEC + 1 : 0);
	for (size_t i = 0; i < top->count; i++)
		if (files[2 * i + 2].revents || files[2 * i + 3].revents)
			top_host_hear(&top->hosts[i]);
	if (files[0].revents)
		status = live_obey(&top->live, &top->changed);
	if (!status && files[1].revents)
		status = obey_keys(top);
	return status;
}

/* The first look waits until each host said something. */
static bool is_ready(const struct top *top)
{
	for (size_t i = 0; i < top->count; i++) {
		const struct top_host *host = &top->hosts[i];

		if (host->home < 0 && !host->heard && !host->ended)
			return false;
	}
	return true;
}

static int follow(struct top *top)
{
	int status = DONE;

	top->due = clock_now() + 10 * SEC;
	while (!status) {
		u64 now = clock_now();

		if (now >= top->due || (!top->looks && is_ready(top)))
			status = look(top, now);
		else if (top->changed && top->live.terminal)
			status = draw(top);
		if (!status)
			status = wait_for(top);
	}
	return status;
}

/* The last picture is worth keeping. Return: exit status. */
static int leave(struct top *top, int status)
{
	bool ended = false;

	live_close(&top->live);
	if (top->live.terminal)
		top_table(top->hosts, top->count, clock_now(), stdout);
	for (size_t i = 0; i < top->count; i++) {
		ended |= top->hosts[i].ended;
		if (top->hosts[i].ended && !top->hosts[i].name)
			fail("%s", top->hosts[i].said);
	}
	if (status != OVER)
		return status;
	return ended ? REFUSED : DONE;
}

/**
 * verb_top() - show what finject does in the namespaces of hosts, again and again
 * @opt: options
 * @argc: number of words
 * @argv: hosts
 *
 * Return: exit status; REFUSED also when a host ended before.
 */
int verb_top(const struct options *opt, int argc, char **argv)
{
	static struct top top;
	int status = read_options(&top, opt);

	if (status)
		return status;
	status = open_hosts(&top, argc, argv);
	if (!status) {
		live_open(&top.live, stdout, opt->ascii);
		live_listen(&top.live);
		top.live.terminal &= !top.json;
		live_take(&top.live);
		status = leave(&top, follow(&top));
	}
	top_hosts_end(top.hosts, top.count);
	return status;
}
