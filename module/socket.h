/* SPDX-License-Identifier: GPL-2.0-only */
/* The probe of the states of sockets. */
#ifndef FINJECT_SOCKET_H
#define FINJECT_SOCKET_H

#include "netns.h"

void finject_socket_net_init(struct finject_net *fnet);
void finject_socket_record(struct finject_net *fnet);
void finject_socket_flush(struct finject_net *fnet);

void finject_socket_init(void);
int finject_socket_watch(void);
void finject_socket_unwatch(void);

#endif /* FINJECT_SOCKET_H */
