// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only file that knows okfn. A stolen segment continues just behind
 * finject's own entry, through the remaining hooks (NAT and conntrack's confirm
 * among them), then to okfn, exactly once.
 */
#include "reinject.h"

#include <linux/netdevice.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "compat.h"
#include "owner.h"

static void resume_hold_devices(struct finject_resume *resume)
{
	dev_hold(resume->in);
	dev_hold(resume->out);
	dev_hold(resume->dev);
	dev_hold(resume->physin);
	dev_hold(resume->physout);
}

/**
 * finject_resume_take - make a segment fit to be kept beyond its hook
 * @resume: set to the place, with its references
 * @skb: the segment
 * @state: state of its hook
 *
 * It holds the route, the devices, the ports of a bridge among them, and the
 * modules whose unloading the segment would not survive. It drops the socket:
 * TCP refuses to retransmit while the host still owns the clone it sent
 * (skb_fclone_busy()), and a parked segment must look as if it had left the
 * host; RSTs and TIME_WAIT ACKs would hold the send buffer of a control socket
 * that all namespaces share. So the segment continues without a socket, as
 * forwarded segments do.
 *
 * The namespace is not held, because that would keep it alive: its pre_exit
 * frees parked segments.
 *
 * Context: at a netfilter hook.
 * Return: false when the route or a module is going away: the segment must pass
 *	now.
 */
bool finject_resume_take(struct finject_resume *resume, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	if (skb_dst(skb) && !skb_dst_force(skb))
		return false;
	if (!finject_owners_get(skb, &resume->modules))
		return false;
	skb_orphan(skb);

	resume->net = state->net;
	resume->okfn = state->okfn;
	resume->hook = state->hook;
	resume->pf = state->pf;
	resume->in = state->in;
	resume->out = state->out;
	resume->dev = skb->dev;
	if (finject_is_bridged(skb)) {
		resume->physin = finject_physin(skb, state->net);
		resume->physout = finject_physout(skb);
	}
	resume_hold_devices(resume);
	return true;
}

/**
 * finject_resume_put - drop the references of finject_resume_take()
 * @resume: the place; the segment is no longer the caller's
 */
void finject_resume_put(struct finject_resume *resume)
{
	dev_put(resume->physout);
	dev_put(resume->physin);
	dev_put(resume->dev);
	dev_put(resume->out);
	dev_put(resume->in);
	finject_owners_put(resume->modules);
}

/**
 * finject_resume_uses - test whether a segment needs a device to continue
 * @resume: the place
 * @skb: the segment
 * @dev: the device
 */
bool finject_resume_uses(const struct finject_resume *resume,
			 const struct sk_buff *skb,
			 const struct net_device *dev)
{
	return resume->in == dev || resume->out == dev || resume->dev == dev ||
	       resume->physin == dev || resume->physout == dev ||
	       (skb_dst(skb) && skb_dst(skb)->dev == dev);
}

/**
 * finject_resume_state - get the state of the hook that took a segment
 * @resume: the place
 * @state: set to the state; it has no socket
 */
void finject_resume_state(const struct finject_resume *resume,
			  struct nf_hook_state *state)
{
	nf_hook_state_init(state, resume->hook, resume->pf, resume->in, resume->out,
			   NULL, resume->net, resume->okfn);
}

static const struct nf_hook_entries *
reinject_entries(const struct nf_hook_state *state)
{
	struct netns_nf *nf = &state->net->nf;

	if (state->pf == NFPROTO_IPV4)
		return rcu_dereference(nf->hooks_ipv4[state->hook]);
	return rcu_dereference(nf->hooks_ipv6[state->hook]);
}

/*
 * Indices shift with every registration, so finject's own is looked up at the
 * last moment. If its entry is gone, the entries that came after it still do by
 * priority; the dummies that stand in for removed entries have the lowest.
 */
static unsigned int reinject_index(const struct nf_hook_entries *entries,
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
 * The return value of okfn and the hooks: a negative errno, or NET_XMIT_DROP,
 * which is NET_RX_DROP too, when the segment got no further. NET_XMIT_CN is
 * returned for a segment that a queue has taken.
 */
static bool reinject_was_taken(int said)
{
	BUILD_BUG_ON(NET_XMIT_DROP != NET_RX_DROP);
	return said >= 0 && said != NET_XMIT_DROP;
}

/**
 * finject_reinject - send a stolen segment on
 * @skb: the segment; it is consumed
 * @state: state of the hook that took it
 * @ops: finject's own entry there
 *
 * Context: softirq or process, BH on or off, no finject lock held. What
 * follows an input hook may take socket locks, so never call this under one:
 * an output hook may directly send on only segments of that same hook.
 * Return: false when the next hop says that it has not taken the segment: a
 *	later hook dropped it, a queue was full, a device refused it. A later or
 *	silent drop is not known here.
 */
bool finject_reinject(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct nf_hook_ops *ops)
{
	struct nf_hook_state rest = *state;
	const struct nf_hook_entries *entries;
	int said = 1;

	local_bh_disable();
	rcu_read_lock();
	entries = reinject_entries(state);
	if (entries)
		said = nf_hook_slow(skb, &rest, entries,
				    reinject_index(entries, ops));
	if (said == 1)
		said = rest.okfn(rest.net, rest.sk, skb);
	rcu_read_unlock();
	local_bh_enable();
	return reinject_was_taken(said);
}
