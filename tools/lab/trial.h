/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One real close on real sockets, in network namespaces made for it or in
 * existing ones, and all events and counters of it.
 */
#ifndef FINJECT_TRIAL_H
#define FINJECT_TRIAL_H

#include "addr.h"
#include "diag.h"
#include "ns.h"
#include "snmp.h"
#include "ladder.h"
#include "log.h"
#include "types.h"

/**
 * struct trial_end - one end of the connection
 * @ns: its network namespace
 * @at: its address and port
 * @lease: file that holds the rules added in an existing namespace, or -1
 * @before: the rules that existed before, or NULL
 * @events: the file `events` of that namespace, -1 at B if A shares it
 * @socket: its end of the connection, -1 once it is closed
 * @diag: from diag_open()
 * @seen: the socket, as inet_diag last showed it
 * @waits: a time-wait socket is left of it, as `events` last said
 * @before_close: counters of TCP, from just before A closed
 */
struct trial_end {
	struct ns ns;
	struct addr at;
	int lease;
	char *before;
	int events;
	int socket;
	int diag;
	struct diag seen;
	bool waits;
	struct snmp before_close;
};

/**
 * struct trial_counters - TCP counters of an end during the close
 * @retransmitted: RetransSegs
 * @spurious: TCPSpuriousRtxHostQueues
 */
struct trial_counters {
	long retransmitted;
	long spurious;
};

/**
 * struct trial - one close
 * @end: A, which closes first, and B
 * @log: the observed events, sorted by time once the trial has run
 * @counted: counters of TCP of each end, from A's close on
 * @eofs: how often B read an end of file
 * @close_at: when B is to close, ns, 0 before it has read the end of file
 * @started: when A closed, ns
 * @gone: when inet_diag first showed that nothing is left, ns, or 0
 * @now: the current time, ns
 * @gave_up: it took too long, or B never learned of the close
 * @borrowed: the namespaces existed before, and others use them
 * @together: both ends are in one namespace
 * @alias: the address by which A reaches B, where NAT is between them; else
 *	its length is 0
 */
struct trial {
	struct trial_end end[2];
	struct log log;
	struct trial_counters counted[2];
	unsigned int eofs;
	u64 close_at;
	u64 started;
	u64 gone;
	u64 now;
	bool gave_up;
	bool borrowed;
	bool together;
	struct addr alias;
};

/**
 * struct trial_site - the place of a trial; all zero for two namespaces of its
 *	own, with a cable between them
 * @netns: two existing namespaces, see ctl_netns_open(), or NULL
 * @address: (of existing ones) B's address, or NULL for the first that is
 *	global
 * @loopback: in one namespace of its own, over lo
 * @alias: (of existing ones) the address by which A reaches B, where NAT is
 *	between them, or NULL
 */
struct trial_site {
	const char *netns[2];
	const char *address;
	const char *alias;
	bool loopback;
};

int trial_site_open(struct trial *trial, const struct trial_site *site);
int trial_open_at(struct trial *trial, const struct trial_site *site);
int trial_open(struct trial *trial);
int trial_rule(struct trial *trial, enum ladder_end end, const char *rule);
bool trial_is_own_rule(const struct trial *trial, enum ladder_end end,
		       unsigned int id);
int trial_run(struct trial *trial);
char *trial_read(struct trial *trial, enum ladder_end end, const char *file);
int trial_enter(const struct trial *trial, enum ladder_end end);
void trial_end_close(struct trial_end *end);
void trial_close(struct trial *trial);

#endif /* FINJECT_TRIAL_H */
