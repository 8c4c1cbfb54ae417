/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DIAG_H
#define DIAG_H

#include <stdbool.h>
#include <linux/types.h>

#include "addr.h"
#include "ns.h"

/* Names of TCP states, in the kernel's numbers. */
enum state {
	GONE,			/* no socket has the 4-tuple */
	ESTABLISHED,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSED,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	STATES,
};

/* idiag_timer */
enum diag_timer {
	TIMER_NONE,
	TIMER_RETRANSMIT,
	TIMER_KEEPALIVE,
	TIMER_TIMEWAIT,
	TIMER_PROBE,
};

/**
 * struct diag - what inet_diag says of one end of a connection, as ss shows it
 * @state: its state; of a timewait socket its substate, so FIN_WAIT2 with
 *	TIMER_TIMEWAIT is a FIN_WAIT2 without a full socket
 * @timer: what runs
 * @expires: ms until it does
 * @retransmits: of the segment at the head of the queue
 * @count: sockets with that 4-tuple, 1 or none
 */
struct diag {
	enum state state;
	enum diag_timer timer;
	unsigned int expires;
	unsigned int retransmits;
	unsigned int count;
};

extern const char * const state_names[STATES];

struct diag diag_get(const struct ns *ns, const struct addr *local,
		     const struct addr *remote);
enum state diag_state(const struct ns *ns, const struct addr *local,
		      const struct addr *remote);

#endif /* DIAG_H */
