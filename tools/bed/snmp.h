/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_SNMP_H
#define BED_SNMP_H

#include "ns.h"

/**
 * struct snmp - the TCP counters of a namespace at one moment
 * @text: Tcp, TcpExt and MPTcpExt lines of /proc/net/snmp and /proc/net/netstat
 */
struct snmp {
	char text[16384];
};

int snmp_take(struct snmp *snmp, const struct ns *ns);
long snmp_get(const struct snmp *snmp, const char *name);
long snmp_rise(const struct snmp *from, const struct snmp *to,
	       const char *name);
long snmp_delta(const struct snmp *since, const struct ns *ns,
		const char *name);

#endif /* BED_SNMP_H */
