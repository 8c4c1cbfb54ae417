// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <linux/sched.h>

/* Add the counters that are read from a gauge. */
static void stats_add_parked(const struct finject_park *park,
			     struct finject_counters *sum)
{
	lockdep_assert_held(&park->lock);
	sum->count[FINJECT_COUNT_PARKED] = park->gauge.now - park->copies;
	sum->count[FINJECT_COUNT_COPIES_PARKED] = park->copies;
}

/**
 * finject_stats_sum - sum the counters since the last `zero`
 * @fnet: the namespace
 * @sum: set to the sums, with the number of parked segments
 *
 * Context: process, under fnet->mutex.
 */
void finject_stats_sum(struct finject_net *fnet, struct finject_counters *sum)
{
	struct finject_park *park = &fnet->park;
	unsigned int i;

	lockdep_assert_held(&fnet->mutex);
	spin_lock_bh(&park->lock);
	finject_counters_sum(fnet->counters, sum);
	stats_add_parked(park, sum);
	spin_unlock_bh(&park->lock);
	for (i = 0; i < FINJECT_COUNTERS; i++)
		sum->count[i] -= fnet->baseline.count[i];
}

static void stats_zero_rule(struct finject_rule *rule)
{
	unsigned int i;

	spin_lock_bh(&rule->lock);
	rule->tally = (struct finject_tally){ };
	spin_unlock_bh(&rule->lock);
	for (i = 0; i < ARRAY_SIZE(rule->failed); i++)
		atomic64_set(&rule->failed[i], 0);
	cond_resched();
}

/**
 * finject_stats_zero - start counting anew
 * @fnet: the namespace
 *
 * Segments that are parked now stay counted as seen, so that the equations of
 * the counters hold.
 *
 * Context: process, under fnet->mutex.
 */
void finject_stats_zero(struct finject_net *fnet)
{
	struct finject_ruleset *set = finject_net_rules(fnet);
	struct finject_counters *baseline = &fnet->baseline;
	struct finject_park *park = &fnet->park;
	unsigned int i;

	spin_lock_bh(&fnet->flows.lock);
	finject_counters_sum(fnet->counters, baseline);
	finject_gauge_zero(&fnet->flows.gauge);
	spin_lock(&fnet->flows.rules_lock);
	finject_gauge_zero(&fnet->flows.rules);
	spin_unlock(&fnet->flows.rules_lock);
	spin_lock(&park->lock);
	finject_gauge_zero(&park->gauge);
	finject_gauge_zero(&park->bytes);
	baseline->count[FINJECT_COUNT_SEEN] -= park->gauge.now - park->copies;
	baseline->count[FINJECT_COUNT_COPIES] -= park->copies;
	spin_unlock(&park->lock);
	spin_unlock_bh(&fnet->flows.lock);
	finject_ruleset_settle(&fnet->retiring);
	finject_ruleset_zero(set);
	for (i = 0; i < set->count; i++)
		stats_zero_rule(set->rule[i]);
	fnet->rules_gauge.peak = set->count;
	fnet->rules_gauge.refused = 0;
}
