/* SPDX-License-Identifier: GPL-2.0-only */
/* Giving a stolen segment back to the rest of its hooks. */
#ifndef FINJECT_REINJECT_H
#define FINJECT_REINJECT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/**
 * struct finject_place - where a stolen segment was taken, and what keeps it
 * @state: of the hook it was taken at; its devices are held
 * @ops: finject's own entry at that hook
 * @dev: skb->dev at that time, held
 */
struct finject_place {
	struct nf_hook_state state;
	const struct nf_hook_ops *ops;
	struct net_device *dev;
};

bool finject_place_take(struct finject_place *place, struct sk_buff *skb,
			const struct nf_hook_state *state,
			const struct nf_hook_ops *ops);
void finject_place_put(struct finject_place *place);
bool finject_place_uses(const struct finject_place *place,
			const struct net_device *dev);
void finject_reinject(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct nf_hook_ops *ops);

#endif /* FINJECT_REINJECT_H */
