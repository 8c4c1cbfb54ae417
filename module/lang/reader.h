/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A word of rule text that is being read, and the reason to refuse it.
 * Pure.
 */
#ifndef FINJECT_LANG_READER_H
#define FINJECT_LANG_READER_H

#include "lang/keyword.h"

/**
 * struct finject_reader - a word of a line that is being read
 * @line: the line
 * @word: the word
 * @key: keyword of the word
 * @value: the text behind its '='
 * @err: set when it is refused
 */
struct finject_reader {
	const char *line;
	struct finject_word word;
	const struct finject_keyword *key;
	struct finject_word value;
	struct finject_error *err;
};

__printf(3, 4)
int finject_refuse(struct finject_reader *r, struct finject_word at,
		   const char *fmt, ...);
__printf(3, 4)
int finject_refuse_value(struct finject_reader *r, struct finject_word part,
			 const char *fmt, ...);

#endif /* FINJECT_LANG_READER_H */
