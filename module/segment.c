// SPDX-License-Identifier: GPL-2.0-only
#include "segment.h"

#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "compat.h"

static enum finject_reading segment_find_tcp4(const struct sk_buff *skb,
					      unsigned int *thoff)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_TCP)
		return FINJECT_OTHER;
	/* A raw socket may send a header that the stack would not accept. */
	if (iph->version != 4 || iph->ihl < sizeof(*iph) / 4)
		return FINJECT_MALFORMED;
	if (ip_is_fragment(iph))
		return FINJECT_FRAGMENT;
	*thoff = skb_network_offset(skb) + iph->ihl * 4;
	return FINJECT_READ;
}

/*
 * ipv6_skip_exthdr() stops before a fragment header with an offset; the header
 * itself names the protocol of the fragment.
 */
static u8 segment_fragmented(const struct sk_buff *skb, int off)
{
	const u8 *nexthdr;
	u8 copy;

	nexthdr = skb_header_pointer(skb, off, sizeof(copy), &copy);
	return nexthdr ? *nexthdr : NEXTHDR_NONE;
}

static enum finject_reading segment_find_tcp6(const struct sk_buff *skb,
					      unsigned int *thoff)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	__be16 frag = 0;
	int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);

	if (nexthdr != IPPROTO_TCP) {
		if (!ipv6_ext_hdr(nexthdr))
			return FINJECT_OTHER;
		off = ipv6_skip_exthdr(skb, off, &nexthdr, &frag);
		if (off < 0)
			return FINJECT_OTHER;
		if (nexthdr == NEXTHDR_FRAGMENT)
			nexthdr = segment_fragmented(skb, off);
		if (nexthdr != IPPROTO_TCP)
			return FINJECT_OTHER;
		/* else reserved bits, or zero: a fragment that is the whole */
		if (frag & htons(IP6_OFFSET | IP6_MF))
			return FINJECT_FRAGMENT;
	}
	if (ipv6_hdr(skb)->version != 6)
		return FINJECT_MALFORMED;
	*thoff = off;
	return FINJECT_READ;
}

/*
 * Get the end of the segment. Input, and output that the stack made, was
 * trimmed to its IP header, but IPv6 from a raw socket may claim any length. A
 * length of zero stands for more than the field can hold, in a GSO packet and
 * in a jumbogram.
 */
static unsigned int segment_end(const struct sk_buff *skb, u8 pf)
{
	unsigned int len;

	if (pf == NFPROTO_IPV4)
		return skb->len;
	len = ntohs(ipv6_hdr(skb)->payload_len);
	if (!len && (skb_is_gso(skb) || ipv6_hdr(skb)->nexthdr == NEXTHDR_HOP))
		return skb->len;
	len += skb_network_offset(skb) + sizeof(struct ipv6hdr);
	return len <= skb->len ? len : 0;
}

/* Return: the sender's end of the key, 0 or 1. */
static __always_inline unsigned int
segment_set_ipv4(struct finject_tuple *tuple, __be32 saddr, __be16 sport,
		 __be32 daddr, __be16 dport)
{
	bool dir = saddr == daddr ? ntohs(sport) > ntohs(dport) :
				    ntohl(saddr) > ntohl(daddr);

	if (dir) {
		swap(saddr, daddr);
		swap(sport, dport);
	}
	/* a structure that is filled in at once would be zeroed first, in a loop */
	tuple->addr[0] = (union nf_inet_addr){ .all = { (__force u32)saddr } };
	tuple->addr[1] = (union nf_inet_addr){ .all = { (__force u32)daddr } };
	tuple->port[0] = sport;
	tuple->port[1] = dport;
	tuple->family = AF_INET;
	tuple->zone = 0;
	tuple->dev = 0;
	return dir;
}

static unsigned int segment_set_ipv6(struct finject_tuple *tuple,
				     const void *saddr, __be16 sport,
				     const void *daddr, __be16 dport)
{
	int order = memcmp(saddr, daddr, sizeof(struct in6_addr));
	bool dir = order ? order > 0 : ntohs(sport) > ntohs(dport);

	if (dir) {
		swap(saddr, daddr);
		swap(sport, dport);
	}
	memcpy(&tuple->addr[0], saddr, sizeof(struct in6_addr));
	memcpy(&tuple->addr[1], daddr, sizeof(struct in6_addr));
	tuple->port[0] = sport;
	tuple->port[1] = dport;
	tuple->family = AF_INET6;
	tuple->zone = 0;
	tuple->dev = 0;
	return dir;
}

