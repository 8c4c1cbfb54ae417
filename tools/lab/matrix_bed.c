// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "conn.h"
#include "ctl.h"
#include "experiment_bed.h"
#include "matrix_bed.h"
#include "matrix_counters.h"
#include "refuse.h"

enum {
	PORT_B = 8080,
	PORTS_FROM = 10000,
	PORTS_TO = 60000,
	LOOK_MS = 1000,		/* the longest wait between two looks */
	RULE = 128,
};

static const u64 release_every = 10 * SEC;
static const u64 look_every = 5 * SEC;
static const u64 deadline = 1500 * SEC;
static const u64 talk = 100 * MSEC;

static int bed_write(struct matrix_bed *bed, enum host host, const char *file,
		     const char *text)
{
	int status = ns_enter(&bed->run.ns[host]);

	if (!status)
		status = ctl_write(file, text, 0, NULL);
	ns_leave();
	return status;
}

static char *bed_read(struct matrix_bed *bed, enum host host, const char *file)
{
	char *text = ns_enter(&bed->run.ns[host]) ? NULL : ctl_read(file);

	ns_leave();
	return text;
}

static int bed_open_end(struct experiment *run, int i)
{
	run->diag[i] = diag_open(&run->ns[i]);
	if (run->diag[i] < 0)
		return fail_with("inet_diag", -run->diag[i]);
	if (ns_enter(&run->ns[i]))
		return REFUSED;
	run->events[i] = ctl_file("events", O_RDONLY | O_NONBLOCK);
	ns_leave();
	return run->events[i] < 0 ? REFUSED : DONE;
}

/**
 * matrix_bed_open() - make the namespaces
 * @bed: to be closed also after a failure
 * @family: 0 IPv4, 1 IPv6
 *
 * Return: 0, or not 0 after a sentence.
 */
int matrix_bed_open(struct matrix_bed *bed, unsigned int family)
{
	struct experiment *run = &bed->run;
	struct addr at;

	memset(bed, 0, sizeof(*bed));
	bed->port = PORTS_FROM;
	bed->scenario.bed = BED_PAIR;
	run->scenario = &bed->scenario;
	run->family = family ? AF_INET6 : AF_INET;
	for (int i = 0; i < SCENARIO_HOSTS; i++) {
		run->ns[i].fd = -1;
		run->events[i] = -1;
	}
	for (int i = HOST_A; i <= HOST_B; i++) {
		run->diag[i] = -1;
		run->listener[i] = -1;
	}
	if (ctl_open(NULL) || experiment_bed_open(run))
		return REFUSED;
	if (bed_open_end(run, HOST_A) || bed_open_end(run, HOST_B))
		return REFUSED;
	at = run->at[HOST_B];
	addr_set_port(&at, PORT_B);
	run->listener[HOST_B] = conn_listen(&run->ns[HOST_B], &at);
	return run->listener[HOST_B] < 0 ? REFUSED : DONE;
}

/*
 * All faults are made in A's namespace, so that one tracker numbers them. When
 * both ends close, what A sends comes to B a moment later, and crosses what B
 * sends.
 */
static int rules_add(struct matrix_bed *bed)
{
	char *text[2] = { NULL, NULL }, rule[RULE];
	size_t size[2];
	FILE *out[2];
	int status = DONE;

	for (int i = HOST_A; i <= HOST_B; i++)
		out[i] = open_memstream(&text[i], &size[i]);
	for (size_t i = 0; i < bed->links; i++) {
		const struct matrix_case *one = bed->link[i].one;
		unsigned int port = addr_port(&bed->link[i].at[HOST_A]);

		for (int j = 0; j < 2; j++) {
			if (one->fault[j] == NO_FAULT)
				continue;
			matrix_fault_rule(one->fault[j], matrix_rule_id(i, j),
					  port, rule, sizeof(rule));
			fputs(rule, out[HOST_A]);
		}
		if (matrix_first(one->close) == FIRST_BOTH)
			fprintf(out[HOST_B],
				"add id=%zu seg=fin,rst nth=1 dir=in port=%u delay=5ms\n",
				i + 1, port);
	}
	for (int i = HOST_A; i <= HOST_B; i++) {
		fclose(out[i]);
		if (!status && size[i])
			status = bed_write(bed, i, "rules", text[i]);
		free(text[i]);
	}
	return status;
}

static int links_open(struct matrix_bed *bed, struct matrix_case **cases,
		      size_t count)
{
	for (bed->links = 0; bed->links < count; bed->links++) {
		struct matrix_link *link = &bed->link[bed->links];

		memset(link, 0, sizeof(*link));
		link->one = cases[bed->links];
		if (bed->port == PORTS_TO)
			bed->port = PORTS_FROM;
		if (matrix_link_open(link, &bed->run, bed->port++)) {
			bed->links++;	/* half of it may be open */
			return REFUSED;
		}
	}
	return DONE;
}

static bool links_gone(struct matrix_bed *bed)
{
	bool gone = true;

	for (size_t i = 0; i < bed->links; i++)
		gone &= matrix_link_gone(&bed->link[i], &bed->run);
	return gone;
}

