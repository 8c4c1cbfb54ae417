// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/if_tun.h>

#include "fail.h"
#include "link.h"
#include "tun.h"

#define TUN_PATH	"/dev/net/tun"

/**
 * tun_missing - get the reason why there can be no tun device
 *
 * Return: the reason, or NULL if there can.
 */
const char *tun_missing(void)
{
	if (access(TUN_PATH, W_OK) && system("modprobe -q tun"))
		return "no tun devices (CONFIG_TUN)";
	return access(TUN_PATH, W_OK) ? "no " TUN_PATH : NULL;
}

static void tun_mtu(const struct ns *ns, struct ifreq *ifr)
{
	int sock;

	ns_enter(ns);
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ns_leave();
	ifr->ifr_mtu = TUN_MTU;
	if (sock < 0 || ioctl(sock, SIOCSIFMTU, ifr))
		fail("mtu of %s: %s", ifr->ifr_name, strerror(errno));
	close(sock);
}

/**
 * tun_open - make a tun device that is up, and ends with its descriptor
 * @ns: its namespace
 * @name: its name
 *
 * Return: the descriptor.
 */
int tun_open(const struct ns *ns, const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_VNET_HDR };
	int fd;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	fd = ns_open(ns, AT_FDCWD, TUN_PATH, O_RDWR | O_NONBLOCK);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		fail("tun device %s: %s", name, strerror(errno));
	/* Without offloads packets leave as they would on a wire. */
	if (ioctl(fd, TUNSETOFFLOAD, 0))
		fail("offloads of %s: %s", name, strerror(errno));
	tun_mtu(ns, &ifr);
	link_up(ns, name);
	return fd;
}

/**
 * tun_write - let a packet arrive
 * @fd: the device
 * @protocol: ETH_P_*
 * @vnet: the device's description of it
 * @packet: from its network header on
 * @len: length of @packet
 *
 * Return: 0, or -errno: the device refused it.
 */
int tun_write(int fd, int protocol, const struct virtio_net_hdr *vnet,
	      const void *packet, size_t len)
{
	struct tun_pi pi = { .proto = htons(protocol) };
	struct iovec iov[] = {
		{ .iov_base = &pi, .iov_len = sizeof(pi) },
		{ .iov_base = (void *)vnet, .iov_len = sizeof(*vnet) },
		{ .iov_base = (void *)packet, .iov_len = len },
	};

	return writev(fd, iov, 3) < 0 ? -errno : 0;
}

/**
 * tun_read - read a packet that left by a device
 * @fd: the device
 * @packet: receives the packet
 * @size: size of @packet
 *
 * Return: length of the packet, 0 if there is none.
 */
size_t tun_read(int fd, void *packet, size_t size)
{
	struct virtio_net_hdr vnet;
	struct tun_pi pi;
	struct iovec iov[] = {
		{ .iov_base = &pi, .iov_len = sizeof(pi) },
		{ .iov_base = &vnet, .iov_len = sizeof(vnet) },
		{ .iov_base = packet, .iov_len = size },
	};
	const ssize_t head = sizeof(pi) + sizeof(vnet);
	ssize_t got = readv(fd, iov, 3);

	return got > head ? got - head : 0;
}
