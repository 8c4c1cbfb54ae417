// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the command began goes on when it has ended: its last FIN leaves with
 * it, and is answered, lost and sent again later. TIME_WAIT is not waited for.
 */
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "ctl.h"
#include "run_keep.h"
#include "run_settle.h"
#include "run_state.h"

enum { POLL_MS = 50 };

static const u64 patience = 30 * SEC;
static const u64 last_patience = 5 * SEC;
/* without a socket that closes, and with one: a retransmission may take so long */
static const u64 quiet = SEC / 4;
static const u64 quiet_open = 4 * SEC;

static bool is_parked(const struct run *run, u64 span)
{
	char *held = ctl_read("held");
	bool parked = held && rule_counts_wait(&run->rules, held, span);

	free(held);
	return parked;
}

static bool is_quiet(const struct run *run, u64 left)
{
	const struct closing *closing = &run->recorder.closing;
	bool open = closing->count || closing->crowded;
	u64 now = clock_now();

	return now - run->recorder.last >= (open ? quiet_open : quiet) &&
	       !is_parked(run, left);
}

/* Return: whether all came to rest within the time. */
static bool follow(struct run *run, u64 span)
{
	u64 start = clock_now(), took = 0;

	run->recorder.last = start;
	while (!run->command.interrupted && took < span) {
		if (is_quiet(run, span - took))
			return true;
		recorder_wait(&run->recorder, run->command.signals, POLL_MS);
		command_attend(&run->command);
		took = clock_now() - start;
	}
	return false;
}

static void rules_end(struct run *run)
{
	char *stats = ctl_read("stats"), *why = ctl_read("why");

	rule_counts_read(&run->rules, stats, &run->recorder);
	if (why)
		rule_counts_ask(&run->rules, why);
	free(why);
	free(stats);
	if (run_keep_rules(run))
		run->kept = false;
	if (run->lease >= 0)
		close(run->lease);
	run->lease = -1;
	run->settled_at = clock_now();
}

/**
 * run_settle() - record what goes on after the command, then end its rules
 * @run: the run; its command has ended
 *
 * It lasts until no event comes and no segment is parked that a rule lets go on
 * by itself in time. What is parked then goes on with the end of the rules.
 */
void run_settle(struct run *run)
{
	bool parked;

	run->settled = follow(run, patience);
	parked = is_parked(run, -1ULL);
	rules_end(run);
	if (parked)
		follow(run, last_patience);
	recorder_drain(&run->recorder);
	if (recorder_stop(&run->recorder))
		run->kept = false;
}
