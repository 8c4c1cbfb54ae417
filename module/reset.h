/* SPDX-License-Identifier: GPL-2.0-only */
/* RSTs that the addressed stack accepts. */
#ifndef FINJECT_RESET_H
#define FINJECT_RESET_H

#include "segment.h"

bool finject_reset_sender(const struct sk_buff *skb,
			  const struct nf_hook_state *state,
			  const struct finject_segment *segment);
bool finject_reset_receiver(struct sk_buff *skb,
			    const struct nf_hook_state *state,
			    const struct nf_hook_ops *ops,
			    const struct finject_segment *segment, u32 seq);

#endif /* FINJECT_RESET_H */
