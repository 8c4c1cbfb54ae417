/* SPDX-License-Identifier: GPL-2.0-only */
/* The hook entries of finject. */
#ifndef FINJECT_HOOK_H
#define FINJECT_HOOK_H

struct finject_net;

void finject_hook_init(struct finject_net *fnet);
int finject_hook_set(struct finject_net *fnet, unsigned int hooks);

#endif /* FINJECT_HOOK_H */
