/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_DIAG_H
#define FINJECT_DIAG_H

#include "types.h"

struct endpoint;
struct mnl_socket;

/**
 * struct diag_socket - a TCP socket as inet_diag (and so ss) shows it
 * @saddr: local address, as in struct endpoint
 * @daddr: address of the other end
 * @sport: local port
 * @dport: port of the other end
 * @state: RFC 9293 name, underscores between the words; of a time-wait socket
 *	its substate: FIN_WAIT2 or TIME_WAIT
 * @timewait: it is a time-wait socket, without owner
 * @expires: what is left of its timer, in ms
 */
struct diag_socket {
	u8 saddr[16];
	u8 daddr[16];
	u16 sport;
	u16 dport;
	const char *state;
	bool timewait;
	u32 expires;
};

typedef void diag_fn(const struct diag_socket *socket, void *data);

struct mnl_socket *diag_open(void);
int diag_find(struct mnl_socket *nl, const struct endpoint *src,
	      const struct endpoint *dst, struct diag_socket *found);
int diag_dump(struct mnl_socket *nl, int family, diag_fn *each, void *data);

#endif /* FINJECT_DIAG_H */
