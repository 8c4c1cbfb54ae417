/* SPDX-License-Identifier: GPL-2.0-only */
/* Giving a stolen segment back to the rest of its hooks. */
#ifndef FINJECT_REINJECT_H
#define FINJECT_REINJECT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/**
 * struct finject_resume - where a stolen segment was taken, and what keeps it
 * @net: the namespace; not held
 * @okfn: what follows the hook
 * @in: incoming device or NULL, held
 * @out: outgoing device or NULL, held
 * @dev: skb->dev at that time, held
 * @physin: port of a bridge that it came in by, or NULL, held
 * @physout: port of a bridge that it leaves by, or NULL, held
 * @hook: enum nf_inet_hooks
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @modules: bitmask of the modules that are held, see owner.h
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
