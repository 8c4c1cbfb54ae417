// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "ctl.h"
#include "diag.h"
#include "filter.h"
#include "finject.h"
#include "live.h"
#include "look.h"
#include "record.h"
#include "watch_screen.h"
#include "watched.h"

enum {
	ROOM = 64 * 1024,
	READS = 8,
	LINE = 1024,
	REST_MS = 5,
	PAUSE_MS = 100,
	TICK_MS = 1000,
	OVER = 100,
};

static const u64 ms = 1000000;

/**
 * struct watch - all that is needed to show closes as they happen
 * @events: the file `events` of each namespace, -1 for none
 * @filter: which closes are wanted
 * @set: the closes
 * @look: where sockets are asked for
 * @screen: the picture
 * @live: where it goes
 * @changed: it is not what was drawn last
 * @left: there are more questions than were asked
 * @woken: when there was something to do again, ns
 */
struct watch {
	int events[VIEWS];
	struct filter filter;
	struct watched_set set;
	struct look look;
	struct watch_screen screen;
	struct live live;
	bool changed;
	bool left;
	u64 woken;
};

static int view_open(struct watch *watch, int view, const char *netns)
{
	if (ctl_open(netns))
		return REFUSED;
	watch->events[view] = ctl_file("events", O_RDONLY | O_NONBLOCK);
	if (watch->events[view] < 0)
		return REFUSED;
	watch->look.diag[view] = diag_open(NULL);
	return watch->look.diag[view] < 0 ?
		fail_with("inet_diag", -watch->look.diag[view]) : DONE;
}

static bool is_wanted(const struct watch *watch, const struct event *event)
{
	struct filter filter = watch->filter;

	/* Each namespace has numbers of its own; see watched_is_wanted(). */
	filter.flow = 0;
	return event->kind == EVENT_LOST ||
	       filter_fits(&filter, 0, event->src, event->dst);
}

/* Its ladder was printed before this came, and is not taken back. */
static void say_late(struct watch *watch, const struct watched *one,
		     const char *line)
{
	if (one && one->phase != WATCHED_UNDER_WAY && !watch->live.terminal &&
	    watched_is_wanted(&watch->set, one))
		printf("flow %llu, later: %s\n\n", one->id[0], line);
}

static void take(struct watch *watch, int view, char *line)
{
	struct log log = { 0 };
	char text[LINE];

	snprintf(text, sizeof(text), "%s", line);
	if (!log_line(&log, line))
		return;
	if (is_wanted(watch, log.event))
		say_late(watch, watched_take(&watch->set, view, log.event,
					     text), text);
	watch->changed = true;
	log_free(&log);
}

/* The end of the file is that of the namespace. */
static int hang_up(struct watch *watch, int view)
{
	close(watch->events[view]);
	watch->events[view] = -1;
	return watch->events[0] < 0 && watch->events[1] < 0 ? OVER : DONE;
}

static int drain(struct watch *watch, int view)
{
	static char text[ROOM + 1];
	ssize_t got = 0;

	for (int i = 0; i < READS; i++) {
		char *rest = text, *line;

		got = read(watch->events[view], text, ROOM);
		if (got <= 0)
			break;
		text[got] = '\0';
		while ((line = record_line(&rest)))
			take(watch, view, line);
	}
	if (got < 0 && errno != EAGAIN && errno != EINTR)
		return fail("events: %m");
	return got ? DONE : hang_up(watch, view);
}

static void print_close(struct watch *watch, const struct watched *one)
{
	char title[256], why[256];

	watch_title(&watch->set, one, clock_now(), title, sizeof(title));
	watch_why(one, why, sizeof(why));
	printf("%s\n", title);
	if (*why)
		printf("  %s\n", why);
	watch_ladder(&watch->set, one, &watch->live.term, watch->live.columns,
		     clock_now(), stdout);
	putchar('\n');
}

static void finished(struct watched *one, void *arg)
{
	struct watch *watch = arg;

	watch->changed = true;
	if (!watch->live.terminal)
		print_close(watch, one);
}

static int draw(struct watch *watch)
{
	struct watch_screen *screen = &watch->screen;
	char *picture;
	size_t size;
	FILE *out;
	int status;

	if (!watch->live.terminal)
		return fflush(stdout) || ferror(stdout) ?
			fail("standard output: %m") : DONE;
	out = open_memstream(&picture, &size);
	if (!out)
		return fail("%m");
	screen->rows = watch->live.rows;
	screen->columns = watch->live.columns;
	watch_screen_draw(screen, clock_now(), out);
	fclose(out);
	status = live_draw(&watch->live, picture);
	free(picture);
	return status;
}

