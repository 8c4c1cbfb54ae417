// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "snmp.h"

/**
 * snmp_take() - read the counters
 * @snmp: filled in
 * @ns: the namespace
 *
 * Return: 0, or 1 after a sentence.
 */
int snmp_take(struct snmp *snmp, const struct ns *ns)
{
	ssize_t len = ns_read(ns, "/proc/thread-self/net/snmp", snmp->text,
			      sizeof(snmp->text));

	return len < 0 || ns_read(ns, "/proc/thread-self/net/netstat",
				  snmp->text + len,
				  sizeof(snmp->text) - len) < 0;
}

/* Return the word after @at, or NULL at the end of the line. */
static const char *snmp_next(const char *at)
{
	at += strcspn(at, "\n ");
	return *at == ' ' ? at + 1 : NULL;
}

/* Return the value of @name in the pair of lines that starts at @names. */
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
 * snmp_get() - get a counter of TCP by name
 * @snmp: the snapshot
 * @name: as in the files, without prefix: RetransSegs, TCPTimeouts
 *
 * Return: its value, or -1 after a sentence if the kernel does not have it.
 */
long snmp_get(const struct snmp *snmp, const char *name)
{
	const char *at = snmp->text, *value;

	for (; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
		if (strncmp(at, "Tcp: ", 5) && strncmp(at, "TcpExt: ", 8) &&
		    strncmp(at, "MPTcpExt: ", 10))
			continue;
		value = snmp_pair(at, name);
		if (value)
			return atol(value);
	}
	fail("the kernel does not count %s", name);
	return -1;
}

/**
 * snmp_rise() - get the rise of a counter between two snapshots
 * @from: the first
 * @to: the second
 * @name: name of the counter
 *
 * Return: the difference.
 */
long snmp_rise(const struct snmp *from, const struct snmp *to,
	       const char *name)
{
	return snmp_get(to, name) - snmp_get(from, name);
}

/**
 * snmp_delta() - get the rise of a counter up to now
 * @since: the snapshot to compare with
 * @ns: its namespace
 * @name: name of the counter
 *
 * Return: the difference.
 */
long snmp_delta(const struct snmp *since, const struct ns *ns,
		const char *name)
{
	struct snmp here;

	return snmp_take(&here, ns) ? 0 : snmp_rise(since, &here, name);
}
