/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_VETH_H
#define FINJECT_VETH_H

#include <netinet/in.h>

int veth_pair(const char *name, const char *peer, int peer_netns);
int veth_is_running(const char *name);
int veth_up(const char *name, const struct in_addr *address, int prefix);

#endif /* FINJECT_VETH_H */
