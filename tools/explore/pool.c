// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "pool.h"
#include "refuse.h"

enum {
	SLOTS = 64,
	RESULT = 1 << 20,	/* a result is at most so long, bytes */
	GRACE_SEC = 120,	/* what a run may take beside its command */
};

/**
 * struct slot - a run under way
 * @task: what it was begun for
 * @result: its result so far
 * @size: length of that, bytes
 * @kept: length of @output, bytes
 * @bytes: length of all that it printed
 * @digest: of all that it printed (FNV-1a)
 * @end: when it is killed, ns
 * @worker: its process
 * @output: the beginning of what the command printed
 */
struct slot {
	size_t task;
	char *result;
	size_t size;
	size_t kept;
	u64 bytes;
	u64 digest;
	u64 end;
	struct worker worker;
	char output[OUTPUT + 1];
};

/**
 * pool_open() - get to know of the signals that end it
 *
 * Return: a file that tells of them, or -1.
 */
int pool_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool slot_begin(struct slot *slot, const struct setting *setting,
		       const char *rules, size_t task)
{
	*slot = (struct slot){
		.task = task,
		.digest = 14695981039346656037ULL,
		.result = malloc(RESULT),
		.end = clock_now() + 2 * setting->limit + GRACE_SEC * SEC,
	};
	if (slot->result && !worker_start(&slot->worker, setting, rules))
		return true;
	worker_kill(&slot->worker);
	free(slot->result);
	return false;
}

static void take_output(struct slot *slot, const char *text, size_t size)
{
	size_t part = OUTPUT - slot->kept;

	for (size_t i = 0; i < size; i++)
		slot->digest = (slot->digest ^ (u8)text[i]) * 1099511628211ULL;
	slot->bytes += size;
	if (part > size)
		part = size;
	memcpy(slot->output + slot->kept, text, part);
	slot->kept += part;
}

static void take_result(struct slot *slot, const char *text, size_t size)
{
	if (slot->size + size >= RESULT)
		return;
	memcpy(slot->result + slot->size, text, size);
	slot->size += size;
}

static void slot_read(struct slot *slot, int *fd,
		      void (*take)(struct slot *, const char *, size_t))
{
	static char text[65536];
	ssize_t got = *fd < 0 ? -1 : read(*fd, text, sizeof(text));

	if (got > 0) {
		take(slot, text, got);
		return;
	}
	if (*fd < 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	close(*fd);
	*fd = -1;
}

/* What is not ASCII might not be UTF-8, which JSON has to be. */
static void add_output(struct json_object *run, struct slot *slot)
{
	struct json_object *text;
	char digest[17];

	for (size_t i = 0; i < slot->kept; i++)
		if ((u8)slot->output[i] >= 0x80 || !slot->output[i])
			slot->output[i] = '?';
	snprintf(digest, sizeof(digest), "%016llx", slot->digest);
	text = json_object_new_string_len(slot->output, slot->kept);
	json_object_object_add(run, "bytes", json_object_new_uint64(slot->bytes));
	json_object_object_add(run, "digest", json_object_new_string(digest));
	json_object_object_add(run, "output", text);
}

static void slot_end(struct slot *slot, struct pool *pool)
{
	int status = worker_kill(&slot->worker);
	struct json_object *run;

	slot->result[slot->size] = '\0';
	run = slot->size ? json_tokener_parse(slot->result) : NULL;
	if (run)
		add_output(run, slot);
	else if (WIFSIGNALED(status))
		fail("a run ended by signal %d, without a result",
		     WTERMSIG(status));
	free(slot->result);
	slot->result = NULL;
	pool->done(pool->arg, slot->task, run);
	json_object_put(run);
}

static bool slot_is_over(const struct slot *slot)
{
	return (slot->worker.output < 0 && slot->worker.result < 0) ||
	       clock_now() > slot->end;
}

/* Return: the number of runs under way. */
static unsigned int fill(struct pool *pool, struct slot *slots)
{
	unsigned int busy = 0;

	for (unsigned int i = 0; i < pool->setting->jobs; i++) {
		const char *rules;
		size_t task = 0;

		if (!slots[i].result) {
			rules = pool->next(pool->arg, &task);
			if (rules && !slot_begin(&slots[i], pool->setting,
						 rules, task))
				pool->done(pool->arg, task, NULL);
		}
		busy += slots[i].result ? 1 : 0;
	}
	return busy;
}

static void attend(struct pool *pool, struct slot *slots, int signals)
{
	struct pollfd files[2 * SLOTS + 1] = { { signals, POLLIN, 0 } };
	struct signalfd_siginfo info;

	for (unsigned int i = 0; i < pool->setting->jobs; i++) {
		struct worker none = { .output = -1, .result = -1 };
		struct worker *worker = slots[i].result ? &slots[i].worker : &none;

		files[2 * i + 1] = (struct pollfd){ worker->output, POLLIN, 0 };
		files[2 * i + 2] = (struct pollfd){ worker->result, POLLIN, 0 };
	}
	poll(files, 2 * pool->setting->jobs + 1, 1000);
	if (read(signals, &info, sizeof(info)) == sizeof(info))
		pool->signal = info.ssi_signo;
	for (unsigned int i = 0; i < pool->setting->jobs; i++) {
		struct slot *slot = &slots[i];

		if (!slot->result)
			continue;
		slot_read(slot, &slot->worker.output, take_output);
		slot_read(slot, &slot->worker.result, take_result);
		if (slot_is_over(slot))
			slot_end(slot, pool);
	}
}

/**
 * pool_run() - run all that there is to run
 * @pool: it
 * @signals: of pool_open(); a signal ends the runs under way, and all
 */
void pool_run(struct pool *pool, int signals)
{
	static struct slot slots[SLOTS];

	while (!pool->signal && fill(pool, slots))
		attend(pool, slots, signals);
	for (unsigned int i = 0; i < SLOTS; i++) {
		if (!slots[i].result)
			continue;
		worker_kill(&slots[i].worker);
		free(slots[i].result);
		slots[i].result = NULL;
	}
}
