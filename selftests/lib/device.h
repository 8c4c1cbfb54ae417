/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices and settings that ip(8) and tc(8) cannot make, or only with a tool
 * that the guest does not have.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <sys/types.h>

#include "addr.h"
#include "ns.h"

bool device_big(const struct ns *ns, const char *name, int family,
		unsigned int size);
bool device_team(const struct ns *ns, const char *name, const char *mode);
bool device_wireguard(const struct ns *a, const char *a_ip,
		      const struct ns *b, const char *b_ip);
bool device_xdp(const struct ns *ns, const char *name);
bool device_ipvs(const struct ns *ns, const struct addr *service,
		 const struct addr *real);
pid_t device_cable(const struct ns *a, const struct ns *b, const char *name,
		   bool ether);

#endif /* DEVICE_H */
