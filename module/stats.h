/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters and gauges of a namespace, summed and zeroed. */
#ifndef FINJECT_STATS_H
#define FINJECT_STATS_H

#include "netns.h"

void finject_stats_sum(struct finject_net *fnet, struct finject_counters *sum);
void finject_stats_zero(struct finject_net *fnet);

#endif /* FINJECT_STATS_H */