/**
 * finject_tuple_set - fill in the key of a flow
 * @tuple: the key
 * @family: AF_INET or AF_INET6
 * @saddr: the sender's address, struct in_addr or in6_addr
 * @sport: the sender's port
 * @daddr: the receiver's address
 * @dport: the receiver's port
 *
 * Both directions of a connection give the same key.
 *
 * Return: the sender's end of the key, 0 or 1.
 */
unsigned int finject_tuple_set(struct finject_tuple *tuple, u16 family,
			       const void *saddr, __be16 sport,
			       const void *daddr, __be16 dport)
{
	__be32 from, to;

	if (family != AF_INET)
		return segment_set_ipv6(tuple, saddr, sport, daddr, dport);
	memcpy(&from, saddr, sizeof(from));
	memcpy(&to, daddr, sizeof(to));
	return segment_set_ipv4(tuple, from, sport, to, dport);
}

static bool segment_is_local(const struct sk_buff *skb, u8 pf)
{
	if (pf == NFPROTO_IPV4)
		return skb_rtable(skb)->rt_type == RTN_LOCAL;
	return container_of(skb_dst(skb), struct rt6_info, dst)->rt6i_flags &
	       RTF_LOCAL;
}

/**
 * finject_segment_again - test whether an skb passes this hook a second time
 * @skb: at a netfilter hook
 * @state: state of the hook
 *
 * A VRF passes packets that its ports receive to PRE_ROUTING once more, as its
 * own (vrf_ip_rcv()), and the function behind that hook would free a stolen
 * packet. A VRF passes its output to LOCAL_OUT and POST_ROUTING, then its port
 * does (vrf_ip_out(), vrf_xmit()); a packet to the VRF itself has no port. Only
 * the pass by the port counts.
 *
 * Context: under RCU.
 * Return: true for the pass of the VRF where there is one of a port.
 */
bool finject_segment_again(const struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
		if (!state->in || !netif_is_l3_master(state->in))
			return false;
		return state->pf == NFPROTO_IPV4 ?
			       ipv4_l3mdev_skb(IPCB(skb)->flags) :
			       ipv6_l3mdev_skb(IP6CB(skb)->flags);
	case NF_INET_LOCAL_OUT:
	case NF_INET_POST_ROUTING:
		return state->out && netif_is_l3_master(state->out) &&
		       skb_dst(skb) && !segment_is_local(skb, state->pf);
	default:
		return false;
	}
}

/* Get the VRF of a port, or of a VRF the port that a segment came in by. */
static const struct net_device *segment_in_too(const struct sk_buff *skb,
					       const struct nf_hook_state *state)
{
	if (!state->in)
		return NULL;
	if (netif_is_l3_slave(state->in))
		return netdev_master_upper_dev_get_rcu(state->in);
	if (!netif_is_l3_master(state->in))
		return NULL;
	return dev_get_by_index_rcu(state->net, state->pf == NFPROTO_IPV4 ?
				    IPCB(skb)->iif : IP6CB(skb)->iif);
}

static const struct net_device *segment_out_too(const struct nf_hook_state *state)
{
	if (!state->out || !netif_is_l3_slave(state->out))
		return NULL;
	return netdev_master_upper_dev_get_rcu(state->out);
}

/* Get the index of the VRF that a device is, or belongs to, or 0. */
static u32 segment_vrf_index(const struct net_device *dev)
{
	if (dev && netif_is_l3_slave(dev))
		dev = netdev_master_upper_dev_get_rcu((struct net_device *)dev);
	return dev && netif_is_l3_master(dev) ? dev->ifindex : 0;
}

/* A segment that goes out and once came in from a device is forwarded. */
static bool segment_is_forwarded(const struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	return state->hook == NF_INET_FORWARD ||
	       (state->hook == NF_INET_POST_ROUTING && skb->skb_iif);
}

/*
 * A connection belongs to the VRF of its socket. One that is forwarded from a
 * VRF to another has two, and its answers come in by the other.
 */
static void segment_read_vrf(struct finject_segment *segment,
			     const struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	bool out = finject_hook_is_output(state->hook);

	segment->in_too = segment_in_too(skb, state);
	segment->out_too = segment_out_too(state);
	if (segment_is_forwarded(skb, state)) {
		segment->from_dev = segment_vrf_index(state->in);
		segment->to_dev = segment_vrf_index(state->out);
	} else {
		segment->from_dev = segment_vrf_index(out ? state->out :
						      state->in);
		segment->to_dev = segment->from_dev;
	}
	segment->tuple.dev = segment->from_dev;
}

/*
 * Over loopback, and when forwarded, a segment crosses twice. A segment that
 * comes in from a loopback device, or from a VRF that has no port for it, has
 * already gone out. A segment that goes out and once came in from a device is
 * being forwarded.
 */
