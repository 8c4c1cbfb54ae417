// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "fail.h"
#include "witness.h"

enum {
	ROOM = 32 << 20,	/* large enough to miss no frame */
	FRAME_MAX = 256 * 1024,
	WIRE_MAX = 1600,	/* longer than a frame that nothing has merged */
};

static int open_socket(const struct ns *ns, int family, int protocol)
{
	int fd, room = ROOM;

	ns_enter(ns);
	fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	ns_leave();
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
				 sizeof(room)))
		fail("raw socket (CONFIG_PACKET): %s", strerror(errno));
	return fd;
}

/**
 * witness_open - begin to watch all devices of a namespace
 * @witness: filled in
 * @ns: the namespace
 */
void witness_open(struct witness *witness, const struct ns *ns)
{
	int one = 1;

	memset(witness, 0, sizeof(*witness));
	witness->ns = ns;
	witness->fd = open_socket(ns, AF_PACKET, htons(ETH_P_ALL));
	if (setsockopt(witness->fd, SOL_PACKET, PACKET_AUXDATA, &one,
		       sizeof(one)))
		fail("PACKET_AUXDATA: %s", strerror(errno));
}

static bool is_partial(struct msghdr *msg)
{
	struct cmsghdr *cmsg;
	struct tpacket_auxdata aux;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg))
		if (cmsg->cmsg_level == SOL_PACKET &&
		    cmsg->cmsg_type == PACKET_AUXDATA) {
			memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
			return aux.tp_status & TP_STATUS_CSUMNOTREADY;
		}
	return false;
}

static void keep(struct witness *witness, const struct sockaddr_ll *from,
		 bool partial, const void *bytes, size_t len)
{
	struct frame *frame;

	witness->frames = realloc(witness->frames, (witness->count + 1) *
						   sizeof(*frame));
	if (!witness->frames)
		fail("out of memory");
	frame = &witness->frames[witness->count++];
	*frame = (struct frame){
		.ifindex = from->sll_ifindex,
		.out = from->sll_pkttype == PACKET_OUTGOING,
		.ether = from->sll_hatype == ARPHRD_ETHER ||
			 from->sll_hatype == ARPHRD_LOOPBACK,
		.partial = partial,
		.len = len,
		.bytes = malloc(len),
	};
	if (!frame->bytes)
		fail("out of memory");
	memcpy(frame->bytes, bytes, len);
	frame_read(frame);
}

static bool take(struct witness *witness)
{
	static unsigned char bytes[FRAME_MAX];
	struct sockaddr_ll from = { 0 };
	char control[256];
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t got = recvmsg(witness->fd, &msg, 0);

	if (got > 0)
		keep(witness, &from, is_partial(&msg), bytes, got);
	return got > 0;
}

static void pump(struct witness *witness)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);

	while (take(witness))
		;
	if (getsockopt(witness->fd, SOL_PACKET, PACKET_STATISTICS, &stats,
		       &size) || stats.tp_drops)
		fail("a witness has missed frames");
}

/**
 * witness_forget - count from here on
 * @witness: the witness
 */
void witness_forget(struct witness *witness)
{
	size_t i;

	pump(witness);
	for (i = 0; i < witness->count; i++)
		free(witness->frames[i].bytes);
	free(witness->frames);
	witness->frames = NULL;
	witness->count = 0;
}

/**
 * witness_close - stop watching
 * @witness: the witness
 */
void witness_close(struct witness *witness)
{
	if (witness->fd <= 0)
		return;
	witness_forget(witness);
	close(witness->fd);
	witness->fd = -1;
}

static int index_of(const struct witness *witness, const char *dev)
{
	int index;

	ns_enter(witness->ns);
	index = if_nametoindex(dev);
	ns_leave();
	return index;
}

static bool came(const struct frame *frame, int ifindex,
		 const struct addr *from, int flag)
{
	return frame->ifindex == ifindex && !frame->out && frame->tcp &&
	       frame->flags & flag && frame->sport == addr_port(from);
}

/**
 * witness_count - count the segments that arrived
 * @witness: the witness
 * @dev: the device by which they arrived
 * @from: an address with their source port
 * @flag: FRAME_* that they carry
 *
 * Return: how many have arrived up to now.
 */
size_t witness_count(struct witness *witness, const char *dev,
		     const struct addr *from, int flag)
{
	int ifindex = index_of(witness, dev);
	size_t i, count = 0;

	pump(witness);
	for (i = 0; i < witness->count; i++)
		count += came(&witness->frames[i], ifindex, from, flag);
	return count;
}

/**
 * witness_alike - check that segments arrived in identical frames
 * @witness: the witness
 * @dev: the device by which they arrived
 * @from: an address with their source port
 * @flag: FRAME_* that they carry
 *
 * Return: whether none differs from the first in any byte, from the link header
 * to the end.
 */
bool witness_alike(struct witness *witness, const char *dev,
		   const struct addr *from, int flag)
{
	const struct frame *frame, *first = NULL;
	int ifindex = index_of(witness, dev);
	size_t i;

	pump(witness);
	for (i = 0; i < witness->count; i++) {
		frame = &witness->frames[i];
		if (!came(frame, ifindex, from, flag))
			continue;
		if (!first)
			first = frame;
		if (frame->len != first->len ||
		    memcmp(frame->bytes, first->bytes, first->len))
			return false;
	}
	return true;
}