static bool is_empty(struct matrix_bed *bed, enum host host)
{
	char *held = bed_read(bed, host, "held");
	bool empty = held && !strstr(held, "parked ");

	free(held);
	return empty;
}

static void holds_end(struct matrix_bed *bed)
{
	char *held = bed_read(bed, HOST_A, "held");

	if (held && strstr(held, "tag=matrix"))
		bed_write(bed, HOST_A, "held", "release tag=matrix");
	free(held);
}

static bool nothing_held(struct matrix_bed *bed)
{
	return is_empty(bed, HOST_A) && is_empty(bed, HOST_B);
}

/* How long until a program does something of itself, ms. */
static int patience(const struct matrix_bed *bed)
{
	u64 now = clock_now(), until = now + LOOK_MS * MSEC;

	for (size_t i = 0; i < bed->links; i++)
		for (int j = HOST_A; j <= HOST_B; j++) {
			const struct matrix_end *end = &bed->link[i].end[j];

			if (end->fd >= 0 && end->due && end->due < until)
				until = end->due;
		}
	return until <= now ? 0 : (int)((until - now) / MSEC) + 1;
}

/* Let programs wait, read and act. */
static void programs_run(struct matrix_bed *bed)
{
	struct pollfd file[2 * MATRIX_BATCH];
	size_t count = 2 * bed->links;

	for (size_t i = 0; i < count; i++) {
		const struct matrix_end *end = &bed->link[i / 2].end[i % 2];

		file[i] = (struct pollfd){
			.fd = matrix_end_reads(end) ? end->fd : -1,
			.events = POLLIN,
		};
	}
	poll(file, count, patience(bed));
	for (size_t i = 0; i < count; i++) {
		if (file[i].revents)
			matrix_end_ready(&bed->link[i / 2], i % 2);
		matrix_end_due(&bed->link[i / 2], i % 2);
	}
	experiment_watch(&bed->run, 0);
}

/* Return: whether nothing is left. */
static bool batch_follow(struct matrix_bed *bed)
{
	u64 begin = clock_now(), now = begin;
	u64 release = begin + release_every, look = begin;

	while (now - begin < deadline) {
		programs_run(bed);
		now = clock_now();
		if (now >= release) {
			holds_end(bed);
			release = now + release_every;
		}
		if (now < look)
			continue;
		look = now + look_every;
		if (links_gone(bed) && nothing_held(bed))
			return true;
	}
	return false;
}

/* Ask the counters, and take away what the batch has set up. */
static void batch_end(struct matrix_bed *bed, bool over)
{
	/* records of sockets come a moment later */
	experiment_watch(&bed->run, 1100);
	bed->counters[0] = '\0';
	bed->left[0] = '\0';
	for (int i = HOST_A; i <= HOST_B; i++) {
		char *stats = bed_read(bed, i, "stats");
		const struct matrix_counters counters = {
			.host = i,
			.link = bed->link,
			.links = bed->links,
			.wrong = bed->counters,
			.size = sizeof(bed->counters),
		};

		matrix_counters(&counters, stats);
		free(stats);
		bed_write(bed, i, "rules", "flush");
	}
	if (!over && !nothing_held(bed))
		snprintf(bed->left, sizeof(bed->left), "a segment is parked");
	log_sort(&bed->run.log);
}

/**
 * matrix_bed_run() - run cases, all at once
 * @bed: the bed; matrix_bed_clear() forgets what was observed
 * @cases: the cases
 * @count: their number, at most MATRIX_BATCH
 *
 * Return: 0, or not 0 after a sentence.
 */
int matrix_bed_run(struct matrix_bed *bed, struct matrix_case **cases,
		   size_t count)
{
	u64 since = clock_now();

	if (links_open(bed, cases, count) || rules_add(bed))
		return REFUSED;
	for (size_t i = 0; i < bed->links; i++)
		matrix_link_talk(&bed->link[i]);
	while (clock_now() - since < talk)
		experiment_watch(&bed->run, talk / MSEC);
	for (size_t i = 0; i < bed->links; i++)
		matrix_link_begin(&bed->link[i]);
	batch_end(bed, batch_follow(bed));
	return DONE;
}

/**
 * matrix_bed_clear() - forget a batch
 * @bed: the bed
 */
void matrix_bed_clear(struct matrix_bed *bed)
{
	for (size_t i = 0; i < bed->links; i++)
		matrix_link_close(&bed->link[i]);
	bed->links = 0;
	log_free(&bed->run.log);
}

/**
 * matrix_bed_close() - leave nothing behind
 * @bed: the bed
 */
void matrix_bed_close(struct matrix_bed *bed)
{
	struct experiment *run = &bed->run;

	matrix_bed_clear(bed);
	for (int i = HOST_A; i <= HOST_B; i++) {
		conn_close(&run->listener[i]);
		conn_close(&run->diag[i]);
	}
	for (int i = 0; i < SCENARIO_HOSTS; i++) {
		conn_close(&run->events[i]);
		ns_drop(&run->ns[i]);
	}
}
