// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "slab.h"

/**
 * slab_objects - count the objects in use in a slab cache
 * @name: name of the cache
 *
 * Objects that a CPU keeps count as in use until the cache is shrunk.
 *
 * Return: their number; -1 if the cache is not listed.
 */
long slab_objects(const char *name)
{
	char line[512];
	long active = -1;
	FILE *file;

	snprintf(line, sizeof(line), "/sys/kernel/slab/%s/shrink", name);
	file = fopen(line, "w");
	if (file) {
		fputs("1", file);
		fclose(file);
	}
	file = fopen("/proc/slabinfo", "r");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)) &&
		    line[strlen(name)] == ' ')
			active = atol(line + strlen(name));
	if (file)
		fclose(file);
	return active;
}

/**
 * slabs_idle - check that no object of the module is in use, in any namespace
 *
 * Return: whether its caches have no flow, no per-flow rule state and no parked
 * segment.
 */
bool slabs_idle(void)
{
	return slab_objects("finject_flow") <= 0 &&
	       slab_objects("finject_flow_rule") <= 0 &&
	       slab_objects("finject_further") <= 0 &&
	       slab_objects("finject_parked") <= 0;
}

/**
 * slabs_settle - wait until the objects of earlier tests are freed
 *
 * A namespace outlives its test as long as an orphaned socket is in it: TCP
 * retransmits its FIN for minutes (tcp_orphan_retries), and the namespace's
 * flows stay as long.
 *
 * Return: whether the caches are empty now.
 */
bool slabs_settle(void)
{
	return WAIT_FOR(slabs_idle(), 600 * SEC);
}
