// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <unistd.h>

#include "capture_progress.h"
#include "clock.h"

static const u64 second_ns = 1000000000;

/**
 * progress_begin() - note when a work begins
 * @progress: filled in
 * @name: of the file; it stays the caller's
 * @size: of the file, bytes; 0 when it is a pipe
 */
void progress_begin(struct capture_progress *progress, const char *name,
		    u64 size)
{
	*progress = (struct capture_progress){
		.name = name,
		.size = size,
		.begun = clock_now(),
	};
}

/**
 * progress_show() - draw the line, twice a second, if standard error is a
 * terminal
 * @progress: the work
 * @bytes: number of bytes done
 * @closes: number of closes found
 *
 * A work that takes less than a second has no line.
 */
void progress_show(struct capture_progress *progress, u64 bytes, u64 closes)
{
	u64 now = clock_now();
	double seconds = (now - progress->begun) / 1e9;

	if (now - progress->begun < second_ns ||
	    now - progress->shown < second_ns / 2 || !isatty(STDERR_FILENO))
		return;
	progress->shown = now;
	fprintf(stderr, "\r%s: ", progress->name);
	if (progress->size)
		fprintf(stderr, "%llu %%, ", bytes * 100 / progress->size);
	fprintf(stderr, "%llu MB, %.0f MB/s, %llu closes\033[K",
		bytes / 1000000, bytes / 1e6 / seconds, closes);
}

/**
 * progress_end() - remove the line
 * @progress: the work
 */
void progress_end(struct capture_progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = 0;
}
