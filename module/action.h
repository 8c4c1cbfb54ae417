/* SPDX-License-Identifier: GPL-2.0-only */
/* The actions of rules. */
#ifndef FINJECT_ACTION_H
#define FINJECT_ACTION_H

#include "hook_state.h"
#include "netns.h"

void finject_action_prepare(struct finject_hook_state *hs);
bool finject_action_commit(struct finject_hook_state *hs);

#endif /* FINJECT_ACTION_H */
