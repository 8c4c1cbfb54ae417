// SPDX-License-Identifier: GPL-2.0-only
#include "net.h"

#include <linux/moduleparam.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "hook.h"
#include "owner.h"

unsigned int finject_max_rules = 1024;
module_param_named(max_rules, finject_max_rules, uint, 0644);
MODULE_PARM_DESC(max_rules, "rules, per network namespace");

LIST_HEAD(finject_nets);
/* guards finject_nets and the slots; outside any finject_net.mutex */
DEFINE_MUTEX(finject_nets_mutex);

/*
 * What a namespace has of us. @live serves it; pre_exit moves it to @last, for
 * exit to drop when RCU has passed.
 */
struct slot {
	struct finject_net *live;
	struct finject_net *last;
};

static unsigned int net_id;

enum { EXPIRY_MAX = 24 * 3600 };	/* s between looks at what has expired */

enum { WATCH_HOOKS = BIT(NF_INET_PRE_ROUTING) | BIT(NF_INET_POST_ROUTING) };

static struct finject_ruleset *current_set(struct finject_net *fnet)
{
	return rcu_dereference_protected(fnet->rules,
					 lockdep_is_held(&fnet->mutex));
}

static unsigned int wanted_hooks(struct finject_net *fnet,
				 const struct finject_ruleset *set)
{
	return set->hooks | (fnet->events.readers ? WATCH_HOOKS : 0);
}

/* Nothing may be parked by, or on its way through, a hook that goes. */
static void unhook(struct finject_net *fnet, unsigned int wanted)
{
	if (!(fnet->hooked & ~wanted))
		return;
	synchronize_net();
	finject_park_wait(&fnet->park);
	finject_hook_set(fnet, wanted);
}

static void schedule_expiry(struct finject_net *fnet,
			    const struct finject_ruleset *set)
{
	u64 first = U64_MAX, now = ktime_get_ns(), delay = 0;
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (set->rule[i]->expires)
			first = min(first, set->rule[i]->expires);
	if (first == U64_MAX)
		return;
	/* a later look may be too early, and looks again */
	if (first > now)
		delay = min_t(u64, nsecs_to_jiffies64(first - now) + 1,
			      (u64)EXPIRY_MAX * HZ);
	mod_delayed_work(system_power_efficient_wq, &fnet->expiry, delay);
}

/**
 * finject_net_publish - make a rule set the current one
 * @fnet: the namespace's
 * @set: the new set; on success it is no longer the caller's
 *
 * One pointer changes hands: a segment is judged by the old set or by the new.
 * Rules that are not in the new one let go what they hold, in its order.
 *
 * Context: process, under fnet->mutex; fnet->net is not NULL.
 * Return: 0, or a negative errno: hooks could not be registered, and nothing
 *	has changed.
 */
int finject_net_publish(struct finject_net *fnet, struct finject_ruleset *set)
{
	struct finject_ruleset *old = current_set(fnet);
	unsigned int wanted = wanted_hooks(fnet, set);
	unsigned int i;
	int err;

	err = finject_hook_set(fnet, fnet->hooked | wanted);
	if (err) {
		finject_hook_set(fnet, wanted_hooks(fnet, old));
		return err;
	}
	set->generation = ++fnet->generation;
	fnet->rules_peak = max(fnet->rules_peak, set->count);
	rcu_assign_pointer(fnet->rules, set);

	for (i = 0; i < set->count; i++)
		set->rule[i]->generation = set->generation;
	for (i = 0; i < old->count; i++)
		if (old->rule[i]->generation != set->generation)
			finject_park_end_rule(&fnet->park, old->rule[i]);
	unhook(fnet, wanted);
	schedule_expiry(fnet, set);
	finject_ruleset_free_rcu(old);
	return 0;
}

/* The current set less some rules; what cannot be built stays as it is. */
static int remove_rules(struct finject_net *fnet,
			bool (*goes)(const struct finject_rule *rule,
				     const void *why),
			const void *why)
{
	struct finject_ruleset *old = current_set(fnet), *set;
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
	err = finject_net_publish(fnet, set);
	if (err)
		finject_ruleset_free(set);
	return err;
}