static bool segment_is_first(const struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
		return !(state->in && (state->in->flags & IFF_LOOPBACK ||
				       netif_is_l3_master(state->in)));
	case NF_INET_POST_ROUTING:
		return !skb->skb_iif;
	default:
		return false;
	}
}

static unsigned int segment_read_tuple(struct finject_tuple *tuple,
				       const struct sk_buff *skb, u8 pf,
				       const struct tcphdr *th)
{
	if (pf == NFPROTO_IPV4)
		return segment_set_ipv4(tuple, ip_hdr(skb)->saddr, th->source,
					ip_hdr(skb)->daddr, th->dest);
	return segment_set_ipv6(tuple, &ipv6_hdr(skb)->saddr, th->source,
				&ipv6_hdr(skb)->daddr, th->dest);
}

/**
 * finject_segment_read - read a TCP segment out of its skb
 * @skb: at a netfilter hook: network header set and in the linear part
 * @state: state of its hook
 * @vrf: finject_segment_vrf() of @state
 * @thoff: set to the offset of the TCP header from skb->data
 * @segment: set to the segment
 *
 * Context: any, under RCU as netfilter hooks are.
 * Return: FINJECT_READ when @thoff and @segment were set, or why not.
 */
enum finject_reading finject_segment_read(const struct sk_buff *skb,
					  const struct nf_hook_state *state,
					  bool vrf, unsigned int *thoff,
					  struct finject_segment *segment)
{
	unsigned int hlen, end = segment_end(skb, state->pf);
	enum finject_reading reading;
	const struct tcphdr *th;
	struct tcphdr copy FINJECT_FILLED_LATER;

	reading = state->pf == NFPROTO_IPV4 ? segment_find_tcp4(skb, thoff) :
					      segment_find_tcp6(skb, thoff);
	if (reading != FINJECT_READ)
		return reading;
	th = skb_header_pointer(skb, *thoff, sizeof(copy), &copy);
	if (!th)
		return FINJECT_MALFORMED;
	hlen = th->doff * 4;
	if (hlen < sizeof(*th) || end < *thoff + hlen)
		return FINJECT_MALFORMED;

	segment->dir = segment_read_tuple(&segment->tuple, skb, state->pf, th);
	segment->flow_dir = segment->dir;
	segment->wire.seq = ntohl(th->seq);
	segment->wire.ack = ntohl(th->ack_seq);
	segment->wire.len = end - *thoff - hlen;
	segment->wire.flags = ((const u8 *)th)[FINJECT_FLAGS_OFFSET];
	segment->hook = state->hook;
	segment->ignored = false;
	segment->prior = false;
	segment->early = false;
	segment->first = segment_is_first(skb, state);
	segment->mark = skb->mark;
	segment->in = state->in;
	segment->out = state->out;
	segment->in_too = NULL;
	segment->out_too = NULL;
	segment->from_dev = 0;
	segment->to_dev = 0;
	if (unlikely(vrf))
		segment_read_vrf(segment, skb, state);
	return FINJECT_READ;
}

/**
 * finject_segment_zoned - complete a segment's tuple in a namespace with zones
 * @segment: segment read by finject_segment_read()
 * @skb: its skb
 *
 * Connections with the same addresses and ports are apart by their zones, which
 * are not known before conntrack. There the device by which a segment came in
 * tells them apart. The answer to one that leaves by a device comes in by it.
 */
void finject_segment_zoned(struct finject_segment *segment,
			   const struct sk_buff *skb)
{
	bool forwarded = segment->hook == NF_INET_FORWARD ||
			 segment->hook == NF_INET_POST_ROUTING;

	if (segment->from_dev || segment->to_dev)
		return;
	/* over loopback conntrack has seen it */
	if (segment->hook == NF_INET_PRE_ROUTING && !segment->tuple.zone)
		segment->tuple.dev = segment->in ? segment->in->ifindex : 0;
	segment->from_dev = segment->hook == NF_INET_LOCAL_OUT ? 0 :
			    skb->skb_iif;
	if (forwarded && segment->out)
		segment->to_dev = segment->out->ifindex;
}

/**
 * finject_segment_last - reduce a GSO skb's segment to its last wire segment
 * @segment: segment read by finject_segment_read(), with FIN and more than
 *	@gso_size of payload
 * @gso_size: payload of each segment but the last
 *
 * The flags are those of tcp_gso_segment(): FIN on the last, CWR on the first.
 */
void finject_segment_last(struct finject_segment *segment,
			  unsigned int gso_size)
{
	u32 last = segment->wire.len % gso_size;

	if (!last)
		last = gso_size;
	segment->wire.seq += segment->wire.len - last;
	segment->wire.len = last;
	segment->wire.flags &= ~FINJECT_TCP_CWR;
}
