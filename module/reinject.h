/* SPDX-License-Identifier: GPL-2.0-only */
/* Send a stolen segment on, through the remaining entries of its hook. */
#ifndef FINJECT_REINJECT_H
#define FINJECT_REINJECT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/**
 * struct finject_resume - the place of a stolen segment, with its references
 * @net: the namespace; not held
 * @okfn: function that follows the hook
 * @in: incoming device or NULL, held
 * @out: outgoing device or NULL, held
 * @dev: skb->dev at that time, held
 * @physin: bridge port by which it came in, or NULL, held
 * @physout: bridge port by which it leaves, or NULL, held
 * @hook: enum nf_inet_hooks
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @modules: bitmask of the held modules, see owner.h
 */
struct finject_resume {
	struct net *net;
	int (*okfn)(struct net *net, struct sock *sk, struct sk_buff *skb);
	struct net_device *in;
	struct net_device *out;
	struct net_device *dev;
	struct net_device *physin;
	struct net_device *physout;
	u8 hook;
	u8 pf;
	u8 modules;
};

bool finject_resume_take(struct finject_resume *resume, struct sk_buff *skb,
			 const struct nf_hook_state *state);
void finject_resume_put(struct finject_resume *resume);
bool finject_resume_uses(const struct finject_resume *resume,
			 const struct sk_buff *skb,
			 const struct net_device *dev);
void finject_resume_state(const struct finject_resume *resume,
			  struct nf_hook_state *state);
bool finject_reinject(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct nf_hook_ops *ops);

#endif /* FINJECT_REINJECT_H */
