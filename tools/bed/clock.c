// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "clock.h"

/**
 * clock_now() - read the clock of event records
 *
 * Return: CLOCK_MONOTONIC in ns.
 */
__u64 clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SEC + now.tv_nsec;
}

/**
 * clock_rest() - sleep between two polls
 * @span: ns; at least a millisecond
 */
void clock_rest(__u64 span)
{
	struct timespec step = {
		.tv_sec = span / SEC,
		.tv_nsec = span % SEC,
	};

	if (span < MSEC)
		step.tv_nsec = MSEC;
	clock_nanosleep(CLOCK_MONOTONIC, 0, &step, NULL);
}
