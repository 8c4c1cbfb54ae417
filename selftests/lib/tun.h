/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tun device: a packet written to it arrives in its namespace as from a
 * network, byte for byte, with any virtio_net_hdr.
 */
#ifndef TUN_H
#define TUN_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/virtio_net.h>

#include "ns.h"

enum { TUN_MTU = 9000 };

const char *tun_missing(void);
int tun_open(const struct ns *ns, const char *name);
int tun_write(int fd, int protocol, const struct virtio_net_hdr *vnet,
	      const void *packet, size_t len);
size_t tun_read(int fd, void *packet, size_t size);

#endif /* TUN_H */
