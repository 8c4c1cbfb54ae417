// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"
#include "refuse.h"
#include "result.h"
#include "worker.h"

/* The ends of its pipes; the third tells it that its parent still lives. */
struct pipes {
	int output[2];
	int result[2];
	int alive[2];
};

static int pipes_open(struct pipes *pipes)
{
	return pipe2(pipes->output, O_CLOEXEC) ||
	       pipe2(pipes->result, O_CLOEXEC) ||
	       pipe2(pipes->alive, O_CLOEXEC);
}

/* A view of its own of processes, and of debugfs should it be mounted for us. */
static int mounts_make(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL))
		return fail_with("/proc for the command", errno);
	return DONE;
}

/* Everything in it ends when this process does. */
static void work(const struct setting *setting, const struct pipes *pipes,
		 const char *rules)
{
	struct place place;
	sigset_t none;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(pipes->alive[1]);
	if (read(pipes->alive[0], &byte, 1) != 1)
		_exit(NOT_RUN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* what the terminal sends is for the one that prints */
	setsid();
	if (mounts_make() || place_make(&place, setting))
		_exit(NOT_RUN);
	_exit(result_make(setting, &place, rules, pipes->output[1], pipes->result[1]));
}

static int begun(struct worker *worker, const struct pipes *pipes)
{
	close(pipes->output[1]);
	close(pipes->result[1]);
	close(pipes->alive[0]);
	worker->output = pipes->output[0];
	worker->result = pipes->result[0];
	fcntl(worker->output, F_SETFL, O_NONBLOCK);
	fcntl(worker->result, F_SETFL, O_NONBLOCK);
	if (worker->pid > 0 && write(pipes->alive[1], "", 1) != 1)
		fail_with("a new process", errno);
	close(pipes->alive[1]);
	return worker->pid > 0 ? DONE : REFUSED;
}

/**
 * worker_start() - begin a run
 * @worker: filled in
 * @setting: what holds for all runs
 * @rules: its rules, one a line, or ""
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int worker_start(struct worker *worker, const struct setting *setting,
		 const char *rules)
{
	struct pipes pipes;

	if (pipes_open(&pipes))
		return fail_with("a pipe", errno);
	fflush(NULL);
	worker->pid = syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD,
			      NULL, NULL, NULL, NULL);
	if (!worker->pid)
		work(setting, &pipes, rules);
	if (worker->pid < 0)
		fail_with("a process namespace for the command", errno);
	return begun(worker, &pipes);
}

/**
 * worker_kill() - end a run, and all of its processes, and wait for that
 * @worker: it; also one that has ended by itself
 *
 * Return: how its process ended, as waitpid() tells it.
 */
int worker_kill(struct worker *worker)
{
	int status = 0;

	if (worker->pid > 0) {
		kill(worker->pid, SIGKILL);
		waitpid(worker->pid, &status, 0);
	}
	if (worker->output >= 0)
		close(worker->output);
	if (worker->result >= 0)
		close(worker->result);
	*worker = (struct worker){ .output = -1, .result = -1 };
	return status;
}