static bool is_owned(const struct finject_rule *rule, const void *owner)
{
	return rule->owner == owner;
}

/* The file goes now; its rules as soon as there is memory for a set. */
static void expire_owned(struct finject_net *fnet, const void *owner)
{
	struct finject_ruleset *set = current_set(fnet);
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		if (set->rule[i]->owner != owner)
			continue;
		set->rule[i]->owner = NULL;
		set->rule[i]->expires = 1;
	}
	schedule_expiry(fnet, set);
}

/**
 * finject_net_disown - remove the rules that an open file leased
 * @fnet: the namespace's
 * @owner: the open file
 *
 * Context: process.
 */
void finject_net_disown(struct finject_net *fnet, const void *owner)
{
	mutex_lock(&fnet->mutex);
	if (fnet->net && remove_rules(fnet, is_owned, owner))
		expire_owned(fnet, owner);
	mutex_unlock(&fnet->mutex);
}

static bool is_over(const struct finject_rule *rule, const void *now)
{
	return rule->expires && rule->expires <= *(const u64 *)now;
}

static void expire(struct work_struct *work)
{
	struct finject_net *fnet = container_of(to_delayed_work(work),
						struct finject_net, expiry);
	u64 now = ktime_get_ns();

	mutex_lock(&fnet->mutex);
	if (fnet->net && remove_rules(fnet, is_over, &now))
		mod_delayed_work(system_power_efficient_wq, &fnet->expiry, HZ);
	else if (fnet->net)
		schedule_expiry(fnet, current_set(fnet));
	mutex_unlock(&fnet->mutex);
}

static void end_watch(struct finject_net *fnet)
{
	if (fnet->events.readers)
		return;
	finject_sockets_close(&fnet->sockets);
	finject_flows_leave(&fnet->flows);
}

/**
 * finject_net_watch - hook a namespace for one more reader of its events
 * @fnet: the namespace's
 * @position: where the reader begins
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int finject_net_watch(struct finject_net *fnet, u64 *position)
{
	int err = -ENODEV;

	mutex_lock(&fnet->mutex);
	if (fnet->net)
		err = finject_hook_set(fnet, fnet->hooked | WATCH_HOOKS);
	if (!err)
		err = finject_sockets_open(&fnet->sockets);
	if (!err)
		err = finject_events_open(&fnet->events, position);
	if (err)
		end_watch(fnet);
	if (err && fnet->net)
		unhook(fnet, wanted_hooks(fnet, current_set(fnet)));
	mutex_unlock(&fnet->mutex);
	return err;
}

/**
 * finject_net_unwatch - one reader less
 * @fnet: the namespace's
 *
 * Context: process.
 */
void finject_net_unwatch(struct finject_net *fnet)
{
	mutex_lock(&fnet->mutex);
	finject_events_release(&fnet->events);
	end_watch(fnet);
	if (fnet->net)
		unhook(fnet, wanted_hooks(fnet, current_set(fnet)));
	mutex_unlock(&fnet->mutex);
}

static void add_up(struct finject_net *fnet, struct finject_counters *sum)
{
	unsigned int stat;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct finject_counters *counters =
			per_cpu_ptr(fnet->counters, cpu);

		for (stat = 0; stat < FINJECT_STATS; stat++)
			sum->count[stat] += READ_ONCE(counters->count[stat]);
	}
}

/**
 * finject_net_sum - what was counted since the last `zero`
 * @fnet: the namespace's
 * @sum: where it is put
 *
 * Context: process, under fnet->mutex.
 */
void finject_net_sum(struct finject_net *fnet, struct finject_counters *sum)
{
	unsigned int stat;

	add_up(fnet, sum);
	for (stat = 0; stat < FINJECT_STATS; stat++)
		sum->count[stat] -= fnet->baseline.count[stat];
}

