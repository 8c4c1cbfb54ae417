// SPDX-License-Identifier: GPL-2.0-only
/*
 * At a hook an skb begins with its network header, but the bytes before it
 * belong to it as well: a bridge pushes the link-layer header back and sends
 * it, `nft ether saddr` reads it, GSO moves it. pskb_copy() does not copy them,
 * and __skb_gso_segment() takes the network header for the link-layer header.
 */
#include "copy.h"

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <net/dst.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "compat.h"
#include "segment.h"

/**
 * finject_copy - make a copy with headers of its own
 * @skb: at a netfilter hook
 *
 * A clone shares its headers with the original, and NAT rewrites them. So the
 * copy gets a head of its own, which includes the room before the network
 * header. It has no socket, a reference of its own to its route, and a bridge
 * extension of its own (finject_bridge_unshare()).
 *
 * Context: any; does not sleep.
 * Return: the copy, or NULL: no memory, or the route is going away.
 */
struct sk_buff *finject_copy(struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC | __GFP_NOWARN);

	if (!copy)
		return NULL;
	if ((skb_dst(copy) && !skb_dst_force(copy)) ||
	    pskb_expand_head(copy, 0, 0, GFP_ATOMIC | __GFP_NOWARN) ||
	    !finject_bridge_unshare(copy)) {
		kfree_skb(copy);
		return NULL;
	}
	return copy;
}

/* The length of the link-layer header before the network header. */
static unsigned int copy_link_len(const struct sk_buff *skb)
{
	if (!skb_mac_header_was_set(skb) || skb_mac_header(skb) > skb->data)
		return 0;
	return skb->data - skb_mac_header(skb);
}

/*
 * An IPv6 packet of more than 64 KiB has a hop-by-hop header, which
 * ipv6_gso_segment() removes: it moves the bytes before it, and takes them to
 * begin with an Ethernet header.
 */
static bool copy_is_movable(const struct sk_buff *skb, unsigned int link)
{
	return link <= ETH_HLEN || skb->protocol != htons(ETH_P_IPV6) ||
	       ipv6_hdr(skb)->nexthdr != NEXTHDR_HOP;
}

/* Set the link-layer header as in the original, or unset it. */
static void copy_restore_link(struct sk_buff *segment,
			      const struct sk_buff *skb,
			      unsigned int link)
{
	__skb_pull(segment, skb_network_offset(segment));
	if (link)
		skb_set_mac_header(segment, -(int)link);
	else
		segment->mac_header = (typeof(segment->mac_header))~0U;
	segment->mac_len = skb->mac_len;
}

/* On output, memory is charged to the sending socket. */
static void copy_restore_owner(struct sk_buff *segment, const struct sk_buff *skb)
{
	if (skb->sk && sk_fullsock(skb->sk))
		skb_set_owner_w(segment, skb->sk);
}

/* Segment the link-layer header along, as nfnetlink_queue does. */
static struct sk_buff *copy_segments(struct sk_buff *copy, unsigned int link,
				     bool tx_path)
{
	unsigned int push = max_t(unsigned int, link, ETH_HLEN);

	if (skb_headroom(copy) < push &&
	    pskb_expand_head(copy, push - skb_headroom(copy), 0,
			     GFP_ATOMIC | __GFP_NOWARN))
		return NULL;
	__skb_push(copy, push);
	return __skb_gso_segment(copy, 0, tx_path);
}

/**
 * finject_split - split a GSO skb that carries a FIN into its wire segments
 * @skb: the GSO skb, at a netfilter hook; it is only read
 * @hook: enum nf_inet_hooks, where the skb is
 * @data: set to the segments before the last, linked by skb->next
 *
 * tcp_gso_segment() leaves FIN on the last segment only, so that segment can be
 * dropped or delayed while the data before it is sent. A copy is split, because
 * a split that fails half-way leaves its skb changed. The segments belong to
 * the original's socket. Headers before TCP may have been removed, so offsets
 * into the original do not apply to the segments.
 *
 * Context: any; does not sleep.
 * Return: the last segment, or NULL when the skb could not be split.
 */
struct sk_buff *finject_split(struct sk_buff *skb, unsigned int hook,
			      struct sk_buff **data)
{
	bool tx_path = finject_hook_is_output(hook);
	struct sk_buff *copy, *list, *last, *before = NULL;
	unsigned int link = copy_link_len(skb);

	if (!copy_is_movable(skb, link))
		return NULL;
	copy = finject_copy(skb);
	if (!copy)
		return NULL;
	list = copy_segments(copy, link, tx_path);
	consume_skb(copy);
	if (IS_ERR_OR_NULL(list))
		return NULL;

	for (last = list; ; last = last->next) {
		copy_restore_link(last, skb, link);
		if (tx_path)
			copy_restore_owner(last, skb);
		if (!last->next)
			break;
		before = last;
	}
	if (before)
		before->next = NULL;
	*data = before ? list : NULL;
	return last;
}
