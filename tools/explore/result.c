// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run, in the first process of its process namespace, and what is known of
 * it afterwards, as an object of JSON.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "ctl.h"
#include "json_record.h"
#include "ladder.h"
#include "ladder_text.h"
#include "leftover.h"
#include "place.h"
#include "result.h"
#include "run.h"
#include "run_result.h"
#include "run_settle.h"
#include "run_state.h"
#include "setting.h"
#include "sightings.h"
#include "term.h"

/* before a time-out the sockets are looked at, as long as they are there */
static const u64 before_limit = 20 * MSEC;
/* what the rules kept from closing closes after them: the next retransmission */
static const u64 shortest_rest = 10 * SEC;
static const u64 longest_rest = 70 * SEC;

/**
 * struct trial_run - a run, and what is observed of it besides
 * @run: the run
 * @opt: its options
 * @place: its network
 * @limit: how long it may take, ns
 * @logs: the log is part of the result
 * @late: it took longer
 * @crash: a signal that ended a process of it other than the first, with a core,
 *	or 0
 * @sockets: those that it left
 * @kmsg: the kernel's log from here on
 */
struct trial_run {
	struct run run;
	struct options opt;
	const struct place *place;
	u64 limit;
	bool logs;
	bool late;
	int crash;
	struct leftover sockets;
	int kmsg;
};

/* Return: ms until the limit, 0 when it is over. */
static int ms_left(const struct trial_run *trial)
{
	u64 took = clock_now() - trial->run.command.started + before_limit;

	return took < trial->limit ? (trial->limit - took) / MSEC + 1 : 0;
}

static void follow_command(struct trial_run *trial)
{
	struct run *run = &trial->run;
	int left;

	while (run->command.running) {
		left = ms_left(trial);
		if (!left && !trial->late) {
			trial->late = true;
			recorder_drain(&run->recorder);
			leftover_look(&trial->sockets, trial->place, NULL);
			/* all but this process, which is the first */
			kill(-1, SIGKILL);
		}
		recorder_wait(&run->recorder, run->command.signals,
			      left ? left : 20);
		command_attend(&run->command);
	}
}

static bool is_crash(int number)
{
	return number == SIGSEGV || number == SIGABRT || number == SIGBUS ||
	       number == SIGILL || number == SIGFPE || number == SIGSYS;
}

/* A server whose parent has ended becomes a child of this process. */
static void reap_orphans(struct trial_run *trial)
{
	int status;

	while (waitpid(-1, &status, WNOHANG) > 0)
		if (WIFSIGNALED(status) && is_crash(WTERMSIG(status)))
			trial->crash = WTERMSIG(status);
}

/* Those of other programs of the namespace are none of ours. */
static const struct closes *closes_wanted(const struct trial_run *trial)
{
	return trial->opt.isolate ? NULL : &trial->run.closes;
}

static bool is_at_rest(struct trial_run *trial)
{
	leftover_free(&trial->sockets);
	return leftover_look(&trial->sockets, trial->place,
			     closes_wanted(trial)) ||
	       !trial->sockets.count;
}

/* As long again as it took: the next retransmission comes within that. */
static void rest(struct trial_run *trial)
{
	u64 span = clock_now() - trial->run.command.started;

	if (span < shortest_rest)
		span = shortest_rest;
	if (span > longest_rest)
		span = longest_rest;
	(void)WAIT_FOR(is_at_rest(trial), span);
}

static void add_text(struct json_object *object, const char *key,
		     const char *value)
{
	json_object_object_add(object, key, value ?
			       json_object_new_string(value) : NULL);
}

static void add_number(struct json_object *object, const char *key, u64 value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static enum judge_result worst_of(const struct run *run, size_t *which)
{
	enum judge_result worst = JUDGE_OK;

	for (size_t i = 0; i < run->closes.count; i++) {
		struct docket docket = docket_hear(&run->closes, i, &run->log);

		if (docket_result(&docket) > worst) {
			worst = docket_result(&docket);
			*which = i;
		}
	}
	return worst;
}

static void add_judge(struct json_object *object, const struct run *run)
{
	size_t which = 0, size;
	enum judge_result worst = worst_of(run, &which);
	struct docket docket;
	char *why = NULL;
	FILE *out;

	add_text(object, "judge", judge_results[worst]);
	if (worst == JUDGE_OK)
		return;
	out = open_memstream(&why, &size);
	if (!out)
		return;
	docket = docket_hear(&run->closes, which, &run->log);
	docket_why(&docket, out);
	fclose(out);
	add_text(object, "why", why);
	free(why);
}

static void draw(const struct run *run, FILE *out)
{
	static const struct term plain;
	struct ladder ladder;

	for (size_t i = 0; i < run->closes.count; i++) {
		const struct close *close = &run->closes.close[i];

		if (ftell(out) > LADDERS / 2 ||
		    !ladder_of_close(&ladder, close, &run->log))
			continue;
		ladder_text(&ladder, &plain, out);
		fputc('\n', out);
		ladder_free(&ladder);
	}
}

static void add_ladders(struct json_object *object, const struct run *run)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	draw(run, out);
	fclose(out);
	if (size > LADDERS)
		text[LADDERS] = '\0';
	add_text(object, "ladder", text);
	free(text);
}

