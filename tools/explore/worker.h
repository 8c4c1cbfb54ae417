/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run of the command: a process that is the first of a process namespace,
 * so that nothing of the run outlives it, nor it the process that began it.
 */
#ifndef FINJECT_WORKER_H
#define FINJECT_WORKER_H

#include <sys/types.h>

#include "setting.h"

/**
 * struct worker - a run under way
 * @pid: its process
 * @output: what the command prints comes from here; -1 at its end
 * @result: the result, an object of JSON, comes from here; -1 at its end
 */
struct worker {
	pid_t pid;
	int output;
	int result;
};

int worker_start(struct worker *worker, const struct setting *setting,
		 const char *rules);
int worker_kill(struct worker *worker);

#endif /* FINJECT_WORKER_H */
