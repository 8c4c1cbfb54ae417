// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow numbers are unique in one network namespace only. So observations of
 * several namespaces are kept apart by the file that they were read from, and
 * by the name of the namespace if they have one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "log_source.h"

static bool is_source(const struct log_source *source,
		      const struct log_sources *sources, const char *netns)
{
	return source->file == sources->file && source->named == !!netns &&
	       (!netns || !strncmp(source->name, netns, SOURCE_NAME - 1));
}

/**
 * log_source() - look up where an observation is from
 * @sources: the sources of the log; a new one is added
 * @netns: name of the network namespace, `-` for one without a name, or NULL
 *	when the observation does not tell
 *
 * Return: its index.
 */
unsigned int log_source(struct log_sources *sources, const char *netns)
{
	struct log_source *source;

	for (size_t i = sources->count; i--;)
		if (is_source(&sources->source[i], sources, netns))
			return i;
	sources->source = grow(sources->source, sources->count, &sources->room,
			       sizeof(*sources->source));
	source = &sources->source[sources->count];
	memset(source, 0, sizeof(*source));
	source->file = sources->file;
	source->named = netns;
	snprintf(source->name, sizeof(source->name), "%s",
		 netns ? netns : sources->name);
	return sources->count++;
}

/**
 * log_source_get() - find a source
 * @sources: the sources of the log
 * @index: its index
 *
 * Return: the source; of a log that knows none, one without a name.
 */
const struct log_source *log_source_get(const struct log_sources *sources,
					unsigned int index)
{
	static const struct log_source none;

	return index < sources->count ? &sources->source[index] : &none;
}

/**
 * log_source_file() - begin to read another file
 * @sources: the sources of the log; what is read from now on is from that file
 * @name: name of the file
 */
void log_source_file(struct log_sources *sources, const char *name)
{
	sources->file++;
	snprintf(sources->name, sizeof(sources->name), "%s", name);
}

/**
 * log_source_free() - forget all sources
 * @sources: them
 */
void log_source_free(struct log_sources *sources)
{
	free(sources->source);
	memset(sources, 0, sizeof(*sources));
}
