/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CAPTURE_PROGRESS_H
#define FINJECT_CAPTURE_PROGRESS_H

#include "types.h"

/**
 * struct capture_progress - a line about a long work, on a terminal
 * @name: of the file
 * @size: of the file, bytes; 0 when it is a pipe
 * @begun: when the work began, ns
 * @shown: when the line was last drawn, ns; 0 it was not
 */
struct capture_progress {
	const char *name;
	u64 size;
	u64 begun;
	u64 shown;
};

void progress_begin(struct capture_progress *progress, const char *name,
		    u64 size);
void progress_show(struct capture_progress *progress, u64 bytes, u64 closes);
void progress_end(struct capture_progress *progress);

#endif /* FINJECT_CAPTURE_PROGRESS_H */
