/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One real close on real sockets between two network namespaces made for it,
 * and all that was observed of it.
 */
#ifndef FINJECT_TRIAL_H
#define FINJECT_TRIAL_H

#include "types.h"

#include "ladder.h"
#include "log.h"

struct mnl_socket;

/**
 * struct trial_end - one end of the connection
 * @netns: holds its network namespace
 * @events: the file `events` of that namespace
 * @socket: its end of the connection, -1 once it was closed
 * @diag: asks for the sockets of that namespace
 * @present: inet_diag showed the socket last time
 * @timewait: the time-wait state that inet_diag showed last time, or ""
 * @looked: when inet_diag was asked last time, ns
 * @expires: what was left of the timer then, in ms
 */
struct trial_end {
	int netns;
	int events;
	int socket;
	struct mnl_socket *diag;
	bool present;
	char timewait[16];
	u64 looked;
	u32 expires;
};

/**
 * struct trial_counters - what TCP of an end counted during the close
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
 * @log: what was observed, by time once the trial has run
 * @counted: by TCP of each end, from A's close on
 * @eofs: how often B read an end of file
 * @close_at: when B is to close, ns, 0 before it read the end of file
 * @started: when A closed, ns
 * @now: the present, ns
 * @gave_up: it took too long, or B never learned of the close
 */
struct trial {
	struct trial_end end[2];
	struct log log;
	struct trial_counters counted[2];
	unsigned int eofs;
	u64 close_at;
	u64 started;
	u64 now;
	bool gave_up;
};

/**
 * struct trial_place - where an end is
 * @device: its end of the cable
 * @address: its IPv4 address
 * @port: its port
 */
struct trial_place {
	const char *device;
	const char *address;
	u16 port;
};

extern const struct trial_place trial_place[2];

int trial_open(struct trial *trial);
int trial_rule(struct trial *trial, enum ladder_end end, const char *rule);
int trial_run(struct trial *trial);
char *trial_read(struct trial *trial, enum ladder_end end, const char *file);
u64 trial_now(void);
int trial_enter(const struct trial *trial, enum ladder_end end);
void trial_end_close(struct trial_end *end);
void trial_close(struct trial *trial);

#endif /* FINJECT_TRIAL_H */
