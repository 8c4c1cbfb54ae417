/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A FIN on a GSO skb: B's window is filled first, so that the FIN joins unsent
 * data; B then reads, and the rest leaves at once.
 */
#ifndef BULK_H
#define BULK_H

#include "bed.h"

/**
 * struct bulk - data on its way from one end to the other
 * @sent: bytes written
 * @got: bytes read
 */
struct bulk {
	size_t sent, got;
};

void bulk_small_window(struct bed *bed);
void bulk_fill(struct bulk *bulk, int fd);
bool bulk_drain(struct bulk *bulk, int fd);

#endif /* BULK_H */
