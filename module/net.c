// SPDX-License-Identifier: GPL-2.0-only
#include "net.h"

#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "armed.h"
#include "hook.h"
#include "notice.h"
#include "owner.h"
#include "release.h"
#include "runner.h"
#include "socket.h"

static struct finject_net *net_make(struct net *net)
{
	struct finject_net *fnet = kzalloc(sizeof(*fnet),
					  GFP_KERNEL_ACCOUNT);
	struct finject_ruleset *set;

	if (!fnet)
		return NULL;
	refcount_set(&fnet->refs, 1);
	fnet->net = net;
	mutex_init(&fnet->mutex);
	finject_armed_init(fnet);
	finject_events_init(&fnet->events);
	finject_timewaits_init(&fnet->timewaits, &fnet->flows, &fnet->events);
	finject_socket_net_init(fnet);
	finject_hook_init(fnet);
	finject_other_init(&fnet->other);
	fnet->counters = alloc_percpu_gfp(struct finject_counters,
					  GFP_KERNEL_ACCOUNT);
	if (!fnet->counters)
		goto err_fnet;
	set = finject_ruleset_new(0);
	if (!set)
		goto err_counters;
	rcu_assign_pointer(fnet->rules, set);
	if (finject_flows_init(&fnet->flows, fnet->counters))
		goto err_set;
	finject_park_init(&fnet->park, fnet->counters, &fnet->events,
			  fnet->ops);
	finject_runner_init(&fnet->park);
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
 * finject_net_get - get the namespace's struct finject_net, made on first use
 * @net: the namespace, held by the caller
 *
 * Context: process.
 * Return: it with a reference, or NULL.
 */
struct finject_net *finject_net_get(struct net *net)
{
	struct finject_slot *slot = finject_slot_of(net);
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	fnet = slot->live;
	if (!fnet) {
		fnet = net_make(net);
		if (fnet)
			list_add_tail(&fnet->list, &finject_nets);
		/* pairs with finject_net_peek(): made before it is seen */
		smp_store_release(&slot->live, fnet);
	}
	if (fnet)
		refcount_inc(&fnet->refs);
	mutex_unlock(&finject_nets_mutex);
	return fnet;
}

/* Check the equations when no segment is at a hook, and none is parked. */
static void net_check_counters(const struct finject_net *fnet)
{
	struct finject_counters sum;

	finject_counters_sum(fnet->counters, &sum);
	WARN_ON_ONCE(finject_counters_balance(&sum, FINJECT_EQUATION_SEGMENTS));
	WARN_ON_ONCE(finject_counters_balance(&sum, FINJECT_EQUATION_COPIES));
}

/**
 * finject_net_put - drop a reference
 * @fnet: the namespace, from finject_net_get()
 *
 * When the last reference is dropped, pre_exit is over: no hook, no timer, no
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
	net_check_counters(fnet);
	free_percpu(fnet->counters);
	kfree(fnet->refusals.ring);
	kfree(fnet);
}

/*
 * Devices go away between pre_exit and exit, and parked segments hold them; so
 * all parking ends here. No new rules can come: net is NULL from here on.
 */
static void __net_exit net_pre_exit(struct net *net)
{
	struct finject_slot *slot = finject_slot_of(net);
	struct finject_net *fnet = slot->live;
	struct finject_ruleset *set;

	if (!fnet)
		return;
	mutex_lock(&finject_nets_mutex);
	list_del(&fnet->list);
	mutex_unlock(&finject_nets_mutex);

	mutex_lock(&fnet->mutex);
	set = finject_net_rules(fnet);
	RCU_INIT_POINTER(fnet->rules, NULL);
	finject_park_close(&fnet->park);
	finject_hook_set(fnet, 0);
	finject_notice_end(fnet);
	/* finject_net_sees() reads own->net without this mutex */
	WRITE_ONCE(fnet->net, NULL);
	finject_timewaits_close(&fnet->timewaits);
	mutex_unlock(&fnet->mutex);

	cancel_delayed_work_sync(&fnet->expiry);
	finject_events_close(&fnet->events);
	finject_ruleset_free_rcu(set, &fnet->retiring);
	slot->last = fnet;
	WRITE_ONCE(slot->live, NULL);
}

/* No hook is left. An open file may keep the finject_net, but no flows. */
static void __net_exit net_exit(struct net *net)
{
	struct finject_slot *slot = finject_slot_of(net);

	if (!slot->last)
		return;
	finject_flows_clear(&slot->last->flows);
	finject_net_put(slot->last);
}

static struct pernet_operations net_ops = {
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &finject_net_id,
	.size = sizeof(struct finject_slot),
};

static int net_device_event(struct notifier_block *block, unsigned long event,
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

static void net_module_going(const struct module *module)
{
	const struct finject_park_filter filter = { .module = module };
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list)
		finject_park_purge(&fnet->park, &filter);
	mutex_unlock(&finject_nets_mutex);
}

static struct notifier_block device_block = {
	.notifier_call = net_device_event,
};

/**
 * finject_net_init - begin to serve namespaces
 *
 * Return: 0 or a negative errno.
 */
int finject_net_init(void)
{
	int err;

	finject_notice_init();
	err = register_pernet_subsys(&net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&device_block);
	if (err)
		goto err_pernet;
	err = finject_owner_init(net_module_going);
	if (err)
		goto err_device;
	return 0;

err_device:
	unregister_netdevice_notifier(&device_block);
err_pernet:
	unregister_pernet_subsys(&net_ops);
	return err;
}

/*
 * Without memory for an empty set, pre_exit frees the segments that should have
 * been released, and counts them as purged.
 */
static void net_retire(struct finject_net *fnet)
{
	mutex_lock(&fnet->mutex);
	finject_armed_clear(fnet);
	finject_park_wait(&fnet->park);
	mutex_unlock(&fnet->mutex);
}

/**
 * finject_net_exit - stop serving namespaces: release all parked segments,
 *	then unregister every hook
 *
 * Context: process, when no file is open any more.
 */
void finject_net_exit(void)
{
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list)
		net_retire(fnet);
	mutex_unlock(&finject_nets_mutex);
	finject_owner_exit();
	unregister_netdevice_notifier(&device_block);
	unregister_pernet_subsys(&net_ops);
	rcu_barrier();
}
