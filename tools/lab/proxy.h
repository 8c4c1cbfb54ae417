/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PROXY_H
#define FINJECT_PROXY_H

#include <sys/types.h>

#include "addr.h"
#include "ns.h"

pid_t proxy_start(const struct ns *ns, const struct addr *at,
		  const struct addr *to);
void proxy_stop(pid_t pid);

#endif /* FINJECT_PROXY_H */
