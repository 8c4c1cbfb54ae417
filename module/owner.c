// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parked segment may outlast the code that it is to continue in, and the data
 * that its skb points to.
 *
 * nf_conntrack is held while a segment has an entry of it: its exit waits,
 * spinning, until no skb has one. rmmod says "in use" meanwhile. A module is
 * held by a symbol that it exports, because the kernel lets no other module
 * look one up by name or address.
 *
 * br_netfilter exports none. Its functions follow finject's hooks on a bridge
 * and use data that its exit frees. That exit first clears a pointer in the
 * module bridge (nf_br_ops), and waits for RCU before it frees: a reader that
 * finds the pointer set may send the segment on, under RCU. Otherwise the
 * segment is purged.
 *
 * Any other module that goes away takes only code with it, such as its own copy
 * of an inline function. The kernel notifies before it frees the code; segments
 * that would continue there are purged, those that wait for br_netfilter as
 * well. The module's devices are gone by then, and the segments that needed
 * them were purged with them.
 */
#include "owner.h"

#include <linux/module.h>
#include <linux/rcupdate.h>

#include "compat.h"

/**
 * struct owner - a module that parked segments hold
 * @symbol: a symbol that it exports, GPL only
 * @needs: test whether a segment needs the module
 * @pointer: @symbol is a pointer, cleared when the data that segments need is
 *	about to go away
 * @value: address of @symbol while there are users
 * @users: number of segments that need the module
 */
struct owner {
	const char *symbol;
	bool (*needs)(const struct sk_buff *skb);
	bool pointer;
	const void *value;
	unsigned long users;
};

static bool needs_conntrack(const struct sk_buff *skb)
{
	return skb_nfct(skb);
}

static bool needs_bridge(const struct sk_buff *skb)
{
	return finject_is_bridged(skb);
}

static struct owner owners[] = {
	{ .symbol = "nf_conntrack_find_get", .needs = needs_conntrack },
	{ .symbol = "nf_br_ops", .needs = needs_bridge, .pointer = true },
};

/* guards owner.users; innermost; BH off */
static DEFINE_SPINLOCK(owners_lock);

static void (*tell)(const struct module *module);

static bool owner_get(struct owner *owner)
{
	bool got;

	spin_lock_bh(&owners_lock);
	if (!owner->users)
		owner->value = __symbol_get(owner->symbol);
	got = owner->value;
	owner->users += got;
	spin_unlock_bh(&owners_lock);
	return got;
}

static void owner_put(struct owner *owner)
{
	spin_lock_bh(&owners_lock);
	if (!--owner->users)
		__symbol_put(owner->symbol);
	spin_unlock_bh(&owners_lock);
}

/**
 * finject_owners_get - hold the modules that a segment needs
 * @skb: the segment
 * @held: set to a bitmask of the held modules
 *
 * Context: at a netfilter hook.
 * Return: false when one of them is going away: the segment must pass now.
 */
bool finject_owners_get(const struct sk_buff *skb, u8 *held)
{
	unsigned int i;

	*held = 0;
	for (i = 0; i < ARRAY_SIZE(owners); i++) {
		if (!owners[i].needs(skb))
			continue;
		if (!owner_get(&owners[i])) {
			finject_owners_put(*held);
			return false;
		}
		*held |= BIT(i);
	}
	return true;
}

/**
 * finject_owners_put - release the modules that a segment needed
 * @held: bitmask set by finject_owners_get(); the segment is no longer the
 *	caller's
 *
 * Context: any but hard interrupts.
 */
void finject_owners_put(u8 held)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(owners); i++)
		if (held & BIT(i))
			owner_put(&owners[i]);
}

/**
 * finject_owners_there - test whether the modules of a parked segment are there
 * @held: bitmask set by finject_owners_get()
 *
 * Context: under RCU; the modules stay until it is left.
 * Return: false when one of them is going away.
 */
bool finject_owners_there(u8 held)
{
	unsigned int i;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "no RCU");
	for (i = 0; i < ARRAY_SIZE(owners); i++)
		if (held & BIT(i) && owners[i].pointer &&
		    !READ_ONCE(*(const void * const *)owners[i].value))
			return false;
	return true;
}

static int module_event(struct notifier_block *block, unsigned long event,
			void *module)
{
	if (event == MODULE_STATE_GOING && module != THIS_MODULE)
		tell(module);
	return NOTIFY_DONE;
}

static struct notifier_block module_block = {
	.notifier_call = module_event,
};

/**
 * finject_owner_init - begin to notice modules that go away
 * @going: called for each, after its exit and before its code is freed
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int finject_owner_init(void (*going)(const struct module *module))
{
	/* a bit each in finject_resume.modules */
	BUILD_BUG_ON(ARRAY_SIZE(owners) > 8);
	tell = going;
	return register_module_notifier(&module_block);
}

/**
 * finject_owner_exit - stop noticing modules; nothing is parked any more
 */
void finject_owner_exit(void)
{
	unregister_module_notifier(&module_block);
}
