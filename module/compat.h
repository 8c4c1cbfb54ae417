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
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>

#ifdef FINJECT_HAS_NET_GSO_H
#include <net/gso.h>
#endif

#ifdef FINJECT_HAS_HOTDATA
#include <net/hotdata.h>
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

#ifndef timer_container_of
#define timer_container_of from_timer
#endif

/*
 * A large structure on the stack that the path of a segment fills in by itself,
 * and that CONFIG_INIT_STACK_ALL_ZERO would fill with zeros first.
 */
#if __has_attribute(__uninitialized__)
#define FINJECT_FILLED_LATER	__attribute__((__uninitialized__))
#else
#define FINJECT_FILLED_LATER
#endif

#ifdef FINJECT_HAS_LOOKUP_HASHINFO
#define FINJECT_HASHINFO	hashinfo,
#else
#define FINJECT_HASHINFO
#endif

/*
 * Find the socket, full or time-wait, that has this tuple; @bound is the device
 * it is bound to, or 0. It is returned with a reference: sock_gen_put().
 */
static inline struct sock *
finject_lookup_established(struct net *net, u16 family,
			   const union nf_inet_addr *remote, __be16 remote_port,
			   const union nf_inet_addr *local, __be16 local_port,
			   int bound)
{
	struct inet_hashinfo *hashinfo __maybe_unused =
		net->ipv4.tcp_death_row.hashinfo;
	u16 port = ntohs(local_port);

#if IS_ENABLED(CONFIG_IPV6)
	if (family == AF_INET6) {
		const struct in6_addr *from = &remote->in6, *to = &local->in6;

		return __inet6_lookup_established(net, FINJECT_HASHINFO from,
						  remote_port, to, port, bound,
						  0);
	}
#endif
	return __inet_lookup_established(net, FINJECT_HASHINFO remote->ip,
					 remote_port, local->ip, port, bound,
					 0);
}

/* Test as inet_twsk_alloc() does: may there be no more time-wait sockets? */
static inline bool finject_timewaits_full(struct net *net)
{
	struct inet_timewait_death_row *row = &net->ipv4.tcp_death_row;
#ifdef FINJECT_HAS_TW_REFCOUNT
	int count = refcount_read(&row->tw_refcount) - 1;
#else
	int count = atomic_read(&row->tw_count);
#endif

	return count >= READ_ONCE(row->sysctl_max_tw_buckets);
}

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

/* Get net.core.netdev_max_backlog, in packets. */
static inline unsigned int finject_max_backlog(void)
{
#ifdef FINJECT_HAS_HOTDATA
	return READ_ONCE(net_hotdata.max_backlog);
#else
	return READ_ONCE(netdev_max_backlog);
#endif
}

#endif /* FINJECT_COMPAT_H */
