/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only file that knows how kernels and their configurations differ. Kbuild
 * looks for the names in the kernel's own headers, because stable kernels get
 * them later than their version number says.
 */
#ifndef FINJECT_COMPAT_H
#define FINJECT_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <net/dst.h>

#ifdef FINJECT_HAS_NET_GSO_H
#include <net/gso.h>
#endif

#ifndef FINJECT_HAS_HRTIMER_SETUP
#define hrtimer_setup(timer, callback, clock, mode)	\
	do {						\
		struct hrtimer *__timer = (timer);	\
							\
		hrtimer_init(__timer, clock, mode);	\
		__timer->function = (callback);		\
	} while (0)
#endif

/* br_netfilter's extension of a segment that passes a bridge. */
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
static inline bool finject_is_bridged(const struct sk_buff *skb)
{
	return nf_bridge_info_exists(skb);
}

/* Under RCU; the port may be gone. */
static inline struct net_device *finject_physin(const struct sk_buff *skb,
						struct net *net)
{
	int ifindex = nf_bridge_get_physinif(skb);

	return ifindex ? dev_get_by_index_rcu(net, ifindex) : NULL;
}

static inline struct net_device *finject_physout(const struct sk_buff *skb)
{
	return nf_bridge_get_physoutdev(skb);
}

/* Copies of an skb share the extension, and br_netfilter writes to it. */
static inline bool finject_bridge_unshare(struct sk_buff *skb)
{
	return !nf_bridge_info_exists(skb) ||
	       skb_ext_add(skb, SKB_EXT_BRIDGE_NF);
}
#else
static inline bool finject_is_bridged(const struct sk_buff *skb)
{
	return false;
}

static inline struct net_device *finject_physin(const struct sk_buff *skb,
						struct net *net)
{
	return NULL;
}

static inline struct net_device *finject_physout(const struct sk_buff *skb)
{
	return NULL;
}

static inline bool finject_bridge_unshare(struct sk_buff *skb)
{
	return true;
}
#endif

/* Test whether the route leads through an IPsec transformation. */
static inline bool finject_is_transformed(const struct dst_entry *dst)
{
#ifdef CONFIG_XFRM
	return dst->xfrm;
#else
	return false;
#endif
}

#endif /* FINJECT_COMPAT_H */
