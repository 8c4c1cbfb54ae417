// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoint of a socket's new state runs its probes with preemption off,
 * where PREEMPT_RT allows none but raw locks: the probe only adds the change to
 * a ring. Another context makes a record of it: either the next judged segment,
 * before its own record, because a stack changes its state before it sends the
 * segment of that change; or, if no segment comes, a reader or a timer. A tasklet
 * instead would wake ksoftirqd for each change that a process makes.
 */
#include "socket.h"

#include <linux/tracepoint.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/tcp.h>

#include "compat.h"
#include "identity.h"
#include "trace.h"

static struct tracepoint *set_state;
static DEFINE_MUTEX(watch_mutex);
static unsigned int watchers;

static unsigned int socket_tuple(const struct sock *sk, struct finject_tuple *tuple)
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
 * A stack changes its state before it sends the FIN or RST of that change, so a
 * close may begin here, ahead of its first segment.
 */
static bool socket_may_begin(int from, int to)
{
	return (from == TCP_ESTABLISHED || from == TCP_SYN_RECV) &&
	       (to == TCP_FIN_WAIT1 || to == TCP_CLOSE);
}

/* While a connection opens, only a flow that is there already has a record of it. */
static bool socket_opens(int to)
{
	return to == TCP_SYN_SENT || to == TCP_SYN_RECV ||
	       to == TCP_ESTABLISHED;
}

/* tcp_time_wait() */
static bool socket_may_wait(int from, int to)
{
	return (from == TCP_FIN_WAIT2 || from == TCP_CLOSING) &&
	       to == TCP_CLOSE;
}

/* The connection has the state of the time-wait socket that took over, if any. */
static void socket_hand_over(struct finject_net *fnet,
			     const struct finject_change *change,
			     struct finject_record *record)
{
	record->to = finject_timewait_begin(&fnet->timewaits,
					    READ_ONCE(fnet->net), change,
					    record->position.flow);
	if (record->to == TCP_CLOSE)
		return;
	record->socket = FINJECT_SOCKET_TIMEWAIT;
	record->cause = FINJECT_CAUSE_NONE;
}

/* The socket's own tuple is but one of those of a translated connection. */
static struct finject_flow *socket_begin(struct finject_net *fnet,
					 const struct finject_change *change)
{
	struct finject_segment segment = {
		.tuple = change->tuple,
		.dir = change->dir,
		.from_dev = change->tuple.dev,
		.to_dev = change->tuple.dev,
	};
	struct net *net = READ_ONCE(fnet->net);
	struct finject_conn conn = { };
	struct finject_flow *flow;
	u64 now = ktime_get_ns();

	if (net)
		finject_conn_find(&conn, net, &change->tuple, change->dir);
	flow = finject_identity_flow(&fnet->flows, &segment, &conn, now);
	if (flow)
		finject_flow_begin(&fnet->flows, flow, now,
				   change->to == TCP_FIN_WAIT1);
	return flow;
}

/* A socket in a VRF is bound to it, or to a port of it. */
static u32 socket_vrf(struct net *net, int bound)
{
	return net && bound ? l3mdev_master_ifindex_by_index(net, bound) : 0;
}

static void socket_record_change(struct finject_net *fnet,
				 const struct finject_change *change)
{
	struct finject_record record = {
		.kind = FINJECT_RECORD_SOCKET,
		.t = change->at,
		.dir = change->dir,
		.from = change->from,
		.to = change->to,
		.cause = change->cause,
		.tuple = change->tuple,
	};
	struct finject_flows *flows = &fnet->flows;
	struct finject_flow *flow;

	lockdep_assert_held(&flows->lock);
	if (socket_may_begin(change->from, change->to))
		flow = socket_begin(fnet, change);
	else
		flow = finject_flow_find(flows, &change->tuple);
	if (!flow)
		return;
	record.position.flow = READ_ONCE(flow->id);
	finject_flow_conn(flow, &change->tuple, &record.position);
	if (socket_may_wait(change->from, change->to))
		socket_hand_over(fnet, change, &record);
	finject_event_write(&fnet->events, &record);
	trace_finject_socket(&record);
	if (change->to == TCP_CLOSE)
		finject_flow_leave(flows, flow);
}

/**
 * finject_socket_record - make records of the changes added so far
 * @fnet: the namespace
 *
 * Context: under fnet->flows.lock, so that they are recorded in their order.
 */
void finject_socket_record(struct finject_net *fnet)
{
	struct finject_change change;

	while (finject_changes_take(&fnet->changes, &change)) {
		change.tuple.dev = socket_vrf(READ_ONCE(fnet->net),
					      change.bound);
		socket_record_change(fnet, &change);
	}
}

