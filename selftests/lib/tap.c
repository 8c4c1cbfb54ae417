// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "fail.h"
#include "tap.h"

/**
 * tap_open - begin to watch what arrives
 * @tap: the witness
 * @ns: on all devices of this namespace
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

/* The devices here, lo too, have Ethernet's header; a frame without it counts
 * for nothing.
 */
static bool tap_framed(const unsigned char *frame, size_t len)
{
	const struct ethhdr *eth = (const void *)frame;

	return len > sizeof(*eth) && (eth->h_proto == htons(ETH_P_IP) ||
				      eth->h_proto == htons(ETH_P_IPV6));
}

/* Where TCP starts in the packet, or 0. */
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

static void tap_take(struct tap *tap, const unsigned char *packet, size_t len)
{
	size_t at = tap_tcp(packet, len);
	const struct tcphdr *tcp = (const void *)(packet + at);

	if (!at || len < at + sizeof(*tcp))
		return;
	if (tap->count == TAP_MAX)
		fail("more segments than a tap holds");
	tap->seen[tap->count].flags = tcp->th_flags;
	tap->seen[tap->count++].sport = ntohs(tcp->th_sport);
}

static void tap_pump(struct tap *tap)
{
	unsigned char frame[128];
	struct sockaddr_ll from = { 0 };
	socklen_t size;
	ssize_t got;

	for (;;) {
		size = sizeof(from);
		got = recvfrom(tap->fd, frame, sizeof(frame), 0,
			       (struct sockaddr *)&from, &size);
		if (got < 0)
			return;
		if (from.sll_pkttype != PACKET_OUTGOING &&
		    tap_framed(frame, got))
			tap_take(tap, frame + sizeof(struct ethhdr),
				 got - sizeof(struct ethhdr));
	}
}

/**
 * tap_count - count segments that arrived
 * @tap: the witness
 * @from: their sender's port
 * @flag: TAP_* that they carry
 *
 * Return: how many came up to now.
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
