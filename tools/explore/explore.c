// SPDX-License-Identifier: GPL-2.0-only
/*
 * finject explore: each fault at each segment of the closes of a command, one
 * run each, and what comes of it.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "base.h"
#include "clock.h"
#include "compare.h"
#include "ctl.h"
#include "found.h"
#include "keepsake.h"
#include "kept.h"
#include "place.h"
#include "pool.h"
#include "session.h"
#include "shown.h"
#include "span.h"
#include "text.h"
#include "told.h"
#include "walk.h"
#include "words_text.h"

enum { JOBS = 64 };

static const u64 first_limit = 60 * SEC;
static const u64 usual_patience = 5 * SEC;
static const u64 least_limit = 5 * SEC;

/**
 * struct explorer - an exploration, and where its results go
 * @session: the exploration
 * @kept: the file of results, or one that is none
 * @keepsake: the directory of --artifacts
 * @shown: what is printed
 * @walk: the random walk, or one that is none
 * @cursor: all attempts before this one are over
 */
struct explorer {
	struct session session;
	struct kept kept;
	struct keepsake keepsake;
	struct shown shown;
	struct walk walk;
	size_t cursor;
};

static int mistake(const char *what)
{
	fail("%s", what);
	return USAGE;
}

static int jobs_read(struct setting *setting)
{
	const char *text = setting->opt->jobs;
	char *end;

	setting->jobs = 1;
	if (!text)
		return DONE;
	if (!setting->opt->isolate)
		return mistake("--jobs goes with --isolate");
	setting->jobs = strtoul(text, &end, 10);
	if (*end || end == text || *text == '-' || !setting->jobs ||
	    setting->jobs > JOBS)
		return mistake("--jobs wants a number from 1 to 64");
	return DONE;
}

static int times_read(struct setting *setting)
{
	const struct options *opt = setting->opt;

	setting->limit = first_limit;
	setting->patience = usual_patience;
	if (opt->timeout && !span_parse(opt->timeout, &setting->limit))
		return mistake("--timeout wants a number and its unit, ms s min h: 30s, 1.5min");
	if (opt->patience && !span_parse(opt->patience, &setting->patience))
		return mistake("--patience wants a number and its unit, ms s min h: 30s, 1.5min");
	return DONE;
}

/* The module knows whether the user's own are rules. */
static int faults_check(struct session *session)
{
	session->faults = faults_list(&session->setting, session->fault,
				      FAULT_ROOM);
	return fault_only_check(session->setting.opt->only, session->fault,
				session->faults);
}

static int options_check(struct explorer *explorer)
{
	struct setting *setting = &explorer->session.setting;
	const struct options *opt = setting->opt;
	int status;

	if (!opt->command)
		return mistake("`explore' wants a command behind `--'");
	if (opt->isolate && opt->netns)
		return mistake("--isolate makes network namespaces, and -n names one");
	if (opt->tap && opt->json)
		return mistake("--tap or -j, not both");
	status = place_check(opt);
	if (!status)
		status = jobs_read(setting);
	if (!status)
		status = times_read(setting);
	if (!status)
		status = faults_check(&explorer->session);
	if (!status && opt->random)
		status = walk_read(&explorer->walk, opt->random);
	return status;
}

/* A run is known by the index of its attempt, for the array may move. */
static const char *next(void *arg, size_t *task)
{
	struct explorer *explorer = arg;
	struct session *session = &explorer->session;

	if (session->failed)
		return NULL;
	while (explorer->cursor < session->attempts &&
	       session->attempt[explorer->cursor].over)
		explorer->cursor++;
	for (size_t i = explorer->cursor; i < session->attempts; i++) {
		struct attempt *attempt = &session->attempt[i];

		if (attempt->over || attempt->tries != attempt->ended)
			continue;
		attempt->tries++;
		*task = i;
		return attempt->rules;
	}
	if (!walk_step(&explorer->walk, session))
		return NULL;
	return next(arg, task);
}

static void tell(struct explorer *explorer, const struct attempt *attempt)
{
	struct session *session = &explorer->session;
	struct json_object *record = told_of(session, attempt);

	json_object_array_add(session->records, record);
	if (keepsake_add(&explorer->keepsake, record, attempt->run) ||
	    kept_add(&explorer->kept, record))
		session->failed = true;
	shown_add(&explorer->shown, session, record);
}

static void done(void *arg, size_t task, struct json_object *run)
{
	struct explorer *explorer = arg;
	struct session *session = &explorer->session;
	struct attempt *attempt = &session->attempt[task];

	if (!attempt_take(session, attempt, run))
		return;
	/* it may be that fewer do as well, or plainer ones */
	if (attempt->drawn && attempt_is_sure(session, attempt))
		walk_reduce(session, task);
	else
		tell(explorer, attempt);
}

static void run_all(struct explorer *explorer, int signals)
{
	struct pool pool = {
		.setting = &explorer->session.setting, .next = next,
		.done = done, .arg = explorer,
	};

	pool_run(&pool, signals);
	explorer->session.signal = pool.signal;
}

