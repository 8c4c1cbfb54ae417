// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <linux/if_ether.h>

#include "frame.h"

enum {
	TCP_SUM_AT = 16,	/* place of the checksum in the TCP header */
	HOPOPTS_LEN = 8,	/* length of a jumbogram's header */
};

static void map_v4(struct in6_addr *to, const void *raw)
{
	memset(to, 0, sizeof(*to));
	to->s6_addr[10] = 0xff;
	to->s6_addr[11] = 0xff;
	memcpy(&to->s6_addr[12], raw, 4);
}

static void read_v4(struct frame *frame)
{
	const struct iphdr *ip = (const void *)(frame->bytes + frame->ip);

	if (frame->len < frame->ip + sizeof(*ip))
		return;
	frame->proto = ip->protocol;
	frame->fragment = ip->frag_off & htons(IP_MF | IP_OFFMASK);
	frame->jumbo = !ip->tot_len;
	frame->end = frame->jumbo ? frame->len :
				    frame->ip + ntohs(ip->tot_len);
	map_v4(&frame->src, &ip->saddr);
	map_v4(&frame->dst, &ip->daddr);
	if (ip->protocol == IPPROTO_TCP && !(ip->frag_off & htons(IP_OFFMASK)))
		frame->tcp = frame->ip + ip->ihl * 4;
}

static void read_v6(struct frame *frame)
{
	const struct ip6_hdr *ip = (const void *)(frame->bytes + frame->ip);
	size_t at = frame->ip + sizeof(*ip);

	if (frame->len < at + HOPOPTS_LEN)
		return;
	frame->proto = ip->ip6_nxt;
	if (frame->proto == IPPROTO_HOPOPTS) {
		frame->proto = frame->bytes[at];
		at += HOPOPTS_LEN;
	}
	frame->jumbo = !ip->ip6_plen;
	frame->end = frame->jumbo ? frame->len :
		     frame->ip + sizeof(*ip) + ntohs(ip->ip6_plen);
	frame->src = ip->ip6_src;
	frame->dst = ip->ip6_dst;
	if (frame->proto == IPPROTO_TCP)
		frame->tcp = at;
}

static void read_tcp(struct frame *frame)
{
	const struct tcphdr *tcp = (const void *)(frame->bytes + frame->tcp);

	if (frame->len < frame->tcp + sizeof(*tcp)) {
		frame->tcp = 0;
		return;
	}
	frame->sport = ntohs(tcp->th_sport);
	frame->dport = ntohs(tcp->th_dport);
	frame->flags = tcp->th_flags;
	frame->seq = ntohl(tcp->th_seq);
}

static unsigned short ethertype(const struct frame *frame)
{
	return frame->bytes[12] << 8 | frame->bytes[13];
}

/**
 * frame_read - parse a frame
 * @frame: its bytes and how it passed are set, the rest is filled in
 */
void frame_read(struct frame *frame)
{
	unsigned int version;

	frame->ip = frame->ether ? ETH_HLEN : 0;
	if (frame->len <= frame->ip)
		return;
	version = frame->bytes[frame->ip] >> 4;
	if (frame->ether && ethertype(frame) != ETH_P_IP &&
	    ethertype(frame) != ETH_P_IPV6)
		return;
	if (version == 4)
		read_v4(frame);
	else if (version == 6)
		read_v6(frame);
	if (frame->tcp)
		read_tcp(frame);
}

static __u32 add(__u32 sum, const unsigned char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? at[i] : at[i] << 8;
	return sum;
}

static unsigned short fold(__u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Return the sum of the pseudo header, not yet inverted. */
static __u32 pseudo(const struct frame *frame)
{
	size_t len = frame->end - frame->tcp;
	bool v4 = frame->bytes[frame->ip] >> 4 == 4;
	const unsigned char *at = frame->bytes + frame->ip + (v4 ? 12 : 8);

	return add((len >> 16) + (len & 0xffff) + IPPROTO_TCP, at, v4 ? 8 : 32);
}

/* A checksum that the device completes covers only the pseudo header so far;
 * for a GSO packet the length in it is replaced in each segment.
 */
static bool tcp_sum_right(const struct frame *frame)
{
	const unsigned char *tcp = frame->bytes + frame->tcp;
	__u32 sum = pseudo(frame);

	if (frame->partial)
		return fold(sum) == (tcp[TCP_SUM_AT] << 8 | tcp[TCP_SUM_AT + 1]);
	return fold(add(sum, tcp, frame->end - frame->tcp)) == 0xffff;
}

static bool ip_sum_right(const struct frame *frame)
{
	const unsigned char *ip = frame->bytes + frame->ip;

	return ip[0] >> 4 != 4 ||
	       fold(add(0, ip, (ip[0] & 15) * 4)) == 0xffff;
}

/**
 * frame_wrong - find what a stack would reject in a frame
 * @frame: the frame
 *
 * Return: NULL, or a description of it.
 */
const char *frame_wrong(const struct frame *frame)
{
	if (!frame->proto)
		return frame->ether && ethertype(frame) == ETH_P_ARP ?
			NULL : "neither IP nor ARP";
	if (frame->end != frame->len)
		return "not as long as IP says";
	if (!ip_sum_right(frame))
		return "a wrong checksum of IP";
	if (!frame->tcp || frame->fragment || frame->jumbo)
		return NULL;
	return tcp_sum_right(frame) ? NULL : "a wrong checksum of TCP";
}

/**
 * frame_text - describe a frame
 * @frame: the frame
 *
 * Return: text, valid until the next call.
 */
const char *frame_text(const struct frame *frame)
{
	static char text[256];
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	const unsigned char *mac = frame->bytes;
	int len = 0;

	if (frame->ether)
		len = snprintf(text, sizeof(text),
			       "%02x:%02x:%02x:%02x:%02x:%02x > %02x:%02x:%02x:%02x:%02x:%02x, ",
			       mac[6], mac[7], mac[8], mac[9], mac[10], mac[11],
			       mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	inet_ntop(AF_INET6, &frame->src, src, sizeof(src));
	inet_ntop(AF_INET6, &frame->dst, dst, sizeof(dst));
	snprintf(text + len, sizeof(text) - len,
		 "%s.%u > %s.%u protocol %u flags %02x seq %u, %zu bytes, %s", src,
		 frame->sport, dst, frame->dport, frame->proto, frame->flags,
		 frame->seq, frame->len, frame->out ? "leaving" : "coming");
	return text;
}
