/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FINs of connections that nobody has: they are never acknowledged, and never
 * retransmitted.
 */
#ifndef STRAY_H
#define STRAY_H

#include "ns.h"

/* Their destination: its link address is known, and nobody is there. */
#define STRAY_TO	"10.7.9.9"

void stray_fins(const struct ns *ns, unsigned int port, unsigned int count);

#endif /* STRAY_H */
