/* SPDX-License-Identifier: GPL-2.0-only */
/* What the socket of this host tells of a FIN. */
#ifndef FINJECT_ACCEPT_H
#define FINJECT_ACCEPT_H

#include "conn.h"

void finject_accept_fin(struct sk_buff *skb, const struct nf_hook_state *state,
			unsigned int thoff, struct finject_segment *segment,
			const struct finject_conn *conn);

#endif /* FINJECT_ACCEPT_H */
