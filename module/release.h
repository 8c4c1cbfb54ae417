/* SPDX-License-Identifier: GPL-2.0-only */
/* Release and purge of parked segments, in bounded turns. */
#ifndef FINJECT_RELEASE_H
#define FINJECT_RELEASE_H

#include "park.h"

/**
 * struct finject_park_filter - a choice of parked segments; a member that is
 *	zero or NULL admits all
 * @rule: segments that this rule parked
 * @tag: segments held under this name
 * @id: the segment with this number
 * @dev: segments that need this device
 * @module: segments that would continue in the code of this module
 */
struct finject_park_filter {
	const struct finject_rule *rule;
	const char *tag;
	u64 id;
	const struct net_device *dev;
	const struct module *module;
};

unsigned long finject_park_release(struct finject_park *park,
				   const struct finject_park_filter *filter);
void finject_park_release_tag(struct finject_park *park,
			      struct finject_tag *tag);
void finject_park_walk_tags(struct finject_park *park);
void finject_park_end_rule(struct finject_park *park,
			   struct finject_rule *rule);
void finject_park_wait(struct finject_park *park);
unsigned long finject_park_purge(struct finject_park *park,
				 const struct finject_park_filter *filter);
void finject_park_close(struct finject_park *park);

#endif /* FINJECT_RELEASE_H */
