// SPDX-License-Identifier: GPL-2.0-only
/*
 * A FIN that its receiver drops does not close anything, so it must not be taken
 * for fin1. Where the receiver is a socket of this host, its numbers tell. They
 * are read without the socket's lock, which its process may hold for long, so
 * each is one that only errs towards accepting:
 *
 *	write_seq	is raised before a segment is sent, SND.NXT after it
 *	rcv_wup		is at most RCV.NXT, as of the window that was last sent
 *	rcv_wup + rcv_wnd	is the right edge that the peer was told of
 *
 * A close may have been under way when the hooks were registered. Then the first
 * FIN that they see may be the second. The state of the socket tells, and, where
 * there is no socket, conntrack.
 */
#include "accept.h"

#include <linux/tcp.h>
#include <net/ip6_checksum.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "compat.h"

static struct sock *accept_lookup(const struct nf_hook_state *state,
				  const struct finject_tuple *tuple,
				  unsigned int sender)
{
	int bound = tuple->dev;

	if (!bound && state->in)
		bound = state->in->ifindex;
	return finject_lookup_established(state->net, tuple->family,
					  &tuple->addr[sender],
					  tuple->port[sender],
					  &tuple->addr[!sender],
					  tuple->port[!sender], bound);
}

static bool accept_by_socket(const struct sock *sk,
			     const struct finject_wire *wire)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct finject_window window = {
		.left = READ_ONCE(tp->rcv_wup),
		.sent = READ_ONCE(tp->write_seq),
	};

	window.right = window.left + READ_ONCE(tp->rcv_wnd);
	return finject_stage_acceptable(&window, wire);
}

/*
 * Sum up a segment that no device has found right. The skb is left as it is:
 * nf_checksum() would mark it as summed up by a device, which the next one may
 * find wrong.
 */
static bool accept_checksum(const struct sk_buff *skb, u8 pf,
			    unsigned int thoff)
{
	unsigned int len = skb->len - thoff;
	__wsum sum;

	if (skb->ip_summed == CHECKSUM_UNNECESSARY ||
	    skb->ip_summed == CHECKSUM_PARTIAL || skb_is_gso(skb))
		return true;
	sum = skb_checksum(skb, thoff, len, 0);
	if (pf == NFPROTO_IPV4)
		return !csum_tcpudp_magic(ip_hdr(skb)->saddr,
					  ip_hdr(skb)->daddr, len, IPPROTO_TCP,
					  sum);
	return !csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
				len, IPPROTO_TCP, sum);
}

/* The receiver has the tuple at the hook, or, translated, the other one. */
static struct sock *accept_receiver(const struct nf_hook_state *state,
				    const struct finject_segment *segment,
				    const struct finject_conn *conn)
{
	unsigned int sender;
	struct sock *sk;

	sk = accept_lookup(state, &segment->tuple, segment->dir);
	if (sk || !conn->known)
		return sk;
	sender = conn->opener[!conn->dir] ^ conn->dir;
	return accept_lookup(state, &conn->tuple[!conn->dir], sender);
}

static void accept_note_prior(struct finject_segment *segment, u32 end)
{
	segment->prior = true;
	segment->prior_end = end;
}

/*
 * In these states the socket has closed; once all is sent, its FIN is. A FIN
 * that waits for the window goes behind the one that comes in.
 *
 * The state changes before the FIN is queued, both under the lock of a process.
 * Whoever finds the state, and then the lock free, finds the FIN in write_seq.
 */
static void accept_prior_of(const struct sock *sk,
			    struct finject_segment *segment)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 end;

	if (!(BIT(READ_ONCE(sk->sk_state)) &
	      (TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | TCPF_CLOSING)))
		return;
	smp_rmb(); /* the lock was taken before the state changed */
	if (sock_owned_by_user_nocheck(sk))
		return;
	smp_rmb(); /* and is free since the FIN is queued */
	end = READ_ONCE(tp->write_seq);
	if (READ_ONCE(tp->snd_nxt) == end)
		accept_note_prior(segment, end);
}

/* A socket in LAST_ACK answers the FIN that it acknowledges. */
static void accept_sent(const struct sk_buff *skb,
			struct finject_segment *segment)
{
	const struct sock *sk = skb->sk;

	if (sk_fullsock(sk) && sk->sk_protocol == IPPROTO_TCP &&
	    READ_ONCE(sk->sk_state) == TCP_LAST_ACK &&
	    segment->wire.flags & FINJECT_TCP_ACK)
		accept_note_prior(segment, segment->wire.ack);
}

static void accept_forwarded(struct sk_buff *skb,
			     const struct nf_hook_state *state,
			     unsigned int thoff, struct finject_segment *segment,
			     const struct finject_conn *conn)
{
	segment->ignored = !accept_checksum(skb, state->pf, thoff);
	if (conn->prior)
		accept_note_prior(segment, conn->prior_end);
}

static void accept_received(struct sk_buff *skb,
			    const struct nf_hook_state *state,
			    unsigned int thoff, struct finject_segment *segment,
			    const struct finject_conn *conn)
{
	struct sock *sk = accept_receiver(state, segment, conn);

	if (!sk) {
		accept_forwarded(skb, state, thoff, segment, conn);
		return;
	}
	if (sk_fullsock(sk)) {
		segment->ignored = !accept_by_socket(sk, &segment->wire) ||
				   !accept_checksum(skb, state->pf, thoff);
		accept_prior_of(sk, segment);
	} else if (sk->sk_state == TCP_TIME_WAIT) {
		accept_note_prior(segment, tcp_twsk(sk)->tw_snd_nxt);
	}
	sock_gen_put(sk);
}

/**
 * finject_accept_fin - note what a socket of this host tells of a FIN
 * @skb: the segment
 * @state: state of its hook
 * @thoff: offset of its TCP header
 * @segment: the segment as read; its members ignored and prior are set
 * @conn: its connection
 *
 * A FIN for another host, or for no socket, is taken for acceptable if its
 * checksum is right, and for the first unless conntrack saw another before.
 *
 * Context: under RCU.
 */
void finject_accept_fin(struct sk_buff *skb, const struct nf_hook_state *state,
			unsigned int thoff, struct finject_segment *segment,
			const struct finject_conn *conn)
{
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
	case NF_INET_LOCAL_IN:
		accept_received(skb, state, thoff, segment, conn);
		break;
	case NF_INET_FORWARD:
		accept_forwarded(skb, state, thoff, segment, conn);
		break;
	case NF_INET_LOCAL_OUT:
	case NF_INET_POST_ROUTING:
		if (skb->sk)
			accept_sent(skb, segment);
		else
			accept_forwarded(skb, state, thoff, segment, conn);
		break;
	}
}
