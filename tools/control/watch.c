// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "diag.h"
#include "ctl.h"
#include "filter.h"
#include "finject.h"
#include "ladder_text.h"
#include "live.h"
#include "record.h"
#include "watched.h"

enum {
	ROOM = 64 * 1024,
	PAUSE_MS = 50,
	TICK_MS = 1000,
	OVER = 100,
};

static const u64 ms = 1000000;
static const u64 settle = 100000000;
static const u64 rest = 1000000000;

/**
 * struct watch - all that is needed to draw closes as they happen
 * @events: the file `events` of each namespace, -1 for none
 * @diag: from diag_open() for each, -1 for none
 * @signals: tells of SIGINT, SIGTERM, SIGWINCH and SIGCONT
 * @keys: a terminal that keys come from, or -1
 * @before: how that terminal was
 * @filter: which closes are wanted
 * @set: the closes that were seen last
 * @current: the one that is drawn, or NULL
 * @settled: all of it stands still
 * @live: where it is drawn
 */
struct watch {
	int events[VIEWS];
	int diag[VIEWS];
	int signals;
	int keys;
	struct termios before;
	struct filter filter;
	struct watched_set set;
	struct watched *current;
	bool settled;
	struct live live;
};

static int view_open(struct watch *watch, int view, const char *netns)
{
	if (ctl_open(netns))
		return REFUSED;
	watch->events[view] = ctl_file("events", O_RDONLY | O_NONBLOCK);
	if (watch->events[view] < 0)
		return REFUSED;
	watch->diag[view] = diag_open(NULL);
	return watch->diag[view] < 0 ?
		fail_with("inet_diag", -watch->diag[view]) : DONE;
}

static void signals_open(struct watch *watch)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	watch->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Keys come one by one and are not shown. Not from the background. */
static void keys_open(struct watch *watch)
{
	struct termios raw;

	watch->keys = -1;
	if (!watch->live.terminal || !isatty(STDIN_FILENO) ||
	    tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &watch->before))
		return;
	raw = watch->before;
	raw.c_lflag &= ~(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	watch->keys = STDIN_FILENO;
}

static void keys_close(struct watch *watch)
{
	if (watch->keys >= 0)
		tcsetattr(watch->keys, TCSADRAIN, &watch->before);
	watch->keys = -1;
}

static bool is_wanted(const struct watch *watch, const struct event *event)
{
	struct filter filter = watch->filter;

	/* Each namespace has numbers of its own; see watched_next(). */
	filter.flow = 0;
	return event->kind != EVENT_LOST &&
	       filter_fits(&filter, 0, event->src, event->dst);
}

static void lost(struct watch *watch, const struct event *event)
{
	if (event->kind == EVENT_LOST && watch->current)
		*log_add(&watch->current->log) = *event;
}

static void take(struct watch *watch, int view, char *line)
{
	struct log log = { 0 };

	if (!log_line(&log, line))
		return;
	if (is_wanted(watch, log.event))
		watched_add(&watch->set, view, log.event, watch->current);
	lost(watch, log.event);
	watch->settled = false;
	log_free(&log);
}

static int drain(struct watch *watch, int view)
{
	static char text[ROOM + 1];
	ssize_t got;

	while ((got = read(watch->events[view], text, ROOM)) > 0) {
		char *rest_of = text, *line;

		text[got] = '\0';
		while ((line = record_line(&rest_of)))
			take(watch, view, line);
	}
	return got < 0 && errno != EAGAIN && errno != EINTR ?
		fail("events: %m") : DONE;
}

static int find_socket(struct watch *watch, int view,
		       const struct watched *one, int end,
		       struct diag *found)
{
	struct addr src, dst;

	if (!addr_parse(&src, one->end[end].name) ||
	    !addr_parse(&dst, one->end[!end].name))
		return -EINVAL;
	return diag_find(watch->diag[view], &src, &dst, found);
}

static bool has_changed(const struct watched *one, int end)
{
	for (size_t i = 0; i < one->log.count; i++)
		if (one->log.event[i].kind == EVENT_SOCKET &&
		    !strcmp(one->log.event[i].src, one->end[end].name))
			return true;
	return false;
}

/* The end that has not changed yet has told nothing of its state. */
static void look_first(struct watch *watch, struct watched *one)
{
	struct diag found;

	for (int end = 0; end < 2; end++)
		for (int view = 0; view < VIEWS; view++) {
			if (has_changed(one, end) || watch->diag[view] < 0 ||
			    find_socket(watch, view, one, end, &found) ||
			    found.timer == TIMER_TIMEWAIT)
				continue;
			one->end[end].view = view;
			watched_start(one, end, clock_now(),
				      state_names[found.state]);
			break;
		}
}

static void tell_missed(struct watch *watch)
{
	char text[80];

	if (!watch->set.missed || watch->filter.flow)
		return;
	snprintf(text, sizeof(text), "(%u closes came too fast to be drawn)\n",
		 watch->set.missed);
	live_say(&watch->live, text);
	watch->set.missed = 0;
}

