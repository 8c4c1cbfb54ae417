// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules live as long as one open file of the module. It is never handed
 * on, so they end with this process, whatever ends it.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"
#include "file.h"
#include "finject.h"
#include "text.h"

enum {
	NOT_RUN = 125,
	NOT_EXECUTABLE = 126,
	NOT_FOUND = 127,
	SIGNALLED = 128,
};

static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static void signals_block(sigset_t *waited, sigset_t *before)
{
	sigemptyset(waited);
	sigaddset(waited, SIGCHLD);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++)
		sigaddset(waited, forwarded[i]);
	sigprocmask(SIG_BLOCK, waited, before);
}

static void become(char **command, const sigset_t *signals)
{
	int error;

	sigprocmask(SIG_SETMASK, signals, NULL);
	execvp(command[0], command);
	error = errno;
	fail("%s: %s", command[0], strerror(error));
	_exit(error == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

/* What the terminal sends, it sends to the command as well. */
static bool is_ours_alone(const siginfo_t *info)
{
	return info->si_signo != SIGCHLD && info->si_code != SI_KERNEL;
}

static int attend(pid_t child, const sigset_t *signals)
{
	siginfo_t info;
	int status;

	for (;;) {
		pid_t ended = waitpid(child, &status, WNOHANG);

		if (ended == child)
			break;
		if (ended < 0)
			return fail_with("waiting for the command", errno);
		if (sigwaitinfo(signals, &info) > 0 && is_ours_alone(&info))
			kill(child, info.si_signo);
	}
	return WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status) :
		WEXITSTATUS(status);
}

static int run(char **command)
{
	sigset_t waited, before;
	pid_t child;

	/* Where SIGCHLD is ignored no child leaves a status. */
	signal(SIGCHLD, SIG_DFL);
	signals_block(&waited, &before);
	child = fork();
	if (child < 0) {
		fail_with("starting the command", errno);
		return NOT_RUN;
	}
	if (!child)
		become(command, &before);
	return attend(child, &waited);
}

static char *rules_of(const struct options *opt, int argc, char **argv)
{
	if (!opt->rules == !argc) {
		fail(argc ? "rules come from a file or as words, not both" :
		     "there is no rule to run the command under");
		return NULL;
	}
	return opt->rules ? file_text(opt->rules) : text_rules(argc, argv);
}

/**
 * verb_run() - run a command under rules that end with it
 * @opt: options; the command is @opt->command
 * @argc: number of words
 * @argv: rules, see text_rules()
 *
 * Return: the command's exit status, 128 and the signal's number when one
 * ended it; 127 and 126 when it was not found or could not be executed; 125
 * when it was not run, after an error message.
 */
int verb_run(const struct options *opt, int argc, char **argv)
{
	char *rules = rules_of(opt, argc, argv);
	char *commands = NULL;
	int lease = -1, status = NOT_RUN;

	if (rules && (!opt->rules ||
		      !text_check(rules, opt->rules, opt->force)))
		commands = text_commands(rules, "lease\n");
	if (commands && !ctl_open(opt->netns) &&
	    !text_refuse_everything(commands, opt->force))
		lease = ctl_lease("rules", commands, 1, opt->rules);
	free(commands);
	free(rules);
	if (lease >= 0) {
		status = run(opt->command);
		close(lease);
	}
	return status;
}
