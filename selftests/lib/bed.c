// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/socket.h>

#include "bed.h"
#include "fail.h"
#include "finject.h"
#include "link.h"

/* for a RST to arrive; none does where the other end was closed before */
static const __u64 RST_PATIENCE = 100 * MSEC;

static const char * const sysctls[][2] = {
	/* Retransmissions come from RTO alone: no tail-loss probe. */
	{ "net/ipv4/tcp_early_retrans", "0" },
	{ "net/ipv4/tcp_timestamps", "1" },
	{ "net/ipv4/tcp_fin_timeout", "60" },
	{ "net/ipv4/tcp_orphan_retries", "0" },
	{ "net/ipv4/tcp_retries2", "15" },
	/* A router with a tentative link-local address sends no neighbour
	 * solicitation, perhaps until it gives up.
	 */
	{ "net/ipv6/conf/all/accept_dad", "0" },
	{ "net/ipv6/conf/default/accept_dad", "0" },
	{ "net/ipv6/conf/default/dad_transmits", "0" },
	/* Metrics of an earlier connection must not shape a later one. */
	{ "net/ipv4/tcp_no_metrics_save", "1" },
	{ NULL, NULL },
};

/* The addresses of A, of the router towards A and towards B, and of B. */
static const char * const addrs[2][4] = {
	{ "10.7.1.1", "10.7.1.254", "10.7.2.254", "10.7.2.1" },
	{ "fd07:1::1", "fd07:1::fe", "fd07:2::fe", "fd07:2::1" },
};

/**
 * bed_bare - make empty namespaces
 * @bed: filled in; A's is the first of them
 * @count: number of namespaces
 */
void bed_bare(struct bed *bed, int count)
{
	int i;

	memset(bed, 0, sizeof(*bed));
	bed->a.fd = -1;
	bed->b.fd = -1;
	bed->a.ns = &bed->ns[0];
	bed->count = count;
	for (i = 0; i < count; i++) {
		ns_new(&bed->ns[i]);
		link_up(&bed->ns[i], "lo");
	}
	for (i = 0; sysctls[i][0]; i++)
		bed_sysctl(bed, sysctls[i][0], sysctls[i][1]);
}

static void bed_wire(struct ns *left, const char *left_name,
		     struct ns *right, const char *right_name)
{
	link_veth(left, left_name, right, right_name);
	link_up(left, left_name);
	link_up(right, right_name);
}

static void bed_veth(struct bed *bed)
{
	int v6;

	bed_bare(bed, 2);
	bed_wire(&bed->ns[0], "fj0", &bed->ns[1], "fj0");
	for (v6 = 0; v6 < 2; v6++) {
		link_addr(&bed->ns[0], "fj0", addrs[v6][0], 16);
		link_addr(&bed->ns[1], "fj0", addrs[v6][3], 16);
	}
}

static void bed_router(struct bed *bed)
{
	struct ns *a, *b, *r;
	int v6, prefix;

	bed_bare(bed, 3);
	a = &bed->ns[0];
	b = &bed->ns[1];
	r = &bed->ns[2];
	bed->router = r;
	bed_wire(a, "fj0", r, "left");
	bed_wire(b, "fj0", r, "right");
	for (v6 = 0; v6 < 2; v6++) {
		prefix = v6 ? 64 : 24;
		link_addr(a, "fj0", addrs[v6][0], prefix);
		link_addr(r, "left", addrs[v6][1], prefix);
		link_addr(r, "right", addrs[v6][2], prefix);
		link_addr(b, "fj0", addrs[v6][3], prefix);
		link_route(a, v6 ? "fd07:2::" : "10.7.2.0", prefix,
			   addrs[v6][1]);
		link_route(b, v6 ? "fd07:1::" : "10.7.1.0", prefix,
			   addrs[v6][2]);
	}
	ns_sysctl(r, "net/ipv4/ip_forward", "1");
	ns_sysctl(r, "net/ipv6/conf/all/forwarding", "1");
}

static const char *bed_server(enum topology topology, int family)
{
	if (topology == LOOPBACK)
		return family == AF_INET ? "127.0.0.1" : "::1";
	return addrs[family == AF_INET6][3];
}

/**
 * bed_serve - start to listen
 * @bed: the bed; its links are up
 * @at: B's namespace, one of the bed's
 * @ip: the address to listen at
 */
void bed_serve(struct bed *bed, struct ns *at, const char *ip)
{
	bed->b.ns = at;
	addr_set(&bed->server, ip, BED_PORT);
	bed->listener = conn_listen(at, &bed->server);
}

/**
 * bed_open - make the namespaces and links, start to listen
 * @bed: filled in
 * @topology: the topology to make
 * @family: AF_INET or AF_INET6
 */
void bed_open(struct bed *bed, enum topology topology, int family)
{
	if (topology == VETH)
		bed_veth(bed);
	else if (topology == ROUTER)
		bed_router(bed);
	else
		bed_bare(bed, 1);
	bed->topology = topology;
	bed_serve(bed, &bed->ns[topology == LOOPBACK ? 0 : 1],
		  bed_server(topology, family));
}

