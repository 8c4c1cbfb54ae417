// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "clock.h"
#include "diag.h"
#include "look.h"

enum { BUDGET = 400 };	/* questions at a time */

/* The records of an end that changes come within that time. */
static const u64 patience = 100000000;

static int find_socket(const struct look *look, int view,
		       const struct watched *one, int end, struct diag *found)
{
	struct addr src, dst;

	if (look->diag[view] < 0 ||
	    !addr_parse(&src, one->end[end].name) ||
	    !addr_parse(&dst, one->end[!end].name))
		return -EINVAL;
	return diag_find(look->diag[view], &src, &dst, found);
}

static void look_first(const struct look *look, struct watched_set *set,
		       struct watched *one, int end)
{
	struct diag found;

	for (int view = 0; view < VIEWS; view++) {
		if (find_socket(look, view, one, end, &found) ||
		    found.timer == TIMER_TIMEWAIT)
			continue;
		one->end[end].view = view;
		watched_state(set, one, end, clock_now(),
			      state_names[found.state]);
		return;
	}
}

static int look_at(const struct look *look, struct watched_set *set,
		   struct watched *one)
{
	int asked = 0;

	if (one->sought || clock_now() < one->first + patience)
		return 0;
	for (int end = 0; end < 2; end++) {
		if (one->end[end].view >= 0)
			continue;
		look_first(look, set, one, end);
		asked++;
	}
	one->sought = true;
	return asked;
}

/**
 * look_run() - ask inet_diag about the closes under way
 * @look: where
 * @set: the closes
 *
 * The number of questions is bounded; the next call goes on with the rest.
 *
 * Return: true when some are left.
 */
bool look_run(struct look *look, struct watched_set *set)
{
	struct watched *one = TAILQ_FIRST(&set->under_way);
	int asked = 0;

	for (; one; one = TAILQ_NEXT(one, place)) {
		if (one->serial < look->from)
			continue;
		if (asked >= BUDGET) {
			look->from = one->serial;
			return true;
		}
		asked += look_at(look, set, one);
	}
	look->from = 0;
	return false;
}
