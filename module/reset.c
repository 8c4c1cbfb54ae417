// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stack accepts a RST only if its sequence number is exactly the next one it
 * expects (RFC 5961, 3.2; RFC 9293, 3.10.7.4): RCV.NXT. For the sender of a
 * segment that is the segment's own SEG.ACK. For its receiver it is SEG.SEQ or
 * the receiver's latest acknowledgment, whichever is later.
 */
#include "reset.h"

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/tcp.h>
#include <net/xfrm.h>

#include "compat.h"
#include "copy.h"

static void reset_put_ipv4(struct sk_buff *rst,
			   const struct finject_tuple *tuple,
			   unsigned int from)
{
	struct iphdr *iph = skb_put_zero(rst, sizeof(*iph));

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(sizeof(*iph) + sizeof(struct tcphdr));
	iph->frag_off = htons(IP_DF);
	iph->ttl = IPDEFTTL;
	iph->protocol = IPPROTO_TCP;
	iph->saddr = tuple->addr[from].ip;
	iph->daddr = tuple->addr[!from].ip;
	ip_send_check(iph);
	rst->protocol = htons(ETH_P_IP);
}

static void reset_put_ipv6(struct sk_buff *rst,
			   const struct finject_tuple *tuple,
			   unsigned int from)
{
	struct ipv6hdr *ip6h = skb_put_zero(rst, sizeof(*ip6h));

	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->payload_len = htons(sizeof(struct tcphdr));
	ip6h->nexthdr = IPPROTO_TCP;
	ip6h->hop_limit = IPDEFTTL;
	ip6h->saddr = tuple->addr[from].in6;
	ip6h->daddr = tuple->addr[!from].in6;
	rst->protocol = htons(ETH_P_IPV6);
}

static void reset_put_tcp(struct sk_buff *rst,
			  const struct finject_tuple *tuple,
			  unsigned int from, u32 seq)
{
	struct tcphdr *th;
	__wsum sum;

	skb_set_transport_header(rst, rst->len);
	th = skb_put_zero(rst, sizeof(*th));
	th->source = tuple->port[from];
	th->dest = tuple->port[!from];
	th->seq = htonl(seq);
	th->doff = sizeof(*th) / 4;
	th->rst = 1;
	sum = csum_partial(th, sizeof(*th), 0);
	if (tuple->family == AF_INET)
		th->check = csum_tcpudp_magic(tuple->addr[from].ip,
					      tuple->addr[!from].ip,
					      sizeof(*th), IPPROTO_TCP, sum);
	else
		th->check = csum_ipv6_magic(&tuple->addr[from].in6,
					    &tuple->addr[!from].in6,
					    sizeof(*th), IPPROTO_TCP, sum);
}

/**
 * finject_reset_for_sender - make a RST for the stack that sent a segment
 * @skb: the segment
 * @segment: the segment as read; it has an ACK
 *
 * Context: any.
 * Return: the RST, or NULL: no memory.
 */
struct sk_buff *finject_reset_for_sender(const struct sk_buff *skb,
					 const struct finject_segment *segment)
{
	const struct finject_tuple *tuple = &segment->tuple;
	unsigned int from = !segment->dir;
	struct sk_buff *rst;

	rst = alloc_skb(MAX_HEADER + sizeof(struct ipv6hdr) +
			sizeof(struct tcphdr), GFP_ATOMIC | __GFP_NOWARN);
	if (!rst)
		return NULL;
	skb_reserve(rst, MAX_HEADER);
	skb_reset_network_header(rst);
	if (tuple->family == AF_INET)
		reset_put_ipv4(rst, tuple, from);
	else
		reset_put_ipv6(rst, tuple, from);
	reset_put_tcp(rst, tuple, from, segment->wire.ack);
	rst->mark = skb->mark;
	return rst;
}

/*
 * A RST answers one host. Before routing, a segment may still claim to come
 * from any address, broadcast and multicast addresses among them.
 */
static bool reset_is_one_host(const struct rtable *rt)
{
	return rt->rt_type == RTN_UNICAST || rt->rt_type == RTN_LOCAL;
}

/* A RST for a segment in a VRF stays in that VRF. */
static int reset_vrf(const struct finject_segment *segment)
{
	return l3mdev_master_ifindex_rcu(segment->in ? segment->in :
						       segment->out);
}

