// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "snmp.h"

/**
 * snmp_take - read the counters
 * @snmp: filled in
 * @ns: of which namespace
 */
void snmp_take(struct snmp *snmp, const struct ns *ns)
{
	size_t len = ns_read(ns, "/proc/self/net/snmp", snmp->text,
			     sizeof(snmp->text));

	ns_read(ns, "/proc/self/net/netstat", snmp->text + len,
		sizeof(snmp->text) - len);
}

/* The word after @at, or NULL at the end of the line. */
static const char *snmp_next(const char *at)
{
	at += strcspn(at, "\n ");
	return *at == ' ' ? at + 1 : NULL;
}

/* Value of @name in the pair of lines that starts at @names. */
static const char *snmp_pair(const char *names, const char *name)
{
	const char *values = strchr(names, '\n');
	size_t len = strlen(name);

	for (values = values ? values + 1 : NULL; names && values;
	     names = snmp_next(names), values = snmp_next(values))
		if (!strncmp(names, name, len) && strchr("\n ", names[len]))
			return values;
	return NULL;
}

/**
 * snmp_get - a counter by name
 * @snmp: the snapshot
 * @name: as in the files, without prefix: RetransSegs, TCPTimeouts
 *
 * Return: its value; a name that the kernel does not have is a failure.
 */
long snmp_get(const struct snmp *snmp, const char *name)
{
	const char *at, *value;

	for (at = snmp->text; at && *at; at = strchr(at, '\n') + 1) {
		if (strncmp(at, "Tcp: ", 5) && strncmp(at, "TcpExt: ", 8))
			continue;
		value = snmp_pair(at, name);
		if (value)
			return atol(value);
	}
	fail("the kernel does not count %s", name);
}

/**
 * snmp_delta - how much a counter has risen
 * @since: the snapshot to compare with
 * @ns: its namespace
 * @name: of the counter
 *
 * Return: the difference.
 */
long snmp_delta(const struct snmp *since, const struct ns *ns,
		const char *name)
{
	struct snmp here;

	snmp_take(&here, ns);
	return snmp_get(&here, name) - snmp_get(since, name);
}
