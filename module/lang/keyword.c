// SPDX-License-Identifier: GPL-2.0-only
#include "lang/keyword.h"

#define KEYWORD(id, word, its_kind, from, to, needed, left_out, help)	\
	[FINJECT_KEYWORD_##id] = {					\
		.name = (word),						\
		.len = sizeof(word) - 1,				\
		.kind = FINJECT_KIND_##its_kind,			\
		.low = (from),						\
		.high = (to##ULL),					\
		.needs = FINJECT_KEYWORD_##needed,			\
	},

const struct finject_keyword finject_keywords[FINJECT_KEYWORDS] = {
	FINJECT_WORD_LIST(KEYWORD)
};

/**
 * finject_keyword_find - find a word of the language
 * @name: the word
 *
 * Context: any.
 *
 * Return: its id, or FINJECT_KEYWORD_NONE.
 */
enum finject_keyword_id finject_keyword_find(struct finject_word name)
{
	unsigned int id;

	for (id = 0; id < FINJECT_KEYWORDS; id++)
		if (name.len == finject_keywords[id].len && name.len &&
		    *name.text == *finject_keywords[id].name &&
		    !memcmp(name.text, finject_keywords[id].name, name.len))
			return id;
	return FINJECT_KEYWORD_NONE;
}

/**
 * finject_keyword_action - get the action that a word names
 * @id: the word
 *
 * Context: any.
 *
 * Return: the action, or FINJECT_ACTIONS when it is none.
 */
enum finject_action finject_keyword_action(enum finject_keyword_id id)
{
#define ACTION(id, key)	case FINJECT_KEYWORD_##id: return FINJECT_##id;
	switch (id) {
	FINJECT_ACTION_LIST(ACTION)
	default:
		return FINJECT_ACTIONS;
	}
}

/**
 * finject_keyword_default - get the number that a left-out word stands for
 * @id: the word
 *
 * Context: any.
 *
 * Return: the number, as in struct finject_value.
 */
u64 finject_keyword_default(enum finject_keyword_id id)
{
	switch (id) {
	case FINJECT_KEYWORD_MAX:
		return FINJECT_HOLD_MAX_DEFAULT;
	case FINJECT_KEYWORD_PROBABILITY:
		return FINJECT_PPM;
	case FINJECT_KEYWORD_INTERVAL:
		return 1;
	case FINJECT_KEYWORD_TIMES:
		return (u64)-1;
	default:
		return 0;
	}
}

/**
 * finject_spec_set - set the value of a word in a rule
 * @spec: the rule
 * @id: the word
 * @value: value of the word
 *
 * Context: any.
 */
void finject_spec_set(struct finject_spec *spec, enum finject_keyword_id id,
		      const struct finject_value *value)
{
#define SET(id, part, member)				\
	case FINJECT_KEYWORD_##id:			\
		spec->member = value->part;		\
		break;

	switch (id) {
	FINJECT_MEMBER_LIST(SET)
	default:
		break;
	}
}

/**
 * finject_spec_get - get the value of a word in a rule
 * @spec: the rule
 * @id: the word
 * @value: set to the value of the word
 *
 * Context: any.
 */
void finject_spec_get(const struct finject_spec *spec,
		      enum finject_keyword_id id, struct finject_value *value)
{
#define GET(id, part, member)				\
	case FINJECT_KEYWORD_##id:			\
		value->part = spec->member;		\
		break;

	memset(value, 0, sizeof(*value));
	switch (id) {
	FINJECT_MEMBER_LIST(GET)
	default:
		break;
	}
}
