/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test bed: namespaces, links, one connection across them, and the means to
 * observe it. A is the end that connects, B the end that accepts.
 */
#ifndef BED_H
#define BED_H

#include "conn.h"
#include "diag.h"
#include "events.h"
#include "snmp.h"

enum topology {
	VETH,		/* A and B in two namespaces */
	LOOPBACK,	/* both in one, over lo */
	ROUTER,		/* A and B in two, a third one forwards */
};

enum { BED_PORT = 8080 };

/**
 * struct end - one end of the connection
 * @ns: its namespace
 * @ev: events of that namespace
 * @fd: its socket
 * @local: its address
 * @remote: the address of its peer
 * @before: counters of its namespace from before the close
 */
struct end {
	struct ns *ns;
	struct events *ev;
	int fd;
	struct addr local, remote;
	struct snmp before;
};

/**
 * struct bed - the test bed
 * @topology: its shape
 * @ns: its namespaces: A's, B's, the router's
 * @ev: events of each
 * @count: number of namespaces
 * @server: the address at which B listens
 * @listener: B's listening socket
 * @a: the connecting end
 * @b: the accepting end
 * @router: namespace of the router
 */
struct bed {
	enum topology topology;
	struct ns ns[3];
	struct events ev[3];
	int count;
	struct addr server;
	int listener;
	struct end a, b;
	struct ns *router;
};

void bed_bare(struct bed *bed, int count);
void bed_serve(struct bed *bed, struct ns *at, const char *ip);
void bed_open(struct bed *bed, enum topology topology, int family);
void bed_sysctl(struct bed *bed, const char *name, const char *value);
void bed_connect(struct bed *bed);
void bed_hangup(struct bed *bed);
void bed_reconnect(struct bed *bed, bool same_port);
long bed_repeats(const struct bed *bed);
const char *bed_close(struct bed *bed);

struct diag end_diag(const struct end *end);
enum state end_state(const struct end *end);
long end_count(const struct end *end, const char *name);
const char *end_path(const struct end *end);
bool end_reaches(const struct end *end, enum state state);

#endif /* BED_H */
