/* SPDX-License-Identifier: GPL-2.0-only */
/* One TCP segment at one hook, read out of its skb by value. */
#ifndef FINJECT_SEGMENT_H
#define FINJECT_SEGMENT_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "bloom.h"
#include "stage.h"

/**
 * finject_hook_is_output - test whether a packet leaves by this hook
 * @hook: enum nf_inet_hooks
 */
static inline bool finject_hook_is_output(unsigned int hook)
{
	return hook == NF_INET_LOCAL_OUT || hook == NF_INET_POST_ROUTING;
}

static_assert(NF_INET_POST_ROUTING + 1 == FINJECT_HOOKS);

/**
 * struct finject_tuple - a key of a flow, the same from both directions
 * @addr: the two addresses, network order, the lower endpoint first
 * @port: the two ports, network order
 * @family: AF_INET or AF_INET6
 * @zone: conntrack zone; 0 for the default one, and before conntrack
 * @dev: index of the VRF, or 0; in a namespace with zones, before conntrack,
 *	index of the incoming device if that belongs to no VRF
 *
 * It is hashed and compared as memory. Those that do not differ before @zone
 * have the same addresses and ports.
 */
struct finject_tuple {
	union nf_inet_addr addr[2];
	__be16 port[2];
	u16 family;
	u16 zone;
	u32 dev;
};

/**
 * struct finject_segment - one segment at one hook
 * @tuple: its addresses and ports at the hook, a key of its flow
 * @wire: sequence numbers, length and flags
 * @dir: end of @tuple that sent it: 0 or 1
 * @flow_dir: end of its flow that sent it; differs from @dir where the flow was
 *	first seen under another tuple, with the ends in another order
 * @hook: enum nf_inet_hooks
 * @ignored: it is a FIN, and its receiver drops it
 * @prior: it is a FIN, and by the socket of this host the other end's FIN went
 *	before it
 * @prior_end: sequence number after that FIN
 * @early: a rule is about segments of its flow before the first FIN
 * @first: this is the segment's first crossing of this namespace
 * @mark: skb->mark
 * @from_dev: member dev of the tuple under which the segment came into this
 *	namespace, or left its socket
 * @to_dev: member dev of the tuple under which the answer will do so
 * @in: incoming device or NULL
 * @out: outgoing device or NULL
 * @in_too: the other name of @in where a VRF is: its port, or the port's VRF;
 *	or NULL
 * @out_too: the other name of @out, the same way
 */
struct finject_segment {
	struct finject_tuple tuple;
	struct finject_wire wire;
	u8 dir;
	u8 flow_dir;
	u8 hook;
	bool ignored;
	bool prior;
	bool early;
	bool first;
	u32 mark;
	u32 prior_end;
	u32 from_dev;
	u32 to_dev;
	const struct net_device *in;
	const struct net_device *out;
	const struct net_device *in_too;
	const struct net_device *out_too;
};

/**
 * enum finject_reading - the result of reading an skb as a TCP segment
 * @FINJECT_READ: a TCP segment
 * @FINJECT_OTHER: another protocol
 * @FINJECT_FRAGMENT: a fragment of TCP
 * @FINJECT_MALFORMED: TCP, but truncated or with an impossible data offset
 */
enum finject_reading {
	FINJECT_READ,
	FINJECT_OTHER,
	FINJECT_FRAGMENT,
	FINJECT_MALFORMED,
};

/**
 * finject_segment_vrf - test whether a VRF or a port of one is at a hook
 * @state: state of the hook
 *
 * Context: under RCU.
 */
static inline bool finject_segment_vrf(const struct nf_hook_state *state)
{
	return (state->in && (netif_is_l3_master(state->in) ||
			      netif_is_l3_slave(state->in))) ||
	       (state->out && (netif_is_l3_master(state->out) ||
			       netif_is_l3_slave(state->out)));
}

bool finject_segment_again(const struct sk_buff *skb,
			   const struct nf_hook_state *state);
enum finject_reading finject_segment_read(const struct sk_buff *skb,
					  const struct nf_hook_state *state,
					  bool vrf, unsigned int *thoff,
					  struct finject_segment *segment);
void finject_segment_zoned(struct finject_segment *segment,
			   const struct sk_buff *skb);
void finject_segment_last(struct finject_segment *segment,
			  unsigned int gso_size);
unsigned int finject_tuple_set(struct finject_tuple *tuple, u16 family,
			       const void *saddr, __be16 sport,
			       const void *daddr, __be16 dport);

enum { FINJECT_FLAGS_OFFSET = 13 };	/* of the flags in a TCP header */

/**
 * finject_segment_idle - test whether an skb can neither begin nor end a close
 * @skb: at a netfilter hook
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Every packet pays for this test, so it calls nothing, and returns false when
 * it cannot tell at a glance: fragments, IPv6 extension headers, a TCP header
 * beyond the linear part.
 *
 * Return: true for another protocol, or TCP with neither FIN nor RST.
 */
static inline bool finject_segment_idle(const struct sk_buff *skb, u8 pf)
{
	const u8 *header = skb_network_header(skb), *flags;

	if (pf == NFPROTO_IPV4) {
		const struct iphdr *iph = (const struct iphdr *)header;

		if (iph->protocol != IPPROTO_TCP)
			return true;
		if (iph->frag_off & htons(0x3fff))	/* MF or an offset */
			return false;
		flags = header + iph->ihl * 4 + FINJECT_FLAGS_OFFSET;
	} else {
		u8 nexthdr = ((const struct ipv6hdr *)header)->nexthdr;

		if (nexthdr != IPPROTO_TCP)
			return nexthdr == IPPROTO_UDP;
		flags = header + sizeof(struct ipv6hdr) + FINJECT_FLAGS_OFFSET;
	}
	return flags < skb->data + skb_headlen(skb) &&
	       !(*flags & (FINJECT_TCP_FIN | FINJECT_TCP_RST));
}

/**
 * finject_segment_may_be - test whether an skb may be of a tracked close
 * @skb: one that finject_segment_idle() is true for
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @tracked: addresses and ports of the closes that are tracked
 *
 * Return: false only if it is of none.
 */
static inline bool finject_segment_may_be(const struct sk_buff *skb, u8 pf,
					  const struct finject_bloom *tracked)
{
	const u8 *header = skb_network_header(skb);
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)header;
	const struct iphdr *iph = (const struct iphdr *)header;

	if (pf == NFPROTO_IPV4)
		return iph->protocol == IPPROTO_TCP &&
		       finject_bloom_has(tracked,
					 finject_bloom_key4(iph->saddr,
							    iph->daddr, header +
							    iph->ihl * 4));
	return ip6h->nexthdr == IPPROTO_TCP &&
	       finject_bloom_has(tracked, finject_bloom_key6(&ip6h->saddr,
							     &ip6h->daddr,
							     ip6h + 1));
}

#endif /* FINJECT_SEGMENT_H */
