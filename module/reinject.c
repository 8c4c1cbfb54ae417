// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only file that knows okfn. A stolen segment continues from just after
 * finject's own entry, through the hooks that are left (NAT and conntrack's
 * confirm among them), then to okfn, exactly once.
 */
#include "reinject.h"

#include <linux/netdevice.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "compat.h"
#include "owner.h"

static void hold_devices(struct finject_place *place)
{
	dev_hold(place->in);
	dev_hold(place->out);
	dev_hold(place->dev);
	dev_hold(place->physin);
	dev_hold(place->physout);
}

/**
 * finject_place_take - make a segment fit to be kept beyond its hook
 * @place: where its references are put
 * @skb: the segment
 * @state: of its hook
 *
 * The route is held, and so are the devices, the ports of a bridge among them,
 * and modules whose unloading the segment would not survive. The socket is let
 * go: TCP refuses to retransmit while the host still owns the clone it sent
 * (skb_fclone_busy()), and a parked segment must look gone; RSTs and TIME_WAIT
 * ACKs would hold the send buffer of a control socket that all namespaces
 * share. So it goes on without one, as forwarded segments do.
 *
 * The namespace is not held, for that would keep it alive: its pre_exit frees
 * what is parked.
 *
 * Context: at a netfilter hook.
 * Return: false when the route or a module is going away: the segment must pass
 *	now.
 */
bool finject_place_take(struct finject_place *place, struct sk_buff *skb,
			const struct nf_hook_state *state)
{
	if (skb_dst(skb) && !skb_dst_force(skb))
		return false;
	if (!finject_owners_get(skb, &place->modules))
		return false;
	skb_orphan(skb);

	place->net = state->net;
	place->okfn = state->okfn;
	place->hook = state->hook;
	place->pf = state->pf;
	place->in = state->in;
	place->out = state->out;
	place->dev = skb->dev;
	if (finject_is_bridged(skb)) {
		place->physin = finject_physin(skb, state->net);
		place->physout = finject_physout(skb);
	}
	hold_devices(place);
	return true;
}

/**
 * finject_place_put - the mirror of finject_place_take()
 * @place: the place; the segment is no longer the caller's
 */
void finject_place_put(struct finject_place *place)
{
	dev_put(place->physout);
	dev_put(place->physin);
	dev_put(place->dev);
	dev_put(place->out);
	dev_put(place->in);
	finject_owners_put(place->modules);
}

/**
 * finject_place_uses - whether a device keeps a segment's place together
 * @place: the place
 * @skb: the segment
 * @dev: the device
 */
bool finject_place_uses(const struct finject_place *place,
			const struct sk_buff *skb,
			const struct net_device *dev)
{
	return place->in == dev || place->out == dev || place->dev == dev ||
	       place->physin == dev || place->physout == dev ||
	       (skb_dst(skb) && skb_dst(skb)->dev == dev);
}

/**
 * finject_place_state - the state of the hook at which a segment was taken
 * @place: the place
 * @state: where it is put; it has no socket
 */
void finject_place_state(const struct finject_place *place,
			 struct nf_hook_state *state)
{
	nf_hook_state_init(state, place->hook, place->pf, place->in, place->out,
			   NULL, place->net, place->okfn);
}

static const struct nf_hook_entries *
entries_of(const struct nf_hook_state *state)
{
	struct netns_nf *nf = &state->net->nf;

	if (state->pf == NFPROTO_IPV4)
		return rcu_dereference(nf->hooks_ipv4[state->hook]);
	return rcu_dereference(nf->hooks_ipv6[state->hook]);
}

/*
 * Indices shift with every registration, so ours is looked up at the last
 * moment. Should it be gone, what came after it still does by priority; the
 * dummies that stand in for removed entries have the lowest.
 */
static unsigned int index_after(const struct nf_hook_entries *entries,
				const struct nf_hook_ops *own)
{
	struct nf_hook_ops **ops = nf_hook_entries_get_hook_ops(entries);
	unsigned int i;

	for (i = 0; i < entries->num_hook_entries; i++)
		if (ops[i] == own)
			return i + 1;
	for (i = 0; i < entries->num_hook_entries; i++)
		if (ops[i]->priority != INT_MIN &&
		    ops[i]->priority >= own->priority)
			return i;
	return i;
}

/*
 * What okfn and the hooks say of a segment that was given to them: a negative
 * errno, or NET_XMIT_DROP, which is NET_RX_DROP too, when it went no further.
 * NET_XMIT_CN is said of a segment that a queue has taken.
 */
static bool was_taken(int said)
{
	BUILD_BUG_ON(NET_XMIT_DROP != NET_RX_DROP);
	return said >= 0 && said != NET_XMIT_DROP;
}

/**
 * finject_reinject - let a stolen segment go on
 * @skb: the segment; it is consumed
 * @state: of the hook it was taken at
 * @ops: finject's own entry there
 *
 * Context: softirq or process, BH on or off, no finject lock held. Going on
 * from an input hook may take socket locks, so never under one: from an output
 * hook only segments of that same hook may be sent on directly.
 * Return: false when the next hop says that it has not taken it: a later hook
 *	dropped it, a queue was full, a device refused it. Who drops it later, or
 *	without a word, is not known here.
 */
bool finject_reinject(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct nf_hook_ops *ops)
{
	struct nf_hook_state rest = *state;
	const struct nf_hook_entries *entries;
	int said = 1;

	local_bh_disable();
	rcu_read_lock();
	entries = entries_of(state);
	if (entries)
		said = nf_hook_slow(skb, &rest, entries,
				    index_after(entries, ops));
	if (said == 1)
		said = rest.okfn(rest.net, rest.sk, skb);
	rcu_read_unlock();
	local_bh_enable();
	return was_taken(said);
}