/**
 * finject_socket_flush - make records of the changes that no segment follows
 * @fnet: the namespace
 *
 * Context: process or softirq.
 */
void finject_socket_flush(struct finject_net *fnet)
{
	if (!finject_changes_any(&fnet->changes))
		return;
	spin_lock_bh(&fnet->flows.lock);
	finject_socket_record(fnet);
	spin_unlock_bh(&fnet->flows.lock);
}

static enum hrtimer_restart socket_record_rest(struct hrtimer *timer)
{
	struct finject_net *fnet = container_of(timer, struct finject_net,
						changes.timer);

	finject_socket_flush(fnet);
	return HRTIMER_NORESTART;
}

/**
 * finject_socket_net_init - prepare a namespace for state changes
 * @fnet: the namespace
 */
void finject_socket_net_init(struct finject_net *fnet)
{
	finject_changes_init(&fnet->changes, socket_record_rest);
}

/* The FIN is the last that is ever sent: an ACK of all that was is its ACK. */
static bool socket_is_acked(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return READ_ONCE(tp->snd_una) == READ_ONCE(tp->write_seq);
}

/*
 * The stack sets the socket's error before it closes it: tcp_reset(),
 * tcp_write_err(), tcp_abort(). Without one the last ACK came, or the stack or
 * the process gave the connection up. In LAST_ACK that sends no RST (RFC 9293,
 * 3.10.5), so that only the ACK tells these two apart.
 */
static u8 socket_cause(const struct sock *sk, int from)
{
	switch (READ_ONCE(sk->sk_err)) {
	case ECONNRESET:
	case ECONNREFUSED:
	case EPIPE:
		return FINJECT_CAUSE_RST;
	case ECONNABORTED:
		return FINJECT_CAUSE_KILLED;
	case 0:
		break;
	default:
		return FINJECT_CAUSE_TIMEOUT;
	}
	if (from == TCP_LISTEN || (from == TCP_LAST_ACK && socket_is_acked(sk)))
		return FINJECT_CAUSE_NONE;
	if (socket_may_wait(from, TCP_CLOSE) &&
	    finject_timewaits_full(sock_net(sk)))
		return FINJECT_CAUSE_OVERFLOW;
	return FINJECT_CAUSE_ABORT;
}

static void socket_note(struct finject_net *fnet, const struct sock *sk,
			int from, int to)
{
	struct finject_change change FINJECT_FILLED_LATER;

	change.dir = socket_tuple(sk, &change.tuple);
	if (socket_opens(to) &&
	    !finject_tuple_may_be(&fnet->flows.tuples, &change.tuple))
		return;
	change.at = ktime_get_ns();
	change.from = from;
	change.to = to;
	change.cause = to == TCP_CLOSE ? socket_cause(sk, from) :
					 FINJECT_CAUSE_NONE;
	change.bound = READ_ONCE(sk->sk_bound_dev_if);
	finject_changes_add(&fnet->changes, &change);
}

static void socket_probe(void *unused, const struct sock *sk, const int from,
			 const int to)
{
	struct finject_net *fnet;

	if (sk->sk_protocol != IPPROTO_TCP || from == to)
		return;
	rcu_read_lock();
	fnet = finject_net_peek(sock_net(sk));
	if (fnet && finject_events_read(&fnet->events))
		socket_note(fnet, sk, from, to);
	rcu_read_unlock();
}

static void socket_find_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "inet_sock_set_state"))
		set_state = tp;
}

/**
 * finject_socket_init - find the kernel's tracepoint sock:inet_sock_set_state
 *
 * No symbol of it is exported, hence the search. On a kernel without
 * tracepoints, events have no socket states.
 */
void finject_socket_init(void)
{
	for_each_kernel_tracepoint(socket_find_tracepoint, NULL);
}

/**
 * finject_socket_watch - count one more reader; the first attaches the probe
 *
 * Context: process.
 * Return: 0, or a negative errno: the probe could not be attached, and the
 *	reader is not counted.
 */
int finject_socket_watch(void)
{
	int err = 0;

	mutex_lock(&watch_mutex);
	if (!watchers && set_state)
		err = tracepoint_probe_register(set_state, socket_probe, NULL);
	watchers += !err;
	mutex_unlock(&watch_mutex);
	return err;
}

/**
 * finject_socket_unwatch - count one reader less; the last detaches the probe
 *
 * Context: process; sleeps until no probe is running.
 */
void finject_socket_unwatch(void)
{
	mutex_lock(&watch_mutex);
	if (!--watchers && set_state) {
		tracepoint_probe_unregister(set_state, socket_probe, NULL);
		tracepoint_synchronize_unregister();
	}
	mutex_unlock(&watch_mutex);
}