/* The first complaint of the kernel during the run. */
static void add_kernel(struct json_object *object, int kmsg)
{
	char text[2048];
	ssize_t got;

	while (kmsg >= 0 && (got = read(kmsg, text, sizeof(text) - 1)) > 0) {
		text[got] = '\0';
		text[strcspn(text, "\n")] = '\0';
		if (!strstr(text, "WARNING: ") && !strstr(text, "BUG: ") &&
		    !strstr(text, "Oops"))
			continue;
		add_text(object, "kernel", strchr(text, ';') ?
			 strchr(text, ';') + 1 : text);
		return;
	}
}

static void add_rules(struct json_object *object, const struct run *run)
{
	struct json_object *fired = json_object_new_array();

	for (size_t i = 0; i < run->rules.count; i++) {
		u64 count = run->rules.rule[i].fired;

		json_object_array_add(fired, json_object_new_uint64(count));
	}
	json_object_object_add(object, "fired", fired);
}

static struct json_object *summary(struct trial_run *trial)
{
	struct json_object *object = json_object_new_object();
	const struct run *run = &trial->run;

	add_number(object, "exit", run->command.status);
	json_object_object_add(object, "timed_out",
			       json_object_new_boolean(trial->late));
	add_number(object, "crash", trial->crash);
	add_number(object, "took", run->command.ended - run->command.started);
	add_number(object, "lost", run->recorder.lost);
	add_rules(object, run);
	add_judge(object, run);
	json_object_object_add(object, "left",
			       json_object_get(trial->sockets.left));
	json_object_object_add(object, "waiting",
			       json_object_get(trial->sockets.waiting));
	add_kernel(object, trial->kmsg);
	json_object_object_add(object, "segments",
			       sightings(&run->closes, &run->log));
	add_ladders(object, run);
	return object;
}

/* For what is found; of a run that has more, the ladders must do. */
static void add_log(struct json_object *object, const struct run *run)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	log_print(&run->log, out);
	fclose(out);
	if (size <= LOG_TEXT)
		add_text(object, "log", text);
	free(text);
}

static int observe(struct trial_run *trial, const char *rules, int result)
{
	struct run *run = &trial->run;
	struct json_object *object;
	int status = run_begin(run, rules);
	FILE *out;

	if (status)
		return status;
	/* the pipe ends when the last process of the command does */
	close(run->command.output);
	follow_command(trial);
	run_settle(run);
	if (run_judge(run))
		return NOT_RUN;
	if (!trial->late)
		rest(trial);
	reap_orphans(trial);
	object = summary(trial);
	if (trial->logs)
		add_log(object, run);
	out = fdopen(result, "w");
	status = out ? json_print_line(object, out) : NOT_RUN;
	if (!out || fclose(out))
		status = NOT_RUN;
	return status;
}

/**
 * result_make() - run the command, and write down what came of it
 * @setting: what holds for all runs
 * @place: the network of this one
 * @rules: its rules
 * @output: what the command prints goes there
 * @result: the result goes there, an object of JSON
 *
 * Return: exit status of the process.
 */
int result_make(const struct setting *setting, const struct place *place,
		const char *rules, int output, int result)
{
	struct trial_run trial = {
		.opt = { .isolate = setting->opt->isolate,
			 .force = setting->opt->force },
		.limit = setting->limit,
		.place = place,
		.logs = setting->opt->artifacts,
		.kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC),
		.run = {
			.records = true, .lease = -1, .kept = true,
			.command = { .words = place_words(setting),
				     .output = output, .signals = -1 },
		},
	};

	trial.run.opt = &trial.opt;
	if (trial.kmsg >= 0)
		lseek(trial.kmsg, 0, SEEK_END);
	return observe(&trial, rules, result);
}
