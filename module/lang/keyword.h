/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a rule as a table, and their values in a rule.
 * Pure.
 */
#ifndef FINJECT_LANG_KEYWORD_H
#define FINJECT_LANG_KEYWORD_H

#include "lang/spec.h"
#include "lang/word.h"

#define FINJECT_ENUM(id, word, kind, low, high, needs, left_out, help) \
	FINJECT_KEYWORD_##id,
enum finject_keyword_id {
	FINJECT_WORD_LIST(FINJECT_ENUM)
	FINJECT_KEYWORDS,
	FINJECT_KEYWORD_NONE = FINJECT_KEYWORDS,
};

#undef FINJECT_ENUM

/* Kinds of values; vocabulary.h gives their syntax. */
enum finject_kind {
	FINJECT_KIND_BARE,
	FINJECT_KIND_FLAG,
	FINJECT_KIND_NUMBER,
	FINJECT_KIND_TIMES,
	FINJECT_KIND_SEED,
	FINJECT_KIND_TIME,
	FINJECT_KIND_CHANCE,
	FINJECT_KIND_BY,
	FINJECT_KIND_DIR,
	FINJECT_KIND_HOOK,
	FINJECT_KIND_FAMILY,
	FINJECT_KIND_DIST,
	FINJECT_KIND_RESET,
	FINJECT_KIND_PER,
	FINJECT_KIND_TAG,
	FINJECT_KIND_DEVICE,
	FINJECT_KIND_PORTS,
	FINJECT_KIND_NTH,
	FINJECT_KIND_CLASSES,
	FINJECT_KIND_CIDR,
	FINJECT_KIND_MARK,
	FINJECT_KINDS,
};

/**
 * struct finject_keyword - one word of the language
 * @name: the word itself
 * @len: bytes of @name
 * @kind: kind of its value
 * @low: least value
 * @high: greatest value
 * @needs: word without which this one has no effect, or FINJECT_KEYWORD_NONE
 */
struct finject_keyword {
	const char *name;
	u8 len;
	enum finject_kind kind;
	u64 low;
	u64 high;
	enum finject_keyword_id needs;
};

/**
 * finject_keyword_bare - test whether a word takes no value
 * @key: the word
 */
static inline bool finject_keyword_bare(const struct finject_keyword *key)
{
	return key->kind == FINJECT_KIND_BARE || key->kind == FINJECT_KIND_FLAG;
}

enum finject_keyword_id finject_keyword_find(struct finject_word name);
enum finject_action finject_keyword_action(enum finject_keyword_id id);
u64 finject_keyword_default(enum finject_keyword_id id);
void finject_spec_set(struct finject_spec *spec, enum finject_keyword_id id,
		      const struct finject_value *value);
void finject_spec_get(const struct finject_spec *spec,
		      enum finject_keyword_id id, struct finject_value *value);

extern const struct finject_keyword finject_keywords[FINJECT_KEYWORDS];

#endif /* FINJECT_LANG_KEYWORD_H */
