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

/**
 * finject_place_take - make a segment fit to be kept beyond its hook
 * @place: where its references are put
 * @skb: the segment
 * @state: of its hook
 * @ops: finject's own entry at that hook
 *
 * The route is held, and so are the devices. The socket is let go: TCP refuses
 * to retransmit while the host still owns the clone it sent
 * (skb_fclone_busy()), and a parked segment must look gone; RSTs and TIME_WAIT
 * ACKs would hold the send buffer of a control socket that all namespaces
 * share. So it goes on without one, as forwarded segments do.
 *
 * The namespace is not held, for that would keep it alive: its pre_exit frees
 * what is parked.
 *
 * Context: at a netfilter hook.
 * Return: false when the route is going away: the segment must pass now.
 */
bool finject_place_take(struct finject_place *place, struct sk_buff *skb,
			const struct nf_hook_state *state,
			const struct nf_hook_ops *ops)
{
	if (skb_dst(skb) && !skb_dst_force(skb))
		return false;
	skb_orphan(skb);

	place->state = *state;
	place->state.sk = NULL;
	place->ops = ops;
	place->dev = skb->dev;
	dev_hold(place->state.in);
	dev_hold(place->state.out);
	dev_hold(place->dev);
	return true;
}

/**
 * finject_place_put - the mirror of finject_place_take()
 * @place: the place; the segment is no longer the caller's
 */
void finject_place_put(struct finject_place *place)
{
	dev_put(place->dev);
	dev_put(place->state.out);
	dev_put(place->state.in);
}

/**
 * finject_place_uses - whether a device keeps a segment's place together
 * @place: the place
 * @dev: the device
 */
bool finject_place_uses(const struct finject_place *place,
			const struct net_device *dev)
{
	return place->state.in == dev || place->state.out == dev ||
	       place->dev == dev;
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

/**
 * finject_reinject - let a stolen segment go on
 * @skb: the segment; it is consumed
 * @state: of the hook it was taken at
 * @ops: finject's own entry there
 *
 * Context: softirq or process, BH on or off, no finject lock held. Going on
 * from an input hook may take socket locks, so never under one: from an output
 * hook only segments of that same hook may be sent on directly.
 */
void finject_reinject(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct nf_hook_ops *ops)
{
	struct nf_hook_state rest = *state;
	const struct nf_hook_entries *entries;
	int verdict = 1;

	local_bh_disable();
	rcu_read_lock();
	entries = entries_of(state);
	if (entries)
		verdict = nf_hook_slow(skb, &rest, entries,
				       index_after(entries, ops));
	if (verdict == 1)
		rest.okfn(rest.net, rest.sk, skb);
	rcu_read_unlock();
	local_bh_enable();
}
