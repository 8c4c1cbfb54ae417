/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of a rule that are never true together.
 * Pure.
 */
#ifndef FINJECT_LANG_CONFLICT_H
#define FINJECT_LANG_CONFLICT_H

#include "lang/keyword.h"

/**
 * struct finject_conflict - two words that exclude each other
 * @word: the word at fault
 * @other: the word that it is never true with
 * @reason: why, as the end of a sentence
 */
struct finject_conflict {
	enum finject_keyword_id word;
	enum finject_keyword_id other;
	const char *reason;
};

bool finject_conflict_find(const struct finject_spec *spec,
			   struct finject_conflict *found);

#endif /* FINJECT_LANG_CONFLICT_H */
