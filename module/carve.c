// SPDX-License-Identifier: GPL-2.0-only
#include "carve.h"

#include <linux/netfilter.h>

#include "compat.h"

/**
 * finject_carve - split a GSO skb that carries a FIN into its wire segments
 * @skb: the GSO skb; consumed on success
 * @hook: enum nf_inet_hooks where it is
 * @data: set to the segments before the last, linked by skb->next
 *
 * tcp_gso_segment() leaves FIN on the last segment only, so that one can be
 * judged while the data before it goes on.
 *
 * Context: at a netfilter hook.
 * Return: the last segment, or NULL when the skb could not be split and is
 *	untouched.
 */
struct sk_buff *finject_carve(struct sk_buff *skb, unsigned int hook,
			      struct sk_buff **data)
{
	bool tx_path = hook == NF_INET_LOCAL_OUT ||
		       hook == NF_INET_POST_ROUTING;
	struct sk_buff *list, *last, *before = NULL;
	u16 mac_header = skb->mac_header, mac_len = skb->mac_len;

	list = __skb_gso_segment(skb, 0, tx_path);
	if (IS_ERR_OR_NULL(list)) {
		/* it has set these to where the network header is */
		skb->mac_header = mac_header;
		skb->mac_len = mac_len;
		return NULL;
	}
	consume_skb(skb);

	for (last = list; last->next; last = last->next)
		before = last;
	if (before)
		before->next = NULL;
	*data = before ? list : NULL;
	return last;
}
