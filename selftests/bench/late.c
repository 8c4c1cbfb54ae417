// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the first FIN of a connection reaches lo after close(). The witness is a
 * packet socket with the kernel's stamps, so a process that waits for its turn
 * makes nothing late.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "late.h"
#include "pair.h"

enum { PORTS = 65536, ROOM = 64 << 20, LATE_MOST = 1000 };

/* By the port of the connecting end: when it closed, and what its FIN took. */
static long long closed[PORTS], took[PORTS];

static long long real_time(const struct timespec *ts)
{
	return ts->tv_sec * (long long)SEC + ts->tv_nsec;
}

static int witness_open(void)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	int room = ROOM, on = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		err(1, "packet socket");
	return fd;
}

/* Return the stamp of a message, 0 if it has none. */
static long long stamp_of(struct msghdr *msg)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPNS)
			return real_time((const void *)CMSG_DATA(c));
	return 0;
}

static void note(const char *packet, size_t len, long long stamp)
{
	const struct ip *ip = (const void *)packet;
	const struct tcphdr *tcp = (const void *)(packet + sizeof(*ip));
	int port;

	if (len < sizeof(*ip) + sizeof(*tcp) || ip->ip_hl != 5 ||
	    ip->ip_p != IPPROTO_TCP || tcp->th_dport != htons(BENCH_PORT) ||
	    !(tcp->th_flags & TH_FIN))
		return;
	port = ntohs(tcp->th_sport);
	if (closed[port] && !took[port])
		took[port] = stamp - closed[port];
}

/* Read what the witness has by now. */
static void witness_read(int fd)
{
	char packet[128], control[128];
	struct sockaddr_ll from;
	struct iovec iov = { packet, sizeof(packet) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_name = &from,
	};
	ssize_t len;

	for (;;) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		msg.msg_namelen = sizeof(from);
		len = recvmsg(fd, &msg, MSG_DONTWAIT);
		if (len < 0)
			return;
		if (from.sll_pkttype != PACKET_OUTGOING)
			note(packet, len, stamp_of(&msg));
	}
}

static void close_now(struct pair *pair, int *port)
{
	struct timespec ts;
	struct addr local;

	if (addr_of(&local, pair->a, false))
		exit(1);
	*port = addr_port(&local);
	took[*port] = 0;
	clock_gettime(CLOCK_REALTIME, &ts);
	closed[*port] = real_time(&ts);
	close(pair->a);
}

static int compare(const void *a, const void *b)
{
	const long long *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* Close pairs at once, and note what each FIN took. */
static void late_round(int listener, const struct addr *to, int together,
		       long long *all)
{
	static struct pair pairs[LATE_MOST];
	static int ports[LATE_MOST];
	int fd, i;

	for (i = 0; i < together; i++)
		pair_open(&pairs[i], listener, to);
	fd = witness_open();
	for (i = 0; i < together; i++)
		close_now(&pairs[i], &ports[i]);
	for (i = 0; i < together; i++)
		pair_end(&pairs[i]);
	witness_read(fd);
	close(fd);
	for (i = 0; i < together; i++) {
		all[i] = took[ports[i]];
		if (all[i] <= 0)
			errx(1, "the witness missed a FIN");
		closed[ports[i]] = 0;
	}
}

/**
 * late_measure() - print median and 99th percentile of the time from close() to
 *	the FIN on lo, ns
 * @listener: the listening socket
 * @to: its address
 * @count: number of closes, LATE_MOST at most
 * @together: how many at once; divides @count
 */
void late_measure(int listener, const struct addr *to, int count, int together)
{
	static long long all[LATE_MOST];
	int done;

	if (count > LATE_MOST || together > count || count % together)
		errx(2, "%d closes, %d at once", count, together);
	for (done = 0; done < count; done += together)
		late_round(listener, to, together, all + done);
	qsort(all, count, sizeof(*all), compare);
	printf("%lld %lld\n", all[(count - 1) / 2], all[(count * 99 - 1) / 100]);
}
