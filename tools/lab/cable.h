/* SPDX-License-Identifier: GPL-2.0-only */
/* Two namespaces with a cable between them. */
#ifndef FINJECT_CABLE_H
#define FINJECT_CABLE_H

#include "ns.h"

/**
 * struct cable - the addresses of a cable
 * @near: of its first end
 * @far: of its second end
 * @prefix: length of their network's prefix, bits
 */
struct cable {
	const char *near;
	const char *far;
	int prefix;
};

int cable_end_new(struct ns *ns);
int cable_lay(const struct ns *near, const char *near_name,
	      const struct ns *far, const char *far_name,
	      const struct cable *cable);
int cable_connect(const struct ns *near, const char *near_name,
		  const struct ns *far, const char *far_name,
		  const struct cable *cable);

#endif /* FINJECT_CABLE_H */
