/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LOG_SOURCE_H
#define FINJECT_LOG_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

enum { SOURCE_NAME = 64 };

/**
 * struct log_source - a network namespace that a log has observations from
 * @file: number of the file they were read from, from 1; 0 for none
 * @named: the observations name the namespace, with the key netns
 * @name: that name; without one, the name of the file, or ""
 */
struct log_source {
	unsigned int file;
	bool named;
	char name[SOURCE_NAME];
};

/**
 * struct log_sources - the network namespaces that a log has observations from
 * @source: them
 * @count: their number
 * @room: number of those that fit
 * @file: number of files that were read
 * @name: name of the last of them, or ""
 */
struct log_sources {
	struct log_source *source;
	size_t count;
	size_t room;
	unsigned int file;
	char name[SOURCE_NAME];
};

unsigned int log_source(struct log_sources *sources, const char *netns);
const struct log_source *log_source_get(const struct log_sources *sources,
					unsigned int index);
void log_source_file(struct log_sources *sources, const char *name);
void log_source_free(struct log_sources *sources);

#endif /* FINJECT_LOG_SOURCE_H */
