// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <string.h>

#include "packet.h"

enum {
	TCP_MIN = 20,
	CHAIN_MAX = 6,
	JUMBO = 194,
	KINDS = 17,
	SKIPPED_OPTION = 0x1e,	/* RFC 4727: unknown, to be skipped */
};

/**
 * dice_seed - begin a stream
 * @dice: the stream
 * @seed: its seed
 */
void dice_seed(struct dice *dice, __u64 seed)
{
	dice->state = seed * 0x9e3779b97f4a7c15ULL + 1;
	dice_throw(dice, 2);
	dice_throw(dice, 2);
}

/**
 * dice_throw - get the next number
 * @dice: the stream
 * @sides: number of sides; 0 for 32 bits
 *
 * Return: from 0 to @sides - 1.
 */
__u32 dice_throw(struct dice *dice, __u32 sides)
{
	__u32 value;

	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 7;
	dice->state ^= dice->state << 17;
	value = dice->state >> 32;
	return sides ? value % sides : value;
}

/* A packet while it is built, header by header. */
struct build {
	struct packet *packet;
	struct dice *dice;
	const struct addr *from, *to;
	bool raw;
	size_t tcp;		/* offset of TCP */
	size_t next;		/* offset of its protocol number */
};

static void *grow(struct build *build, size_t len)
{
	struct packet *packet = build->packet;
	void *at = packet->bytes + packet->len;

	memset(at, 0, len);
	packet->len += len;
	return at;
}

static void noise(struct build *build, unsigned char *at, size_t len)
{
	while (len--)
		*at++ = dice_throw(build->dice, 256);
}

static __u32 sum_of(const void *data, size_t len, __u32 sum)
{
	const unsigned char *byte = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += byte[i] << 8 | byte[i + 1];
	return len & 1 ? sum + (byte[len - 1] << 8) : sum;
}

