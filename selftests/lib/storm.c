// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "finject.h"
#include "slab.h"
#include "storm.h"

enum { PERCENT = 1 };		/* of each run of the tests */

static long percent(void)
{
	const char *storm = getenv("STORM");
	long value = storm ? atol(storm) : PERCENT;

	return value > 0 ? value : PERCENT;
}

/**
 * storm_share - get this run's share of a full count
 * @full: the count with STORM=100
 *
 * Return: its share, at least one.
 */
long storm_share(long full)
{
	long share = full * percent() / 100;

	return share > 0 ? share : 1;
}

/**
 * storm_begin - set the time limit of this test's process
 * @seconds: limit for the full count; a fraction gets its share, plus 5 minutes
 *
 * A test that SIGALRM ends has failed.
 */
void storm_begin(unsigned int seconds)
{
	alarm(300 + storm_share(seconds));
}

static long sockets(const struct ns *ns, const char *file, const char *word,
		    const char *key)
{
	char text[1024], path[64], *line, *at;

	snprintf(path, sizeof(path), "/proc/self/net/%s", file);
	ns_read(ns, path, text, sizeof(text));
	line = strstr(text, word);
	at = line ? strstr(line, key) : NULL;
	if (!at)
		fail("%s: no %s%s", path, word, key);
	return atol(at + strlen(key));
}

/**
 * storm_over - check that every connection of a bed has ended
 * @bed: the bed
 * @listeners: sockets that keep listening, in all its namespaces
 *
 * Timewait sockets may be left: by themselves they send nothing.
 *
 * Return: whether only those and the listeners are left.
 */
bool storm_over(const struct bed *bed, int listeners)
{
	int i;

	for (i = 0; i < bed->count; i++) {
		listeners -= sockets(&bed->ns[i], "sockstat", "TCP:",
				     " inuse ");
		listeners -= sockets(&bed->ns[i], "sockstat6", "TCP6:",
				     " inuse ");
	}
	return !listeners;
}

/**
 * storm_timewaits - count the timewait sockets of a bed
 * @bed: the bed
 *
 * Return: their number.
 */
long storm_timewaits(const struct bed *bed)
{
	long count = 0;
	int i;

	for (i = 0; i < bed->count; i++)
		count += sockets(&bed->ns[i], "sockstat", "TCP:", " tw ");
	return count;
}

/**
 * storm_idle - check that the module's tables are as empty as before
 * @bed: the bed
 *
 * Return: whether no flow, per-flow rule state or parked segment is left in its
 * namespaces, nor in the slab caches of all namespaces.
 */
bool storm_idle(const struct bed *bed)
{
	static const char * const tables[] = {
		"flows", "flow_rules", "flow_tuples", "parked",
	};
	int i, table;

	for (i = 0; i < bed->count; i++)
		for (table = 0; table < 4; table++)
			if (finject_limit(&bed->ns[i], tables[table], "now"))
				return false;
	return slabs_idle();
}
