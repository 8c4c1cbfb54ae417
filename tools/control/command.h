/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command of `finject run`: its start, the signals on their way to it, its
 * end, and its end by force when it takes too long.
 */
#ifndef FINJECT_COMMAND_H
#define FINJECT_COMMAND_H

#include <signal.h>
#include <sys/types.h>

#include "types.h"

/**
 * struct command - a command that runs, or ran
 * @words: it and its arguments, ended by NULL
 * @limit: how long it may take, ns, or 0; then it has a process group of its own
 * @output: a file for its output and its errors, and then it has no input; or 0
 * @pid: its process
 * @signals: a signalfd for what it ends with, and for what is passed on to it
 * @before: the signals that were blocked before
 * @terminal: the terminal was handed to its group
 * @running: it, or one of its group that is being ended, has not ended yet
 * @timed_out: it took too long
 * @killed: and did not end when it was asked to
 * @interrupted: the last signal that came when it no longer ran, or 0
 * @status: its exit status, as a shell puts it
 * @started: when it was started, ns
 * @ended: when it ended, ns, or 0
 */
struct command {
	char **words;
	u64 limit;
	int output;
	pid_t pid;
	int signals;
	sigset_t before;
	bool terminal;
	bool running;
	bool timed_out;
	bool killed;
	int interrupted;
	int status;
	u64 started;
	u64 ended;
};

int command_start(struct command *command);
int command_patience(const struct command *command);
void command_attend(struct command *command);
void command_close(struct command *command);

#endif /* FINJECT_COMMAND_H */
