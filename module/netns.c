// SPDX-License-Identifier: GPL-2.0-only
#include "netns.h"

#include <linux/moduleparam.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

unsigned int finject_max_rules = 1024;
module_param_named(max_rules, finject_max_rules, uint, 0644);
MODULE_PARM_DESC(max_rules, "rules, per network namespace");

LIST_HEAD(finject_nets);
/* guards finject_nets and the slots; outside any finject_net.mutex */
DEFINE_MUTEX(finject_nets_mutex);

/* id of finject's slot in each namespace */
unsigned int finject_net_id;

/**
 * finject_slot_of - get the slot that the kernel keeps in a namespace
 * @net: the namespace
 */
struct finject_slot *finject_slot_of(const struct net *net)
{
	return net_generic(net, finject_net_id);
}

/**
 * finject_net_peek - get a namespace's struct finject_net, if there is one
 * @net: the namespace
 *
 * Context: under RCU.
 * Return: it without a reference, or NULL.
 */
struct finject_net *finject_net_peek(const struct net *net)
{
	/* pairs with finject_net_get() */
	return smp_load_acquire(&finject_slot_of(net)->live);
}

/**
 * finject_net_sees - test whether an open file may know of a namespace
 * @own: namespace of the open file; the initial one knows of all
 * @fnet: the namespace
 *
 * Context: any.
 */
bool finject_net_sees(const struct finject_net *own,
		      const struct finject_net *fnet)
{
	return fnet == own || READ_ONCE(own->net) == &init_net;
}
