// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "clock.h"
#include "fail.h"
#include "tap.h"

enum {
	FRAME = 128,		/* bytes of a frame that are read */
	CHARGE = 2048,		/* bytes a socket is charged for a FIN, at most */
	FLAGS = 13,		/* offset of the flag byte in TCP's header */
};

/**
 * tap_open - begin to watch arriving segments
 * @tap: the witness
 * @ns: the namespace, all devices of which are watched
 */
void tap_open(struct tap *tap, const struct ns *ns)
{
	memset(tap, 0, sizeof(*tap));
	ns_enter(ns);
	tap->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
			 htons(ETH_P_ALL));
	ns_leave();
	if (tap->fd < 0)
		fail("packet socket (CONFIG_PACKET): %s", strerror(errno));
}

static void tap_set(const struct tap *tap, int name, const void *value,
		    socklen_t size)
{
	if (setsockopt(tap->fd, SOL_SOCKET, name, value, size))
		fail("packet socket: %s", strerror(errno));
}

/* Accept only FINs, without IPv6 extension headers. */
static void tap_filter(const struct tap *tap)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 9),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 14 + FLAGS),
		BPF_STMT(BPF_JMP | BPF_JA, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 40 + FLAGS),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, TAP_FIN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, FRAME),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {
		.len = sizeof(code) / sizeof(*code), .filter = code,
	};

	tap_set(tap, SO_ATTACH_FILTER, &program, sizeof(program));
}

/**
 * tap_open_fins - begin to watch FINs, and the times when they pass
 * @tap: the witness
 * @ns: the namespace, all devices of which are watched
 * @way: their direction
 * @most: how many may pass between two calls of tap_pump()
 */
void tap_open_fins(struct tap *tap, const struct ns *ns, enum tap_way way,
		   unsigned int most)
{
	int bytes = most > 500000 ? 500000 * CHARGE : most * CHARGE, one = 1;

	tap_open(tap, ns);
	tap->way = way;
	tap_set(tap, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	tap_set(tap, SO_TIMESTAMPNS, &one, sizeof(one));
	tap_filter(tap);
	/* frames from before the filter */
	tap_pump(tap);
	tap_forget(tap);
}

/**
 * tap_close - stop watching
 * @tap: the witness
 */
void tap_close(struct tap *tap)
{
	close(tap->fd);
	free(tap->seen);
	memset(tap, 0, sizeof(*tap));
}

/* All devices here, even lo, have an Ethernet header; frames without one are
 * ignored.
 */
static bool tap_framed(const unsigned char *frame, size_t len)
{
	const struct ethhdr *eth = (const void *)frame;

	return len > sizeof(*eth) && (eth->h_proto == htons(ETH_P_IP) ||
				      eth->h_proto == htons(ETH_P_IPV6));
}

/* Return the offset of TCP in the packet, or 0. */
static size_t tap_tcp(const unsigned char *packet, size_t len)
{
	const struct ip6_hdr *v6 = (const void *)packet;
	const struct iphdr *v4 = (const void *)packet;

	if (len >= sizeof(*v4) && v4->version == 4)
		return v4->protocol == IPPROTO_TCP ? v4->ihl * 4 : 0;
	if (len >= sizeof(*v6) && packet[0] >> 4 == 6)
		return v6->ip6_nxt == IPPROTO_TCP ? sizeof(*v6) : 0;
	return 0;
}

static struct tap_seen *tap_more(struct tap *tap)
{
	if (tap->count == tap->room) {
		tap->room = 2 * tap->room + 64;
		tap->seen = realloc(tap->seen, tap->room * sizeof(*tap->seen));
		if (!tap->seen)
			fail("out of memory");
	}
	return &tap->seen[tap->count++];
}

static void tap_take(struct tap *tap, const unsigned char *packet, size_t len,
		     __u64 t)
{
	size_t at = tap_tcp(packet, len);
	const struct tcphdr *tcp = (const void *)(packet + at);

	if (!at || len < at + sizeof(*tcp))
		return;
	*tap_more(tap) = (struct tap_seen){
		.flags = tcp->th_flags,
		.sport = ntohs(tcp->th_sport),
		.dport = ntohs(tcp->th_dport),
		.t = t,
	};
}

static __u64 tap_stamp(struct msghdr *msg)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(msg);
	struct timespec t;

	if (!head || head->cmsg_type != SCM_TIMESTAMPNS)
		return 0;
	memcpy(&t, CMSG_DATA(head), sizeof(t));
	return t.tv_sec * SEC + t.tv_nsec;
}

static bool tap_next(struct tap *tap)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(struct timespec))];
	} control;
	unsigned char frame[FRAME];
	struct sockaddr_ll from = { 0 };
	struct iovec part = { frame, sizeof(frame) };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t got = recvmsg(tap->fd, &msg, 0);
	enum tap_way way;

	if (got < 0)
		return false;
	way = from.sll_pkttype == PACKET_OUTGOING ? TAP_LEAVING : TAP_ARRIVING;
	if (way == tap->way && tap_framed(frame, got))
		tap_take(tap, frame + sizeof(struct ethhdr),
			 got - sizeof(struct ethhdr), tap_stamp(&msg));
	return true;
}

/**
 * tap_pump - note the segments that passed
 * @tap: the witness; a missed frame is a failure
 *
 * Return: how many segments have passed up to now.
 */
size_t tap_pump(struct tap *tap)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);

	while (tap_next(tap))
		;
	if (getsockopt(tap->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		fail("packet socket: %s", strerror(errno));
	if (stats.tp_drops)
		fail("a packet socket has missed %u frames", stats.tp_drops);
	return tap->count;
}

/**
 * tap_forget - count from here on
 * @tap: the witness
 */
void tap_forget(struct tap *tap)
{
	tap->count = 0;
}

/**
 * tap_count - count the segments that passed
 * @tap: the witness
 * @from: their sender's port
 * @flag: TAP_* that they carry
 *
 * Return: how many have passed up to now.
 */
size_t tap_count(struct tap *tap, const struct addr *from, int flag)
{
	size_t i, count = 0;

	tap_pump(tap);
	for (i = 0; i < tap->count; i++)
		count += tap->seen[i].flags & flag &&
			 tap->seen[i].sport == addr_port(from);
	return count;
}
