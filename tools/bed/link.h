/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_LINK_H
#define BED_LINK_H

#include "ns.h"

int link_veth(const struct ns *a, const char *a_name,
	      const struct ns *b, const char *b_name);
int link_up(const struct ns *ns, const char *name);
int link_wait(const struct ns *ns, const char *name);
int link_del(const struct ns *ns, const char *name);
int link_addr(const struct ns *ns, const char *name, const char *addr,
	      int prefix);
int link_route(const struct ns *ns, const char *dst, int prefix,
	       const char *via);
int link_mac(const struct ns *ns, const char *name, char mac[18]);
unsigned int link_index(const struct ns *ns, const char *name);

#endif /* BED_LINK_H */
