/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scenario while it is run: its namespaces, its connections, and all that is
 * observed.
 */
#ifndef FINJECT_EXPERIMENT_H
#define FINJECT_EXPERIMENT_H

#include "addr.h"
#include "diag.h"
#include "log.h"
#include "ns.h"
#include "scenario.h"
#include "snmp.h"

enum experiment_result {
	EXPERIMENT_OK,
	EXPERIMENT_FAILED,	/* something is not as expected */
	EXPERIMENT_SKIPPED,	/* this kernel cannot */
	EXPERIMENT_BROKEN,	/* it could not be run */
};

enum { EXPERIMENT_SEEN = 64 };	/* lines of one scenario */

/**
 * struct experiment_socket - one end of one connection
 * @fd: its socket, -1 when it is closed, or not yet open
 * @local: its address
 * @remote: the other end's
 * @sent: bytes sent
 * @came: bytes read
 */
struct experiment_socket {
	int fd;
	struct addr local;
	struct addr remote;
	u64 sent;
	u64 came;
};

/**
 * struct experiment_seen - what was seen where a line asks for something
 * @line: number of the line
 * @text: a number, a time or names
 */
struct experiment_seen {
	unsigned int line;
	char text[96];
};

/**
 * struct experiment - a run of a scenario
 * @scenario: the scenario
 * @family: AF_INET or AF_INET6
 * @hosts: number of hosts
 * @ns: their namespaces; over loopback both ends share one
 * @at: address of each end, without a port
 * @to: the address at which the other end reaches it
 * @router: address of the router on the side of A
 * @helper: process that is part of the bed, or 0
 * @listener: of each end, -1 for none
 * @socket: ends of the connections
 * @events: file `events` of each host, -1 where it is that of another
 * @lease: files whose leases the rules are: they end with this process
 * @leases: their number
 * @diag: from diag_open()
 * @before: counters of TCP before the first step
 * @log: what was observed, sorted once all steps have run
 * @silent: number of rules that must not fire, or need not
 * @result: enum experiment_result
 * @seen: what was seen so far, of as many lines as there is room for
 * @sights: number of @seen
 * @line: number of the line that decided it
 * @why: what was seen instead
 */
struct experiment {
	const struct scenario *scenario;
	int family;
	unsigned int hosts;
	struct ns ns[SCENARIO_HOSTS];
	struct addr at[2];
	struct addr to[2];
	struct addr router;
	pid_t helper;
	int listener[2];
	struct experiment_socket socket[2][SCENARIO_SLOTS];
	int events[SCENARIO_HOSTS];
	int lease[SCENARIO_RULES];
	unsigned int leases;
	int diag[2];
	struct snmp before[SCENARIO_HOSTS];
	struct log log;
	struct experiment_seen seen[EXPERIMENT_SEEN];
	unsigned int sights;
	enum experiment_result result;
	unsigned int line;
	char why[512];
};

/* What is otherwise than a line says; why this kernel cannot do it. */
#define experiment_fail(run, line, ...)	\
	experiment_end(run, line, EXPERIMENT_FAILED, __VA_ARGS__)
#define experiment_skip(run, line, ...)	\
	experiment_end(run, line, EXPERIMENT_SKIPPED, __VA_ARGS__)

int experiment_end(struct experiment *run, const struct scenario_line *line,
		   enum experiment_result result, const char *format, ...)
	__attribute((format(printf, 4, 5)));
void experiment_saw(struct experiment *run, const struct scenario_line *line,
		    const char *format, ...)
	__attribute((format(printf, 3, 4)));
struct experiment_socket *experiment_socket(struct experiment *run,
					    const struct scenario_line *line);
void experiment_watch(struct experiment *run, unsigned int ms);

#endif /* FINJECT_EXPERIMENT_H */
