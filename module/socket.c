// SPDX-License-Identifier: GPL-2.0-only
#include "socket.h"

#include <linux/tracepoint.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/tcp_states.h>

#include "net.h"

static struct tracepoint *set_state;
static DEFINE_MUTEX(watch_mutex);
static unsigned int watchers;

static unsigned int tuple_of(const struct sock *sk, struct finject_tuple *tuple)
{
	const struct inet_sock *inet = inet_sk(sk);

#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6 && !ipv6_addr_v4mapped(&sk->sk_v6_daddr))
		return finject_tuple_set(tuple, AF_INET6,
					 &sk->sk_v6_rcv_saddr,
					 inet->inet_sport, &sk->sk_v6_daddr,
					 inet->inet_dport);
#endif
	return finject_tuple_set(tuple, AF_INET, &inet->inet_saddr,
				 inet->inet_sport, &inet->inet_daddr,
				 inet->inet_dport);
}

/*
 * A stack changes its state before it sends the FIN or RST that goes with it,
 * so a close may begin here, ahead of its first segment.
 */
static bool may_begin(int from, int to)
{
	return (from == TCP_ESTABLISHED || from == TCP_SYN_RECV) &&
	       (to == TCP_FIN_WAIT1 || to == TCP_CLOSE);
}

static void record_change(struct finject_net *fnet, const struct sock *sk,
			  int from, int to)
{
	struct finject_record record = {
		.kind = FINJECT_RECORD_SOCKET,
		.from = from,
		.to = to,
	};
	struct finject_flows *flows = &fnet->flows;
	struct finject_flow *flow;

	record.dir = tuple_of(sk, &record.tuple);
	spin_lock_bh(&flows->lock);
	if (may_begin(from, to))
		flow = finject_flow_begin(flows, &record.tuple, ktime_get_ns(),
					  to == TCP_FIN_WAIT1);
	else
		flow = finject_flow_find(flows, &record.tuple);
	if (flow) {
		record.sight.flow = flow->id;
		finject_event_write(&fnet->events, &record);
	}
	spin_unlock_bh(&flows->lock);
}

static void probe(void *unused, const struct sock *sk, const int from,
		  const int to)
{
	struct finject_net *fnet;

	if (sk->sk_protocol != IPPROTO_TCP || from == to)
		return;
	rcu_read_lock();
	fnet = finject_net_peek(sock_net(sk));
	if (fnet && finject_events_read(&fnet->events))
		record_change(fnet, sk, from, to);
	rcu_read_unlock();
}

static void find_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "inet_sock_set_state"))
		set_state = tp;
}

/**
 * finject_socket_init - find the kernel's tracepoint sock:inet_sock_set_state
 *
 * It is exported nowhere, hence the search. A kernel without tracepoints gives
 * events without socket states.
 */
void finject_socket_init(void)
{
	for_each_kernel_tracepoint(find_tracepoint, NULL);
}

/**
 * finject_socket_watch - count one more reader; the first attaches the probe
 *
 * Context: process.
 * Return: 0, or a negative errno: it could not be attached, and the reader is
 *	not counted.
 */
int finject_socket_watch(void)
{
	int err = 0;

	mutex_lock(&watch_mutex);
	if (!watchers && set_state)
		err = tracepoint_probe_register(set_state, probe, NULL);
	watchers += !err;
	mutex_unlock(&watch_mutex);
	return err;
}

/**
 * finject_socket_unwatch - count one less; the last detaches the probe
 *
 * Context: process; sleeps until no probe is running.
 */
void finject_socket_unwatch(void)
{
	mutex_lock(&watch_mutex);
	if (!--watchers && set_state) {
		tracepoint_probe_unregister(set_state, probe, NULL);
		tracepoint_synchronize_unregister();
	}
	mutex_unlock(&watch_mutex);
}
