/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readers of `events` in several network namespaces, and what they write down.
 */
#ifndef FINJECT_RECORDER_H
#define FINJECT_RECORDER_H

#include <stdio.h>

#include "closing.h"
#include "finject.h"
#include "types.h"

#define RECORDER_TEXT	"events.log"
#define RECORDER_JSON	"events.json"

/**
 * struct recorder_view - the reader of one namespace
 * @fd: its file `events`, -1 when it has ended
 * @netns: its name, or NULL for the caller's own
 */
struct recorder_view {
	int fd;
	const char *netns;
};

/**
 * struct recorder_rule - how often a rule of the first namespace fired
 * @id: its id
 * @fired: number of records
 */
struct recorder_rule {
	u64 id;
	u64 fired;
};

/**
 * struct recorder - the readers, and what they write
 * @view: the readers; the first is of the namespace of the command
 * @views: their number
 * @text: the records as they come
 * @json: the same as JSON, or NULL
 * @closing: the sockets that are closing
 * @rule: the rules that fired
 * @rules: their number
 * @room: number of those that fit
 * @records: number of records
 * @lost: number of records that the kernel could not keep
 * @last: when the last record was read, ns
 * @failed: not all could be written
 */
struct recorder {
	struct recorder_view view[1 + PEERS];
	unsigned int views;
	FILE *text;
	FILE *json;
	struct closing closing;
	struct recorder_rule *rule;
	size_t rules;
	size_t room;
	u64 records;
	u64 lost;
	u64 last;
	bool failed;
};

int recorder_open(struct recorder *recorder, const struct options *opt);
void recorder_wait(struct recorder *recorder, int signals, int ms);
void recorder_drain(struct recorder *recorder);
u64 recorder_fired(const struct recorder *recorder, u64 id);
int recorder_stop(struct recorder *recorder);
void recorder_close(struct recorder *recorder);

#endif /* FINJECT_RECORDER_H */
