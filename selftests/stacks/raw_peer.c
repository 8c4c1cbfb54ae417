// SPDX-License-Identifier: GPL-2.0-only
/*
 * raw_peer DEVICE LOCAL REMOTE PORTS STEP...: one end of a TCP connection that sends
 * what its steps say, right or wrong, through a packet socket. LOCAL must be no
 * address of this namespace, REMOTE's link address is 02:00:00:00:00:0a, PORTS are
 * LOCAL's and REMOTE's. The steps:
 *
 *   listen[=FLAGS]  wait for a SYN, answer it (with SA), wait for the ACK
 *   connect         send a SYN, wait for the SYN-ACK, answer it
 *   auto            from here on acknowledge all that takes up sequence space
 *   see=FLAGS       wait for a segment with these flags, at most 20 s
 *   wait=MS         take in what comes, for that time
 *   FLAGS[:KEY=N,...]  send a segment. S, F, R, P, A are the flags; seq= and ack= are
 *                   added to SND.NXT and to RCV.NXT, ts= to the timestamp; len= is
 *                   the payload, win= the window; bad=1: a wrong checksum
 *
 * NOSTAMPS in the environment: no timestamps. Exit status: 1 when what a step waits
 * for does not come, 2 for a wrong step.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/types.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { SEGMENT = 2048, PATIENCE = 20000 };

static const char letters[] = "FSRPA";

/**
 * struct peer - this end
 * @fd: packet socket
 * @link: the device, and the other end's address on it
 * @family: AF_INET or AF_INET6
 * @address: of this end, of the other one
 * @port: likewise
 * @next: SND.NXT
 * @expected: RCV.NXT
 * @echo: the latest timestamp of the other end
 * @known: the other end has sent something on this connection
 * @stamps: both ends have agreed on timestamps
 * @acks: acknowledge what comes
 */
struct peer {
	int fd;
	struct sockaddr_ll link;
	int family;
	__u8 address[2][16];
	__u16 port[2];
	__u32 next;
	__u32 expected;
	__u32 echo;
	bool known;
	bool stamps;
	bool acks;
};

/**
 * struct step - a segment to send
 * @flags: as in the TCP header
 * @seq: added to SND.NXT
 * @ack: added to RCV.NXT
 * @stamp: added to the timestamp
 * @len: of the payload
 * @window: as in the header
 * @bad: with a wrong checksum
 */
struct step {
	__u8 flags;
	long seq;
	long ack;
	long stamp;
	long len;
	long window;
	long bad;
};

static __u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static __u32 add_words(__u32 sum, const void *data, size_t size)
{
	const __u8 *byte = data;

	for (size_t i = 0; i < size; i++)
		sum += i & 1 ? byte[i] : byte[i] << 8;
	return sum;
}

