/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies of a segment, whole or split into its wire segments. */
#ifndef FINJECT_COPY_H
#define FINJECT_COPY_H

#include <linux/skbuff.h>

struct sk_buff *finject_copy(struct sk_buff *skb);
struct sk_buff *finject_split(struct sk_buff *skb, unsigned int hook,
			      struct sk_buff **data);

#endif /* FINJECT_COPY_H */
