// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `stats` says after a batch: no segment is lost, and how often each rule
 * fired.
 */
#include <stdio.h>
#include <string.h>

#include "matrix_counters.h"
#include "record.h"

static void total(struct matrix_bed *bed, enum host host,
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
		snprintf(bed->counters, sizeof(bed->counters),
			 "at %c %llu segments were seen, and %llu went some way",
			 'A' + host, seen, sum);
	else if (copies != copied)
		snprintf(bed->counters, sizeof(bed->counters),
			 "at %c %llu copies were made, and %llu went some way",
			 'A' + host, copies, copied);
}

static void rule(struct matrix_bed *bed, const struct record *record)
{
	u64 id = record_number(record, "id");

	if (id && id <= 2 * bed->links)
		bed->link[(id - 1) / 2].fired[(id - 1) % 2] =
			record_number(record, "fired");
}

/**
 * matrix_counters() - read the counters of a host after a batch
 * @bed: the bed; receives what is wrong
 * @host: the host
 * @stats: what its file `stats` says, or NULL
 */
void matrix_counters(struct matrix_bed *bed, enum host host, char *stats)
{
	struct record record;
	bool found = false;
	char *line;

	while (stats && (line = record_line(&stats))) {
		if (!record_parse(&record, line))
			continue;
		if (!strcmp(record.word, "total")) {
			found = true;
			total(bed, host, &record);
		} else if (!strcmp(record.word, "rule") && host == HOST_A) {
			rule(bed, &record);
		}
	}
	if (!found)
		snprintf(bed->counters, sizeof(bed->counters),
			 "there are no counters at %c", 'A' + host);
}
