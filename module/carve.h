/* SPDX-License-Identifier: GPL-2.0-only */
/* A FIN that rides on a GSO or GRO skb, carved off as its last wire segment. */
#ifndef FINJECT_CARVE_H
#define FINJECT_CARVE_H

#include <linux/skbuff.h>

struct sk_buff *finject_carve(struct sk_buff *skb, unsigned int hook,
			      struct sk_buff **data);

#endif /* FINJECT_CARVE_H */
