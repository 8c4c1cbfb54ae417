/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules in force in a namespace, and the readers of its events. */
#ifndef FINJECT_ARMED_H
#define FINJECT_ARMED_H

#include "netns.h"

void finject_armed_init(struct finject_net *fnet);
int finject_armed_publish(struct finject_net *fnet,
			  struct finject_ruleset *set);
int finject_armed_clear(struct finject_net *fnet);
void finject_armed_disown(struct finject_net *fnet, const void *owner);
int finject_armed_watch(struct finject_net *fnet, u64 *position);
void finject_armed_unwatch(struct finject_net *fnet);

#endif /* FINJECT_ARMED_H */
