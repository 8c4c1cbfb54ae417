/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A witness that is not finject: a packet socket that counts what arrives.
 */
#ifndef TAP_H
#define TAP_H

#include "addr.h"
#include "ns.h"

enum { TAP_MAX = 1024 };

/**
 * struct tap - segments that entered a namespace
 * @fd: the packet socket
 * @seen: their flags and sender's port, oldest first
 * @count: how many
 */
struct tap {
	int fd;
	struct {
		unsigned char flags;
		unsigned short sport;
	} seen[TAP_MAX];
	size_t count;
};

enum {
	TAP_FIN = 0x01,
	TAP_SYN = 0x02,
	TAP_RST = 0x04,
};

void tap_open(struct tap *tap, const struct ns *ns);
size_t tap_count(struct tap *tap, const struct addr *from, int flag);

#endif /* TAP_H */
