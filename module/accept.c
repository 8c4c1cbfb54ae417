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
 */
#include "accept.h"

#include <linux/tcp.h>
#include <net/sock.h>

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

/* Only packets that no device has checked cost a look. */
static bool accept_checksum(struct sk_buff *skb,
			    const struct nf_hook_state *state,
			    unsigned int thoff)
{
	if (skb->ip_summed != CHECKSUM_NONE || skb_is_gso(skb))
		return true;
	return !nf_checksum(skb, state->hook, thoff, IPPROTO_TCP, state->pf);
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

/**
 * finject_accept_fin - tell whether a FIN that comes in closes anything
 * @skb: the segment
 * @state: state of its hook
 * @thoff: offset of its TCP header
 * @segment: the segment as read
 * @conn: its connection
 *
 * A FIN for another host, or for no full socket, is taken for acceptable.
 *
 * Context: under RCU.
 * Return: false when its receiver drops it.
 */
bool finject_accept_fin(struct sk_buff *skb, const struct nf_hook_state *state,
			unsigned int thoff,
			const struct finject_segment *segment,
			const struct finject_conn *conn)
{
	bool accepted = true;
	struct sock *sk;

	if (state->hook != NF_INET_PRE_ROUTING &&
	    state->hook != NF_INET_LOCAL_IN)
		return true;
	sk = accept_receiver(state, segment, conn);
	if (!sk)
		return true;
	if (sk_fullsock(sk))
		accepted = accept_by_socket(sk, &segment->wire) &&
			   accept_checksum(skb, state, thoff);
	sock_gen_put(sk);
	return accepted;
}
