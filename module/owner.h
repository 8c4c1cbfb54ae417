/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules whose code and data a parked segment needs. */
#ifndef FINJECT_OWNER_H
#define FINJECT_OWNER_H

#include <linux/skbuff.h>

struct module;

bool finject_owners_get(const struct sk_buff *skb, u8 *held);
void finject_owners_put(u8 held);
bool finject_owners_there(u8 held);

int finject_owner_init(void (*going)(const struct module *module));
void finject_owner_exit(void);

#endif /* FINJECT_OWNER_H */
