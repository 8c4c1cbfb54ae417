/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RECORD_H
#define FINJECT_RECORD_H

#include "types.h"

enum { RECORD_WORDS = 48 };

/**
 * struct record - one line of one of the module's files
 * @word: what the record is: its first word
 * @count: number of words that follow
 * @pair: those words; @value is NULL where a word has no `=`
 *
 * All strings point into the line that was parsed.
 */
struct record {
	const char *word;
	unsigned int count;
	struct {
		const char *key;
		const char *value;
	} pair[RECORD_WORDS];
};

char *record_line(char **text);
bool record_parse(struct record *record, char *line);
struct record *record_all(char *text, size_t *count);
const char *record_get(const struct record *record, const char *key);
u64 record_number(const struct record *record, const char *key);
bool number_parse(const char *text, u64 *value);

#endif /* FINJECT_RECORD_H */
