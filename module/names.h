/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lists of vocabulary.h as enums, and their words.
 * Pure.
 */
#ifndef FINJECT_NAMES_H
#define FINJECT_NAMES_H

#include "pure.h"
#include "vocabulary.h"

/* Classes of segments; BIT() of one is its mask. */
#define FINJECT_ENUM(bit, id, word)	FINJECT_##id,
enum finject_class {
	FINJECT_CLASS_LIST(FINJECT_ENUM, FINJECT_ENUM)
	FINJECT_CLASSES,
};

#undef FINJECT_ENUM

#define FINJECT_FIN_CLASSES	(BIT(FINJECT_FIN1) | BIT(FINJECT_FIN2))
#define FINJECT_ACK_CLASSES	(BIT(FINJECT_ACK1) | BIT(FINJECT_ACK2))
/* Those before the first FIN. */
#define FINJECT_EARLY_CLASSES	(BIT(FINJECT_EARLY) | BIT(FINJECT_EARLYACK) | \
				 BIT(FINJECT_OPEN))
#define FINJECT_ALL_CLASSES	(BIT(FINJECT_CLASSES) - 1)

/* Flags of the TCP header. */
#define FINJECT_ENUM(bit, id, letter)	FINJECT_TCP_##id = (bit),
enum {
	FINJECT_FLAG_LIST(FINJECT_ENUM, FINJECT_ENUM)
};

#undef FINJECT_ENUM

/* Actions of rules. */
#define FINJECT_ENUM(id, key)	FINJECT_##id,
enum finject_action {
	FINJECT_ACTION_LIST(FINJECT_ENUM)
	FINJECT_ACTIONS,
};

#undef FINJECT_ENUM

/* Verdicts on segments. */
#define FINJECT_ENUM(nr, id, word)	FINJECT_VERDICT_##id = (nr),
enum finject_verdict {
	FINJECT_VERDICT_LIST(FINJECT_ENUM, FINJECT_ENUM)
	FINJECT_VERDICTS,
};

#undef FINJECT_ENUM

/* Kinds of sockets. */
#define FINJECT_ENUM(nr, id, word)	FINJECT_SOCKET_##id = (nr),
enum finject_socket_kind {
	FINJECT_SOCKET_LIST(FINJECT_ENUM, FINJECT_ENUM)
	FINJECT_SOCKETS,
};

#undef FINJECT_ENUM

/* Why a socket closed. */
#define FINJECT_ENUM(nr, id, word)	FINJECT_CAUSE_##id = (nr),
enum finject_cause {
	FINJECT_CAUSE_LIST(FINJECT_ENUM, FINJECT_ENUM)
	FINJECT_CAUSES,
};

#undef FINJECT_ENUM

/* Shapes of closes. */
#define FINJECT_ENUM(id, word)	FINJECT_SHAPE_##id,
enum finject_shape {
	FINJECT_SHAPE_LIST(FINJECT_ENUM)
	FINJECT_SHAPES,
};

#undef FINJECT_ENUM

/* Kinds of records of events. */
#define FINJECT_ENUM(id, word)	FINJECT_RECORD_##id,
enum finject_record_kind {
	FINJECT_RECORD_LIST(FINJECT_ENUM)
	FINJECT_RECORDS,
};

#undef FINJECT_ENUM

/* Keys of records. */
#define FINJECT_ENUM(key, type)	FINJECT_KEY_##key,
enum finject_key {
	FINJECT_KEY_LIST(FINJECT_ENUM)
	FINJECT_KEYS,
};

#undef FINJECT_ENUM

/* Bounded tables. */
#define FINJECT_ENUM(id, word)	FINJECT_LIMIT_##id,
enum finject_limit {
	FINJECT_LIMIT_LIST(FINJECT_ENUM)
	FINJECT_LIMITS,
};

#undef FINJECT_ENUM

/* First words of a line of rule text. */
#define FINJECT_ENUM(id, word, help)	FINJECT_VERB_##id,
enum finject_verb {
	FINJECT_VERB_NONE,	/* blank line or comment */
	FINJECT_VERB_LIST(FINJECT_ENUM)
	FINJECT_VERBS,
};

#undef FINJECT_ENUM

/* Distributions of jitter. */
#define FINJECT_ENUM(id, word)	FINJECT_DIST_##id,
enum finject_dist {
	FINJECT_DIST_LIST(FINJECT_ENUM)
	FINJECT_DISTS,
};

#undef FINJECT_ENUM

enum { FINJECT_HOOKS = 5 };	/* of enum nf_inet_hooks, which has more */

extern const char * const finject_class_names[FINJECT_CLASSES];
extern const char * const finject_hook_names[FINJECT_HOOKS];
extern const char * const finject_verdict_names[FINJECT_VERDICTS];
extern const char * const finject_socket_names[FINJECT_SOCKETS];
extern const char * const finject_cause_names[FINJECT_CAUSES];
extern const char * const finject_shape_names[FINJECT_SHAPES];
extern const char * const finject_record_names[FINJECT_RECORDS];
extern const char * const finject_limit_names[FINJECT_LIMITS];
extern const char * const finject_action_keys[FINJECT_ACTIONS];
extern const char * const finject_verb_names[FINJECT_VERBS];
extern const char finject_verb_list[];
extern const char finject_flag_letters[];

const char *finject_state_name(unsigned int state);
const char *finject_family_name(unsigned int family);

#endif /* FINJECT_NAMES_H */
