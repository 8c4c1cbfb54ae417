/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_CONN_H
#define BED_CONN_H

#include <stdbool.h>

#include "addr.h"
#include "clock.h"
#include "ns.h"

/* The longest wait for anything that must happen: more than any TCP timer that
 * the tests leave at its default. Virtual time is cheap.
 */
#define PATIENCE	(20 * SEC)

/* What conn_read() returns beside a byte count. */
enum {
	CONN_EOF = 0,
	CONN_NOTHING = -1,	/* the deadline passed */
};

int conn_socket(const struct ns *ns, int family);
int conn_reach(int fd, const struct addr *to, __u64 span);
int conn_listen(const struct ns *ns, const struct addr *at);
int conn_connect(const struct ns *ns, const struct addr *from,
		 const struct addr *to);
int conn_accept(int listener);
int conn_read(int fd, __u64 span);
int conn_error(int fd);
int conn_write(int fd, const char *text);
int conn_shut(int fd);
void conn_reset(int *fd);
void conn_close(int *fd);

#endif /* BED_CONN_H */