static __u16 fold(__u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static struct iphdr *ip4(struct build *build)
{
	return (struct iphdr *)build->packet->bytes;
}

static struct ip6_hdr *ip6(struct build *build)
{
	return (struct ip6_hdr *)build->packet->bytes;
}

static struct tcphdr *tcp(struct build *build)
{
	return (struct tcphdr *)(build->packet->bytes + build->tcp);
}

static bool is_v4(const struct build *build)
{
	return build->packet->family == AF_INET;
}

static void sign_ip4(struct build *build)
{
	struct iphdr *ip = ip4(build);
	size_t len = ip->ihl * 4;

	ip->check = 0;
	ip->check = fold(sum_of(ip, len < sizeof(*ip) ? sizeof(*ip) : len, 0));
}

static void put_ip4(struct build *build, size_t options)
{
	struct iphdr *ip = grow(build, sizeof(*ip) + options);

	ip->version = 4;
	ip->ihl = (sizeof(*ip) + options) / 4;
	ip->id = htons(1 + dice_throw(build->dice, 0xffff));
	ip->ttl = 2 + dice_throw(build->dice, 200);
	ip->protocol = IPPROTO_TCP;
	ip->saddr = build->from->v4.sin_addr.s_addr;
	ip->daddr = build->to->v4.sin_addr.s_addr;
	build->next = offsetof(struct iphdr, protocol);
}

static void put_ip6(struct build *build)
{
	struct ip6_hdr *ip = grow(build, sizeof(*ip));

	ip->ip6_flow = htonl(6U << 28 | dice_throw(build->dice, 1 << 20));
	ip->ip6_hlim = 2 + dice_throw(build->dice, 200);
	ip->ip6_nxt = IPPROTO_TCP;
	ip->ip6_src = build->from->v6.sin6_addr;
	ip->ip6_dst = build->to->v6.sin6_addr;
	build->next = offsetof(struct ip6_hdr, ip6_nxt);
}

/* Append a valid extension header, before TCP. */
static unsigned char *put_ext(struct build *build, int kind, size_t len)
{
	size_t at = build->packet->len;
	unsigned char *ext = grow(build, len);

	ext[0] = IPPROTO_TCP;
	ext[1] = kind == IPPROTO_FRAGMENT ? 0 : len / 8 - 1;
	if (kind == IPPROTO_HOPOPTS || kind == IPPROTO_DSTOPTS) {
		/* padding has at most 7 bytes, this has any number */
		ext[2] = SKIPPED_OPTION;
		ext[3] = len - 4;
	}
	build->packet->bytes[build->next] = kind;
	build->next = at;
	return ext;
}

static void put_tcp(struct build *build, size_t options)
{
	const struct wire *wire = &build->packet->wire;
	struct tcphdr *th;

	build->tcp = build->packet->len;
	th = grow(build, sizeof(*th) + options);
	noise(build, (unsigned char *)(th + 1), options);
	th->th_sport = htons(addr_port(build->from));
	th->th_dport = htons(addr_port(build->to));
	th->th_seq = htonl(wire->seq);
	th->th_ack = htonl(wire->ack);
	th->th_off = (sizeof(*th) + options) / 4;
	th->th_x2 = dice_throw(build->dice, 16);
	th->th_flags = wire->flags;
	th->th_win = dice_throw(build->dice, 3) ?
		     htons(dice_throw(build->dice, 1 << 16)) : 0;
	th->th_urp = dice_throw(build->dice, 1 << 16);
	noise(build, grow(build, wire->len), wire->len);
}

static void set_lengths(struct build *build)
{
	size_t len = build->packet->len;

	if (is_v4(build))
		ip4(build)->tot_len = htons(len);
	else
		ip6(build)->ip6_plen = htons(len - sizeof(struct ip6_hdr));
}

static __u32 pseudo_sum(struct build *build)
{
	__u32 len = build->packet->len - build->tcp;
	__u32 sum = IPPROTO_TCP + len;

	if (is_v4(build))
		return sum_of(&ip4(build)->saddr, 8, sum);
	return sum_of(&ip6(build)->ip6_src, 32, sum);
}

static void sign(struct build *build)
{
	struct tcphdr *th = tcp(build);

	th->th_sum = 0;
	th->th_sum = fold(sum_of(th, build->packet->len - build->tcp,
				 pseudo_sum(build)));
	if (is_v4(build))
		sign_ip4(build);
}

/* Append TCP options of every kind and length, mostly broken ones. */
static size_t some_options(struct build *build)
{
	return dice_throw(build->dice, 2) ? 4 * dice_throw(build->dice, 11) : 0;
}

static void put_plain(struct build *build)
{
	if (is_v4(build))
		put_ip4(build, 0);
	else
		put_ip6(build);
	put_tcp(build, some_options(build));
	set_lengths(build);
	sign(build);
}

static void odd_checksum(struct build *build)
{
	put_plain(build);
	tcp(build)->th_sum ^= htons(1 + dice_throw(build->dice, 0xffff));
	build->packet->wrong_sum = true;
}

/* Record route and timestamps: the router fills them in. */
static void odd_ip_options(struct build *build)
{
	size_t words = 1 + dice_throw(build->dice, 10);
	unsigned char *option;

	if (!is_v4(build)) {
		put_plain(build);
		return;
	}
	put_ip4(build, words * 4);
	option = (unsigned char *)(ip4(build) + 1);
	memset(option, IPOPT_NOP, words * 4);
	if (words > 1) {
		option[0] = IPOPT_RR;
		option[1] = words * 4 - 1;
		option[2] = 4;
	}
	put_tcp(build, 0);
	set_lengths(build);
	sign(build);
}

static void odd_data_offset(struct build *build)
{
	size_t have;

	put_plain(build);
	have = (build->packet->len - build->tcp) / 4;
	if (have >= 15 || dice_throw(build->dice, 2))
		tcp(build)->th_off = dice_throw(build->dice, 5);
	else
		tcp(build)->th_off = have + 1 +
				     dice_throw(build->dice, 15 - have);
	build->packet->reading = READ_MALFORMED;
}

static void odd_truncated(struct build *build)
{
	build->packet->wire.len = 0;
	put_plain(build);
	build->packet->len = build->tcp + dice_throw(build->dice, TCP_MIN);
	set_lengths(build);
	if (is_v4(build))
		sign_ip4(build);
	build->packet->reading = READ_MALFORMED;
}

static void odd_fragment(struct build *build)
{
	__u16 offset = dice_throw(build->dice, 2) ?
		       1 + dice_throw(build->dice, 1000) : 0;
	bool more = !offset || dice_throw(build->dice, 2);
	unsigned char *ext;

	build->packet->reading = READ_FRAGMENT;
	if (is_v4(build)) {
		put_plain(build);
		ip4(build)->frag_off = htons(offset | (more ? IP_MF : 0));
		sign_ip4(build);
		return;
	}
	put_ip6(build);
	if (dice_throw(build->dice, 2))
		put_ext(build, IPPROTO_DSTOPTS, 8);
	ext = put_ext(build, IPPROTO_FRAGMENT, 8);
	ext[2] = offset >> 5;
	ext[3] = offset << 3 | more;
	noise(build, ext + 4, 4);
	put_tcp(build, 0);
	set_lengths(build);
	sign(build);
}

static void put_chain(struct build *build)
{
	unsigned int count = 1 + dice_throw(build->dice, CHAIN_MAX);
	unsigned int i;

	put_ip6(build);
	for (i = 0; i < count; i++) {
		size_t len = 8 * (1 + dice_throw(build->dice, 4));

		switch (dice_throw(build->dice, 3)) {
		case 0:
			put_ext(build, i ? IPPROTO_DSTOPTS : IPPROTO_HOPOPTS,
				len);
			break;
		case 1:
			put_ext(build, IPPROTO_DSTOPTS, len);
			break;
		default:
			/* atomic: a fragment that is the whole */
			put_ext(build, IPPROTO_FRAGMENT, 8)[3] =
				dice_throw(build->dice, 2) ? 6 : 0;
			break;
		}
	}
}

static void odd_chain(struct build *build)
{
	if (is_v4(build)) {
		odd_ip_options(build);
		return;
	}
	put_chain(build);
	put_tcp(build, 0);
	set_lengths(build);
	sign(build);
}

/* The chain announces a header that is missing. */
static void odd_chain_cut(struct build *build)
{
	if (is_v4(build)) {
		odd_truncated(build);
		return;
	}
	put_ip6(build);
	put_ext(build, IPPROTO_DSTOPTS, 8);
	put_ext(build, IPPROTO_DSTOPTS, 8)[1] = dice_throw(build->dice, 256);
	build->packet->bytes[build->next] = IPPROTO_DSTOPTS;
	if (dice_throw(build->dice, 2))
		build->packet->len -= 7;
	set_lengths(build);
	build->packet->reading = READ_OTHER;
}

/* The IP header's length is too short: the rest is padding. */
static void odd_padding(struct build *build)
{
	size_t pad = 1 + dice_throw(build->dice, 60);

	put_plain(build);
	noise(build, grow(build, pad), pad);
	/* a raw IPv4 socket makes it payload */
	if (build->raw && is_v4(build))
		build->packet->wire.len += pad;
}

/* Its length is too long, or less than its own header. A raw IPv4 socket would
 * correct that.
 */
static void odd_length(struct build *build)
{
	size_t len;

	if (is_v4(build) && build->raw) {
		odd_data_offset(build);
		return;
	}
	put_plain(build);
	len = build->packet->len;
	build->packet->reading = build->raw ? READ_MALFORMED : READ_NEVER;
	if (!is_v4(build)) {
		ip6(build)->ip6_plen = htons(len - sizeof(struct ip6_hdr) + 1 +
					     dice_throw(build->dice, 1000));
		return;
	}
	ip4(build)->tot_len = htons(dice_throw(build->dice, 2) ?
				    len + 1 + dice_throw(build->dice, 1000) :
				    dice_throw(build->dice, sizeof(struct iphdr)));
	sign_ip4(build);
}

static void odd_header(struct build *build)
{
	put_plain(build);
	build->packet->reading = build->raw ? READ_MALFORMED : READ_NEVER;
	if (!is_v4(build)) {
		ip6(build)->ip6_vfc = dice_throw(build->dice, 6) << 4;
		return;
	}
	if (build->raw || dice_throw(build->dice, 2))
		ip4(build)->ihl = dice_throw(build->dice, 5);
	else if (dice_throw(build->dice, 2))
		ip4(build)->version = dice_throw(build->dice, 4);
	sign_ip4(build);
	if (ip4(build)->version == 4 && ip4(build)->ihl == 5)
		ip4(build)->check ^= htons(0x1234);
}

/* A jumbogram: an option has the payload length (RFC 2675). */
static void odd_jumbo(struct build *build)
{
	unsigned char *ext;

	if (is_v4(build) || build->raw) {
		odd_checksum(build);
		return;
	}
	put_ip6(build);
	ext = put_ext(build, IPPROTO_HOPOPTS, 8);
	ext[2] = JUMBO;
	ext[3] = 4;
	noise(build, ext + 4, 4);
	put_tcp(build, 0);
	if (dice_throw(build->dice, 2))
		set_lengths(build);
	sign(build);
	build->packet->reading = READ_NEVER;
}

static void odd_tunnel(struct build *build)
{
	unsigned char copy[512];
	size_t len;

	build->packet->wire.len %= 64;
	put_plain(build);
	len = build->packet->len;
	memcpy(copy, build->packet->bytes, len);
	build->packet->len = 0;
	if (is_v4(build))
		put_ip4(build, 0);
	else
		put_ip6(build);
	memcpy(grow(build, len), copy, len);
	build->packet->bytes[build->next] = is_v4(build) ? IPPROTO_IPIP :
							   IPPROTO_IPV6;
	set_lengths(build);
	if (is_v4(build))
		sign_ip4(build);
	build->packet->reading = READ_OTHER;
}

static void odd_protocol(struct build *build)
{
	put_plain(build);
	build->packet->bytes[build->next] =
		is_v4(build) ? IPPROTO_DCCP : IPPROTO_NONE;
	if (is_v4(build))
		sign_ip4(build);
	build->packet->reading = READ_OTHER;
}

/* More than a page, almost nothing of it in the linear part. */
static void odd_nonlinear(struct build *build)
{
	if (build->raw) {
		odd_checksum(build);
		return;
	}
	build->packet->wire.len = 4200 + dice_throw(build->dice, 4000);
	put_plain(build);
	build->packet->vnet.hdr_len = 1 + dice_throw(build->dice, 80);
}

static void odd_gso(struct build *build)
{
	struct virtio_net_hdr *vnet = &build->packet->vnet;

	if (build->raw) {
		odd_checksum(build);
		return;
	}
	build->packet->wire.len = dice_throw(build->dice, 8000);
	put_plain(build);
	vnet->gso_type = is_v4(build) ? VIRTIO_NET_HDR_GSO_TCPV4 :
					VIRTIO_NET_HDR_GSO_TCPV6;
	if (dice_throw(build->dice, 4) == 0)
		vnet->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	vnet->gso_size = 200 + dice_throw(build->dice, 3000);
	vnet->hdr_len = dice_throw(build->dice, 2) ?
			build->packet->len - build->packet->wire.len :
			dice_throw(build->dice, 200);
	if (vnet->hdr_len > build->packet->len)
		vnet->hdr_len = build->packet->len;
	if (dice_throw(build->dice, 3) == 0)
		return;
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = build->tcp;
	vnet->csum_offset = offsetof(struct tcphdr, th_sum);
	tcp(build)->th_sum = ~fold(pseudo_sum(build));
}

/* The device gives a wrong place for the checksum. */
static void odd_offload(struct build *build)
{
	struct virtio_net_hdr *vnet = &build->packet->vnet;

	put_plain(build);
	if (build->raw)
		return;
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = build->tcp + TCP_MIN +
			   dice_throw(build->dice, build->packet->wire.len + 1);
	vnet->csum_offset = dice_throw(build->dice, 32);
}

static const struct {
	void (*make)(struct build *build);
	unsigned int share;
	const char *name;
} kinds[KINDS] = {
	{ put_plain, 8, "plain" },
	{ odd_checksum, 2, "checksum" },
	{ odd_ip_options, 2, "IP options" },
	{ odd_data_offset, 2, "data offset" },
	{ odd_truncated, 2, "truncated" },
	{ odd_fragment, 2, "fragment" },
	{ odd_chain, 3, "extension headers" },
	{ odd_chain_cut, 1, "extension headers cut" },
	{ odd_padding, 1, "padding" },
	{ odd_length, 1, "length" },
	{ odd_header, 1, "IP header" },
	{ odd_jumbo, 1, "jumbogram" },
	{ odd_tunnel, 1, "tunnel" },
	{ odd_protocol, 1, "protocol" },
	{ odd_nonlinear, 1, "nonlinear" },
	{ odd_gso, 2, "GSO" },
	{ odd_offload, 1, "checksum offload" },
};

static unsigned int choose(struct dice *dice)
{
	unsigned int total = 0, i;

	for (i = 0; i < KINDS; i++)
		total += kinds[i].share;
	total = dice_throw(dice, total);
	for (i = 0; total >= kinds[i].share; i++)
		total -= kinds[i].share;
	return i;
}

static unsigned int find_kind(const char *name)
{
	unsigned int i;

	for (i = 0; strcmp(kinds[i].name, name); i++)
		;
	return i;
}

/**
 * packet_is_sound - check that a packet is one whole segment
 * @bytes: from its network header on, without options or extension headers
 * @len: length of @bytes
 *
 * Return: whether its lengths and checksums are right.
 */
bool packet_is_sound(const unsigned char *bytes, size_t len)
{
	const struct iphdr *v4 = (const void *)bytes;
	const struct ip6_hdr *v6 = (const void *)bytes;
	size_t head = v4->version == 4 ? sizeof(*v4) : sizeof(*v6);
	__u32 sum = IPPROTO_TCP + len - head;

	if (len < head + TCP_MIN)
		return false;
	if (v4->version == 4) {
		if (v4->ihl != 5 || ntohs(v4->tot_len) != len ||
		    fold(sum_of(v4, head, 0)))
			return false;
		sum = sum_of(&v4->saddr, 8, sum);
	} else {
		if (v6->ip6_nxt != IPPROTO_TCP ||
		    ntohs(v6->ip6_plen) != len - head)
			return false;
		sum = sum_of(&v6->ip6_src, 32, sum);
	}
	return !fold(sum_of(bytes + head, len - head, sum));
}

/**
 * packet_make - put a segment into a packet that is odd in some way, or not
 * @packet: filled in; its wire is the resulting segment
 * @dice: decide all that is left open
 * @from: sender
 * @to: receiver
 * @wire: the segment
 * @raw: for a raw socket, not for a device
 * @kind: name of the oddity; with NULL the dice decide
 */
void packet_make(struct packet *packet, struct dice *dice,
		 const struct addr *from, const struct addr *to,
		 const struct wire *wire, bool raw, const char *kind)
{
	struct build build = {
		.packet = packet,
		.dice = dice,
		.from = from,
		.to = to,
		.raw = raw,
	};
	unsigned int which = kind ? find_kind(kind) : choose(dice);

	packet->family = from->sa.sa_family;
	packet->len = 0;
	memset(&packet->vnet, 0, sizeof(packet->vnet));
	packet->wire = *wire;
	packet->reading = READ_SEGMENT;
	packet->wrong_sum = false;
	packet->kind = kinds[which].name;
	kinds[which].make(&build);
}
