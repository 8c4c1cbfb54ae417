/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The size of a storm: STORM is a percentage of the full counts.
 */
#ifndef STORM_H
#define STORM_H

#include <stdbool.h>

#include "bed.h"

/* TEST_F_TIMEOUT() needs a constant; storm_begin() sets the true limit. */
enum { STORM_SECONDS = 4 * 3600 };

long storm_share(long full);
void storm_begin(unsigned int seconds);
bool storm_over(const struct bed *bed, int listeners);
long storm_timewaits(const struct bed *bed);
bool storm_idle(const struct bed *bed);

#endif /* STORM_H */
