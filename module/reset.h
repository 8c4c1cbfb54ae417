/* SPDX-License-Identifier: GPL-2.0-only */
/* RSTs that the addressed stack accepts. */
#ifndef FINJECT_RESET_H
#define FINJECT_RESET_H

#include "segment.h"

struct sk_buff *finject_reset_for_sender(const struct sk_buff *skb,
					 const struct finject_segment *segment);
struct sk_buff *
finject_reset_for_receiver(struct sk_buff *skb,
			   const struct finject_segment *segment, u32 seq);
bool finject_reset_sender(struct sk_buff *rst, const struct sk_buff *skb,
			  const struct nf_hook_state *state,
			  const struct finject_segment *segment);

#endif /* FINJECT_RESET_H */
