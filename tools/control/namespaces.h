/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_NAMESPACES_H
#define FINJECT_NAMESPACES_H

#include "netns.h"
#include "record.h"

/**
 * struct namespaces - the network namespaces that finject is at work in
 * @text: what the kernel says
 * @record: that, as records
 * @netns: for each of them what keeps it
 * @count: number of them
 */
struct namespaces {
	char *text;
	struct record *record;
	struct netns *netns;
	size_t count;
};

int namespaces_read(struct namespaces *all);
void namespaces_free(struct namespaces *all);

#endif /* FINJECT_NAMESPACES_H */
