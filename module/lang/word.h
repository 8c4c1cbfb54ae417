/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A word of rule text, cut and read as a number.
 * Pure.
 */
#ifndef FINJECT_LANG_WORD_H
#define FINJECT_LANG_WORD_H

#include "pure.h"

/**
 * struct finject_word - a piece of a line
 * @text: first byte of the piece; not terminated
 * @len: bytes of the piece
 */
struct finject_word {
	const char *text;
	size_t len;
};

enum {
	FINJECT_WORD_SHOWN = 32, /* bytes of a word that a reason repeats */
};

/**
 * finject_word_shown - get the length of a word that a reason repeats
 * @word: the word
 *
 * Return: bytes, the precision of a %.*s.
 */
static inline int finject_word_shown(struct finject_word word)
{
	return min_t(size_t, word.len, FINJECT_WORD_SHOWN);
}

static inline bool finject_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool finject_word_is(struct finject_word word, const char *name);
bool finject_word_near(struct finject_word word, const char *name);
bool finject_word_begins(struct finject_word word, const char *name);
bool finject_word_cut(struct finject_word *word, char at,
		      struct finject_word *after);
bool finject_word_decimal(struct finject_word word, u64 low, u64 high, u64 *n);
bool finject_word_integer(struct finject_word word, u64 high, u64 *n);
bool finject_word_scaled(struct finject_word word, u32 unit, u64 high, u64 *n);

#endif /* FINJECT_LANG_WORD_H */
