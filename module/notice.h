/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel log says of a namespace: that faults begin and end there. */
#ifndef FINJECT_NOTICE_H
#define FINJECT_NOTICE_H

#include "netns.h"

void finject_notice_init(void);
void finject_notice_change(struct finject_net *fnet,
			   const struct finject_ruleset *old,
			   const struct finject_ruleset *set);
void finject_notice_end(struct finject_net *fnet);

#endif /* FINJECT_NOTICE_H */
