// SPDX-License-Identifier: GPL-2.0-only
#include "armed.h"

#include <linux/netdevice.h>

#include "hook.h"
#include "notice.h"
#include "release.h"

enum { EXPIRY_MAX = 24 * 3600 };	/* s between looks for expired rules */

enum { WATCH_HOOKS = BIT(NF_INET_PRE_ROUTING) | BIT(NF_INET_POST_ROUTING) };

static unsigned int armed_hooks(struct finject_net *fnet,
				const struct finject_ruleset *set)
{
	return set->hooks | (fnet->events.readers ? WATCH_HOOKS : 0);
}

/* No segment may be parked by, or on its way through, a hook that goes away. */
static void armed_unhook(struct finject_net *fnet, unsigned int wanted)
{
	if (!(fnet->hooked & ~wanted))
		return;
	synchronize_net();
	finject_park_wait(&fnet->park);
	finject_hook_set(fnet, wanted);
}

static void armed_schedule_expiry(struct finject_net *fnet,
				  const struct finject_ruleset *set)
{
	u64 first = U64_MAX, now = ktime_get_ns(), delay = 0;
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (set->rule[i]->expires)
			first = min(first, set->rule[i]->expires);
	if (first == U64_MAX)
		return;
	/* a run that is too early arms the next */
	if (first > now)
		delay = min_t(u64, nsecs_to_jiffies64(first - now) + 1,
			      (u64)EXPIRY_MAX * HZ);
	mod_delayed_work(system_power_efficient_wq, &fnet->expiry, delay);
}

/**
 * finject_armed_publish - make a rule set the current one
 * @fnet: the namespace
 * @set: the new set; on success it is no longer the caller's
 *
 * A single pointer changes: a segment is judged by the old set or by the new.
 * Rules that are not in the new set release their parked segments, in the order
 * of the old set.
 *
 * Context: process, under fnet->mutex; fnet->net is not NULL.
 * Return: 0, or a negative errno: no memory for the index, or hooks could not be
 *	registered; nothing has changed.
 */
int finject_armed_publish(struct finject_net *fnet, struct finject_ruleset *set)
{
	struct finject_ruleset *old = finject_net_rules(fnet);
	unsigned int wanted = armed_hooks(fnet, set);
	unsigned int i;
	int err;

	err = finject_ruleset_index(set);
	if (err)
		return err;
	err = finject_hook_set(fnet, fnet->hooked | wanted);
	if (err) {
		finject_hook_set(fnet, armed_hooks(fnet, old));
		return err;
	}
	set->generation = ++fnet->generation;
	fnet->rules_gauge.peak = max_t(unsigned long,
				       fnet->rules_gauge.peak, set->count);
	if (set->early)
		finject_flows_want_early(&fnet->flows, true);
	rcu_assign_pointer(fnet->rules, set);
	if (!set->early)
		finject_flows_want_early(&fnet->flows, false);
	finject_notice_change(fnet, old, set);

	for (i = 0; i < set->count; i++)
		set->rule[i]->generation = set->generation;
	for (i = 0; i < old->count; i++)
		if (old->rule[i]->generation != set->generation)
			finject_park_end_rule(&fnet->park, old->rule[i]);
	armed_unhook(fnet, wanted);
	armed_schedule_expiry(fnet, set);
	finject_ruleset_free_rcu(old, &fnet->retiring);
	return 0;
}

/* Publish the current set less some rules; on failure it stays current. */
static int armed_remove_rules(struct finject_net *fnet,
			      bool (*goes)(const struct finject_rule *rule,
					   const void *why),
			      const void *why)
{
	struct finject_ruleset *old = finject_net_rules(fnet), *set;
	unsigned int i;
	int err;

	set = finject_ruleset_new(old->count);
	if (!set)
		return -ENOMEM;
	for (i = 0; i < old->count; i++)
		if (!goes(old->rule[i], why))
			finject_ruleset_add(set, old->rule[i]);
	if (set->count == old->count) {
		finject_ruleset_free(set);
		return 0;
	}
	err = finject_armed_publish(fnet, set);
	if (err)
		finject_ruleset_free(set);
	return err;
}

