// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "refuse.h"

enum { POLL_MS = 20 };

static const u64 grace = 5 * SEC;
static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static int signals_open(struct command *command)
{
	sigset_t set;

	/* Where SIGCHLD is ignored no child leaves a status. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++)
		sigaddset(&set, forwarded[i]);
	command->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (command->signals < 0)
		return fail_with("signalfd", errno);
	/* or the terminal could not change hands */
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &command->before);
	return DONE;
}

/* Nobody types what it reads, and nobody sees what it prints. */
static void cut_off(int output)
{
	int input = open("/dev/null", O_RDONLY);

	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	if (input > STDERR_FILENO)
		close(input);
}

static void become(const struct command *command)
{
	char **words = command->words;
	int error;

	if (command->limit)
		setpgid(0, 0);
	if (command->terminal)
		tcsetpgrp(STDIN_FILENO, getpid());
	sigprocmask(SIG_SETMASK, &command->before, NULL);
	if (command->output)
		cut_off(command->output);
	execvp(words[0], words);
	error = errno;
	fail("%s: %s", words[0], strerror(error));
	_exit(error == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

/**
 * command_start() - start the command
 * @command: @words, @limit and @output are set, all else is zero
 *
 * Return: DONE, or NOT_RUN after a sentence.
 */
int command_start(struct command *command)
{
	if (signals_open(command))
		return NOT_RUN;
	command->terminal = command->limit && isatty(STDIN_FILENO) &&
		tcgetpgrp(STDIN_FILENO) == getpgrp();
	command->started = clock_now();
	command->pid = fork();
	if (command->pid < 0) {
		fail_with("starting the command", errno);
		return NOT_RUN;
	}
	if (!command->pid)
		become(command);
	if (command->limit)
		setpgid(command->pid, command->pid);
	command->running = true;
	return DONE;
}

/* All of its group, and those that were stopped have to know as well. */
static void group_kill(const struct command *command, int number)
{
	kill(-command->pid, number);
	kill(-command->pid, SIGCONT);
}

static bool has_group(const struct command *command)
{
	return command->timed_out && !command->killed &&
	       !kill(-command->pid, 0);
}

static void hasten(struct command *command)
{
	u64 took = clock_now() - command->started;

	if (!command->limit || took < command->limit)
		return;
	if (!command->timed_out && !command->ended) {
		command->timed_out = true;
		group_kill(command, SIGTERM);
	}
	if (took >= command->limit + grace && has_group(command)) {
		command->killed = true;
		group_kill(command, SIGKILL);
	}
}

/**
 * command_patience() - find out how long one may wait before command_attend()
 * @command: the command
 *
 * Return: ms, -1 when only a signal matters.
 */
int command_patience(const struct command *command)
{
	u64 took = clock_now() - command->started;

	if (!command->limit)
		return -1;
	if (command->timed_out)
		return POLL_MS;
	if (took >= command->limit)
		return 0;
	took = (command->limit - took) / MSEC + 1;
	return took < INT_MAX ? (int)took : INT_MAX;
}

/* What stops the command stops us: it is the shell that goes on with both. */
static void stopped(const struct command *command)
{
	if (!command->terminal || command->timed_out)
		return;
	tcsetpgrp(STDIN_FILENO, getpgrp());
	raise(SIGSTOP);
	tcsetpgrp(STDIN_FILENO, command->pid);
	kill(-command->pid, SIGCONT);
}

static void reap(struct command *command)
{
	int status;

	while (!command->ended &&
	       waitpid(command->pid, &status, WNOHANG | WUNTRACED) > 0) {
		if (WIFSTOPPED(status)) {
			stopped(command);
			continue;
		}
		command->ended = clock_now();
		command->status = WIFSIGNALED(status) ?
			SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
	}
}

/* What the terminal sends, it sends to the command as well. */
static void pass_on(struct command *command,
		    const struct signalfd_siginfo *info)
{
	if (info->ssi_signo == SIGCHLD)
		return;
	if (command->ended)
		command->interrupted = info->ssi_signo;
	else if (info->ssi_code != SI_KERNEL)
		kill(command->pid, info->ssi_signo);
}

/**
 * command_attend() - pass on signals, notice the end, enforce the limit
 * @command: the command; @running and all that follows it are up to date
 *	afterwards
 */
void command_attend(struct command *command)
{
	struct signalfd_siginfo info;

	while (read(command->signals, &info, sizeof(info)) == sizeof(info))
		pass_on(command, &info);
	reap(command);
	hasten(command);
	command->running = !command->ended || has_group(command);
	if (!command->running && command->terminal) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		command->terminal = false;
	}
}

/**
 * command_close() - no longer look after signals; they stay blocked
 * @command: the command
 */
void command_close(struct command *command)
{
	if (command->signals >= 0)
		close(command->signals);
	command->signals = -1;
}
