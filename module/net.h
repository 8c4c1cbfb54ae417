/* SPDX-License-Identifier: GPL-2.0-only */
/* The lifetime of a namespace's struct finject_net. */
#ifndef FINJECT_NET_H
#define FINJECT_NET_H

#include "netns.h"

struct finject_net *finject_net_get(struct net *net);
void finject_net_put(struct finject_net *fnet);

int finject_net_init(void);
void finject_net_exit(void);

#endif /* FINJECT_NET_H */