static void choose(struct watch *watch)
{
	struct watched *next, *one = watch->current;

	if (one && !watched_is_over(one) && clock_now() - one->last < rest)
		return;
	next = watched_next(&watch->set, watch->filter.flow);
	if (!next || (one && !watch->settled))
		return;
	if (one)
		live_next(&watch->live);
	tell_missed(watch);
	next->shown = true;
	watch->current = next;
	watch->settled = false;
	look_first(watch, next);
}

static size_t waiting(const struct ladder *ladder)
{
	size_t count = 0;

	for (size_t i = 0; i < ladder->arrows; i++)
		count += ladder->arrow[i].fault == FAULT_PARKED &&
			 !ladder->arrow[i].released;
	return count;
}

static void describe(const struct watch *watch, const struct ladder *ladder,
		     u64 now, char *status, size_t size)
{
	const struct watched *one = watch->current;
	size_t parked = waiting(ladder);
	char wait[48] = "";

	if (parked)
		snprintf(wait, sizeof(wait), ", %zu segment%s wait%s", parked,
			 parked == 1 ? "" : "s", parked == 1 ? "s" : "");
	snprintf(status, size, "flow %llu, %.1f s%s%s; q ends", one->id[0],
		 (now - one->first) / 1e9, wait,
		 watched_is_over(one) ? ", nothing of it is left" : "");
}

static struct log in_order(const struct watch *watch)
{
	const struct log *from = &watch->current->log;
	struct log log = { .both = watch->diag[1] >= 0 };

	for (size_t i = 0; i < from->count; i++)
		*log_add(&log) = from->event[i];
	log_sort(&log);
	return log;
}

static int draw(struct watch *watch, const struct log *log)
{
	struct ladder ladder;
	size_t size, settled;
	char status[128];
	char *text;
	FILE *out;
	int error;

	if (!ladder_build(&ladder, log))
		return DONE;
	out = open_memstream(&text, &size);
	if (!out)
		return fail("%m");
	ladder.now = clock_now();
	settled = ladder_text_until(&ladder, &watch->live.term, out,
				    ladder.now - settle);
	fclose(out);
	watch->settled = settled == size;
	describe(watch, &ladder, ladder.now, status, sizeof(status));
	error = live_update(&watch->live, text, settled, status);
	free(text);
	ladder_free(&ladder);
	return error;
}

static int update(struct watch *watch)
{
	struct log log;
	int status;

	choose(watch);
	if (!watch->current) {
		watch->settled = true;
		return live_update(&watch->live, "", 0,
				   "waiting for a close; q ends");
	}
	log = in_order(watch);
	status = draw(watch, &log);
	log_free(&log);
	return status;
}

/* Ctrl-C ends it as it ends other programs; q is the end as it should be. */
static int obey(struct watch *watch)
{
	struct signalfd_siginfo info;

	while (read(watch->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCONT)
			keys_open(watch);
		if (info.ssi_signo != SIGWINCH && info.ssi_signo != SIGCONT)
			return SIGNALLED + info.ssi_signo;
		live_resize(&watch->live);
	}
	return DONE;
}

static int obey_keys(struct watch *watch)
{
	char key;

	if (read(watch->keys, &key, 1) == 1)
		return key == 'q' || key == 'Q' ? OVER : DONE;
	keys_close(watch);
	return DONE;
}

static int wait_for(struct watch *watch)
{
	struct pollfd files[] = {
		{ .fd = watch->events[0], .events = POLLIN },
		{ .fd = watch->events[1], .events = POLLIN },
		{ .fd = watch->signals, .events = POLLIN },
		{ .fd = watch->keys, .events = POLLIN },
	};
	bool idle = !watch->current && !watch->live.terminal;
	int status = DONE;

	poll(files, 4, idle ? -1 : watch->settled ? TICK_MS : PAUSE_MS);
	for (int view = 0; view < VIEWS && !status; view++)
		if (files[view].revents)
			status = drain(watch, view);
	if (!status && files[2].revents)
		status = obey(watch);
	if (!status && files[3].revents)
		status = obey_keys(watch);
	return status;
}

static int follow(struct watch *watch)
{
	u64 drawn = 0;
	int status = DONE;

	while (!status) {
		u64 now = clock_now();

		if (now - drawn >= PAUSE_MS * ms) {
			status = update(watch);
			drawn = now;
		}
		if (!status)
			status = wait_for(watch);
	}
	return status == OVER ? DONE : status;
}

static void watch_close(struct watch *watch)
{
	keys_close(watch);
	live_close(&watch->live);
	for (int view = 0; view < VIEWS; view++) {
		if (watch->events[view] >= 0)
			close(watch->events[view]);
		if (watch->diag[view] >= 0)
			close(watch->diag[view]);
	}
	watched_free(&watch->set);
}

/**
 * verb_watch() - draw closes as they happen
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
		.diag = { -1, -1 },
	};
	int status;

	if (filter_parse(&watch.filter, argc, argv) ||
	    view_open(&watch, 0, opt->netns) ||
	    (opt->peer && view_open(&watch, 1, opt->peer)))
		return REFUSED;
	live_open(&watch.live, stdout, opt->ascii);
	signals_open(&watch);
	keys_open(&watch);
	status = follow(&watch);
	watch_close(&watch);
	return status;
}
