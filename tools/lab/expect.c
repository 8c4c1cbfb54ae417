// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "closes.h"
#include "ctl.h"
#include "expect.h"
#include "judge_log.h"
#include "ladder.h"
#include "record.h"
#include "scenario_words.h"

/* Connections before it may have had the same addresses and ports. */
static unsigned int connections_before(const struct experiment *run,
				       const struct scenario_line *line)
{
	const struct experiment_socket *all = run->socket[line->host];
	unsigned int count = 0;

	for (unsigned int i = 0; i < line->slot; i++)
		count += addr_is(&all[i].local, &all[line->slot].local) &&
			 addr_is(&all[i].remote, &all[line->slot].remote);
	return count;
}

static bool is_of(const struct close *close, const struct experiment_socket *socket)
{
	const char *local = socket->local.text, *remote = socket->remote.text;

	/* each end has its own name then, and another one for its peer */
	if (close->translated)
		return !strcmp(close->name[0], local) ||
		       !strcmp(close->name[1], local);
	return (!strcmp(close->name[0], local) && !strcmp(close->name[1], remote)) ||
	       (!strcmp(close->name[1], local) && !strcmp(close->name[0], remote));
}

/* The close of the connection that a line speaks of, and which end it means. */
static bool ladder_at(struct experiment *run, const struct scenario_line *line,
		      struct ladder *ladder, enum ladder_end *end)
{
	const struct experiment_socket *socket = experiment_socket(run, line);
	unsigned int before = connections_before(run, line);
	struct closes closes;
	bool found = false;

	closes_split(&closes, &run->log);
	for (size_t i = 0; i < closes.count && !found; i++)
		if (is_of(&closes.close[i], socket) && !before--)
			found = ladder_of_close(ladder, &closes.close[i],
						&run->log);
	closes_free(&closes);
	if (!found) {
		experiment_fail(run, line, "connection %u has no close",
				line->slot + 1);
		return false;
	}
	*end = !strcmp(ladder->name[END_A], socket->local.text) ? END_A : END_B;
	return true;
}

const char *expect_check_path(const struct scenario_line *line)
{
	for (unsigned int i = 0; i < line->count; i++)
		if (words_state(line->word[i]) == WORDS_NO_STATE)
			return "that is no state; CLOSED is no socket at all";
	return NULL;
}

/**
 * expect_path() - check the states that an end came into, in order
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_path(struct experiment *run, const struct scenario_line *line)
{
	char seen[256] = "", wanted[256] = "";
	struct ladder ladder;
	enum ladder_end end;
	size_t size = 0;

	if (!ladder_at(run, line, &ladder, &end))
		return EXPERIMENT_FAILED;
	for (size_t i = 0; i < ladder.states; i++)
		if (ladder.state[i].end == end && size < sizeof(seen))
			size += snprintf(seen + size, sizeof(seen) - size,
					 "%s%s", size ? " " : "",
					 ladder.state[i].name);
	ladder_free(&ladder);
	size = 0;
	for (unsigned int i = 0; i < line->count && size < sizeof(wanted); i++)
		size += snprintf(wanted + size, sizeof(wanted) - size, "%s%s",
				 size ? " " : "", line->word[i]);
	experiment_saw(run, line, "%s", seen);
	return strcmp(seen, wanted) ?
		experiment_fail(run, line, "its states were %s", seen) : EXPERIMENT_OK;
}

static const char *check_range(const char *text, bool times)
{
	struct range range = { 0 };

	if (!range_read(&range, text) || range.times != times)
		return times ? "that is no range of times: 1s..2s, 60s.." :
			"that is no range of numbers: 1, 1..2, 1..";
	return NULL;
}

const char *expect_check_time(const struct scenario_line *line)
{
	if (words_state(line->word[0]) == WORDS_NO_STATE)
		return "that is no state";
	return check_range(line->word[1], true);
}

/* How long an end was in a state, ns; 0 when it never was. */
static u64 time_in(const struct ladder *ladder, enum ladder_end end,
		   const char *name)
{
	u64 since = 0;

	for (size_t i = 0; i < ladder->states; i++) {
		if (ladder->state[i].end != end)
			continue;
		if (since)
			return ladder->state[i].t - since;
		if (!strcmp(ladder->state[i].name, name))
			since = ladder->state[i].t;
	}
	return since ? clock_now() - since : 0;
}