static bool armed_is_owned(const struct finject_rule *rule, const void *owner)
{
	return rule->owner == owner;
}

/* The file closes now; its rules expire once there is memory for a set. */
static void armed_expire_owned(struct finject_net *fnet, const void *owner)
{
	struct finject_ruleset *set = finject_net_rules(fnet);
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		if (set->rule[i]->owner != owner)
			continue;
		/* view_print_author() reads it without this mutex */
		WRITE_ONCE(set->rule[i]->owner, NULL);
		set->rule[i]->expires = 1;
	}
	armed_schedule_expiry(fnet, set);
}

/**
 * finject_armed_disown - remove the rules that an open file leased
 * @fnet: the namespace
 * @owner: the open file
 *
 * Context: process.
 */
void finject_armed_disown(struct finject_net *fnet, const void *owner)
{
	mutex_lock(&fnet->mutex);
	if (fnet->net && armed_remove_rules(fnet, armed_is_owned, owner))
		armed_expire_owned(fnet, owner);
	mutex_unlock(&fnet->mutex);
}

static bool armed_is_over(const struct finject_rule *rule, const void *now)
{
	return rule->expires && rule->expires <= *(const u64 *)now;
}

static void armed_expire(struct work_struct *work)
{
	struct finject_net *fnet = container_of(to_delayed_work(work),
						struct finject_net, expiry);
	u64 now = ktime_get_ns();

	mutex_lock(&fnet->mutex);
	if (fnet->net && armed_remove_rules(fnet, armed_is_over, &now))
		mod_delayed_work(system_power_efficient_wq, &fnet->expiry, HZ);
	else if (fnet->net)
		armed_schedule_expiry(fnet, finject_net_rules(fnet));
	mutex_unlock(&fnet->mutex);
}

static void armed_end_watch(struct finject_net *fnet)
{
	if (fnet->events.readers)
		return;
	finject_changes_close(&fnet->changes);
	finject_timewaits_close(&fnet->timewaits);
	finject_flows_leave(&fnet->flows);
}

/**
 * finject_armed_watch - hook a namespace for one more reader of its events
 * @fnet: the namespace
 * @position: set to the position where the reader begins
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int finject_armed_watch(struct finject_net *fnet, u64 *position)
{
	int err = -ENODEV;

	mutex_lock(&fnet->mutex);
	if (fnet->net)
		err = finject_hook_set(fnet, fnet->hooked | WATCH_HOOKS);
	if (!err)
		err = finject_changes_open(&fnet->changes);
	if (!err)
		err = finject_timewaits_open(&fnet->timewaits);
	if (!err)
		err = finject_events_open(&fnet->events, position);
	if (err)
		armed_end_watch(fnet);
	if (err && fnet->net)
		armed_unhook(fnet, armed_hooks(fnet, finject_net_rules(fnet)));
	mutex_unlock(&fnet->mutex);
	return err;
}

/**
 * finject_armed_unwatch - remove one reader of a namespace's events
 * @fnet: the namespace
 *
 * Context: process.
 */
void finject_armed_unwatch(struct finject_net *fnet)
{
	mutex_lock(&fnet->mutex);
	finject_events_release(&fnet->events);
	armed_end_watch(fnet);
	if (fnet->net)
		armed_unhook(fnet, armed_hooks(fnet, finject_net_rules(fnet)));
	mutex_unlock(&fnet->mutex);
}

static bool armed_is_any(const struct finject_rule *rule, const void *why)
{
	return true;
}

/**
 * finject_armed_clear - remove all rules
 * @fnet: the namespace
 *
 * Context: process, under fnet->mutex.
 * Return: 0 or a negative errno; then they all stay.
 */
int finject_armed_clear(struct finject_net *fnet)
{
	return armed_remove_rules(fnet, armed_is_any, NULL);
}

/**
 * finject_armed_init - prepare a namespace that has no rules yet
 * @fnet: the namespace
 */
void finject_armed_init(struct finject_net *fnet)
{
	INIT_DELAYED_WORK(&fnet->expiry, armed_expire);
}
