/* SPDX-License-Identifier: GPL-2.0-only */
/* The closes that no rule concerns: the latest of them, to show it. */
#ifndef FINJECT_OTHER_H
#define FINJECT_OTHER_H

#include <linux/spinlock.h>

#include "segment.h"

/**
 * struct finject_other - a FIN or RST of a connection that no rule concerns
 * @lock: guards the rest
 * @when: jiffies at which it was kept, 0 for never; also read without @lock
 * @tuple: key of its flow
 * @dir: end of @tuple that sent it
 * @hook: enum nf_inet_hooks
 */
struct finject_other {
	spinlock_t lock;	/* innermost */
	unsigned long when;
	struct finject_tuple tuple;
	u8 dir;
	u8 hook;
};

void finject_other_init(struct finject_other *other);
void finject_other_keep(struct finject_other *other,
			const struct finject_segment *segment);
bool finject_other_get(struct finject_other *other,
		       struct finject_other *copy);

#endif /* FINJECT_OTHER_H */