static __u16 fold(__u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static size_t address_size(const struct peer *peer)
{
	return peer->family == AF_INET ? 4 : 16;
}

static __u16 tcp_sum(const struct peer *peer, const void *tcp, size_t size)
{
	__u32 sum = IPPROTO_TCP + size;

	for (int i = 0; i < 2; i++)
		sum = add_words(sum, peer->address[i], address_size(peer));
	return fold(add_words(sum, tcp, size));
}

static size_t put_ip(const struct peer *peer, __u8 *packet, size_t size)
{
	struct ip6_hdr *six = (void *)packet;
	struct ip *four = (void *)packet;

	if (peer->family == AF_INET6) {
		six->ip6_flow = htonl(6 << 28);
		six->ip6_plen = htons(size);
		six->ip6_nxt = IPPROTO_TCP;
		six->ip6_hlim = 64;
		memcpy(&six->ip6_src, peer->address[0], 16);
		memcpy(&six->ip6_dst, peer->address[1], 16);
		return sizeof(*six);
	}
	four->ip_v = 4;
	four->ip_hl = 5;
	four->ip_len = htons(sizeof(*four) + size);
	four->ip_ttl = 64;
	four->ip_p = IPPROTO_TCP;
	memcpy(&four->ip_src, peer->address[0], 4);
	memcpy(&four->ip_dst, peer->address[1], 4);
	four->ip_sum = fold(add_words(0, four, sizeof(*four)));
	return sizeof(*four);
}

static size_t put_options(const struct peer *peer, const struct step *step,
			  __u8 *option)
{
	__u32 stamp = htonl((__u32)(now_ms() + step->stamp));
	__u32 echo = htonl(peer->echo);

	if (!peer->stamps || step->flags & TH_RST)
		return 0;
	memcpy(option, "\1\1\10\12", 4);
	memcpy(option + 4, &stamp, 4);
	memcpy(option + 8, &echo, 4);
	return 12;
}

static void send_step(struct peer *peer, const struct step *step)
{
	__u8 packet[SEGMENT] = { 0 };
	size_t ip = peer->family == AF_INET ? 20 : 40, options, size;
	struct tcphdr *tcp = (void *)(packet + ip);
	__u32 seq = peer->next + step->seq, end;

	options = put_options(peer, step, (__u8 *)(tcp + 1));
	size = sizeof(*tcp) + options + step->len;
	tcp->th_sport = htons(peer->port[0]);
	tcp->th_dport = htons(peer->port[1]);
	tcp->th_seq = htonl(seq);
	if (step->flags & TH_ACK)
		tcp->th_ack = htonl(peer->expected + step->ack);
	tcp->th_off = (sizeof(*tcp) + options) / 4;
	tcp->th_flags = step->flags;
	tcp->th_win = htons(step->window);
	tcp->th_sum = tcp_sum(peer, tcp, size);
	if (step->bad)
		tcp->th_sum ^= htons(0x55aa);
	put_ip(peer, packet, size);
	if (sendto(peer->fd, packet, ip + size, 0, (void *)&peer->link,
		   sizeof(peer->link)) < 0)
		err(1, "sending");
	end = seq + step->len + !!(step->flags & TH_SYN) +
	      !!(step->flags & TH_FIN);
	if (!(step->flags & TH_RST) && !step->bad &&
	    (__s32)(end - peer->next) > 0)
		peer->next = end;
}

static void send_flags(struct peer *peer, __u8 flags)
{
	const struct step step = { .flags = flags, .window = 65535 };

	send_step(peer, &step);
}

static void learn_stamp(struct peer *peer, const struct tcphdr *tcp,
			size_t size)
{
	const __u8 *option = (const void *)(tcp + 1);
	const __u8 *end = (const __u8 *)tcp + size;

	while (option + 1 < end && *option) {
		if (*option == 1) {
			option++;
			continue;
		}
		if (option[1] < 2 || option + option[1] > end)
			return;
		if (*option == 8 && option[1] == 10) {
			memcpy(&peer->echo, option + 2, 4);
			peer->echo = ntohl(peer->echo);
			peer->stamps |= tcp->th_flags & TH_SYN &&
					!getenv("NOSTAMPS");
		}
		option += option[1];
	}
}

/* Learn of a segment for this connection; return its flags, 0 for others. */
static __u8 learn(struct peer *peer, const __u8 *packet, size_t size)
{
	size_t ip = peer->family == AF_INET ? 20 : 40, length, width;
	const struct tcphdr *tcp = (const void *)(packet + ip);
	__u32 seq, end;

	if (size < ip + sizeof(*tcp))
		return 0;
	width = address_size(peer);
	if (packet[peer->family == AF_INET ? 9 : 6] != IPPROTO_TCP ||
	    memcmp(packet + ip - width, peer->address[0], width) ||
	    ntohs(tcp->th_dport) != peer->port[0] ||
	    ntohs(tcp->th_sport) != peer->port[1] || tcp->th_off < 5 ||
	    ip + tcp->th_off * 4 > size)
		return 0;
	length = peer->family == AF_INET ? 0 : ip;
	length += packet[length ? 4 : 2] << 8 | packet[length ? 5 : 3];
	seq = ntohl(tcp->th_seq);
	end = seq + length - ip - tcp->th_off * 4 +
	      !!(tcp->th_flags & TH_SYN) + !!(tcp->th_flags & TH_FIN);
	learn_stamp(peer, tcp, tcp->th_off * 4);
	if (tcp->th_flags & TH_SYN || !peer->known)
		peer->expected = seq;
	peer->known = true;
	if ((__s32)(seq - peer->expected) <= 0 &&
	    (__s32)(end - peer->expected) > 0)
		peer->expected = end;
	if (peer->acks && end != seq)
		send_flags(peer, TH_ACK);
	return tcp->th_flags | 0x80;
}

/* Take in what comes until all @flags have come in one segment, if any are asked. */
static bool hear(struct peer *peer, __u8 flags, unsigned int ms)
{
	__u64 until = now_ms() + ms, now;
	__u8 packet[65536];

	while ((now = now_ms()) < until) {
		struct pollfd file = { peer->fd, POLLIN, 0 };
		struct sockaddr_ll from;
		socklen_t length = sizeof(from);
		ssize_t size;
		__u8 got;

		if (poll(&file, 1, until - now) <= 0)
			continue;
		size = recvfrom(peer->fd, packet, sizeof(packet), 0,
				(void *)&from, &length);
		if (size < 0 || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		got = learn(peer, packet, size);
		if (got && flags && (got & flags) == flags)
			return true;
	}
	return !flags;
}

static bool read_flags(const char **text, __u8 *flags)
{
	const char *at;

	for (*flags = 0; **text && (at = strchr(letters, **text)); ++*text)
		*flags |= 1 << (at - letters);
	return *flags;
}

static bool read_key(struct step *step, const char *key, long value)
{
	static const struct {
		const char *name;
		size_t offset;
	} keys[] = {
		{ "seq", offsetof(struct step, seq) },
		{ "ack", offsetof(struct step, ack) },
		{ "ts", offsetof(struct step, stamp) },
		{ "len", offsetof(struct step, len) },
		{ "win", offsetof(struct step, window) },
		{ "bad", offsetof(struct step, bad) },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(key, keys[i].name))
			continue;
		memcpy((char *)step + keys[i].offset, &value, sizeof(value));
		return true;
	}
	return false;
}

static bool read_step(struct step *step, const char *text)
{
	char key[8];
	long value;
	int used;

	*step = (struct step){ .window = 65535 };
	if (!read_flags(&text, &step->flags))
		return false;
	for (; *text; text += used)
		if (sscanf(text, "%*1[:,]%7[a-z]=%ld%n", key, &value,
			   &used) != 2 || !read_key(step, key, value))
			return false;
	return step->len >= 0 && step->len <= 1400;
}

static bool meet(struct peer *peer, const char *step)
{
	const char *flags = step[6] == '=' ? step + 7 : "SA";
	bool opens = !strncmp(step, "connect", 7);
	__u8 answer;

	peer->known = false;
	peer->stamps = opens && !getenv("NOSTAMPS");
	peer->next += 100000;
	if (opens) {
		send_flags(peer, TH_SYN);
		if (!hear(peer, TH_SYN | TH_ACK, PATIENCE))
			return false;
		send_flags(peer, TH_ACK);
		return true;
	}
	if (!read_flags(&flags, &answer) || !hear(peer, TH_SYN, PATIENCE))
		return false;
	send_flags(peer, answer);
	return hear(peer, TH_ACK, PATIENCE);
}

/* Return: whether the step was done. */
static bool run_step(struct peer *peer, const char *text)
{
	const char *flags = text + 4;
	struct step step;
	__u8 seen;

	if (!strcmp(text, "connect") || !strcmp(text, "listen") ||
	    !strncmp(text, "listen=", 7))
		return meet(peer, text);
	if (!strcmp(text, "auto")) {
		peer->acks = true;
	} else if (!strncmp(text, "wait=", 5)) {
		hear(peer, 0, strtoul(text + 5, NULL, 10));
	} else if (!strncmp(text, "see=", 4)) {
		if (!read_flags(&flags, &seen) || *flags)
			errx(2, "no flags '%s'", text + 4);
		return hear(peer, seen, PATIENCE);
	} else if (read_step(&step, text)) {
		hear(peer, 0, 1);
		send_step(peer, &step);
	} else {
		errx(2, "no step '%s'", text);
	}
	return true;
}

static void open_peer(struct peer *peer, char **word)
{
	unsigned int index = if_nametoindex(word[0]);
	int protocol;

	peer->family = strchr(word[1], ':') ? AF_INET6 : AF_INET;
	protocol = peer->family == AF_INET ? ETH_P_IP : ETH_P_IPV6;
	for (int i = 0; i < 2; i++)
		if (inet_pton(peer->family, word[1 + i], peer->address[i]) != 1)
			errx(2, "'%s' is no address", word[1 + i]);
	if (sscanf(word[3], "%hu,%hu", &peer->port[0], &peer->port[1]) != 2)
		errx(2, "'%s' are no two ports", word[3]);
	peer->fd = socket(AF_PACKET, SOCK_DGRAM, htons(protocol));
	peer->link = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_protocol = htons(protocol),
		.sll_ifindex = index, .sll_halen = ETH_ALEN,
	};
	if (!index || peer->fd < 0 ||
	    bind(peer->fd, (void *)&peer->link, sizeof(peer->link)))
		err(1, "%s", word[0]);
	memcpy(peer->link.sll_addr, "\2\0\0\0\0\12", ETH_ALEN);
}

int main(int argc, char **argv)
{
	struct peer peer = { .next = 1000000 };

	if (argc < 6)
		errx(2, "DEVICE LOCAL REMOTE PORTS STEP...");
	open_peer(&peer, argv + 1);
	for (int i = 5; i < argc; i++)
		if (!run_step(&peer, argv[i]))
			errx(1, "%s: nothing came", argv[i]);
	return 0;
}