/* What an earlier exploration told is not tried again. */
static void take_over(struct explorer *explorer, size_t from)
{
	struct session *session = &explorer->session;

	for (size_t i = from; i < session->attempts; i++) {
		struct attempt *attempt = &session->attempt[i];
		struct json_object *record = kept_find(&explorer->kept,
						       attempt->rules);

		if (!record)
			continue;
		attempt->over = true;
		attempt->run = json_object_get(record);
		attempt->hits = told_outcome(record) >= TOLD_UNSURE;
		json_object_array_add(session->records, json_object_get(record));
		shown_add(&explorer->shown, session, record);
	}
}

static void explore(struct explorer *explorer, int signals)
{
	struct session *session = &explorer->session;
	size_t single;

	single = session->attempts;
	shown_base(&explorer->shown, session);
	take_over(explorer, 0);
	run_all(explorer, signals);
	if (!session->signal && !session->failed && session->setting.opt->two) {
		attempts_pair(session);
		take_over(explorer, single);
		run_all(explorer, signals);
	}
	if (!session->signal && !session->failed && session->setting.opt->random) {
		walk_begin(&explorer->walk);
		run_all(explorer, signals);
	}
	for (size_t i = 0; i < session->attempts; i++)
		if (walk_is_least(session, i))
			tell(explorer, &session->attempt[i]);
}

/* Whatever ends the program, `least_limit' and its patience are granted. */
static void limit_learn(struct session *session)
{
	struct setting *setting = &session->setting;

	if (!setting->opt->timeout)
		setting->limit = (least_limit + 3 * session->longest +
				  2 * setting->patience + SEC - 1) / SEC * SEC;
}

static int status_of(const struct session *session)
{
	if (session->signal)
		return SIGNALLED + session->signal;
	if (session->failed)
		return NOT_RUN;
	for (size_t i = 0; i < json_object_array_length(session->records); i++)
		if (told_outcome(json_object_array_get_idx(session->records, i)) ==
		    TOLD_FOUND)
			return REFUSED;
	return DONE;
}

static int points_check(const struct session *session)
{
	const char *output = run_text(session->base[0], "output");

	if (session->attempts)
		return DONE;
	if (session->points.count)
		fail("of %zu segments none is meant by --only",
		     session->points.count);
	else
		fail("without a fault, no close was seen: exit status %d%s%s",
		     json_object_get_int(json_object_object_get(session->base[0],
								"exit")),
		     *output ? "; " : "", output);
	return NOT_RUN;
}

static int explore_all(struct explorer *explorer)
{
	struct session *session = &explorer->session;
	int signals = pool_open(), status;

	if (signals < 0)
		return NOT_RUN;
	status = base_learn(session, signals);
	if (status)
		return status;
	limit_learn(session);
	attempts_plan(session);
	status = points_check(session);
	if (status)
		return status;
	explore(explorer, signals);
	status = status_of(session);
	if (shown_end(&explorer->shown, session) && status < NOT_KEPT)
		status = NOT_KEPT;
	return status;
}

static int place_open(struct setting *setting)
{
	const struct options *opt = setting->opt;
	char *rule;
	int status;

	/* each run opens the files itself, and does not find them by then */
	if (ctl_open(NULL))
		return NOT_RUN;
	setting->netns = opt->netns ? ctl_netns_open(opt->netns) : -1;
	if (opt->netns && setting->netns < 0)
		return NOT_RUN;
	if (asprintf(&rule, "add %s drop\n", setting->match) < 0)
		abort();
	status = opt->isolate || opt->netns ? DONE :
		 text_refuse_everything(rule, opt->force);
	free(rule);
	return status ? NOT_RUN : DONE;
}

static void explorer_free(struct explorer *explorer)
{
	struct session *session = &explorer->session;

	for (size_t i = 0; i < session->bases; i++)
		json_object_put(session->base[i]);
	attempts_free(session);
	json_object_put(session->records);
	kept_close(&explorer->kept);
	keepsake_close(&explorer->keepsake);
	free(session->setting.match);
	if (session->setting.netns >= 0)
		close(session->setting.netns);
}

/**
 * verb_explore() - find the faults of the close that a command does not survive
 * @opt: options; the command is @opt->command
 * @argc: number of words
 * @argv: words of a rule, which each rule has besides; or two files of results
 *	with @opt->compare
 *
 * Return: DONE when nothing was found, REFUSED when something was, or another
 * status after a sentence.
 */
int verb_explore(const struct options *opt, int argc, char **argv)
{
	static struct explorer explorer;
	struct session *session = &explorer.session;
	int status;

	if (opt->compare)
		return compare_files(opt, argc, argv);
	session->setting.opt = opt;
	session->setting.netns = -1;
	session->setting.match = words_text(argc, argv);
	status = options_check(&explorer);
	if (status)
		return status;
	if (keepsake_open(&explorer.keepsake, opt))
		return NOT_RUN;
	opt = &explorer.keepsake.opt;
	session->setting.opt = opt;
	session->records = json_object_new_array();
	status = place_open(&session->setting);
	if (!status && opt->resume)
		status = kept_open(&explorer.kept, session, opt->resume);
	if (!status)
		status = explore_all(&explorer);
	explorer_free(&explorer);
	return status;
}
