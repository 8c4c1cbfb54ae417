/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_CLOCK_H
#define BED_CLOCK_H

#include <stdbool.h>
#include <linux/types.h>

#define MSEC	1000000ULL	/* ns */
#define SEC	1000000000ULL	/* ns */

__u64 clock_now(void);
void clock_rest(__u64 span);

/**
 * WAIT_FOR() - poll a condition until it holds
 * @cond: an expression, evaluated once a millisecond at first, then in steps of
 *	1/128 of the time waited: virtual time jumps only between two polls
 * @span: how long to try, ns of CLOCK_MONOTONIC
 *
 * Return: whether it held; evaluated once more after the deadline, so that a
 * stalled machine does not turn a condition that holds into a failure.
 */
#define WAIT_FOR(cond, span) ({						\
	__u64 __start = clock_now(), __waited = 0;			\
	bool __held;							\
									\
	while (!(__held = (cond)) && __waited < (span)) {		\
		clock_rest(__waited / 128);				\
		__waited = clock_now() - __start;			\
	}								\
	__held;								\
})

#endif /* BED_CLOCK_H */
