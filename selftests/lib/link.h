/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINK_H
#define LINK_H

#include "ns.h"

void link_veth(const struct ns *a, const char *a_name,
	       const struct ns *b, const char *b_name);
void link_up(const struct ns *ns, const char *name);
int link_del(const struct ns *ns, const char *name);
void link_addr(const struct ns *ns, const char *name, const char *addr,
	       int prefix);
void link_mac(const struct ns *ns, const char *name, char mac[18]);
void link_route(const struct ns *ns, const char *dst, int prefix,
		const char *via);

#endif /* LINK_H */
