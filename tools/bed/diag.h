/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_DIAG_H
#define BED_DIAG_H

#include <stdbool.h>
#include <linux/types.h>

#include "addr.h"
#include "ns.h"
#include "vocabulary.h"

/* TCP states, in the kernel's numbers. */
enum state {
	GONE,			/* no socket has the 4-tuple */
#define X(number, name)	name,
	FINJECT_STATE_LIST(X, X)
#undef X
	STATES,
};

extern const char * const state_names[STATES];

/* idiag_timer */
enum diag_timer {
	TIMER_NONE,
	TIMER_RETRANSMIT,
	TIMER_KEEPALIVE,
	TIMER_TIMEWAIT,
	TIMER_PROBE,
};

/**
 * struct diag - one end of a connection, as inet_diag (and so ss) shows it
 * @state: its state; of a timewait socket its substate, so FIN_WAIT2 with
 *	TIMER_TIMEWAIT is a FIN_WAIT2 without a full socket
 * @timer: the timer that runs
 * @expires: ms until it expires
 * @retransmits: of the segment at the head of the queue
 * @count: number of sockets with that 4-tuple, 1 or 0
 */
struct diag {
	enum state state;
	enum diag_timer timer;
	unsigned int expires;
	unsigned int retransmits;
	unsigned int count;
};

int diag_open(const struct ns *ns);
int diag_look(int nl, const struct addr *local, const struct addr *remote,
	      struct diag *found);
int diag_find(int nl, const struct addr *local, const struct addr *remote,
	      struct diag *found);
int diag_count(int nl, int family, enum state state);
struct diag diag_get(const struct ns *ns, const struct addr *local,
		     const struct addr *remote);
enum state diag_state(const struct ns *ns, const struct addr *local,
		      const struct addr *remote);

#endif /* BED_DIAG_H */