/**
 * bed_sysctl - set a sysctl in every namespace
 * @bed: the bed
 * @name: path under /proc/sys
 * @value: text to write
 */
void bed_sysctl(struct bed *bed, const char *name, const char *value)
{
	int i;

	for (i = 0; i < bed->count; i++)
		ns_sysctl(&bed->ns[i], name, value);
}

static void bed_watch(struct bed *bed)
{
	int i;

	for (i = 0; i < bed->count; i++)
		events_open(&bed->ev[i], &bed->ns[i]);
	bed->a.ev = &bed->ev[0];
	bed->b.ev = &bed->ev[bed->topology == LOOPBACK ? 0 : 1];
}

static void end_learn(struct end *end)
{
	addr_of(&end->local, end->fd, false);
	addr_of(&end->remote, end->fd, true);
	snmp_take(&end->before, end->ns);
}

/* Return whether no more segments can come from @end's connection. */
static bool end_rests(const struct end *end)
{
	enum state state;

	if (!end->local.len)
		return true;
	state = end_state(end);
	return state == GONE || state == TIME_WAIT;
}

/**
 * bed_hangup - end the connection, by a RST where it still stands
 * @bed: the bed
 *
 * No segment of it arrives afterwards, and its events are forgotten.
 */
void bed_hangup(struct bed *bed)
{
	int i;

	if (bed->a.fd >= 0)
		conn_reset(&bed->a.fd);
	/* A RST of B's own that crosses A's would be on its way still. */
	if (bed->b.fd >= 0) {
		(void)WAIT_FOR(end_rests(&bed->b), RST_PATIENCE);
		conn_reset(&bed->b.fd);
	}
	if (!WAIT_FOR(end_rests(&bed->a) && end_rests(&bed->b), PATIENCE))
		fail("a connection does not end");
	for (i = 0; i < bed->count; i++)
		if (bed->ev[i].fd > 0)
			events_forget(&bed->ev[i]);
}

/**
 * bed_reconnect - hang up, connect A to B again
 * @bed: the bed
 * @same_port: from the port of the earlier connection
 */
void bed_reconnect(struct bed *bed, bool same_port)
{
	struct addr from = bed->a.local;

	bed_hangup(bed);
	bed->a.fd = conn_connect(bed->a.ns, same_port ? &from : NULL,
				 &bed->server);
	bed->b.fd = conn_accept(bed->listener);
	end_learn(&bed->a);
	end_learn(&bed->b);
}

/**
 * bed_connect - open the events of every namespace, connect A to B
 * @bed: the bed
 *
 * An earlier connection without events absorbs the cost of new links:
 * unresolved neighbours would look like a round-trip time of a second, and RTOs
 * of three.
 */
void bed_connect(struct bed *bed)
{
	bed_reconnect(bed, false);
	bed_hangup(bed);
	bed_watch(bed);
	bed_reconnect(bed, false);
}

/**
 * bed_close - take the bed down, check that nothing is left
 * @bed: the bed
 *
 * Return: NULL, or a record of some namespace that does not balance.
 */
const char *bed_close(struct bed *bed)
{
	const char *unbalanced = NULL;
	int i;

	for (i = 0; i < bed->count && !unbalanced; i++)
		unbalanced = finject_unbalanced(&bed->ns[i]);
	conn_close(&bed->a.fd);
	conn_close(&bed->b.fd);
	conn_close(&bed->listener);
	for (i = 0; i < bed->count; i++) {
		if (bed->ev[i].fd > 0)
			events_close(&bed->ev[i]);
		ns_drop(&bed->ns[i]);
	}
	return unbalanced;
}

/**
 * end_diag - get the socket of an end, as ss shows it
 * @end: the end
 *
 * Return: its socket, gone when there is none.
 */
struct diag end_diag(const struct end *end)
{
	return diag_get(end->ns, &end->local, &end->remote);
}

/**
 * end_state - get the state of an end
 * @end: the end
 *
 * Return: the state.
 */
enum state end_state(const struct end *end)
{
	return end_diag(end).state;
}

/**
 * end_count - get the rise of a counter of an end's namespace
 * @end: the end
 * @name: name of the counter
 *
 * Return: the difference since the connection was made.
 */
long end_count(const struct end *end, const char *name)
{
	return snmp_delta(&end->before, end->ns, name);
}

/**
 * end_reaches - wait for a state
 * @end: the end
 * @state: the state, GONE for none
 *
 * Return: whether it came in time.
 */
bool end_reaches(const struct end *end, enum state state)
{
	return WAIT_FOR(end_state(end) == state, PATIENCE);
}

/**
 * end_path - get the states that an end took
 * @end: the end
 *
 * Return: as of events_path().
 */
const char *end_path(const struct end *end)
{
	return events_path(end->ev, &end->local);
}

/**
 * bed_repeats - count the retransmissions of both ends
 * @bed: the bed, connected
 *
 * Return: RetransSegs since the connection was made.
 */
long bed_repeats(const struct bed *bed)
{
	long count = end_count(&bed->a, "RetransSegs");

	return bed->a.ns == bed->b.ns ? count :
	       count + end_count(&bed->b, "RetransSegs");
}
