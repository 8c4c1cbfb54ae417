// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps that look at a socket from outside, as ss(8) does.
 */
#include <string.h>

#include "clock.h"
#include "span.h"
#include "step.h"
#include "scenario_words.h"

enum { POLL_MS = 5 };

static const u64 patience = 600 * SEC;	/* unless in= says more */

static struct diag state_look(struct experiment *run,
			      const struct scenario_line *line)
{
	const struct experiment_socket *socket = experiment_socket(run, line);
	struct diag found;

	diag_look(run->diag[line->host], &socket->local, &socket->remote,
		  &found);
	/* of a socket that a process still has, some kernels tell */
	if (found.state == CLOSE)
		found.state = GONE;
	return found;
}

static const char *state_name(const struct diag *found)
{
	return found->state == GONE ? "CLOSED" : state_names[found->state];
}

const char *step_check_wait(const struct scenario_line *line)
{
	struct range range;

	if (words_state(line->word[0]) == WORDS_NO_STATE)
		return "that is no state; CLOSED is no socket at all";
	if (!words_in(line, 1, "in", &range))
		return "`in=' wants a time or a range";
	return words_only(line, 1, " in ");
}

/**
 * step_wait() - wait until a socket is in a state
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_wait(struct experiment *run, const struct scenario_line *line)
{
	int wanted = words_state(line->word[0]);
	u64 start = clock_now(), took = 0;
	struct range range;
	struct diag found;

	words_in(line, 1, "in", &range);
	if (!words_get(line, 1, "in"))
		range.to = patience;
	while ((found = state_look(run, line)).state != (enum state)wanted) {
		took = clock_now() - start;
		if (took > range.to)
			return experiment_fail(run, line, "after %.3fs it is %s",
					 took / 1e9, state_name(&found));
		/* the longer it takes, the less a moment matters */
		experiment_watch(run, POLL_MS + took / MSEC / 128);
	}
	took = clock_now() - start;
	experiment_saw(run, line, "%.3fs", took / 1e9);
	if (took < range.from)
		return experiment_fail(run, line, "it took only %.3fs", took / 1e9);
	return EXPERIMENT_OK;
}

const char *step_check_is(const struct scenario_line *line)
{
	struct range range;

	if (words_state(line->word[0]) == WORDS_NO_STATE)
		return "that is no state; CLOSED is no socket at all";
	if (!words_in(line, 1, "timer", &range))
		return "`timer=' wants a time or a range";
	return words_only(line, 1, " timer ");
}

/**
 * step_is() - check the state of a socket, and what is left of its timer
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_is(struct experiment *run, const struct scenario_line *line)
{
	struct diag found = state_look(run, line);
	struct range range;

	if ((int)found.state != words_state(line->word[0]))
		return experiment_fail(run, line, "it is %s", state_name(&found));
	words_in(line, 1, "timer", &range);
	experiment_saw(run, line, "%.3fs", found.expires / 1e3);
	if (!range_has(&range, found.expires * MSEC))
		return experiment_fail(run, line, "its timer has %.3fs left",
				 found.expires / 1e3);
	return EXPERIMENT_OK;
}

const char *step_check_rest(const struct scenario_line *line)
{
	u64 span;

	return span_parse(line->word[0], &span) ? NULL :
		"a time is a number and its unit: 2s, 1.5min";
}

/**
 * step_rest() - let time pass
 * @run: the run
 * @line: the step
 *
 * Return: enum experiment_result.
 */
int step_rest(struct experiment *run, const struct scenario_line *line)
{
	u64 span, start = clock_now();

	span_parse(line->word[0], &span);
	while (clock_now() - start < span) {
		u64 past = clock_now() - start;
		u64 left = (span - past) / MSEC + 1;
		u64 turn = 100 + past / MSEC / 128;

		experiment_watch(run, left < turn ? left : turn);
	}
	experiment_saw(run, line, "%.3fs", (clock_now() - start) / 1e9);
	return EXPERIMENT_OK;
}
