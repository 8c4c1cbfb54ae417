// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `stats` says after a batch: no segment is lost, and how often each rule
 * fired.
 */
#include <stdio.h>
#include <string.h>

#include "matrix_counters.h"
#include "record.h"

static void total(const struct matrix_counters *counters,
		  const struct record *record)
{
	u64 seen = record_number(record, "seen"), sum = 0;
	u64 copies = record_number(record, "copies"), copied = 0;
	static const char * const ways[] = {
		"passed", "dropped", "reset", "parked", "released", "purged",
	};
	static const char * const copy_ways[] = {
		"copies_parked", "copies_released", "copies_purged",
	};

	for (int i = 0; i < 6; i++)
		sum += record_number(record, ways[i]);
	for (int i = 0; i < 3; i++)
		copied += record_number(record, copy_ways[i]);
	if (seen != sum || !seen)
		snprintf(counters->wrong, counters->size,
			 "at %c %llu segments were seen, and %llu went some way",
			 'A' + counters->host, seen, sum);
	else if (copies != copied)
		snprintf(counters->wrong, counters->size,
			 "at %c %llu copies were made, and %llu went some way",
			 'A' + counters->host, copies, copied);
}

static void rule(const struct matrix_counters *counters,
		 const struct record *record)
{
	u64 id = record_number(record, "id");

	if (id && id <= 2 * counters->links)
		counters->link[(id - 1) / 2].fired[(id - 1) % 2] =
			record_number(record, "fired");
}

/**
 * matrix_counters() - read the counters of a host after a batch
 * @counters: which, and where to
 * @stats: what its file `stats` says, or NULL
 */
void matrix_counters(const struct matrix_counters *counters, char *stats)
{
	struct record record;
	bool found = false;
	char *line;

	while (stats && (line = record_line(&stats))) {
		if (!record_parse(&record, line))
			continue;
		if (!strcmp(record.word, "total")) {
			found = true;
			total(counters, &record);
		} else if (!strcmp(record.word, "rule") && counters->host == HOST_A) {
			rule(counters, &record);
		}
	}
	if (!found)
		snprintf(counters->wrong, counters->size,
			 "there are no counters at %c", 'A' + counters->host);
}