/**
 * expect_time() - check how long an end was in a state
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_time(struct experiment *run, const struct scenario_line *line)
{
	struct range range = { 0 };
	struct ladder ladder;
	enum ladder_end end;
	u64 took;

	if (!ladder_at(run, line, &ladder, &end))
		return EXPERIMENT_FAILED;
	took = time_in(&ladder, end, line->word[0]);
	ladder_free(&ladder);
	experiment_saw(run, line, "%.3fs", took / 1e9);
	range_read(&range, line->word[1]);
	return range_has(&range, took) ? EXPERIMENT_OK :
		experiment_fail(run, line, "it was %.3fs in %s", took / 1e9,
				line->word[0]);
}

const char *expect_check_counter(const struct scenario_line *line)
{
	return check_range(line->word[1], false);
}

/**
 * expect_counter() - check by how much a counter of TCP rose
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_counter(struct experiment *run, const struct scenario_line *line)
{
	struct range range = { 0 };
	long rise = snmp_delta(&run->before[line->host],
			       &run->ns[line->host], line->word[0]);

	experiment_saw(run, line, "%ld", rise);
	range_read(&range, line->word[1]);
	return range_has(&range, rise) ? EXPERIMENT_OK :
		experiment_fail(run, line, "%s rose by %ld", line->word[0], rise);
}

const char *expect_check_sent(const struct scenario_line *line)
{
	return check_range(line->word[1], false);
}

/**
 * expect_sent() - check how many segments of a class an end sent
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_sent(struct experiment *run, const struct scenario_line *line)
{
	struct range range = { 0 };
	struct ladder ladder;
	enum ladder_end end;
	u64 count = 0;

	if (!ladder_at(run, line, &ladder, &end))
		return EXPERIMENT_FAILED;
	for (size_t i = 0; i < ladder.arrows; i++)
		count += ladder.arrow[i].from == end &&
			 !ladder.arrow[i].copy &&
			 list_has(ladder.arrow[i].seg, line->word[0]);
	ladder_free(&ladder);
	experiment_saw(run, line, "%llu", count);
	range_read(&range, line->word[1]);
	return range_has(&range, count) ? EXPERIMENT_OK :
		experiment_fail(run, line, "it sent %llu of %s", count,
				line->word[0]);
}

const char *expect_check_fired(const struct scenario_line *line)
{
	return check_range(line->word[0], false);
}

static u64 fired_at(struct experiment *run, enum host host)
{
	char *stats, *rest, *line;
	struct record record;
	u64 count = 0;

	if (ns_enter(&run->ns[host]))
		return 0;
	stats = ctl_read("stats");
	ns_leave();
	rest = stats;
	while (stats && (line = record_line(&rest)))
		if (record_parse(&record, line) &&
		    !strcmp(record.word, "rule"))
			count += record_number(&record, "fired");
	free(stats);
	return count;
}

/**
 * expect_fired() - check how often the rules of a host fired
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_fired(struct experiment *run, const struct scenario_line *line)
{
	struct range range = { 0 };
	u64 count = fired_at(run, line->host);

	experiment_saw(run, line, "%llu", count);
	range_read(&range, line->word[0]);
	return range_has(&range, count) ? EXPERIMENT_OK :
		experiment_fail(run, line, "the rules there fired %llu times", count);
}

const char *expect_check_sockets(const struct scenario_line *line)
{
	int state = words_state(line->word[0]);

	if (state == WORDS_NO_STATE || state == GONE)
		return "that is no state of a socket";
	return check_range(line->word[1], false);
}

/**
 * expect_sockets() - check how many sockets of a host are in a state
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_sockets(struct experiment *run, const struct scenario_line *line)
{
	struct range range = { 0 };
	int count = diag_count(run->diag[line->host], run->family,
			       words_state(line->word[0]));

	if (count < 0)
		return experiment_fail(run, line, "inet_diag: %s",
				       strerror(-count));
	experiment_saw(run, line, "%d", count);
	range_read(&range, line->word[1]);
	return range_has(&range, count) ? EXPERIMENT_OK :
		experiment_fail(run, line, "%d are in %s", count, line->word[0]);
}

const char *expect_check_judge(const struct scenario_line *line)
{
	for (int i = 0; i <= JUDGE_DEPARTS; i++)
		if (!strcmp(line->word[0], judge_results[i]))
			return NULL;
	return "the judge says ok, departs or undecided";
}

/* The worst of all ends of all connections. */
static struct end_verdict judge_all(struct log *log)
{
	struct end_verdict worst = { 0 };
	struct closes closes;

	closes_split(&closes, log);
	for (size_t i = 0; i < closes.count; i++) {
		for (size_t end = 0; end < closes.close[i].ends; end++) {
			struct end_verdict one = judge_log(&closes, i, end,
							   log);

			if (one.result > worst.result)
				worst = one;
		}
	}
	closes_free(&closes);
	return worst;
}

/**
 * expect_judge() - check what the judge says of the worst end
 * @run: the run
 * @line: the expectation
 *
 * Return: enum experiment_result.
 */
int expect_judge(struct experiment *run, const struct scenario_line *line)
{
	struct end_verdict verdict = judge_all(&run->log);
	const char *rule = verdict.rule ? verdict.rule->name : "-";

	experiment_saw(run, line, "%s", judge_results[verdict.result]);
	if (!strcmp(judge_results[verdict.result], line->word[0]) &&
	    (line->count < 2 || !strcmp(rule, line->word[1])))
		return EXPERIMENT_OK;
	return experiment_fail(run, line, "it says %s (%s)",
			 judge_results[verdict.result], rule);
}
