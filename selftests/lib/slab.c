// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slab.h"

/**
 * slab_objects - count the objects in use in a slab cache
 * @name: of the cache
 *
 * What a CPU keeps for itself counts as in use until the cache is shrunk.
 *
 * Return: how many; -1 when the cache is not listed.
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