static void zero_gauge(struct finject_gauge *gauge)
{
	gauge->peak = gauge->now;
	gauge->refused = 0;
	gauge->recycled = 0;
}

static void zero_rule(struct finject_net *fnet, struct finject_rule *rule)
{
	spin_lock_bh(&fnet->flows.lock);
	rule->tally = (struct finject_tally){ };
	spin_unlock_bh(&fnet->flows.lock);
	cond_resched();
}

/**
 * finject_net_zero - begin counting anew
 * @fnet: the namespace's
 *
 * What is parked now stays seen, so that seen = passed + dropped + reset +
 * parked + released + purged goes on to hold.
 *
 * Context: process, under fnet->mutex.
 */
void finject_net_zero(struct finject_net *fnet)
{
	struct finject_ruleset *set = current_set(fnet);
	struct finject_park *park = &fnet->park;
	unsigned int i;

	add_up(fnet, &fnet->baseline);
	spin_lock_bh(&fnet->flows.lock);
	zero_gauge(&fnet->flows.gauge);
	zero_gauge(&fnet->flows.flow_rules);
	spin_lock(&park->lock);
	zero_gauge(&park->gauge);
	zero_gauge(&park->bytes);
	fnet->baseline.count[FINJECT_SEEN] -= park->gauge.now - park->copies;
	fnet->baseline.count[FINJECT_COPIES] -= park->copies;
	spin_unlock(&park->lock);
	spin_unlock_bh(&fnet->flows.lock);
	for (i = 0; i < set->count; i++)
		zero_rule(fnet, set->rule[i]);
	fnet->rules_peak = set->count;
	fnet->rules_refused = 0;
}

static struct finject_net *make(struct net *net)
{
	struct finject_net *fnet = kzalloc(sizeof(*fnet),
					  GFP_KERNEL_ACCOUNT);
	struct finject_ruleset *set;

	if (!fnet)
		return NULL;
	refcount_set(&fnet->refs, 1);
	fnet->net = net;
	mutex_init(&fnet->mutex);
	INIT_DELAYED_WORK(&fnet->expiry, expire);
	finject_park_init(&fnet->park);
	finject_events_init(&fnet->events);
	finject_sockets_init(&fnet->sockets);
	finject_hook_init(fnet);
	fnet->counters = alloc_percpu_gfp(struct finject_counters,
					  GFP_KERNEL_ACCOUNT);
	if (!fnet->counters)
		goto err_fnet;
	set = finject_ruleset_new(0);
	if (!set)
		goto err_counters;
	rcu_assign_pointer(fnet->rules, set);
	if (finject_flows_init(&fnet->flows))
		goto err_set;
	return fnet;

err_set:
	finject_ruleset_free(set);
err_counters:
	free_percpu(fnet->counters);
err_fnet:
	kfree(fnet);
	return NULL;
}

/**
 * finject_net_get - what finject keeps for a namespace, made on first use
 * @net: the namespace, held by the caller
 *
 * Context: process.
 * Return: it with a reference, or NULL.
 */
struct finject_net *finject_net_get(struct net *net)
{
	struct slot *slot = net_generic(net, net_id);
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	fnet = slot->live;
	if (!fnet) {
		fnet = make(net);
		if (fnet)
			list_add_tail(&fnet->list, &finject_nets);
		/* pairs with finject_net_peek(): it was made before it is seen */
		smp_store_release(&slot->live, fnet);
	}
	if (fnet)
		refcount_inc(&fnet->refs);
	mutex_unlock(&finject_nets_mutex);
	return fnet;
}

/**
 * finject_net_peek - what finject keeps for a namespace, if anything
 * @net: the namespace
 *
 * Context: under RCU, which also keeps what is returned.
 * Return: it, or NULL.
 */
struct finject_net *finject_net_peek(const struct net *net)
{
	struct slot *slot = net_generic(net, net_id);

	/* pairs with finject_net_get() */
	return smp_load_acquire(&slot->live);
}

/**
 * finject_net_put - drop a reference
 * @fnet: what finject_net_get() returned
 *
 * By the time the last one goes, pre_exit is over: no hook, no timer, no
 * parked segment and no rule is left, and RCU has passed since.
 *
 * Context: process.
 */
