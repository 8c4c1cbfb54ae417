/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hosts that `finject top` shows. A look at one is an array of objects, one
 * for each namespace; another host says it as JSON, the way `finject top -j`
 * prints it there.
 */
#ifndef FINJECT_TOP_H
#define FINJECT_TOP_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "types.h"

struct json_object;
struct netns;
struct record;

enum {
	TOP_NAMESPACES = 512,
	TOP_HOSTS = 32,
	TOP_LINE = 256 * 1024,
	TOP_SAID = 160,
};

/**
 * struct top_stream - what a program says, and not yet a whole line of it
 * @fd: where it comes from, or -1
 * @text: room for TOP_LINE bytes, or NULL
 * @size: number of them that are there
 */
struct top_stream {
	int fd;
	char *text;
	size_t size;
};

/**
 * struct top_host - one host
 * @name: as the user named it, NULL for this one alone
 * @pid: of the program that reaches it, or 0
 * @out: its looks
 * @err: its complaints
 * @look: the last look, or NULL
 * @heard: when that came, ns, 0 before the first
 * @patience: for how long it may be silent, ns
 * @said: what it said last that was no look, or ""
 * @ended: nothing comes any more; @said has the reason
 * @place: (this host) the namespaces, and how to come to them
 * @places: number of these
 * @home: (this host) the namespace that this began in, else -1
 * @where: (this host) number of the one that it is in
 */
struct top_host {
	const char *name;
	pid_t pid;
	struct top_stream out;
	struct top_stream err;
	struct json_object *look;
	u64 heard;
	u64 patience;
	char said[TOP_SAID];
	bool ended;
	struct netns *place;
	size_t places;
	int home;
	u64 where;
};

struct json_object *top_row(const struct record *record, const char *name,
			    char *stats, u64 now);
void top_rates(struct json_object *row, struct json_object *last);
bool top_take(struct top_host *host, const char *line);
void top_json(const struct top_host *host, u64 now, FILE *out);
void top_table(const struct top_host *hosts, size_t count, u64 now, FILE *out);

int top_here_open(struct top_host *host);
void top_here_look(struct top_host *host);

int top_host_start(struct top_host *host, u64 delay);
void top_host_hear(struct top_host *host);
void top_hosts_end(struct top_host *hosts, size_t count);

#endif /* FINJECT_TOP_H */
