/* SPDX-License-Identifier: GPL-2.0-only */
/* State changes of the sockets of tracked flows. */
#ifndef FINJECT_SOCKET_H
#define FINJECT_SOCKET_H

void finject_socket_init(void);
int finject_socket_watch(void);
void finject_socket_unwatch(void);

#endif /* FINJECT_SOCKET_H */