void finject_net_put(struct finject_net *fnet)
{
	if (!refcount_dec_and_test(&fnet->refs))
		return;
	finject_flows_destroy(&fnet->flows);
	rcu_barrier();
	free_percpu(fnet->counters);
	kfree(fnet->refusals);
	kfree(fnet);
}

/*
 * Devices go between pre_exit and exit, and parked segments hold them; so all
 * that can park ends here. New rules cannot come: net is NULL from here on.
 */
static void __net_exit net_pre_exit(struct net *net)
{
	struct slot *slot = net_generic(net, net_id);
	struct finject_net *fnet = slot->live;
	struct finject_ruleset *set;

	if (!fnet)
		return;
	mutex_lock(&finject_nets_mutex);
	list_del(&fnet->list);
	mutex_unlock(&finject_nets_mutex);

	mutex_lock(&fnet->mutex);
	set = current_set(fnet);
	RCU_INIT_POINTER(fnet->rules, NULL);
	finject_park_close(&fnet->park);
	finject_hook_set(fnet, 0);
	/* the list of namespaces looks without the mutex of its reader's own */
	WRITE_ONCE(fnet->net, NULL);
	mutex_unlock(&fnet->mutex);

	cancel_delayed_work_sync(&fnet->expiry);
	finject_events_close(&fnet->events);
	finject_ruleset_free_rcu(set);
	slot->last = fnet;
	WRITE_ONCE(slot->live, NULL);
}

/* No hook is left: what an open file keeps of us has no flows any more. */
static void __net_exit net_exit(struct net *net)
{
	struct slot *slot = net_generic(net, net_id);

	if (!slot->last)
		return;
	finject_flows_clear(&slot->last->flows);
	finject_net_put(slot->last);
}

static struct pernet_operations net_ops = {
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct slot),
};

static int device_event(struct notifier_block *block, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	const struct finject_park_filter filter = { .dev = dev };
	struct finject_net *fnet;

	if (event != NETDEV_DOWN && event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	rcu_read_lock();
	fnet = finject_net_peek(dev_net(dev));
	rcu_read_unlock();
	if (fnet)
		finject_park_purge(&fnet->park, &filter);
	return NOTIFY_DONE;
}

static void module_going(const struct module *module)
{
	const struct finject_park_filter filter = { .module = module };
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list)
		finject_park_purge(&fnet->park, &filter);
	mutex_unlock(&finject_nets_mutex);
}

static struct notifier_block device_block = {
	.notifier_call = device_event,
};

/**
 * finject_net_init - begin to serve namespaces
 *
 * Return: 0 or a negative errno.
 */
int finject_net_init(void)
{
	int err = register_pernet_subsys(&net_ops);

	if (err)
		return err;
	err = register_netdevice_notifier(&device_block);
	if (err)
		goto err_pernet;
	err = finject_owner_init(module_going);
	if (err)
		goto err_device;
	return 0;

err_device:
	unregister_netdevice_notifier(&device_block);
err_pernet:
	unregister_pernet_subsys(&net_ops);
	return err;
}

static bool is_any(const struct finject_rule *rule, const void *why)
{
	return true;
}

/*
 * Without memory for an empty set, pre_exit will free what should have gone
 * on, and count it as purged.
 */
static void retire(struct finject_net *fnet)
{
	mutex_lock(&fnet->mutex);
	remove_rules(fnet, is_any, NULL);
	finject_park_wait(&fnet->park);
	mutex_unlock(&fnet->mutex);
}

/**
 * finject_net_exit - end it: everything parked goes on, then every hook goes
 *
 * Context: process, when no file is open any more.
 */
void finject_net_exit(void)
{
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list)
		retire(fnet);
	mutex_unlock(&finject_nets_mutex);
	finject_owner_exit();
	unregister_netdevice_notifier(&device_block);
	unregister_pernet_subsys(&net_ops);
	rcu_barrier();
}
