/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the receiver of a FIN takes it into account. */
#ifndef FINJECT_ACCEPT_H
#define FINJECT_ACCEPT_H

#include "conn.h"

bool finject_accept_fin(struct sk_buff *skb, const struct nf_hook_state *state,
			unsigned int thoff,
			const struct finject_segment *segment,
			const struct finject_conn *conn);

#endif /* FINJECT_ACCEPT_H */