static int update(struct watch *watch)
{
	u64 now;

	watch->left = look_run(&watch->look, &watch->set);
	now = clock_now();
	watched_sweep(&watch->set, now, finished, watch);
	watch_screen_choose(&watch->screen, now);
	watch->changed = false;
	return draw(watch);
}

/* q is the end as it should be. */
static int obey_keys(struct watch *watch)
{
	char text[64];
	const char *at = text, *end;

	end = text + live_read(&watch->live, text, sizeof(text));
	while (at < end) {
		enum watch_key key = watch_key(&at, end);

		if (key == KEY_QUIT)
			return OVER;
		watch_screen_obey(&watch->screen, key, clock_now());
		watch->changed = true;
	}
	return DONE;
}

/* How long nothing needs to be done unless something comes, ms. */
static int patience(const struct watch *watch, u64 drawn)
{
	u64 since = (clock_now() - drawn) / ms;
	u64 pause = watch->changed || watch->left ? PAUSE_MS : TICK_MS;

	if (!watch->changed && TAILQ_EMPTY(&watch->set.under_way) &&
	    TAILQ_EMPTY(&watch->set.over))
		return -1;
	return since < pause ? pause - since : 0;
}

static int wait_for(struct watch *watch, int timeout)
{
	struct pollfd files[] = {
		{ .fd = watch->events[0], .events = POLLIN },
		{ .fd = watch->events[1], .events = POLLIN },
		{ .fd = watch->live.signals, .events = POLLIN },
		{ .fd = watch->live.keys, .events = POLLIN },
	};
	int status = DONE;

	poll(files, 4, timeout);
	watch->woken = clock_now();
	for (int view = 0; view < VIEWS && !status; view++)
		if (files[view].revents)
			status = drain(watch, view);
	if (!status && files[2].revents)
		status = live_obey(&watch->live, &watch->changed);
	if (!status && files[3].revents)
		status = obey_keys(watch);
	return status;
}

/*
 * It draws ten times a second at most, and rests for longer than it was busy:
 * it never uses more than half a CPU. When that is too little, records are
 * lost, which is said.
 */
static int follow(struct watch *watch)
{
	int status = update(watch);
	u64 drawn = clock_now();

	while (!status) {
		status = wait_for(watch, patience(watch, drawn));
		if (!status && !patience(watch, drawn)) {
			status = update(watch);
			drawn = clock_now();
		}
		if (!status)
			clock_rest(clock_now() - watch->woken + REST_MS * ms);
	}
	return status == OVER ? DONE : status;
}

static void print_rest(struct watch *watch)
{
	const struct watched *one;

	TAILQ_FOREACH(one, &watch->set.under_way, place)
		if (watched_is_wanted(&watch->set, one))
			print_close(watch, one);
}

/* What was on the other screen is worth keeping: the chosen close. */
static void leave(struct watch *watch)
{
	live_close(&watch->live);
	if (!watch->live.terminal)
		print_rest(watch);
	else if (watch->screen.chosen)
		print_close(watch, watch->screen.chosen);
	watch_counts(&watch->set, 200, stdout);
	fflush(stdout);
}

static void watch_close(struct watch *watch)
{
	for (int view = 0; view < VIEWS; view++) {
		if (watch->events[view] >= 0)
			close(watch->events[view]);
		if (watch->look.diag[view] >= 0)
			close(watch->look.diag[view]);
	}
	watched_free(&watch->set);
}

/**
 * verb_watch() - show closes as they happen
 * @opt: options
 * @argc: number of words
 * @argv: filters, see filter_parse()
 *
 * Return: exit status.
 */
int verb_watch(const struct options *opt, int argc, char **argv)
{
	static struct watch watch = {
		.events = { -1, -1 },
		.look.diag = { -1, -1 },
		.screen = { .set = &watch.set, .follows = true },
	};
	int status;

	watched_init(&watch.set);
	if (filter_parse(&watch.filter, argc, argv) ||
	    view_open(&watch, 0, opt->netns) ||
	    (opt->peer && view_open(&watch, 1, opt->peer)))
		return REFUSED;
	watch.set.flow = watch.filter.flow;
	watch.set.both = opt->peer;
	live_open(&watch.live, stdout, opt->ascii);
	live_listen(&watch.live);
	watch.screen.term = watch.live.term;
	live_take(&watch.live);
	status = follow(&watch);
	leave(&watch);
	watch_close(&watch);
	return status;
}