/**
 * witness_longest - get the length of the longest frame that arrived
 * @witness: the witness
 * @dev: the device by which it arrived
 *
 * Return: the length in bytes.
 */
size_t witness_longest(struct witness *witness, const char *dev)
{
	int ifindex = index_of(witness, dev);
	size_t i, longest = 0;

	pump(witness);
	for (i = 0; i < witness->count; i++)
		if (witness->frames[i].ifindex == ifindex &&
		    !witness->frames[i].out && witness->frames[i].len > longest)
			longest = witness->frames[i].len;
	return longest;
}

static bool is_group(const unsigned char *mac)
{
	return mac[0] & 1;
}

static const char *link_breach(const struct frame *frame,
			       const struct laws *laws)
{
	if (!frame->ether)
		return NULL;
	if (!census_mac(&laws->census, frame->bytes + ETH_ALEN))
		return "a link address of nobody sent it";
	if (!is_group(frame->bytes) && !census_mac(&laws->census, frame->bytes))
		return "its link address is nobody's";
	return NULL;
}

static const char *ip_breach(const struct frame *frame,
			     const struct laws *laws)
{
	switch (frame->proto) {
	case 0:			/* ARP */
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_IGMP:
		return NULL;
	case IPPROTO_TCP:
		break;
	default:
		return frame->proto == laws->outer ? NULL : "a strange protocol";
	}
	if (!census_ip(&laws->census, &frame->src) ||
	    !census_ip(&laws->census, &frame->dst))
		return "an IP address of nobody";
	return NULL;
}

static bool is_on(const struct frame *frame, const struct witness *witness,
		  const char *dev)
{
	return dev && frame->ifindex == index_of(witness, dev);
}

static const char *breach(const struct frame *frame,
			  const struct witness *witness,
			  const struct laws *laws)
{
	const char *why;

	/* a merged packet has the checksum of its first segment */
	if (!laws->coarse || frame->len <= WIRE_MAX) {
		why = frame_wrong(frame);
		if (why)
			return why;
	}
	if (laws->outer && frame->tcp && frame->out &&
	    is_on(frame, witness, laws->wire))
		return "not wrapped";
	why = link_breach(frame, laws);
	if (why && !is_on(frame, witness, laws->unlinked[0]) &&
	    !is_on(frame, witness, laws->unlinked[1]))
		return why;
	return ip_breach(frame, laws);
}

/**
 * witness_strange - look for a frame that nobody should have sent
 * @witness: the witness
 * @laws: the frames that are allowed
 * @why: receives its fault
 *
 * Return: the first such frame, or NULL.
 */
const struct frame *witness_strange(struct witness *witness,
				    const struct laws *laws, const char **why)
{
	size_t i;

	pump(witness);
	for (i = 0; i < witness->count; i++) {
		*why = breach(&witness->frames[i], witness, laws);
		if (*why)
			return &witness->frames[i];
	}
	return NULL;
}

/**
 * intake_open - begin to watch the segments that reach TCP
 * @intake: filled in
 * @ns: the namespace
 * @family: AF_INET or AF_INET6
 */
void intake_open(struct intake *intake, const struct ns *ns, int family)
{
	memset(intake, 0, sizeof(*intake));
	intake->family = family;
	intake->fd = open_socket(ns, family, IPPROTO_TCP);
}

/* A raw IPv6 socket receives no IP header. */
static void intake_take(struct intake *intake, const unsigned char *bytes,
			size_t len)
{
	size_t at = intake->family == AF_INET ? (bytes[0] & 15) * 4 : 0;
	const struct tcphdr *tcp = (const void *)(bytes + at);

	if (len < at + sizeof(*tcp) ||
	    !(tcp->th_flags & (FRAME_FIN | FRAME_RST)))
		return;
	if (intake->count == INTAKE_MAX)
		fail("more segments than an intake holds");
	intake->seen[intake->count].flags = tcp->th_flags;
	intake->seen[intake->count++].sport = ntohs(tcp->th_sport);
}

static void intake_pump(struct intake *intake)
{
	unsigned char bytes[128];
	ssize_t got;

	while ((got = recv(intake->fd, bytes, sizeof(bytes), 0)) > 0)
		intake_take(intake, bytes, got);
}

/**
 * intake_forget - count from here on
 * @intake: the intake
 */
void intake_forget(struct intake *intake)
{
	intake_pump(intake);
	intake->count = 0;
}

/**
 * intake_count - count the segments that reached TCP
 * @intake: the intake
 * @from: an address with their source port
 * @flag: FRAME_FIN or FRAME_RST
 *
 * Return: how many have reached it up to now.
 */
size_t intake_count(struct intake *intake, const struct addr *from, int flag)
{
	size_t i, count = 0;

	intake_pump(intake);
	for (i = 0; i < intake->count; i++)
		count += intake->seen[i].flags & flag &&
			 intake->seen[i].sport == addr_port(from);
	return count;
}

/**
 * intake_close - stop watching
 * @intake: the intake
 */
void intake_close(struct intake *intake)
{
	if (intake->fd > 0)
		close(intake->fd);
	intake->fd = -1;
}
