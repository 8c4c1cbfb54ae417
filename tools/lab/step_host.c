// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps that change a host: its sysctls, its rules.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "refuse.h"
#include "step.h"
#include "text.h"

/* `net.ipv4.tcp_tw_reuse`, as sysctl(8) writes it, is a path. */
static void sysctl_path(const char *name, size_t size, char *path, size_t room)
{
	snprintf(path, room, "%.*s", (int)size, name);
	for (char *dot = path; (dot = strchr(dot, '.'));)
		*dot = '/';
}

const char *step_check_needs(const struct scenario_line *line)
{
	struct kernels kernels;

	if (!strcmp(line->word[0], "kernel"))
		return kernels_read(&kernels, line->word[1]) ? NULL :
			"versions are 6.1, 5.10..6.8, ..6.8, 6.12..";
	return strcmp(line->word[0], "sysctl") &&
	       strcmp(line->word[0], "command") ?
	       "a kernel, a sysctl or a command can be asked for" : NULL;
}

static int needs_command(struct experiment *run,
			 const struct scenario_line *line)
{
	char test[128];

	snprintf(test, sizeof(test), "command -v %s >/dev/null",
		 line->word[1]);
	return ns_run(&run->ns[HOST_A], test) ?
	       experiment_skip(run, line, "there is no command %s",
			       line->word[1]) : EXPERIMENT_OK;
}

static int needs_kernel(struct experiment *run,
			const struct scenario_line *line)
{
	struct kernels kernels;

	kernels_read(&kernels, line->word[1]);
	return kernels_has(&kernels, kernels_version()) ? EXPERIMENT_OK :
	       experiment_skip(run, line, "it is for Linux %s", line->word[1]);
}

/**
 * step_needs() - skip the scenario where something is missing
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_needs(struct experiment *run, const struct scenario_line *line)
{
	char name[96], path[128];
	int fd;

	if (!strcmp(line->word[0], "command"))
		return needs_command(run, line);
	if (!strcmp(line->word[0], "kernel"))
		return needs_kernel(run, line);
	sysctl_path(line->word[1], strlen(line->word[1]), name, sizeof(name));
	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = ns_open(&run->ns[HOST_A], AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return experiment_skip(run, line, "this kernel has no sysctl %s",
				 line->word[1]);
	close(fd);
	return EXPERIMENT_OK;
}

const char *step_check_sysctl(const struct scenario_line *line)
{
	const char *value = strchr(line->word[0], '=');

	if (!value || !value[1] || value == line->word[0])
		return "a sysctl and its value are NAME=VALUE";
	return strncmp(line->word[0], "net.", 4) ?
		"only sysctls of net. belong to a namespace" : NULL;
}

/**
 * step_sysctl() - set a sysctl of a host
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_sysctl(struct experiment *run, const struct scenario_line *line)
{
	const char *value = strchr(line->rest, '=');
	char name[96];

	sysctl_path(line->rest, value - line->rest, name, sizeof(name));
	return ns_sysctl(&run->ns[line->host], name, value + 1) ?
		EXPERIMENT_BROKEN : EXPERIMENT_OK;
}

static int host_write(struct experiment *run, const struct scenario_line *line,
		      const char *file, const char *text)
{
	int status;

	if (ns_enter(&run->ns[line->host]))
		return EXPERIMENT_BROKEN;
	status = ctl_write(file, text, 0, NULL);
	ns_leave();
	return status ? experiment_fail(run, line, "refused") : EXPERIMENT_OK;
}

/**
 * step_rule() - add a rule at a host, until the scenario ends
 * @run: the run
 * @line: the step
 *
 * It is under a lease: an orphan may keep the namespace of a runner that was
 * killed for minutes.
 *
 * Return: enum experiment_result.
 */
int step_rule(struct experiment *run, const struct scenario_line *line)
{
	unsigned int ours;
	char *commands;
	int fd;

	if (run->leases == SCENARIO_RULES)
		return experiment_fail(run, line, "more than %d rules",
				       SCENARIO_RULES);
	if (ns_enter(&run->ns[line->host]))
		return EXPERIMENT_BROKEN;
	commands = text_leased(line->rest, "", &ours);
	fd = ctl_lease("rules", commands, ours, NULL);
	ns_leave();
	free(commands);
	if (fd < 0)
		return experiment_fail(run, line, "refused");
	run->lease[run->leases++] = fd;
	return EXPERIMENT_OK;
}

/**
 * step_flush() - remove all rules of a host
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_flush(struct experiment *run, const struct scenario_line *line)
{
	return host_write(run, line, "rules", "flush");
}

/**
 * step_release() - release parked segments of a host
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_release(struct experiment *run, const struct scenario_line *line)
{
	char command[128];

	snprintf(command, sizeof(command), "release %s", line->rest);
	return host_write(run, line, "held", command);
}

/**
 * step_sh() - run a shell command at a host, which must succeed
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_sh(struct experiment *run, const struct scenario_line *line)
{
	int status = ns_run(&run->ns[line->host], line->rest);

	return status ? experiment_fail(run, line, "its exit status is %d",
					status) : EXPERIMENT_OK;
}
