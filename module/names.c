// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#define CLASS_ROW(bit, id, word)	[FINJECT_##id] = (word),
#define HOOK(nr, id, word)	[nr] = (word),
#define VERDICT(nr, id, word)	[nr] = (word),
#define SOCKET_KIND(nr, id, word)	[nr] = (word),
#define CAUSE(nr, id, word)	[nr] = (word),
#define SHAPE(id, word)		[FINJECT_SHAPE_##id] = (word),
#define RECORD(id, word)	[FINJECT_RECORD_##id] = (word),
#define KEY(key, type)		[FINJECT_KEY_##key] = #key,
#define LIMIT(id, word)		[FINJECT_LIMIT_##id] = (word),
#define STATE(nr, id)		[nr] = #id,
#define ACTION(id, key)		[FINJECT_##id] = (key),
#define VERB(id, word, help)	[FINJECT_VERB_##id] = (word),
#define VERB_WORD(id, word, help)	" " word
#define FAMILY(id, word)	case AF_##id: return (word);
#define LETTER(bit, id, letter)	letter

const char * const finject_class_names[FINJECT_CLASSES] = {
	FINJECT_CLASS_LIST(CLASS_ROW, CLASS_ROW)
};

const char * const finject_hook_names[FINJECT_HOOKS] = {
	FINJECT_HOOK_LIST(HOOK, HOOK)
};

const char * const finject_verdict_names[FINJECT_VERDICTS] = {
	FINJECT_VERDICT_LIST(VERDICT, VERDICT)
};

const char * const finject_socket_names[FINJECT_SOCKETS] = {
	FINJECT_SOCKET_LIST(SOCKET_KIND, SOCKET_KIND)
};

const char * const finject_cause_names[FINJECT_CAUSES] = {
	FINJECT_CAUSE_LIST(CAUSE, CAUSE)
};

const char * const finject_shape_names[FINJECT_SHAPES] = {
	FINJECT_SHAPE_LIST(SHAPE)
};

const char * const finject_record_names[FINJECT_RECORDS] = {
	FINJECT_RECORD_LIST(RECORD)
};

const char * const finject_limit_names[FINJECT_LIMITS] = {
	FINJECT_LIMIT_LIST(LIMIT)
};

const char * const finject_action_keys[FINJECT_ACTIONS] = {
	FINJECT_ACTION_LIST(ACTION)
};

const char * const finject_verb_names[FINJECT_VERBS] = {
	FINJECT_VERB_LIST(VERB)
};

/* A blank precedes each. */
const char finject_verb_list[] = FINJECT_VERB_LIST(VERB_WORD);

/* From bit 0 up. */
const char finject_flag_letters[] = FINJECT_FLAG_LIST(LETTER, LETTER);

static const char * const state_names[] = {
	FINJECT_STATE_LIST(STATE, STATE)
};

/* A class's mask is the bit of its index: tracepoints and rules rely on it. */
#define IS_BIT(bit, id, word)	BIT(FINJECT_##id) == (bit) &&
static_assert(FINJECT_CLASS_LIST(IS_BIT, IS_BIT) true, "a mask is a bit");

/**
 * finject_state_name - get the name of a socket's state
 * @state: TCP_*
 *
 * Return: the name without TCP_, or "-".
 */
const char *finject_state_name(unsigned int state)
{
	if (state < ARRAY_SIZE(state_names) && state_names[state])
		return state_names[state];
	return "-";
}

/**
 * finject_family_name - get the word of an address family
 * @family: AF_INET or AF_INET6
 *
 * Return: the word, "" for another family.
 */
const char *finject_family_name(unsigned int family)
{
	switch (family) {
	FINJECT_FAMILY_LIST(FAMILY)
	default:
		return "";
	}
}