static struct dst_entry *reset_route4(struct net *net, struct flowi4 *fl4,
				      const struct finject_segment *segment)
{
	const struct finject_tuple *tuple = &segment->tuple;
	unsigned int to = segment->dir;
	struct rtable *rt;

	*fl4 = (struct flowi4){
		.daddr = tuple->addr[to].ip,
		.saddr = tuple->addr[!to].ip,
		.fl4_sport = tuple->port[!to],
		.fl4_dport = tuple->port[to],
		.flowi4_proto = IPPROTO_TCP,
		.flowi4_mark = segment->mark,
		.flowi4_oif = reset_vrf(segment),
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	rt = __ip_route_output_key(net, fl4);
	if (IS_ERR(rt))
		return NULL;
	if (fl4->daddr != tuple->addr[to].ip || !reset_is_one_host(rt)) {
		ip_rt_put(rt);
		return NULL;
	}
	return &rt->dst;
}

#if IS_ENABLED(CONFIG_IPV6)
static struct dst_entry *reset_route6(struct net *net, struct flowi6 *fl6,
				      const struct finject_segment *segment)
{
	const struct finject_tuple *tuple = &segment->tuple;
	unsigned int to = segment->dir;
	struct dst_entry *dst;

	*fl6 = (struct flowi6){
		.daddr = tuple->addr[to].in6,
		.saddr = tuple->addr[!to].in6,
		.fl6_sport = tuple->port[!to],
		.fl6_dport = tuple->port[to],
		.flowi6_proto = IPPROTO_TCP,
		.flowi6_mark = segment->mark,
		.flowi6_oif = reset_vrf(segment),
	};
	if (!(ipv6_addr_type(&fl6->daddr) & IPV6_ADDR_UNICAST))
		return NULL;
	if (segment->in && ipv6_addr_type(&fl6->daddr) & IPV6_ADDR_LINKLOCAL)
		fl6->flowi6_oif = segment->in->ifindex;
	dst = ip6_route_output(net, NULL, fl6);
	if (dst->error) {
		dst_release(dst);
		return NULL;
	}
	return dst;
}
#else
static struct dst_entry *reset_route6(struct net *net, struct flowi6 *fl6,
				      const struct finject_segment *segment)
{
	return NULL;
}
#endif

/*
 * Route by the addresses, ports and mark that a RST of the addressed end's
 * stack would have, so that policy routing and IPsec treat this RST as they
 * would treat that one. IPsec may refuse, or have no key yet.
 */
static struct dst_entry *reset_route(struct net *net,
				     const struct finject_segment *segment)
{
	struct dst_entry *dst;
	struct flowi fl;

	dst = segment->tuple.family == AF_INET ?
		      reset_route4(net, &fl.u.ip4, segment) :
		      reset_route6(net, &fl.u.ip6, segment);
	if (!dst)
		return NULL;
	dst = xfrm_lookup(net, dst, &fl, NULL, 0);
	return IS_ERR(dst) ? NULL : dst;
}

static bool reset_send_by_route(struct sk_buff *rst, struct net *net,
				const struct finject_segment *segment)
{
	struct dst_entry *dst = reset_route(net, segment);
	int said;

	if (!dst) {
		kfree_skb(rst);
		return false;
	}
	skb_dst_set(rst, dst);
	rst->dev = dst->dev;
	local_bh_disable();
	said = dst_output(net, NULL, rst);
	local_bh_enable();
	return !net_xmit_eval(said);
}

/* Get the link-layer address of the next hop, zero while it is unknown. */
static void reset_next_hop(const struct sk_buff *skb, struct net_device *dev,
			   const struct finject_segment *segment, u8 *addr)
{
	struct neighbour *neigh = NULL;

	if (skb_dst(skb))
		neigh = dst_neigh_lookup(skb_dst(skb),
					 &segment->tuple.addr[!segment->dir]);
	if (!neigh)
		return;
	if (neigh->dev == dev && READ_ONCE(neigh->nud_state) & NUD_VALID)
		neigh_ha_snapshot(addr, neigh, dev);
	neigh_release(neigh);
}

/* On input, taps and tc expect the device's own header first. */
static bool reset_put_link(struct sk_buff *rst, struct net_device *dev,
			   const u8 *from)
{
	int len = dev_hard_header(rst, dev, ntohs(rst->protocol),
				  dev->dev_addr, from, rst->len);

	skb_reset_mac_header(rst);
	if (len > 0)
		skb_pull(rst, len);
	skb_reset_mac_len(rst);
	return len >= 0;
}

/*
 * The RST must be acceptable on input to the sender's own stack: a stack that
 * protects its output, or requires protection of its input, refuses a RST
 * without it.
 */
static bool reset_wants_ipsec(struct sk_buff *rst, const struct sk_buff *skb,
			      u16 family)
{
	return (skb_dst(skb) && finject_is_transformed(skb_dst(skb))) ||
	       !xfrm_policy_check(NULL, XFRM_POLICY_IN, rst, family);
}

static bool reset_send_as_received(struct sk_buff *rst,
				   const struct sk_buff *skb,
				   struct net_device *dev,
				   const struct finject_segment *segment)
{
	u8 from[MAX_ADDR_LEN] = { };

	rst->dev = dev;
	rst->pkt_type = PACKET_HOST;
	reset_next_hop(skb, dev, segment, from);
	if (reset_wants_ipsec(rst, skb, segment->tuple.family) ||
	    !reset_put_link(rst, dev, from)) {
		kfree_skb(rst);
		return false;
	}
	return netif_rx(rst) == NET_RX_SUCCESS;
}

/*
 * Over a bridge, send the RST back by the port that the segment came by, with
 * its link-layer header reversed, as nft's reject does: the bridge itself may
 * have no address, and no route.
 */
static bool reset_send_by_port(struct sk_buff *rst, const struct sk_buff *skb,
			       struct net *net)
{
	struct net_device *port = finject_physin(skb, net);
	int len = skb->data - skb_mac_header(skb);
	struct ethhdr *eth;
	int said;

	if (!port || !skb_mac_header_was_set(skb) || len < ETH_HLEN ||
	    skb_cow_head(rst, len)) {
		kfree_skb(rst);
		return false;
	}
	eth = skb_push(rst, len);
	memcpy(eth, skb_mac_header(skb), len);
	ether_addr_copy(eth->h_dest, eth_hdr(skb)->h_source);
	ether_addr_copy(eth->h_source, eth_hdr(skb)->h_dest);
	if (eth->h_proto == htons(ETH_P_PPP_SES)) {
		kfree_skb(rst);
		return false;
	}
	skb_reset_mac_header(rst);
	__vlan_hwaccel_copy_tag(rst, skb);
	rst->protocol = eth->h_proto;
	rst->dev = port;
	said = dev_queue_xmit(rst);
	return !net_xmit_eval(said);
}

/**
 * finject_reset_sender - reset the stack that sent a segment
 * @rst: RST made by finject_reset_for_sender(); it is consumed
 * @skb: the segment, which is dropped
 * @state: state of its hook
 * @segment: the segment as read
 *
 * Where the sender is on this side of the hook, the RST comes in from the
 * device that the segment was to leave by, like one from the network. Over
 * loopback (and within a VRF), where input routing refuses the host's own
 * addresses as a source, and where the sender is remote, the RST is routed to
 * the sender. At a bridge it is sent back by the segment's port (as in
 * nf_send_reset()).
 *
 * Context: at a netfilter hook, under RCU, no finject lock held.
 * Return: true if the RST was handed over. It is not when there is no route to
 *	the sender, or when the RST does not meet an IPsec policy.
 */
bool finject_reset_sender(struct sk_buff *rst, const struct sk_buff *skb,
			  const struct nf_hook_state *state,
			  const struct finject_segment *segment)
{
	if (finject_is_bridged(skb))
		return reset_send_by_port(rst, skb, state->net);
	if (finject_hook_is_output(state->hook) &&
	    !(state->out->flags & IFF_LOOPBACK) &&
	    !netif_is_l3_master(state->out))
		return reset_send_as_received(rst, skb, state->out, segment);
	nf_ct_attach(rst, skb);
	return reset_send_by_route(rst, state->net, segment);
}

/*
 * Clear IP's notes of options and extension headers that the RST does not have:
 * with them IP would fill in a route record, or look for the next header, in
 * the bytes that are TCP now.
 */
static void reset_forget_options(struct sk_buff *rst, u16 family)
{
	if (family == AF_INET) {
		memset(&IPCB(rst)->opt, 0, sizeof(IPCB(rst)->opt));
	} else {
		struct inet6_skb_parm *parm = IP6CB(rst);

		parm->nhoff = offsetof(struct ipv6hdr, nexthdr);
		parm->flags &= ~(IP6SKB_ROUTERALERT | IP6SKB_FRAGMENTED |
				 IP6SKB_HOPBYHOP | IP6SKB_JUMBOGRAM);
		parm->ra = 0;
		parm->dst0 = 0;
		parm->dst1 = 0;
		parm->srcrt = 0;
		parm->lastopt = 0;
		parm->frag_max_size = 0;
	}
}

/**
 * finject_reset_for_receiver - make a RST for the stack that a segment was for
 * @skb: the segment
 * @segment: the segment as read
 * @seq: the sequence number that the receiver expects next
 *
 * The RST takes the place of the segment: its route, devices, conntrack entry
 * and control block are the segment's. finject_reinject() sends it.
 *
 * Context: at a netfilter hook.
 * Return: the RST, or NULL: no memory.
 */
struct sk_buff *
finject_reset_for_receiver(struct sk_buff *skb,
			   const struct finject_segment *segment, u32 seq)
{
	struct sk_buff *rst = finject_copy(skb);
	unsigned int off = skb_network_offset(skb);
	unsigned int hlen;

	if (!rst)
		return NULL;
	hlen = segment->tuple.family == AF_INET ? sizeof(struct iphdr) :
						  sizeof(struct ipv6hdr);
	if (pskb_trim(rst, off))
		goto err;
	if (skb_tailroom(rst) < hlen + sizeof(struct tcphdr) &&
	    pskb_expand_head(rst, 0, hlen + sizeof(struct tcphdr),
			     GFP_ATOMIC | __GFP_NOWARN))
		goto err;
	skb_shinfo(rst)->gso_size = 0;
	skb_shinfo(rst)->gso_segs = 0;
	skb_shinfo(rst)->gso_type = 0;
	rst->ip_summed = CHECKSUM_NONE;
	rst->csum = 0;
	skb_set_network_header(rst, off);
	reset_forget_options(rst, segment->tuple.family);
	if (segment->tuple.family == AF_INET)
		reset_put_ipv4(rst, &segment->tuple, segment->dir);
	else
		reset_put_ipv6(rst, &segment->tuple, segment->dir);
	reset_put_tcp(rst, &segment->tuple, segment->dir, seq);
	return rst;

err:
	kfree_skb(rst);
	return NULL;
}
